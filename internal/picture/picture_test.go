package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
)

var (
	red   = color.RGBA{R: 255, A: 255}
	green = color.RGBA{G: 255, A: 255}
	blue  = color.RGBA{B: 255, A: 255}
	white = color.RGBA{R: 255, G: 255, B: 255, A: 255}
)

// plain is a picture of one colour.
func plain(w, h int, c color.RGBA) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	copy(m.Pix, bytes.Repeat([]byte{c.R, c.G, c.B, c.A}, w*h))
	return m
}

// noise is a picture that nothing makes small.
func noise(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	random := rand.NewChaCha8([32]byte{})
	random.Read(m.Pix) //nolint:errcheck // never fails
	for i := range w * h {
		m.Pix[4*i+3] = 255
	}
	return m
}

func asPNG(m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func asJPEG(m image.Image, segments ...[]byte) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	return bytes.Join([][]byte{b.Bytes()[:2], bytes.Join(segments, nil), b.Bytes()[2:]}, nil)
}

// asGIF is a picture of frames, each at its place.
func asGIF(w, h int, frames ...*image.Paletted) []byte {
	var b bytes.Buffer
	g := gif.GIF{Image: frames, Delay: make([]int, len(frames)), Config: image.Config{Width: w, Height: h, ColorModel: color.Palette(palette.Plan9)}}
	if err := gif.EncodeAll(&b, &g); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func frame(r image.Rectangle, c color.RGBA) *image.Paletted {
	f := image.NewPaletted(r, palette.Plan9)
	for i := range f.Pix {
		f.Pix[i] = uint8(f.Palette.Index(c))
	}
	return f
}

// pngHeader claims a size, and has no pixels.
func pngHeader(w, h uint32) []byte {
	chunk := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	chunk = append(binary.BigEndian.AppendUint32(chunk, h), 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

// read holds that a file is taken, and that what comes of it can be sent.
func read(t *testing.T, file []byte) (Picture, image.Image) {
	t.Helper()
	p, err := Read(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	m, format, err := image.Decode(bytes.NewReader(p.Data))
	if err != nil || "image/"+format != p.Type || m.Bounds().Dx() != p.Width || m.Bounds().Dy() != p.Height {
		t.Fatalf("%s of %d by %d is %s of %v, %v", p.Type, p.Width, p.Height, format, m.Bounds(), err)
	}
	if p.Width > mostSide || p.Height > mostSide || len(p.Data) > mostBytes {
		t.Fatalf("%d by %d in %d bytes", p.Width, p.Height, len(p.Data))
	}
	return p, m
}

func near(a, b color.Color) bool {
	r1, g1, b1, a1 := a.RGBA()
	r2, g2, b2, a2 := b.RGBA()
	off := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x1000 }
	return !off(r1, r2) && !off(g1, g2) && !off(b1, b2) && !off(a1, a2)
}

func TestWhatComesOfAFile(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file   []byte
		kind   string
		w, h   int
		corner color.Color
	}{
		"a PNG":                {asPNG(plain(30, 20, red)), "image/png", 30, 20, red},
		"nothing behind it":    {asPNG(plain(30, 20, color.RGBA{})), "image/png", 30, 20, color.RGBA{}},
		"a big PNG":            {asPNG(plain(2000, 1000, green)), "image/png", 1024, 512, green},
		"a tall PNG":           {asPNG(plain(250, 1500, green)), "image/png", 171, 1024, green},
		"a thread":             {asPNG(plain(maxSide, 1, blue)), "image/png", 1024, 1, blue},
		"as big as may be":     {asPNG(plain(1024, 1024, blue)), "image/png", 1024, 1024, blue},
		"a JPEG":               {asJPEG(plain(30, 20, blue)), "image/jpeg", 30, 20, blue},
		"a big JPEG":           {asJPEG(plain(900, 1200, blue)), "image/jpeg", 768, 1024, blue},
		"grey":                 {asJPEG(image.NewGray(image.Rect(0, 0, 9, 9))), "image/jpeg", 9, 9, color.Black},
		"16 bits":              {asPNG(image.NewGray16(image.Rect(0, 0, 2000, 10))), "image/png", 1024, 5, color.Black},
		"a GIF":                {asGIF(8, 8, frame(image.Rect(0, 0, 8, 8), red)), "image/png", 8, 8, red},
		"an animated GIF":      {asGIF(8, 8, frame(image.Rect(0, 0, 8, 8), green), frame(image.Rect(0, 0, 8, 8), red)), "image/png", 8, 8, green},
		"a GIF, drawn in part": {asGIF(40, 30, frame(image.Rect(10, 10, 20, 20), red)), "image/png", 40, 30, color.RGBA{}},
		"a big GIF":            {asGIF(1600, 800, frame(image.Rect(0, 0, 1600, 800), blue)), "image/png", 1024, 512, blue},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, m := read(t, test.file)
			if p.Type != test.kind || p.Width != test.w || p.Height != test.h {
				t.Errorf("%s of %d by %d, want %s of %d by %d", p.Type, p.Width, p.Height, test.kind, test.w, test.h)
			}
			if !near(m.At(0, 0), test.corner) {
				t.Errorf("the corner is %v, want %v", m.At(0, 0), test.corner)
			}
		})
	}
}

