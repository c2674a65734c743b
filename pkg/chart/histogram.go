package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/leadsman/leadsman/pkg/words"
)

// Histogram shows one or two distributions over the same bins. Bins of equal
// width have the height of their share; where widths differ the height is share
// per unit, so that areas stay true to the counts.
type Histogram struct {
	Edges            []float64 // bounds of the bins, ascending, one more than there are bins
	Ref, Cur         []float64 // shares of each side; one of them may be nil
	RefName, CurName string    // for the legend; empty leaves it out
	XLabel           string    // what the values are, with the unit
	Log              bool      // logarithmic values; every edge above 0
	Marks            []Mark    // values to point out
	OpenLow          bool      // the first bin has no lower bound: its edge only gives it a width
	OpenHigh         bool      // the last bin has no upper bound
	Bare             bool      // shape only: no axes, no text
}

// Mark is a value on the horizontal axis and what to call it.
type Mark struct {
	At    float64
	Label string
}

// PNG draws the histogram.
func (h Histogram) PNG(s Size) ([]byte, error) { return asPNG(h, s) }

// SVG is the same as markup of a page; alt stands for it.
func (h Histogram) SVG(s Size, alt string) (SVG, error) { return asSVG(h, s, alt) }

func (h Histogram) paint(s Size) (func(draw.Canvas), error) {
	n := len(h.Edges) - 1
	if n < 1 || len(h.Ref)+len(h.Cur) == 0 {
		return nil, errNoData
	}
	x := make([]float64, n+1)
	for i, e := range h.Edges {
		if !finite(e) || h.Log && e <= 0 {
			return nil, fmt.Errorf("chart: edge %d: cannot place %v", i, e)
		}
		x[i] = e
		if h.Log {
			x[i] = math.Log10(e)
		}
		if i > 0 && !(x[i] > x[i-1]) {
			return nil, fmt.Errorf("chart: edge %d: want ascending edges, got %v after %v", i, e, h.Edges[i-1])
		}
	}
	if !finite(x[n] - x[0]) {
		return nil, fmt.Errorf("chart: edges span too far")
	}
	unit := unitOf(x)
	var top float64
	heights := func(what string, shares []float64) ([]float64, error) {
		if shares == nil {
			return nil, nil
		}
		if len(shares) != n {
			return nil, fmt.Errorf("chart: %s: %d shares for %d bins", what, len(shares), n)
		}
		if err := checkShares(what, shares); err != nil {
			return nil, err
		}
		out := make([]float64, n)
		for i, v := range shares {
			out[i] = v
			if unit > 0 {
				out[i] = v / ((x[i+1] - x[i]) / unit)
			}
			if !finite(out[i]) {
				return nil, fmt.Errorf("chart: bin %d is too narrow", i)
			}
			top = math.Max(top, out[i])
		}
		return out, nil
	}
	ref, err := heights("ref", h.Ref)
	if err != nil {
		return nil, err
	}
	cur, err := heights("cur", h.Cur)
	if err != nil {
		return nil, err
	}
	var marks []Mark
	for _, m := range h.Marks {
		if h.Log && m.At > 0 {
			m.At = math.Log10(m.At)
		}
		if finite(m.At) && m.At >= x[0] && m.At <= x[n] {
			marks = append(marks, m)
		}
	}

	p := newPlot()
	p.X.Min, p.X.Max = x[0], x[n]
	p.Y.Max = top * (1.04 + 0.13*float64(len(marks)))
	if !h.Bare {
		p.Y.Tick.Marker = upTo(top, tickMarks(max(s.H/60, 2), percent))
		if unit == 0 || !h.Log {
			p.Add(&gridLines{})
		}
	}
	p.Add(&steps{x: x, y: ref, fill: refFill, edge: line(1, refColor)})
	p.Add(&steps{x: x, y: cur, fill: curFill, edge: line(1.75, curColor)})
	p.Add(&flags{marks: marks, top: top}, &bins{h, x})
	if h.Bare {
		p.HideAxes()
		return p.Draw, nil
	}
	p.X.Label.Text = clean(h.XLabel, 80)
	p.X.Tick.Marker = tickMarks(max(s.W/90, 2), number)
	if h.Log {
		p.X.Tick.Marker = plot.TickerFunc(logTicks)
	}
	p.X.Tick.Marker = h.bounded(p.X.Tick.Marker, x, 48/float64(max(s.W-60, 48)))
	if unit > 0 {
		p.Y.Label.Text = "share per " + number(unit, unit)
		if h.Log {
			// A share per factor is a number that nobody reads; areas still are shares.
			p.Y.Label.Text = "how often"
			p.Y.Tick.Marker = plot.ConstantTicks(nil)
		}
	}
	return func(c draw.Canvas) {
		if h.RefName != "" || h.CurName != "" {
			legend(c, h.RefName, h.CurName)
			c = draw.Crop(c, 0, 0, 0, -px(22))
		}
		p.Draw(draw.Crop(c, 0, -px(10), 0, -px(4)))
	}, nil
}

