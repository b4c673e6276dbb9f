package cards

import (
	"strings"
	"unicode"
	"unicode/utf8"

	goldmarktext "github.com/yuin/goldmark/text"
)

// piece is Markdown in one style: escaped words with slots, or a whole link.
type piece struct {
	text  string
	style style
}

// styled joins pieces, each in its style: bold outside, italic inside, spaces neither.
func (p *pen) styled(pieces []piece) string {
	s := styler{pieces: p.loosened(pieces)}
	for i, one := range s.pieces {
		s.at = i
		if strings.TrimSpace(one.text) == "" {
			s.WriteString(one.text) // spaces take the style around them
			continue
		}
		s.close(one.style)
		words := strings.TrimLeftFunc(one.text, unicode.IsSpace)
		s.WriteString(one.text[:len(one.text)-len(words)])
		s.open(one.style)
		s.WriteString(words)
	}
	s.close(0)
	return strings.TrimSpace(s.String())
}

// styler writes the marks of styles.
type styler struct {
	strings.Builder
	pieces []piece
	at     int
	opened []mark
}

// mark is what opens and closes a style.
type mark struct {
	style style
	text  string
}

// close ends the styles that are not wanted any more, behind the last word.
func (s *styler) close(want style) {
	for len(s.opened) > 0 && !s.within(want) {
		last := s.opened[len(s.opened)-1]
		s.opened = s.opened[:len(s.opened)-1]
		written := s.String()
		words := strings.TrimRightFunc(written, unicode.IsSpace)
		s.Reset()
		s.WriteString(words + last.text + written[len(words):])
	}
}

// within says whether all that is open is wanted.
func (s *styler) within(want style) bool {
	for _, m := range s.opened {
		if m.style&want == 0 {
			return false
		}
	}
	return true
}

func (s *styler) open(want style) {
	var have style
	for _, m := range s.opened {
		have |= m.style
	}
	if want&^have&bold != 0 {
		s.begin(mark{bold, "**"})
	}
	if want&^have&italic != 0 {
		s.begin(mark{italic, s.slant()})
	}
}

func (s *styler) begin(m mark) {
	s.opened = append(s.opened, m)
	s.WriteString(m.text)
}

// slant is the mark of italics: "_", which is no mark within a word, or else "*".
func (s *styler) slant() string {
	end := s.at
	for end < len(s.pieces) && (s.pieces[end].style&italic != 0 || strings.TrimSpace(s.pieces[end].text) == "") {
		end++
	}
	before, _ := utf8.DecodeLastRuneInString(s.String())
	after := rune(' ')
	if end < len(s.pieces) {
		after, _ = utf8.DecodeRuneInString(s.pieces[end].text)
		if last, _ := utf8.DecodeLastRuneInString(s.pieces[end-1].text); unicode.IsSpace(last) {
			after = ' '
		}
	}
	if s.Len() > 0 && inWord(before) || inWord(after) {
		return "*"
	}
	return "_"
}

func inWord(r rune) bool { return !unicode.IsSpace(r) && !unicode.IsPunct(r) && !unicode.IsSymbol(r) }

// loosened takes a lone slot out of styled words: it brings the marks along when it is
// filled, so that none are left around a value that is missing.
func (p *pen) loosened(pieces []piece) []piece {
	var all []piece
	for i, one := range pieces {
		if one.style == 0 {
			all = append(all, one)
			continue
		}
		alone := i == 0 || !endsInWord(pieces[i-1].text)
		rest := one.text
		for rest != "" {
			word := rest[:wordEnd(rest)]
			rest = rest[len(word):]
			core := strings.TrimSpace(word)
			free := rest != "" || i == len(pieces)-1 || len(core) < len(word) || !startsInWord(pieces[i+1].text)
			r, size := utf8.DecodeRuneInString(core)
			if isMark(r) && size == len(core) && alone && free {
				p.slots[r-firstMark].wrap = marksOf(one.style)
				all = append(all, piece{text: word})
			} else {
				all = append(all, piece{word, one.style})
			}
			alone = true
		}
	}
	return all
}

// wordEnd is behind a text's first word and the space after it.
func wordEnd(text string) int {
	begun := false
	for i, r := range text {
		space := unicode.IsSpace(r)
		if begun && !space && i > 0 {
			if last, _ := utf8.DecodeLastRuneInString(text[:i]); unicode.IsSpace(last) {
				return i
			}
		}
		begun = begun || !space
	}
	return len(text)
}

func endsInWord(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return inWord(r)
}

func startsInWord(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return inWord(r)
}

func marksOf(s style) string {
	switch s {
	case bold:
		return "**"
	case italic:
		return "_"
	}
	return "***"
}

// reads says whether a written line is read as its runs are meant, whatever stands in
// its slots.
func (w writer) reads(line string, runs []run) bool {
	for sample, value := range map[string]string{"x": "x", "(x)": `\(x\)`} {
		r := reader{source: []byte(w.sampled(line, value))}
		r.blocks(oneLiners().Parse(goldmarktext.NewReader(r.source)), block{})
		var read []run
		for _, b := range r.document.blocks {
			read = append(read, b.runs...)
		}
		if w.look(read, sample) != w.look(runs, sample) {
			return false
		}
	}
	return true
}

// sampled is a line with a value in each slot.
func (w writer) sampled(line, value string) string {
	var b strings.Builder
	for _, r := range line {
		switch {
		case !isMark(r):
			b.WriteRune(r)
		case w.slots[r-firstMark].own != nil:
			b.WriteString("https://x")
		case w.slots[r-firstMark].dialect == inURL:
			b.WriteString("x")
		default:
			wrap := w.slots[r-firstMark].wrap
			b.WriteString(wrap + value + wrap)
		}
	}
	return b.String()
}

// look is what is seen of runs: each character but spaces, with its style.
func (w writer) look(runs []run, sample string) string {
	var b strings.Builder
	for _, r := range runs {
		s := r.style &^ code
		if w.isCode(r) {
			s |= code
		}
		if r.link != "" {
			s |= code << 1
		}
		words := r.text
		if r.bare {
			words = bareWords(w.document, words)
		} else {
			words = w.document.replace(words, func(personal) string { return sample })
		}
		for _, c := range words {
			if !unicode.IsSpace(c) {
				b.WriteRune(c)
				b.WriteByte('0' + byte(s))
			}
		}
	}
	return b.String()
}
