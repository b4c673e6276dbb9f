package cards

import (
	"unicode"

	"crier/internal/domain"
)

// rightToLeft says whether a campaign is written in a script that runs so, by the
// first letter of its title or, without one, of its text. Names don't count.
func (p *pen) rightToLeft(c domain.Campaign) bool {
	for _, s := range []source{{c.Content.Title, true}, {c.Content.Text, false}} {
		for _, b := range p.read(s).blocks {
			for _, r := range wordsOf(b.runs) {
				if unicode.IsLetter(r) {
					return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan, unicode.Mandaic, unicode.Adlam)
				}
			}
		}
	}
	return false
}
