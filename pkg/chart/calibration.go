package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/leadsman/leadsman/pkg/words"
)

// Calibration shows what became of rows by their score: where a probability is
// right, its curve lies on the dashed diagonal. Points are ascending in score;
// a side may be empty, but not both.
type Calibration struct {
	RefScore, RefRate []float64 // in [0, 1]
	CurScore, CurRate []float64
	RefName, CurName  string
	XLabel, YLabel    string
}

// PNG draws the curves.
func (k Calibration) PNG(s Size) ([]byte, error) { return asPNG(k, s) }

// SVG is the same as markup of a page; alt stands for it.
func (k Calibration) SVG(s Size, alt string) (SVG, error) { return asSVG(k, s, alt) }

func (k Calibration) paint(s Size) (func(draw.Canvas), error) {
	for _, side := range []struct {
		name string
		x, y []float64
	}{{k.RefName, k.RefScore, k.RefRate}, {k.CurName, k.CurScore, k.CurRate}} {
		if len(side.x) != len(side.y) {
			return nil, fmt.Errorf("chart: %s: %d rates for %d scores", side.name, len(side.y), len(side.x))
		}
		for i := range side.x {
			if !(math.Min(side.x[i], side.y[i]) >= 0 && math.Max(side.x[i], side.y[i]) <= 1) || i > 0 && side.x[i] < side.x[i-1] {
				return nil, fmt.Errorf("chart: %s: cannot place point %d", side.name, i)
			}
		}
	}
	if len(k.RefScore)+len(k.CurScore) == 0 {
		return nil, errNoData
	}
	p := newPlot()
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1.03
	p.X.Tick.Marker = tickMarks(max(s.W/80, 2), number)
	p.Y.Tick.Marker = tickMarks(max(s.H/55, 2), percent)
	p.X.Label.Text, p.Y.Label.Text = clean(k.XLabel, 40), clean(k.YLabel, 40)
	p.Add(&gridLines{}, diagonal{})
	if len(k.RefScore) > 0 {
		p.Add(&curve{x: k.RefScore, y: k.RefRate, color: refColor, width: 1.5}, dots{k.RefScore, k.RefRate, false, k.RefName})
	}
	if len(k.CurScore) > 0 {
		p.Add(&curve{x: k.CurScore, y: k.CurRate, color: curColor, width: 2}, dots{k.CurScore, k.CurRate, true, k.CurName})
	}
	return func(c draw.Canvas) {
		p.Draw(draw.Crop(c, 0, -px(14), 0, -px(20)))
		ref, cur := k.RefName, k.CurName
		if len(k.RefScore) == 0 {
			ref = ""
		}
		if len(k.CurScore) == 0 {
			cur = ""
		}
		legend(c, clean(ref, 24), clean(cur, 24))
	}, nil
}

// diagonal is where scores are what they promise.
type diagonal struct{}

func (diagonal) Plot(c draw.Canvas, p *plot.Plot) {
	from, to := at(p, c.Rectangle, 0, 0), at(p, c.Rectangle, 1, 1)
	c.StrokeLine2(line(1, ink, 4, 3), from.X, from.Y, to.X, to.Y)
}

// dots are the points of a side, filled for production, rings for the reference.
type dots struct {
	x, y []float64
	cur  bool
	name string
}

func (d dots) Plot(c draw.Canvas, p *plot.Plot) {
	style := draw.GlyphStyle{Color: refColor, Radius: px(3), Shape: draw.RingGlyph{}}
	if d.cur {
		style.Color, style.Shape = curColor, draw.CircleGlyph{}
	}
	for i := range d.x {
		pt := at(p, c.Rectangle, d.x[i], d.y[i])
		c.DrawGlyphNoClip(style, vg.Point{X: pt.X, Y: pt.Y})
		mark(c, pt.X-px(7), pt.Y-px(7), pt.X+px(7), pt.Y+px(7), "%s", sides(d.name, words.Number(d.x[i])+": "+words.Percent(d.y[i]), "", ""))
	}
}
