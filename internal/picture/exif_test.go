package picture

import (
	"encoding/binary"
	"image"
	"image/color"
	"testing"
)

// exif is a segment that says how the camera was held, in either order of bytes.
func exif(order string, orientation uint16) []byte {
	var b binary.AppendByteOrder = binary.BigEndian
	if order == "II" {
		b = binary.LittleEndian
	}
	tiff := b.AppendUint32(b.AppendUint16([]byte(order), 42), 8)
	tiff = b.AppendUint16(tiff, 2)
	entry := func(tag, kind uint16, count uint32, value uint16) {
		tiff = b.AppendUint16(b.AppendUint16(tiff, tag), kind)
		tiff = b.AppendUint16(b.AppendUint16(b.AppendUint32(tiff, count), value), 0)
	}
	entry(0x0100, 3, 1, 640) // another tag before it
	entry(0x0112, 3, 1, orientation)
	return segment(append([]byte("Exif\x00\x00"), b.AppendUint32(tiff, 0)...))
}

func segment(data []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(data)+2)), data...)
}

// TestPhotosStandUpright follows two corners of a photo as it is stored: the first, and the
// one at the end of the first row. Where they belong is EXIF's own table: which side of the
// scene the first row and the first column are.
func TestPhotosStandUpright(t *testing.T) {
	t.Parallel()
	const topLeft, topRight, bottomRight, bottomLeft = 0, 1, 2, 3
	where := []struct{ first, endOfRow int }{
		1: {topLeft, topRight}, 2: {topRight, topLeft}, 3: {bottomRight, bottomLeft}, 4: {bottomLeft, bottomRight},
		5: {topLeft, bottomLeft}, 6: {topRight, bottomRight}, 7: {bottomRight, topRight}, 8: {bottomLeft, topLeft},
	}
	stored := image.NewRGBA(image.Rect(0, 0, 96, 48))
	for i := range 96 * 48 {
		x, y := i%96, i/96
		c := color.RGBA{A: 255}
		switch {
		case x < 32 && y < 24:
			c = red
		case x >= 64 && y < 24:
			c = green
		}
		stored.SetRGBA(x, y, c)
	}
	for orientation := uint16(1); orientation <= 8; orientation++ {
		for _, order := range []string{"II", "MM"} {
			p, m := read(t, asJPEG(stored, exif(order, orientation)))
			if wide := p.Width == 96 && p.Height == 48; wide != (orientation < 5) {
				t.Errorf("%d: %d by %d", orientation, p.Width, p.Height)
			}
			corners := []image.Point{{5, 5}, {p.Width - 6, 5}, {p.Width - 6, p.Height - 6}, {5, p.Height - 6}}
			at := func(corner int) color.Color { return m.At(corners[corner].X, corners[corner].Y) }
			if to := where[orientation]; !near(at(to.first), red) || !near(at(to.endOfRow), green) {
				t.Errorf("%s %d: corners %v %v %v %v", order, orientation, at(0), at(1), at(2), at(3))
			}
		}
	}
}

// TestBigPhotosStandUprightToo turns what was made smaller.
func TestBigPhotosStandUprightToo(t *testing.T) {
	t.Parallel()
	if p, _ := read(t, asJPEG(plain(1200, 900, red), exif("MM", 6))); p.Width != 768 || p.Height != 1024 {
		t.Errorf("%d by %d", p.Width, p.Height)
	}
}

func TestOddOrientationsAreLeftAlone(t *testing.T) {
	t.Parallel()
	good := exif("II", 6)[4:]
	change := func(at int, value byte) []byte {
		bad := append([]byte(nil), good...)
		bad[at] = value
		return segment(bad)
	}
	tests := map[string][]byte{
		"0":                      exif("II", 0),
		"9":                      exif("MM", 9),
		"no EXIF":                segment([]byte("http://ns.adobe.com/xap/1.0/\x00")),
		"cut":                    segment(good[:len(good)-20]),
		"nothing of it":          segment(good[:6]),
		"entries that end early": segment(good[:len(good)-18]),
		"far away":               change(13, 0xff),
		"no TIFF":                change(8, 43),
		"another type":           change(len(good)-14, 4),
	}
	for name, odd := range tests {
		p, _ := read(t, asJPEG(plain(40, 20, red), odd))
		if p.Width != 40 || p.Height != 20 {
			t.Errorf("%s: turned to %d by %d", name, p.Width, p.Height)
		}
	}
}
