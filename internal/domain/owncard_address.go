package domain

import (
	"encoding/base64"
	"strings"
)

// address holds that people, or their clients, can open an address: a link that is
// clicked, a picture or a film. Tags may stand after its host only (see checkURL).
func (c *cardCheck) address(path, kind, raw string) {
	if kind == "picture" && len(raw) >= 5 && strings.EqualFold(raw[:5], "data:") {
		c.pictureInside(path, raw)
		return
	}
	schemes := []string{"https"}
	if kind == "link" {
		schemes = append(schemes, "http")
	}
	var f faults
	checkURL(&f, path, raw, schemes...)
	for _, e := range f.list {
		c.blame(e)
	}
}

// pictureInside looks at a picture that is written into the card itself.
func (c *cardCheck) pictureInside(path, raw string) {
	if len(raw) > MaxCardPicture {
		c.fault(path, "A picture inside the card has at most %d KB. Give the picture's https address instead.", MaxCardPicture>>10)
		return
	}
	kind, data, _ := strings.Cut(raw[5:], ",")
	_, err := base64.StdEncoding.DecodeString(data)
	switch kind {
	case "image/png;base64", "image/jpeg;base64", "image/gif;base64":
	default:
		err = base64.CorruptInputError(0)
	}
	if err != nil || data == "" {
		c.fault(path, "A picture inside the card is PNG, JPEG or GIF in base64. Give the picture's https address instead.")
		return
	}
	c.note(path, "Not every Teams draws pictures that are inside the card. An https address is safer.")
}
