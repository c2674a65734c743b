package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Bars shows the shares of categories as horizontal bars, a pair for each name,
// in the order given, with the shares written at their ends.
type Bars struct {
	Names            []string
	Ref, Cur         []float64
	RefName, CurName string
}

// BarsHeight is the height in CSS pixels that n pairs need to be readable.
func BarsHeight(n int) int { return 26 + 34*max(n, 1) }

// PNG draws the bars.
func (b Bars) PNG(s Size) ([]byte, error) { return asPNG(b, s) }

// SVG is the same as markup of a page; alt stands for it.
func (b Bars) SVG(s Size, alt string) (SVG, error) { return asSVG(b, s, alt) }

func (b Bars) paint(s Size) (func(draw.Canvas), error) {
	top, err := checkPairs(b.Names, b.Ref, b.Cur)
	if err != nil {
		return nil, err
	}
	return func(c draw.Canvas) {
		legend(c, b.RefName, b.CurName)
		c = draw.Crop(c, 0, 0, 0, -px(24))
		name := textStyle(14, ink)
		name.XAlign, name.YAlign = draw.XRight, draw.YCenter
		var gutter vg.Length
		names := make([]string, len(b.Names))
		for i, n := range b.Names {
			names[i] = fit(c, name, clean(n, 60), (c.Max.X-c.Min.X)*0.38)
			gutter = max(gutter, width(c, name, names[i]))
		}
		value := textStyle(13, ink)
		value.YAlign = draw.YCenter
		left, right := c.Min.X+gutter+px(8), c.Max.X-width(c, value, "100.0 %")-px(8)
		slot := (c.Max.Y - c.Min.Y) / vg.Length(len(names))
		thick := min(slot*0.4, px(14))
		for i := range names {
			mid := c.Max.Y - slot*(vg.Length(i)+0.5)
			write(c, name, vg.Point{X: left - px(8), Y: mid}, names[i])
			end := func(v float64) vg.Length { return left + (right-left)*vg.Length(v/top) }
			r, u := end(b.Ref[i]), end(b.Cur[i])
			fillRect(c, refFill, left, mid, r, mid+thick)
			c.StrokeLine2(line(1.5, refColor), r, mid, r, mid+thick)
			fillRect(c, curBar, left, mid-thick, u, mid)
			c.StrokeLine2(line(2.5, curColor), u, mid-thick, u, mid)
			value.Color = refColor
			write(c, value, vg.Point{X: r + px(6), Y: mid + thick/2}, share(b.Ref[i]))
			value.Color = curColor
			write(c, value, vg.Point{X: u + px(6), Y: mid - thick/2}, share(b.Cur[i]))
			mark(c, c.Min.X, mid-slot/2, c.Max.X, mid+slot/2, "%s: %s", b.Names[i], sides(b.RefName, share(b.Ref[i]), b.CurName, share(b.Cur[i])))
		}
		c.StrokeLine2(line(1, ink), left, c.Min.Y, left, c.Max.Y)
	}, nil
}

// Columns shows the shares of ordered classes as vertical bars, a pair for each
// name: intervals too unequal for a histogram, or a small shape of categories.
type Columns struct {
	Names            []string
	Ref, Cur         []float64
	RefName, CurName string
	XLabel           string
	Bare             bool // shape only: no axes, no text
}

// PNG draws the columns.
func (b Columns) PNG(s Size) ([]byte, error) { return asPNG(b, s) }

// SVG is the same as markup of a page; alt stands for it.
func (b Columns) SVG(s Size, alt string) (SVG, error) { return asSVG(b, s, alt) }

func (b Columns) paint(s Size) (func(draw.Canvas), error) {
	top, err := checkPairs(b.Names, b.Ref, b.Cur)
	if err != nil {
		return nil, err
	}
	return func(c draw.Canvas) {
		foot := vg.Length(0)
		label := textStyle(13, ink)
		if !b.Bare {
			legend(c, b.RefName, b.CurName)
			foot = px(20)
			if b.XLabel != "" {
				axis := textStyle(14, ink)
				axis.XAlign = draw.XCenter
				write(c, axis, vg.Point{X: (c.Min.X + c.Max.X) / 2, Y: c.Min.Y + px(3)}, clean(b.XLabel, 80))
				foot += px(20)
			}
			c = draw.Crop(c, 0, 0, 0, -px(28))
		}
		base := c.Min.Y + foot
		height := func(v float64) vg.Length { return base + (c.Max.Y-base)*vg.Length(v/top) }
		if !b.Bare {
			scale := textStyle(14, ink)
			scale.XAlign, scale.YAlign = draw.XRight, draw.YCenter
			vs, step := ticks(0, top, 3)
			left := c.Min.X + scale.Width(percent(top, step)) + px(6)
			for _, v := range vs {
				c.StrokeLine2(line(1, faint), left, height(v), c.Max.X, height(v))
				write(c, scale, vg.Point{X: left - px(5), Y: height(v)}, percent(v, step))
			}
			c.Min.X = left
		}
		slot := (c.Max.X - c.Min.X) / vg.Length(len(b.Names))
		gap := slot * 0.14
		half := (slot - 2*gap) / 2
		// Slanted text is hard to read: when the names do not fit side by side
		// only every second, third … is written.
		step := 1
		for ; step < len(b.Names); step++ {
			if widest(c, label, b.Names, step) <= slot*vg.Length(step)-px(4) {
				break
			}
		}
		for i := range b.Names {
			x := c.Min.X + slot*vg.Length(i) + gap
			r, u := height(b.Ref[i]), height(b.Cur[i])
			fillRect(c, refFill, x, base, x+half, r)
			c.StrokeLine2(line(1.5, refColor), x, r, x+half, r)
			fillRect(c, curBar, x+half, base, x+2*half, u)
			c.StrokeLine2(line(2, curColor), x+half, u, x+2*half, u)
			mark(c, x-gap, base, x+2*half+gap, c.Max.Y, "%s: %s", b.Names[i], sides(b.RefName, share(b.Ref[i]), b.CurName, share(b.Cur[i])))
			if b.Bare {
				continue
			}
			if i%step == 0 {
				label.XAlign = draw.XCenter
				write(c, label, vg.Point{X: x + half, Y: base - px(16)}, fit(c, label, clean(b.Names[i], 40), slot*vg.Length(step)))
			}
		}
		c.StrokeLine2(line(1, ink), c.Min.X, base, c.Max.X, base)
	}, nil
}

func widest(c draw.Canvas, sty draw.TextStyle, names []string, every int) vg.Length {
	var w vg.Length
	for i := 0; i < len(names); i += every {
		w = max(w, width(c, sty, clean(names[i], 40)))
	}
	return w
}

// checkPairs returns the largest share of both sides.
func checkPairs(names []string, ref, cur []float64) (float64, error) {
	if len(names) == 0 {
		return 0, errNoData
	}
	if len(ref) != len(names) || len(cur) != len(names) {
		return 0, fmt.Errorf("chart: %d names, %d and %d shares", len(names), len(ref), len(cur))
	}
	if err := checkShares("share", append(append([]float64(nil), ref...), cur...)); err != nil {
		return 0, err
	}
	top := 0.0
	for i := range ref {
		top = math.Max(top, math.Max(ref[i], cur[i]))
	}
	return top, nil
}

// share writes a share as a percentage, small ones with a decimal.
func share(v float64) string {
	if v > 0 && v < 0.0995 {
		return percent(v, 0.001)
	}
	return percent(v, 0.01)
}
