package chart

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/leadsman/leadsman/pkg/words"
)

// Series is one line of a Lines chart; NaN is a gap.
type Series struct {
	Name   string
	Values []float64
}

// Limit is a horizontal line that values should stay on one side of. Where two
// are too close to be labelled both, only the upper one is.
type Limit struct {
	At    float64
	Label string
}

// Event is a vertical line at a time from which on something else is measured, or in
// another way. Where two are too close to be labelled both, only the earlier one is.
type Event struct {
	At     time.Time
	Label  string
	Breaks bool // the lines too
}

// Lines shows numbers over time, the first series most visibly. Each line is
// named at its right end. The axis starts at 0 unless Lo says otherwise.
type Lines struct {
	Times   []time.Time // ascending
	Series  []Series    // up to four
	Limits  []Limit
	Events  []Event
	YLabel  string
	Percent bool     // values are shares
	Log     bool     // logarithmic value axis; every value above 0, no limits
	Lo      *float64 // start of the value axis when it is not 0
}

var seriesColors = []color.NRGBA{curColor, refColor, {0x8a, 0x5f, 0xa8, 0xff}, ink}

// PNG draws the lines.
func (l Lines) PNG(s Size) ([]byte, error) { return asPNG(l, s) }

// SVG is the same as markup of a page; alt stands for it.
func (l Lines) SVG(s Size, alt string) (SVG, error) { return asSVG(l, s, alt) }

func (l Lines) paint(s Size) (func(draw.Canvas), error) {
	x, err := l.check()
	if err != nil {
		return nil, err
	}
	told := l.Series
	if l.Log {
		l.Limits, l.Lo = nil, nil
		l.Series = slices.Clone(l.Series)
		for i := range l.Series {
			l.Series[i].Values = slices.Clone(l.Series[i].Values)
			for j, v := range l.Series[i].Values {
				l.Series[i].Values[j] = math.Log10(v)
			}
		}
	}
	bottom, top := l.bounds()
	if !finite(top - bottom) {
		return nil, fmt.Errorf("chart: values span too far")
	}
	p := newPlot()
	p.X.Min, p.X.Max = x[0], x[len(x)-1]
	if len(x) == 1 {
		p.X.Min, p.X.Max = x[0]-43200, x[0]+43200
	}
	p.Y.Min, p.Y.Max = bottom, top+0.06*(top-bottom)
	label := number
	if l.Percent {
		label = percent
	}
	p.X.Tick.Marker = timeTicks(max(s.W/100, 2))
	p.Y.Tick.Marker = tickMarks(max(s.H/55, 2), label)
	if l.Log {
		p.Y.Tick.Marker = plot.TickerFunc(logTicks)
	}
	p.Y.Label.Text = clean(l.YLabel, 40)
	p.Add(&gridLines{limits: l.Limits})
	for i := len(l.Series) - 1; i >= 0; i-- {
		r := l.Series[i]
		bx, by := l.broken(x, r.Values)
		p.Add(&curve{x: bx, y: by, color: seriesColors[i], width: 2})
	}
	return func(c draw.Canvas) {
		right := px(14)
		for _, r := range l.Series {
			if name := clean(r.Name, 24); name != "" {
				right = max(right, width(c, textStyle(14, ink), name)+px(12))
			}
		}
		area := draw.Crop(c, px(6), -right, 0, -px(8))
		p.Draw(area)
		l.events(p.DataCanvas(area), p)
		l.names(c, p.DataCanvas(area), p)
		l.marks(p.DataCanvas(area), p, x, told)
	}, nil
}

// broken has a gap in the values before each event that breaks.
func (l Lines) broken(x, values []float64) (bx, by []float64) {
	for i := range x {
		for _, e := range l.Events {
			if at := float64(e.At.Unix()); i > 0 && e.Breaks && at > x[i-1] && at <= x[i] {
				bx, by = append(bx, (x[i-1]+x[i])/2), append(by, math.NaN())
				break
			}
		}
		bx, by = append(bx, x[i]), append(by, values[i])
	}
	return bx, by
}

// events draws the events within the times.
func (l Lines) events(area draw.Canvas, p *plot.Plot) {
	sty := textStyle(11, ink)
	sty.YAlign = draw.YTop
	free := area.Min.X
	for _, e := range l.Events {
		x := at(p, area.Rectangle, float64(e.At.Unix()), p.Y.Min).X
		if x < area.Min.X || x > area.Max.X {
			continue
		}
		area.StrokeLine2(line(1, ink, 3, 3), x, area.Min.Y, x, area.Max.Y)
		label := clean(e.Label, 24)
		wide := width(area, sty, label) + px(6)
		if left := x + px(4); left >= free && left+wide <= area.Max.X {
			write(area, sty, vg.Point{X: left, Y: area.Max.Y}, label)
			free = left + wide
		} else if left := x - wide; left >= free {
			write(area, sty, vg.Point{X: left, Y: area.Max.Y}, label)
			free = x + px(4)
		}
	}
}

