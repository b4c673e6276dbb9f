package web

import (
	"fmt"
	"math"

	"crier/internal/domain"
)

// maxSlices is how many options a pie shows; more are bars.
const maxSlices = 8

// pie is the shares of a question's options as a drawing of 100 by 100.
type pie struct {
	Slices []slice
	Whole  *int // the one slice that is all of it
}

// slice is the outline of an option's share; options are numbered from 0 for their colours.
type slice struct {
	Option int
	Path   string
}

const pieRadius = 48.0

// newPie draws the answers to a question clockwise from the top.
func newPie(q domain.QuestionReport) *pie {
	p := &pie{}
	from := 0.0
	for i, o := range q.Options {
		share := q.Share(o)
		switch {
		case share <= 0:
			continue
		case share >= 1:
			p.Whole = &i
			return p
		}
		p.Slices = append(p.Slices, slice{i, outline(from, from+share)})
		from += share
	}
	return p
}

// outline is a slice from one part of the circle to another, 0 to 1.
func outline(from, to float64) string {
	point := func(part float64) (x, y float64) {
		return 50 + pieRadius*math.Sin(2*math.Pi*part), 50 - pieRadius*math.Cos(2*math.Pi*part)
	}
	x, y := point(from)
	endX, endY := point(to)
	long := 0
	if to-from > 0.5 {
		long = 1
	}
	return fmt.Sprintf("M50 50L%.2f %.2fA%.0f %.0f 0 %d 1 %.2f %.2fZ", x, y, pieRadius, pieRadius, long, endX, endY)
}
