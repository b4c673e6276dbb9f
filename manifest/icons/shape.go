package main

import (
	"image"
	"image/color"
	"math"
)

// point lies on a square from (-1, -1), the upper left corner, to (1, 1).
type point struct{ x, y float64 }

func (p point) minus(q point) point { return point{p.x - q.x, p.y - q.y} }

// turned is the point turned clockwise about the middle.
func (p point) turned(degrees float64) point {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return point{p.x*cos - p.y*sin, p.x*sin + p.y*cos}
}

// shape tells whether it covers a point.
type shape func(point) bool

// layer is a shape in its colour.
type layer struct {
	shape shape
	color color.NRGBA
}

// curve appends a cubic Bézier curve from the last point of a line.
func curve(line []point, a, b, end point) []point {
	const steps = 32
	start := line[len(line)-1]
	for i := 1; i <= steps; i++ {
		t := float64(i) / steps
		u := 1 - t
		mix := func(s, a, b, e float64) float64 { return u*u*u*s + 3*u*u*t*a + 3*u*t*t*b + t*t*t*e }
		line = append(line, point{mix(start.x, a.x, b.x, end.x), mix(start.y, a.y, b.y, end.y)})
	}
	return line
}

// arc is a part of a circle about a centre; 0 degrees is to the right, 90 down.
func arc(center point, radius, from, to float64) []point {
	const steps = 32
	line := make([]point, 0, steps+1)
	for i := range steps + 1 {
		p := point{radius, 0}.turned(from + (to-from)*float64(i)/steps)
		line = append(line, point{center.x + p.x, center.y + p.y})
	}
	return line
}

// placed is the line turned clockwise about the middle, and then scaled.
func placed(line []point, degrees, scale float64) []point {
	all := make([]point, len(line))
	for i, p := range line {
		p = p.turned(degrees)
		all[i] = point{p.x * scale, p.y * scale}
	}
	return all
}

// filled covers the inside of a closed line.
func filled(line []point) shape {
	near := box(line, 0)
	return func(p point) bool {
		if !near(p) {
			return false
		}
		inside := false
		for i, a := range line {
			b := line[(i+1)%len(line)]
			if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(b.x-a.x)*(p.y-a.y)/(b.y-a.y) {
				inside = !inside
			}
		}
		return inside
	}
}

// stroked covers what a round pen of that width draws along a line.
func stroked(line []point, width float64) shape {
	near := box(line, width/2)
	return func(p point) bool {
		if !near(p) {
			return false
		}
		for i := range len(line) - 1 {
			if distance(p, line[i], line[i+1]) <= width/2 {
				return true
			}
		}
		return false
	}
}

// distance is from p to the nearest point of the segment from a to b.
func distance(p, a, b point) float64 {
	ab, ap := b.minus(a), p.minus(a)
	t := 0.0
	if square := ab.x*ab.x + ab.y*ab.y; square > 0 {
		t = min(max((ap.x*ab.x+ap.y*ab.y)/square, 0), 1)
	}
	return math.Hypot(ap.x-t*ab.x, ap.y-t*ab.y)
}

// box covers the rectangle around a line, with a margin: most points are
// outside, and need no closer look.
func box(line []point, margin float64) shape {
	least, most := line[0], line[0]
	for _, p := range line {
		least = point{min(least.x, p.x), min(least.y, p.y)}
		most = point{max(most.x, p.x), max(most.y, p.y)}
	}
	return func(p point) bool {
		return p.x >= least.x-margin && p.x <= most.x+margin && p.y >= least.y-margin && p.y <= most.y+margin
	}
}

// draw paints the layers, the last on top, with 8 by 8 samples a pixel so that
// edges are smooth.
func draw(size int, layers []layer) *image.NRGBA {
	icon := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			icon.SetNRGBA(x, y, pixel(x, y, size, layers))
		}
	}
	return icon
}

// pixel mixes the colours of its samples; a sample that nothing covers only
// makes it more transparent.
func pixel(x, y, size int, layers []layer) color.NRGBA {
	const samples = 8
	var r, g, b, covered int
	for i := range samples * samples {
		at := func(pixel, sample int) float64 {
			return (float64(pixel)+(float64(sample)+0.5)/samples)/float64(size)*2 - 1
		}
		c := top(layers, point{at(x, i%samples), at(y, i/samples)})
		if c.A != 0 {
			r, g, b, covered = r+int(c.R), g+int(c.G), b+int(c.B), covered+1
		}
	}
	if covered == 0 {
		return color.NRGBA{}
	}
	mean := func(sum int) uint8 { return uint8((sum + covered/2) / covered) }
	return color.NRGBA{mean(r), mean(g), mean(b), uint8(covered * 255 / (samples * samples))}
}

func top(layers []layer, p point) color.NRGBA {
	for i := len(layers) - 1; i >= 0; i-- {
		if layers[i].shape(p) {
			return layers[i].color
		}
	}
	return color.NRGBA{}
}
