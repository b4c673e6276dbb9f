package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// Limits of Teams, for pictures in cards and messages.
const (
	mostSide  = 1024    // pixels
	mostBytes = 1 << 20 // of the file
)

// onCanvas puts the first frame of a GIF where it stands, when it does not fill the picture.
func onCanvas(frame image.Image, width, height int) image.Image {
	whole := image.Rect(0, 0, width, height)
	if frame.Bounds() == whole {
		return frame
	}
	canvas := image.NewRGBA(whole)
	draw.Draw(canvas, frame.Bounds(), frame, frame.Bounds().Min, draw.Src)
	return canvas
}

// shrink makes a picture fit, in its own proportions. None is made bigger.
func shrink(drawn image.Image) image.Image {
	b := drawn.Bounds()
	longest := max(b.Dx(), b.Dy())
	if longest <= mostSide {
		return drawn
	}
	scaled := func(side int) int { return max(1, (side*mostSide+longest/2)/longest) }
	small := image.NewRGBA(image.Rect(0, 0, scaled(b.Dx()), scaled(b.Dy())))
	draw.CatmullRom.Scale(small, small.Bounds(), drawn, b, draw.Src, nil)
	return small
}

// encode writes a picture anew: as PNG, or as JPEG where that would be too big or would keep
// with great care what was lost before.
func encode(drawn image.Image, lossy bool) (Picture, error) {
	p := Picture{Width: drawn.Bounds().Dx(), Height: drawn.Bounds().Dy()}
	var out bytes.Buffer
	if !lossy {
		if err := png.Encode(&out, drawn); err != nil {
			return Picture{}, fmt.Errorf("write a picture: %w", err)
		}
		if out.Len() <= mostBytes {
			p.Type, p.Data = "image/png", out.Bytes()
			return p, nil
		}
		drawn = onWhite(drawn)
	}
	for quality := 90; quality > 0; quality -= 10 {
		out.Reset()
		if err := jpeg.Encode(&out, drawn, &jpeg.Options{Quality: quality}); err != nil {
			return Picture{}, fmt.Errorf("write a picture: %w", err)
		}
		if out.Len() <= mostBytes {
			p.Type, p.Data = "image/jpeg", out.Bytes()
			return p, nil
		}
	}
	return Picture{}, errors.New("write a picture: it stays too big")
}

// onWhite is a picture without holes, which JPEG can't have.
func onWhite(drawn image.Image) image.Image {
	b := drawn.Bounds()
	full := image.NewRGBA(b)
	draw.Draw(full, b, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(full, b, drawn, b.Min, draw.Over)
	return full
}
