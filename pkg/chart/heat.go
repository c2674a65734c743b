package chart

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Heat shows a symmetric matrix of changes in [-2, 2], such as differences of
// correlations: orange rose, blue fell, the deeper the more. Cells of at least
// 0.1 carry their number; NaN cells stay empty.
type Heat struct {
	Names  []string
	Values [][]float64
}

// HeatSize is the size at which the names and numbers of n columns are readable.
func HeatSize(n int) Size { return Size{W: 150 + 46*max(n, 2), H: 96 + 30*max(n, 2)} }

// PNG draws the matrix.
func (h Heat) PNG(s Size) ([]byte, error) { return asPNG(h, s) }

// SVG is the same as markup of a page; alt stands for it.
func (h Heat) SVG(s Size, alt string) (SVG, error) { return asSVG(h, s, alt) }

func (h Heat) paint(s Size) (func(draw.Canvas), error) {
	n := len(h.Names)
	if n == 0 || len(h.Values) != n {
		return nil, errNoData
	}
	seen := false
	for i, row := range h.Values {
		if len(row) != n {
			return nil, fmt.Errorf("chart: row %d: %d values for %d names", i, len(row), n)
		}
		for _, v := range row {
			if math.IsInf(v, 0) || math.Abs(v) > 2 {
				return nil, fmt.Errorf("chart: row %d: want a change in [-2, 2], got %v", i, v)
			}
			seen = seen || !math.IsNaN(v)
		}
	}
	if !seen {
		return nil, errNoData
	}
	return func(c draw.Canvas) {
		sty := textStyle(13, ink)
		sty.YAlign = draw.YCenter
		left, foot := c.Min.X+px(150), c.Min.Y+px(92)
		w, t := (c.Max.X-left)/vg.Length(n), (c.Max.Y-foot)/vg.Length(n)
		for i, row := range h.Values {
			y := c.Max.Y - t*vg.Length(i+1)
			name := sty
			name.XAlign = draw.XRight
			write(c, name, vg.Point{X: left - px(8), Y: y + t/2}, fit(c, sty, clean(h.Names[i], 60), px(140)))
			name.Rotation = math.Pi / 4
			write(c, name, vg.Point{X: left + w*(vg.Length(i)+0.6), Y: foot - px(6)}, fit(c, sty, clean(h.Names[i], 60), px(118)))
			for j, v := range row {
				x := left + w*vg.Length(j)
				if math.IsNaN(v) {
					continue
				}
				fillRect(c, heat(v), x+px(1), y+px(1), x+w-px(1), y+t-px(1))
				if i < j {
					mark(c, x, y, x+w, y+t, "%s and %s: %s", h.Names[i], h.Names[j], signed(v, 0.01))
				}
				if math.Abs(v) >= 0.1 {
					cell := sty
					cell.XAlign = draw.XCenter
					label := number(v, 0.1)
					if v > 0 {
						label = "+" + label
					}
					write(c, cell, vg.Point{X: x + w/2, Y: y + t/2}, label)
				}
			}
		}
	}, nil
}

// heat is a colour whose opacity grows with the change, in eight steps, full at
// a change of 0.8.
func heat(v float64) color.NRGBA {
	c := curColor
	if v < 0 {
		c = refColor
	}
	step := math.Min(math.Ceil(math.Abs(v)*10), 8)
	c.A = uint8(0x0c + step*0x11)
	return c
}