// marks tell the numbers of a time.
func (l Lines) marks(area draw.Canvas, p *plot.Plot, x []float64, series []Series) {
	layout := "2 Jan 2006"
	for _, t := range l.Times {
		if u := t.UTC(); u.Hour() != 0 || u.Minute() != 0 {
			layout = "2 Jan 2006 15:04"
		}
	}
	say := words.Number
	if l.Percent {
		say = words.Percent
	}
	half := (area.Max.X - area.Min.X) / vg.Length(max(1, 2*(len(x)-1)))
	step := every(len(x))
	for i := (len(x) - 1) % step; i < len(x); i += step { // the newest is one of them
		var said []string
		for _, r := range series {
			if !math.IsNaN(r.Values[i]) {
				said = append(said, strings.TrimSpace(r.Name+" "+say(r.Values[i])))
			}
		}
		if len(said) > 0 {
			at := at(p, area.Rectangle, x[i], p.Y.Min).X
			wide := half * vg.Length(step)
			mark(area, at-wide, area.Min.Y, at+wide, area.Max.Y, "%s: %s", l.Times[i].UTC().Format(layout), strings.Join(said, ", "))
		}
	}
}

// check returns where the times are, or what is wrong with the numbers.
func (l Lines) check() ([]float64, error) {
	if len(l.Times) == 0 || len(l.Series) == 0 {
		return nil, errNoData
	}
	if len(l.Series) > len(seriesColors) {
		return nil, fmt.Errorf("chart: %d lines, want at most %d", len(l.Series), len(seriesColors))
	}
	x := make([]float64, len(l.Times))
	for i, t := range l.Times {
		x[i] = float64(t.Unix())
		if i > 0 && x[i] <= x[i-1] {
			return nil, fmt.Errorf("chart: time %d: want ascending times", i)
		}
	}
	seen := false
	for _, r := range l.Series {
		if len(r.Values) != len(x) {
			return nil, fmt.Errorf("chart: %s: %d values for %d times", r.Name, len(r.Values), len(x))
		}
		for _, v := range r.Values {
			if math.IsInf(v, 0) || l.Log && v <= 0 {
				return nil, fmt.Errorf("chart: %s: cannot place %v", r.Name, v)
			}
			seen = seen || !math.IsNaN(v)
		}
	}
	if !seen {
		return nil, errNoData
	}
	return x, nil
}

// bounds returns the ends of the value axis. Numbers begin at 0, so that a small
// change looks small; logarithms, and those with Lo, where they begin.
func (l Lines) bounds() (bottom, top float64) {
	low, top := math.Inf(1), math.Inf(-1)
	include := func(v float64) {
		if finite(v) {
			low, top = math.Min(low, v), math.Max(top, v)
		}
	}
	for _, r := range l.Series {
		for _, v := range r.Values {
			include(v)
		}
	}
	for _, m := range l.Limits {
		include(m.At)
	}
	bottom = math.Min(low, 0)
	switch {
	case l.Log:
		bottom = low
	case l.Lo != nil && finite(*l.Lo) && *l.Lo < top:
		bottom = *l.Lo
	}
	if !(top > bottom) {
		top = bottom + 1
	}
	return bottom, top
}

// names writes each line's name beside its last value, pushed apart where they
// would touch.
func (l Lines) names(c draw.Canvas, area draw.Canvas, p *plot.Plot) {
	sty := textStyle(14, ink)
	sty.YAlign = draw.YCenter
	type spot struct {
		i int
		y vg.Length
	}
	var spots []spot
	for i, r := range l.Series {
		for j := len(r.Values) - 1; j >= 0; j-- {
			if !math.IsNaN(r.Values[j]) {
				spots = append(spots, spot{i, at(p, area.Rectangle, 0, r.Values[j]).Y})
				break
			}
		}
	}
	for range spots {
		for a := range spots {
			for b := range spots {
				if d := spots[b].y - spots[a].y; a != b && d >= 0 && d < px(16) && (d > 0 || a < b) {
					spots[b].y = spots[a].y + px(16)
				}
			}
		}
	}
	for _, s := range spots {
		sty.Color = seriesColors[s.i]
		y := min(s.y, c.Max.Y-px(8))
		write(c, sty, vg.Point{X: area.Max.X + px(8), Y: y}, clean(l.Series[s.i].Name, 24))
	}
}

