package main

import (
	"image"
	"image/png"
	"os"
	"testing"
)

func TestTheCommittedIconsAreTheDrawnOnes(t *testing.T) {
	t.Parallel()
	for path, drawn := range map[string]image.Image{"../color.png": colorIcon(192), "../outline.png": outlineIcon(32)} {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		committed, err := png.Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		if committed.Bounds() != drawn.Bounds() {
			t.Fatalf("%s is %v, drawn %v", path, committed.Bounds(), drawn.Bounds())
		}
		if differ := differences(committed, drawn); differ > 0 {
			t.Errorf("%s differs in %d pixels; run go generate ./manifest", path, differ)
		}
	}
}

func differences(a, b image.Image) int {
	count := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r1, g1, b1, a1 := a.At(x, y).RGBA()
			r2, g2, b2, a2 := b.At(x, y).RGBA()
			if r1 != r2 || g1 != g2 || b1 != b2 || a1 != a2 {
				count++
			}
		}
	}
	return count
}
