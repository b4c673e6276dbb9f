// Package picture makes, of a file that somebody uploaded, a picture that every Teams shows:
// PNG or JPEG, at most 1024 pixels a side and 1 MB, and nothing in it but what is seen. It is
// drawn anew, so that no place, camera, script or second file that came along is passed on.
package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
)

// Limits of what is taken.
const (
	MaxFile   = 5 << 20    // bytes
	maxPixels = 25_000_000 // before anything is unpacked: a small file can claim to be huge
	maxSide   = 20_000     // pixels; what is very long and thin costs more than its pixels
	maxScans  = 100        // of a JPEG; each passes over all of its pixels
)

// Picture is a picture as it is to be kept and served.
type Picture struct {
	Type          string // "image/png" or "image/jpeg"
	Width, Height int    // pixels
	Data          []byte
}

// Fault is what is wrong with a file, as a sentence for people.
type Fault struct {
	format string
	args   []any
}

func fault(english string, args ...any) *Fault { return &Fault{english, args} }

// Error is the sentence in English.
func (f *Fault) Error() string { return fmt.Sprintf(f.format, f.args...) }

// Words are the sentence's English format and its arguments, to be said in other languages.
func (f *Fault) Words() (format string, args []any) { return f.format, f.args }

// What can be wrong with a file.
var (
	ErrEmpty   = fault("The file is empty.")
	ErrTooBig  = fault("A picture may have at most %d MB. Make it smaller and upload it again.", MaxFile>>20)
	ErrUnknown = fault("This file is no picture that Teams shows. Choose a PNG, a JPEG or a GIF.")
	ErrBroken  = fault("The picture is damaged and can't be opened. Save it anew and upload that.")
	ErrTooWide = fault("The picture has too many pixels: at most %d million, and at most %d a side, are taken.", maxPixels/1_000_000, maxSide)
)

// Read makes a picture of a file. The error is a *Fault where the file is at fault.
func Read(file io.Reader) (Picture, error) {
	data, err := io.ReadAll(io.LimitReader(file, MaxFile+1))
	switch {
	case err != nil:
		return Picture{}, fmt.Errorf("read a picture: %w", err)
	case len(data) == 0:
		return Picture{}, ErrEmpty
	case len(data) > MaxFile:
		return Picture{}, ErrTooBig
	}
	drawn, lossy, err := open(data)
	if err != nil {
		return Picture{}, err
	}
	return encode(drawn, lossy)
}

// open unpacks a file, by what is in it and not by what it is called. It is upright and small
// enough; lossy says that its fine detail is lost already.
func open(data []byte) (drawn image.Image, lossy bool, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		drawn, err = unpack(data, png.DecodeConfig, png.Decode)
		return drawn, false, err
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		drawn, err = unpack(data, gif.DecodeConfig, gif.Decode) // the first frame alone
		return drawn, false, err
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		facts := readFacts(data)
		if facts.scans > maxScans {
			return nil, true, ErrBroken
		}
		drawn, err = unpack(data, jpeg.DecodeConfig, jpeg.Decode)
		if err != nil {
			return nil, true, err
		}
		return upright(drawn, facts.orientation), true, nil
	}
	return nil, false, ErrUnknown
}

// unpack looks at how big a picture says it is, and only then unpacks and shrinks it.
func unpack(data []byte, config func(io.Reader) (image.Config, error), decode func(io.Reader) (image.Image, error)) (image.Image, error) {
	c, err := config(bytes.NewReader(data))
	if err != nil || c.Width <= 0 || c.Height <= 0 {
		return nil, ErrBroken
	}
	if c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > mostPixels(c.ColorModel) {
		return nil, ErrTooWide
	}
	drawn, err := decode(bytes.NewReader(data))
	if err != nil {
		return nil, ErrBroken
	}
	return shrink(onCanvas(drawn, c.Width, c.Height)), nil
}

// mostPixels is less where a pixel takes twice the room.
func mostPixels(m color.Model) int {
	switch m {
	case color.RGBA64Model, color.NRGBA64Model, color.Gray16Model:
		return maxPixels / 2
	}
	return maxPixels
}
