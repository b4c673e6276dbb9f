package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
)

// facts are what a JPEG says about itself that its decoder does not tell.
type facts struct {
	orientation int // EXIF: 1 to 8, where 1 is upright
	scans       int // how often it passes over its pixels
}

// readFacts walks over the segments of a JPEG: a marker of two bytes, most with a length and
// so much data. What can't be read is taken as not there; the decoder judges it.
func readFacts(data []byte) facts {
	f := facts{orientation: 1}
	for at := 2; at+4 <= len(data); {
		marker := data[at+1]
		switch {
		case data[at] != 0xff, marker == 0xff: // packed pixels; a byte that fills
			at++
			continue
		case marker == 0, marker >= 0xd0 && marker <= 0xd7: // within packed pixels
			at += 2
			continue
		case marker == 0xd9: // the end
			return f
		}
		end := at + 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		if end < at+4 || end > len(data) {
			return f
		}
		switch marker {
		case 0xda:
			f.scans++
		case 0xe1:
			if turned := orientation(data[at+4 : end]); turned != 0 {
				f.orientation = turned
			}
		}
		at = end
	}
	return f
}

// orientation is what an EXIF segment says of how the camera was held, or 0. Source: TIFF 6.0,
// section 2; EXIF 2.3, 4.6.4, tag 0x0112.
func orientation(segment []byte) int {
	tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	start := int64(order.Uint32(tiff[4:]))
	if order.Uint16(tiff[2:]) != 42 || start+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[start+2:]
	for range order.Uint16(tiff[start:]) {
		if len(entries) < 12 {
			return 0
		}
		const orientationTag, short = 0x0112, 3
		if order.Uint16(entries) == orientationTag && order.Uint16(entries[2:]) == short {
			if value := order.Uint16(entries[8:]); value >= 1 && value <= 8 {
				return int(value)
			}
			return 0
		}
		entries = entries[12:]
	}
	return 0
}

// upright turns a picture as its EXIF orientation says.
func upright(drawn image.Image, orientation int) image.Image {
	if orientation == 1 {
		return drawn
	}
	b := drawn.Bounds()
	w, h := b.Dx(), b.Dy()
	held := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(held, held.Bounds(), drawn, b.Min, draw.Src)
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 { // lying on its side
		size = image.Rect(0, 0, h, w)
	}
	turned := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			from := source(orientation, x, y, w, h)
			turned.SetRGBA(x, y, held.RGBAAt(from.X, from.Y))
		}
	}
	return turned
}

// source is which point of a picture of w by h is seen at x, y once it is upright.
func source(orientation, x, y, w, h int) image.Point {
	switch orientation {
	case 2:
		return image.Pt(w-1-x, y)
	case 3:
		return image.Pt(w-1-x, h-1-y)
	case 4:
		return image.Pt(x, h-1-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(y, h-1-x)
	case 7:
		return image.Pt(w-1-y, h-1-x)
	case 8:
		return image.Pt(w-1-y, x)
	}
	return image.Pt(x, y)
}