// unitOf returns the width that heights refer to where bins differ in width: a
// round number near the usual width. It is 0 when all bins are alike.
func unitOf(x []float64) float64 {
	var widths []float64
	for i := range len(x) - 1 {
		widths = append(widths, x[i+1]-x[i])
	}
	slices.Sort(widths)
	if widths[len(widths)-1] < 1.01*widths[0] {
		return 0
	}
	mid := widths[len(widths)/2]
	for _, f := range []float64{5, 2, 1} {
		if u := f * math.Pow(10, math.Floor(math.Log10(mid))); u > 0 && u <= mid*1.0001 {
			return u
		}
	}
	return mid
}

// bounded leaves out the labels beyond the last known edges, where a value on
// the axis would be made up, and names the open ends instead. Labels closer to an
// end's name than room, a share of the axis, are left out too.
func (h Histogram) bounded(t plot.Ticker, x []float64, room float64) plot.Ticker {
	return plot.TickerFunc(func(lo, hi float64) []plot.Tick {
		var out []plot.Tick
		from, to := lo, hi
		if h.OpenLow {
			end := (x[0] + x[1]) / 2
			out = append(out, plot.Tick{Value: end, Label: "lower"})
			from = math.Max(x[1], end+room*(hi-lo))
		}
		if h.OpenHigh {
			end := (x[len(x)-2] + x[len(x)-1]) / 2
			out = append(out, plot.Tick{Value: end, Label: "higher"})
			to = math.Min(x[len(x)-2], end-room*(hi-lo))
		}
		for _, k := range t.Ticks(lo, hi) {
			if k.Value >= from && k.Value <= to {
				out = append(out, k)
			}
		}
		return out
	})
}

// upTo drops the labels above top, where only marks are written.
func upTo(top float64, t plot.Ticker) plot.Ticker {
	return plot.TickerFunc(func(lo, _ float64) []plot.Tick { return t.Ticks(lo, top) })
}

// steps is the outline of a histogram, filled.
type steps struct {
	x, y []float64
	fill color.Color
	edge draw.LineStyle
}

func (s *steps) Plot(c draw.Canvas, p *plot.Plot) {
	if s.y == nil {
		return
	}
	pts := []vg.Point{at(p, c.Rectangle, s.x[0], 0)}
	for i, y := range s.y {
		pts = append(pts, at(p, c.Rectangle, s.x[i], y), at(p, c.Rectangle, s.x[i+1], y))
	}
	pts = append(pts, at(p, c.Rectangle, s.x[len(s.x)-1], 0))
	c.FillPolygon(s.fill, pts)
	c.StrokeLines(s.edge, pts)
}

// bins are the places of a histogram that tell their numbers.
type bins struct {
	Histogram
	x []float64
}

func (b *bins) Plot(c draw.Canvas, p *plot.Plot) {
	of := func(shares []float64, i int) string {
		if shares == nil {
			return ""
		}
		return share(shares[i])
	}
	last := len(b.x) - 2
	for i := 0; i <= last; i += every(last + 1) {
		name := words.Number(b.Edges[i]) + " to " + words.Number(b.Edges[i+1])
		switch {
		case i == 0 && b.OpenLow && last > 0:
			name = "up to " + words.Number(b.Edges[1])
		case i == last && b.OpenHigh && last > 0:
			name = "above " + words.Number(b.Edges[last])
		}
		from, to := at(p, c.Rectangle, b.x[i], 0), at(p, c.Rectangle, b.x[i+1], 0)
		mark(c, from.X, from.Y, to.X, c.Max.Y, "%s: %s", name, sides(b.RefName, of(b.Ref, i), b.CurName, of(b.Cur, i)))
	}
}

// flags are vertical lines with a label each, on rows of their own above the
// data, so that close ones do not cover each other.
type flags struct {
	marks []Mark
	top   float64
}

func (f *flags) Plot(c draw.Canvas, p *plot.Plot) {
	sty := textStyle(14, ink)
	room := at(p, c.Rectangle, p.X.Min, p.Y.Max).Y - at(p, c.Rectangle, p.X.Min, f.top).Y
	for i, m := range f.marks {
		foot := at(p, c.Rectangle, m.At, 0)
		y := c.Max.Y - room*vg.Length(i+1)/vg.Length(len(f.marks)+1)
		c.StrokeLine2(line(1, ink, 3, 2), foot.X, foot.Y, foot.X, y+px(9))
		label := clean(m.Label, 40)
		x := foot.X + px(4)
		if x+width(c, sty, label) > c.Max.X {
			x = foot.X - px(4) - width(c, sty, label)
		}
		write(c, sty, vg.Point{X: x, Y: y}, label)
	}
}