// Spark shows the course of one number as a line without axes, its newest value
// as a dot. NaN is a gap. Limit, where it is finite, is a dashed line.
type Spark struct {
	Values []float64
	Limit  float64
}

// PNG draws the sparkline.
func (k Spark) PNG(s Size) ([]byte, error) { return asPNG(k, s) }

// SVG is the same as markup of a page; alt stands for it.
func (k Spark) SVG(s Size, alt string) (SVG, error) { return asSVG(k, s, alt) }

func (k Spark) paint(s Size) (func(draw.Canvas), error) {
	lo, hi, n := math.Inf(1), math.Inf(-1), 0
	for _, v := range k.Values {
		if math.IsInf(v, 0) {
			return nil, fmt.Errorf("chart: cannot place %v", v)
		}
		if !math.IsNaN(v) {
			lo, hi, n = math.Min(lo, v), math.Max(hi, v), n+1
		}
	}
	if n < 2 {
		return nil, errNoData
	}
	limit := finite(k.Limit)
	if limit {
		lo, hi = math.Min(lo, k.Limit), math.Max(hi, k.Limit)
	}
	if hi == lo {
		lo, hi = lo-1, hi+1
	}
	if !finite(hi - lo) {
		return nil, fmt.Errorf("chart: values span too far")
	}
	p := newPlot()
	p.HideAxes()
	p.X.Min, p.X.Max = 0, float64(len(k.Values)-1)
	p.Y.Min, p.Y.Max = lo, hi
	if limit {
		p.Add(&gridLines{limits: []Limit{{At: k.Limit}}, bare: true})
	}
	x := make([]float64, len(k.Values))
	for i := range x {
		x[i] = float64(i)
	}
	p.Add(&curve{x: x, y: k.Values, color: curColor, width: 1.5, last: true})
	return func(c draw.Canvas) {
		p.Draw(draw.Crop(c, px(2), -px(5), px(5), -px(5)))
	}, nil
}

// curve is a line through the values that are there, a dot where one stands
// alone.
type curve struct {
	x, y  []float64
	color color.NRGBA
	width float64
	dash  bool
	last  bool // a dot on the newest value
}

// dashes are those of a reference's curve.
var dashes = []float64{6, 3}

func (v *curve) Plot(c draw.Canvas, p *plot.Plot) {
	dot := draw.GlyphStyle{Color: v.color, Radius: px(3), Shape: draw.CircleGlyph{}}
	look := line(v.width, v.color)
	if v.dash {
		look = line(v.width, v.color, dashes...)
	}
	var run []vg.Point
	flush := func() {
		if len(run) == 1 {
			c.DrawGlyphNoClip(dot, run[0])
		} else if len(run) > 1 {
			c.StrokeLines(look, run)
		}
		run = nil
	}
	var end *vg.Point
	for i, y := range v.y {
		if math.IsNaN(y) {
			flush()
			continue
		}
		pt := at(p, c.Rectangle, v.x[i], y)
		run, end = append(run, pt), &pt
	}
	flush()
	if v.last && end != nil {
		c.DrawGlyphNoClip(dot, *end)
	}
}

// gridLines are the faint lines of the value axis and the limits.
type gridLines struct {
	limits []Limit
	bare   bool
}

func (g *gridLines) Plot(c draw.Canvas, p *plot.Plot) {
	if !g.bare {
		for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
			y := at(p, c.Rectangle, p.X.Min, t.Value).Y
			c.StrokeLine2(line(1, faint), c.Min.X, y, c.Max.X, y)
		}
	}
	sty := textStyle(13, badColor)
	limits := slices.Clone(g.limits)
	slices.SortStableFunc(limits, func(a, b Limit) int { return cmp.Compare(b.At, a.At) })
	above := c.Max.Y + px(100) // where the last label stands
	for _, l := range limits {
		if !finite(l.At) {
			continue
		}
		y := at(p, c.Rectangle, p.X.Min, l.At).Y
		c.StrokeLine2(line(1, badColor, 4, 3), c.Min.X, y, c.Max.X, y)
		if l.Label != "" && above-y > px(15) {
			write(c, sty, vg.Point{X: c.Min.X + px(4), Y: y + px(3)}, clean(l.Label, 40))
			above = y
		}
	}
}
