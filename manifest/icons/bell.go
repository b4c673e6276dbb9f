package main

import (
	"image"
	"image/color"
	"slices"
)

// tilt is how far the town crier swings the bell, in degrees.
const tilt = 24

// stroke is a line and the width of the pen that draws it; 0 fills it.
type stroke struct {
	line []point
	pen  float64
}

// bell places strokes of the upright bell in the icon.
func bell(c color.NRGBA, scale float64, strokes ...stroke) []layer {
	layers := make([]layer, len(strokes))
	for i, s := range strokes {
		line := placed(s.line, tilt, scale)
		layers[i] = layer{filled(line), c}
		if s.pen > 0 {
			layers[i].shape = stroked(line, s.pen*scale)
		}
	}
	return layers
}

// colorIcon is the white bell on a solid square; the symbol takes the middle.
func colorIcon(size int) image.Image {
	violet := color.NRGBA{0x5b, 0x5f, 0xc7, 0xff}
	white := color.NRGBA{0xff, 0xff, 0xff, 0xff}
	pale := color.NRGBA{0xc5, 0xcb, 0xfa, 0xff}
	const scale = 0.62
	return draw(size, slices.Concat(
		[]layer{{func(point) bool { return true }, violet}},
		bell(pale, scale, stroke{leftWave(), 0.09}, stroke{rightWave(), 0.09}, stroke{arc(point{0, 0.62}, 0.17, 0, 360), 0}),
		bell(white, scale, stroke{neck(), 0.13}, stroke{grip(), 0.24}, stroke{body(), 0}, stroke{rim(), 0.13}),
		bell(violet, scale, stroke{band(), 0.055}),
	))
}

// outlineIcon is the same bell in lines, pure white, up to the edges.
func outlineIcon(size int) image.Image {
	white := color.NRGBA{0xff, 0xff, 0xff, 0xff}
	const pen = 0.125 // two pixels of 32
	return draw(size, bell(white, 1,
		stroke{leftWave(), pen}, stroke{rightWave(), pen}, stroke{arc(point{0, 0.58}, 0.19, 0, 180), 0},
		stroke{neck(), pen}, stroke{grip(), 2 * pen}, stroke{append(body(), body()[0]), pen}, stroke{rim(), pen},
	))
}

// body is the bell from its shoulder to its rim, upright, closed.
func body() []point {
	line := []point{{-0.6, 0.5}}
	line = curve(line, point{-0.3, 0.3}, point{-0.5, -0.36}, point{0, -0.36})
	return curve(line, point{0.5, -0.36}, point{0.3, 0.3}, point{0.6, 0.5})
}

func rim() []point { return []point{{-0.6, 0.5}, {0.6, 0.5}} }

// band is the line cast into the bell above its rim.
func band() []point { return []point{{-0.45, 0.32}, {0.45, 0.32}} }

func neck() []point { return []point{{0, -0.36}, {0, -0.9}} }

func grip() []point { return []point{{0, -0.62}, {0, -0.84}} }

// leftWave and rightWave are the sound on both sides of the bell.
func leftWave() []point { return arc(point{0, 0.1}, 0.82, 174, 214) }

func rightWave() []point { return arc(point{0, 0.1}, 0.82, -34, 6) }