// TestWhatIsTooBigAsPNG holds that it becomes a JPEG, in which what shone through is not black.
func TestWhatIsTooBigAsPNG(t *testing.T) {
	t.Parallel()
	m := noise(700, 600)
	for i := range 100 * 100 {
		m.SetNRGBA(i%100, i/100, color.NRGBA{})
	}
	p, drawn := read(t, asPNG(m))
	if p.Type != "image/jpeg" || p.Width != 700 || p.Height != 600 || !near(drawn.At(50, 50), white) {
		t.Errorf("%s of %d by %d, %v", p.Type, p.Width, p.Height, drawn.At(50, 50))
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	whole := asPNG(noise(40, 40))
	photo, moving := asJPEG(noise(40, 40)), asGIF(8, 8, frame(image.Rect(0, 0, 8, 8), red))
	scan := []byte{0xff, 0xda, 0, 2}
	tests := map[string]struct {
		file []byte
		want *Fault
	}{
		"nothing":              {nil, ErrEmpty},
		"HTML":                 {[]byte("<!doctype html><script>alert(1)</script>"), ErrUnknown},
		"SVG":                  {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), ErrUnknown},
		"WebP":                 {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), ErrUnknown},
		"BMP":                  {append([]byte("BM"), make([]byte, 100)...), ErrUnknown},
		"a PNG after a line":   {append([]byte("\n"), whole...), ErrUnknown},
		"a script called GIF":  {[]byte("GIF89a\x08\x00\x08\x00\x00\x00\x00/*" + strings.Repeat("x", 50) + "*/alert(1)"), ErrBroken},
		"half a PNG":           {whole[:len(whole)/2], ErrBroken},
		"half a JPEG":          {photo[:len(photo)/2], ErrBroken},
		"half a GIF":           {moving[:len(moving)/2], ErrBroken},
		"a PNG's first bytes":  {whole[:8], ErrBroken},
		"a JPEG's first bytes": {photo[:3], ErrBroken},
		"a spoilt PNG":         {spoil(whole), ErrBroken},
		"no width":             {pngHeader(0, 10), ErrBroken},
		"a bomb":               {pngHeader(100_000, 100_000), ErrTooWide},
		"the biggest bomb":     {pngHeader(1<<31-1, 1<<31-1), ErrBroken},
		"a pixel too many":     {pngHeader(8000, 5001), ErrTooWide},
		"a long thread":        {pngHeader(maxSide+1, 1), ErrTooWide},
		"a GIF that is a bomb": {[]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), ErrTooWide},
		"a JPEG of scans":      {append(photo[:len(photo)-2:len(photo)-2], bytes.Repeat(scan, maxScans)...), ErrBroken},
		"too many bytes":       {append(bytes.Clone(whole), make([]byte, MaxFile)...), ErrTooBig},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if p, err := Read(bytes.NewReader(test.file)); err != test.want {
				t.Errorf("%d bytes, error %v, want %v", len(p.Data), err, test.want)
			}
		})
	}
}

func spoil(file []byte) []byte {
	spoilt := bytes.Clone(file)
	spoilt[len(spoilt)/2] ^= 0xff
	return spoilt
}

// TestNothingHiddenIsPassedOn holds that what a file has beside its pixels stays behind.
func TestNothingHiddenIsPassedOn(t *testing.T) {
	t.Parallel()
	secret := []byte("<script>secret</script>")
	comment := append([]byte{0xff, 0xfe, 0, byte(len(secret) + 2)}, secret...)
	files := map[string][]byte{
		"a JPEG's comment": asJPEG(plain(9, 9, red), comment),
		"after a JPEG":     append(asJPEG(plain(9, 9, red)), secret...),
		"after a PNG":      append(asPNG(plain(9, 9, red)), secret...),
		"after a GIF":      append(asGIF(9, 9, frame(image.Rect(0, 0, 9, 9), red)), secret...),
		"as big as may be": append(asPNG(plain(9, 9, red)), append(secret, make([]byte, 4<<20)...)...),
	}
	for name, file := range files {
		if p, _ := read(t, file); bytes.Contains(p.Data, []byte("secret")) || bytes.Contains(p.Data, []byte("Exif")) {
			t.Errorf("%s is passed on", name)
		}
	}
}

func TestTheSamePictureIsTheSameBytes(t *testing.T) {
	t.Parallel()
	file := asPNG(noise(1100, 40))
	once, _ := read(t, file)
	if again, _ := read(t, file); !bytes.Equal(once.Data, again.Data) {
		t.Error("the second is another")
	}
}

func TestAConnectionThatBreaksIsNoFault(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	_, err := Read(io.MultiReader(bytes.NewReader(asPNG(plain(9, 9, red))), iotest.ErrReader(gone)))
	if _, ok := errors.AsType[*Fault](err); ok || !errors.Is(err, gone) {
		t.Errorf("error %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range [][]byte{
		asPNG(noise(9, 9)), asJPEG(noise(9, 9), exif("II", 6)), asJPEG(image.NewGray(image.Rect(0, 0, 3, 3)), exif("MM", 3)),
		asGIF(9, 9, frame(image.Rect(1, 1, 5, 5), red)), pngHeader(9, 9), []byte("GIF89a"), {0xff, 0xd8, 0xff, 0xe1, 0, 8, 'E', 'x'},
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		_, err := Read(bytes.NewReader(file))
		if _, ok := errors.AsType[*Fault](err); err != nil && !ok {
			t.Fatal(err)
		}
		if err == nil {
			read(t, file)
		}
	})
}
