package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/leadsman/leadsman/pkg/words"
)

// Cumulative shows which share of each side lies at or below a value: two curves
// on shared axes, each a straight line between the values at which its share is
// known. A curve that lies further right holds larger values.
type Cumulative struct {
	X                []float64 // ascending, at least two
	Ref, Cur         []float64 // share at or below each x, in [0, 1] and never falling
	RefName, CurName string
	XLabel           string // what the values are, with the unit
	Log              bool   // logarithmic values; every x above 0
}

// PNG draws the curves.
func (k Cumulative) PNG(s Size) ([]byte, error) { return asPNG(k, s) }

// SVG is the same as markup of a page; alt stands for it.
func (k Cumulative) SVG(s Size, alt string) (SVG, error) { return asSVG(k, s, alt) }

func (k Cumulative) paint(s Size) (func(draw.Canvas), error) {
	if len(k.X) < 2 {
		return nil, errNoData
	}
	x := make([]float64, len(k.X))
	for i, v := range k.X {
		if !finite(v) || k.Log && v <= 0 {
			return nil, fmt.Errorf("chart: value %d: cannot place %v", i, v)
		}
		x[i] = v
		if k.Log {
			x[i] = math.Log10(v)
		}
		if i > 0 && !(x[i] > x[i-1]) {
			return nil, fmt.Errorf("chart: value %d: want ascending values, got %v after %v", i, v, k.X[i-1])
		}
	}
	if !finite(x[len(x)-1] - x[0]) {
		return nil, fmt.Errorf("chart: values span too far")
	}
	for _, side := range []struct {
		name string
		y    []float64
	}{{"ref", k.Ref}, {"cur", k.Cur}} {
		if len(side.y) != len(x) {
			return nil, fmt.Errorf("chart: %s: %d shares for %d values", side.name, len(side.y), len(x))
		}
		for i, v := range side.y {
			// Sums of shares may pass 1 by a rounding.
			if !(v >= 0 && v <= 1+1e-9) || i > 0 && v < side.y[i-1] {
				return nil, fmt.Errorf("chart: %s[%d]: want rising shares, got %v", side.name, i, v)
			}
		}
	}
	p := newPlot()
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = x[0], x[len(x)-1], 0, 1.03
	p.X.Label.Text = clean(k.XLabel, 80)
	p.X.Tick.Marker = tickMarks(max(s.W/90, 2), number)
	if k.Log {
		p.X.Tick.Marker = plot.TickerFunc(logTicks)
	}
	p.Y.Tick.Marker = upTo(1, tickMarks(max(s.H/60, 2), percent))
	p.Add(&gridLines{},
		&curve{x: x, y: k.Ref, color: refColor, width: 1.5, dash: true},
		&curve{x: x, y: k.Cur, color: curColor, width: 2})
	return func(c draw.Canvas) {
		strokes(c, k.RefName, k.CurName)
		area := draw.Crop(c, 0, -px(14), 0, -px(26))
		p.Draw(area)
		data := p.DataCanvas(area)
		for i := 0; i < len(x); i += every(len(x)) {
			here := at(p, data.Rectangle, x[i], 0).X
			from, to := data.Min.X, data.Max.X
			if i > 0 {
				from = (here + at(p, data.Rectangle, x[i-1], 0).X) / 2
			}
			if i+1 < len(x) {
				to = (here + at(p, data.Rectangle, x[i+1], 0).X) / 2
			}
			mark(data, from, data.Min.Y, to, data.Max.Y, "at or below %s: %s", words.Number(k.X[i]), sides(k.RefName, share(min(k.Ref[i], 1)), k.CurName, share(min(k.Cur[i], 1))))
		}
	}, nil
}

// strokes is a legend of lines, the reference's dashed.
func strokes(c draw.Canvas, ref, cur string) {
	x, y := c.Min.X, c.Max.Y-px(8)
	sty := textStyle(14, refColor)
	sty.YAlign = draw.YCenter
	for i, name := range []string{ref, cur} {
		look := line(1.5, refColor, dashes...)
		if i == 1 {
			look, sty.Color = line(2, curColor), curColor
		}
		if name = clean(name, 24); name == "" {
			continue
		}
		c.StrokeLine2(look, x, y, x+px(20), y)
		write(c, sty, vg.Point{X: x + px(25), Y: y}, name)
		x += px(25+18) + width(c, sty, name)
	}
}
