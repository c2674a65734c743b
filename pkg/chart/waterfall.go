package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Waterfall shows how steps lead from one value to another: from the top a row
// for the start, a bar a step that begins where the one before ended, and a row
// for the end. Steps up and steps down differ in colour, in the side of the bar
// that is marked, and in the sign that is written beside them. The axis spans
// what the steps pass through and need not hold 0, so start and end are marks
// and not bars.
type Waterfall struct {
	Names              []string // of the steps
	Steps              []float64
	Start              float64
	StartName, EndName string
	XLabel             string // what the values are, with the unit
}

// WaterfallHeight is the height in CSS pixels that n steps need to be readable.
func WaterfallHeight(n int) int { return 46 + 26*(max(n, 0)+2) }

// PNG draws the steps.
func (w Waterfall) PNG(s Size) ([]byte, error) { return asPNG(w, s) }

// SVG is the same as markup of a page; alt stands for it.
func (w Waterfall) SVG(s Size, alt string) (SVG, error) { return asSVG(w, s, alt) }

func (w Waterfall) paint(s Size) (func(draw.Canvas), error) {
	if len(w.Steps) == 0 {
		return nil, errNoData
	}
	if len(w.Names) != len(w.Steps) {
		return nil, fmt.Errorf("chart: %d names for %d steps", len(w.Names), len(w.Steps))
	}
	at, lo, hi, most := w.Start, w.Start, w.Start, 0.0
	for i, v := range w.Steps {
		if at += v; !finite(v, at) {
			return nil, fmt.Errorf("chart: step %d: cannot place %v", i, v)
		}
		lo, hi, most = math.Min(lo, at), math.Max(hi, at), math.Max(most, math.Abs(v))
	}
	if !finite(lo, hi, hi-lo) {
		return nil, fmt.Errorf("chart: steps span too far")
	}
	if lo == hi {
		lo, hi = lo-1, hi+1
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Max(most, 1e-6)))) / 10
	return func(c draw.Canvas) {
		name, value, axis := textStyle(14, ink), textStyle(13, ink), textStyle(14, ink)
		name.XAlign, name.YAlign, value.YAlign, axis.XAlign = draw.XRight, draw.YCenter, draw.YCenter, draw.XCenter
		rows := append(append([]string{w.StartName}, w.Names...), w.EndName)
		var gutter vg.Length
		for i, n := range rows {
			rows[i] = fit(c, name, clean(n, 60), (c.Max.X-c.Min.X)*0.36)
			gutter = max(gutter, width(c, name, rows[i]))
		}
		// A number stands on the far side of its step: both ends need its room.
		room := width(c, value, signed(-most, unit)) + px(9)
		left, right := c.Min.X+gutter+px(6), c.Max.X
		x := func(v float64) vg.Length {
			return left + room + (right-left-2*room)*vg.Length((v-lo)/(hi-lo))
		}
		base, top := c.Min.Y+px(40), c.Max.Y-px(2)
		marks, step := ticks(lo, hi, max(s.W/110, 2))
		for _, v := range marks {
			c.StrokeLine2(line(1, faint), x(v), base, x(v), top)
			write(c, axis, vg.Point{X: x(v), Y: base - px(17)}, number(v, step))
		}
		axis.XAlign = draw.XRight
		write(c, axis, vg.Point{X: right, Y: c.Min.Y + px(3)}, clean(w.XLabel, 60))

		slot := (top - base) / vg.Length(len(rows))
		thick := min(slot*0.32, px(9))
		mid := func(i int) vg.Length { return top - slot*(vg.Length(i)+0.5) }
		row := func(i int, format string, args ...any) {
			mark(c, c.Min.X, mid(i)-slot/2, c.Max.X, mid(i)+slot/2, format, args...)
		}
		end := func(i int, v float64) {
			c.StrokeLine2(line(3, ink), x(v), mid(i)-thick, x(v), mid(i)+thick)
			value.XAlign = draw.XLeft
			write(c, value, vg.Point{X: x(v) + px(6), Y: mid(i)}, number(v, unit))
		}
		for i, n := range rows {
			write(c, name, vg.Point{X: left - px(2), Y: mid(i)}, n)
		}
		end(0, w.Start)
		at := w.Start
		for i, v := range w.Steps {
			from, to, y := x(at), x(at+v), mid(i+1)
			c.StrokeLine2(line(1, ink, 2, 2), from, mid(i)-thick, from, y+thick)
			fill, edge, side := curBar, curColor, px(6)
			value.XAlign = draw.XLeft
			if v < 0 {
				fill, edge, side = refFill, refColor, -px(6)
				value.XAlign = draw.XRight
			}
			fillRect(c, fill, from, y-thick, to, y+thick)
			c.StrokeLine2(line(2.5, edge), to, y-thick, to, y+thick)
			value.Color = edge
			write(c, value, vg.Point{X: to + side, Y: y}, signed(v, unit))
			row(i+1, "%s: %s, to %s", w.Names[i], signed(v, unit), number(at+v, unit))
			at += v
		}
		value.Color = ink
		last := len(rows) - 1
		c.StrokeLine2(line(1, ink, 2, 2), x(at), mid(last-1)-thick, x(at), mid(last)+thick)
		end(last, at)
	}, nil
}

// signed writes a change with its sign.
func signed(v, step float64) string {
	s := number(v, step)
	if v > 0 {
		return "+" + s
	}
	return s
}
