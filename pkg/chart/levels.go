package chart

import (
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Levels shows how things stood by night: a row a thing, a column a night. A cell is the
// taller and the deeper the worse its level, so that it reads without colour as well.
type Levels struct {
	Names  []string   // of the rows
	Nights []string   // of the columns
	Cells  [][]Height // a row each, with a cell a night
}

// A Height is how bad a thing was on a night.
type Height uint8

// The heights of a cell.
const (
	Unknown Height = iota // not judged: no cell
	Calm
	Noticed
	Warned
	Alerted
)

// LevelsSize is the size at which the names of n rows are readable.
func LevelsSize(n, nights int) Size {
	return Size{W: levelNames + 14*max(nights, 12), H: 26 + 20*max(n, 1)}
}

// levelNames is the room for names, in pixels.
const levelNames = 190

// PNG draws the rows.
func (l Levels) PNG(s Size) ([]byte, error) { return asPNG(l, s) }

// SVG is the same as markup of a page; alt stands for it.
func (l Levels) SVG(s Size, alt string) (SVG, error) { return asSVG(l, s, alt) }

func (l Levels) paint(s Size) (func(draw.Canvas), error) {
	if len(l.Names) == 0 || len(l.Nights) == 0 || len(l.Cells) != len(l.Names) {
		return nil, errNoData
	}
	for i, row := range l.Cells {
		if len(row) != len(l.Nights) {
			return nil, fmt.Errorf("chart: row %d: %d cells for %d nights", i, len(row), len(l.Nights))
		}
	}
	return func(c draw.Canvas) {
		sty := textStyle(13, ink)
		sty.YAlign = draw.YCenter
		left, foot := c.Min.X+px(levelNames), c.Min.Y+px(24)
		w, t := (c.Max.X-left)/vg.Length(len(l.Nights)), (c.Max.Y-foot)/vg.Length(len(l.Names))
		for i, row := range l.Cells {
			y := c.Max.Y - t*vg.Length(i+1)
			name := sty
			name.XAlign = draw.XRight
			write(c, name, vg.Point{X: left - px(8), Y: y + t/2}, fit(c, sty, clean(l.Names[i], 60), px(levelNames-12)))
			for _, h := range []Height{Calm, Noticed, Warned, Alerted} { // cells of one look are one path
				for j, cell := range row {
					if cell != h {
						continue
					}
					x := left + w*vg.Length(j)
					fillRect(c, levelColors[h], x+px(1), y+px(1), x+w-px(1), y+px(1)+(t-px(2))*levelHeights[h])
				}
			}
		}
		first, last := sty, sty
		last.XAlign = draw.XRight
		write(c, first, vg.Point{X: left, Y: foot - px(12)}, l.Nights[0])
		if len(l.Nights) > 1 {
			write(c, last, vg.Point{X: c.Max.X, Y: foot - px(12)}, l.Nights[len(l.Nights)-1])
		}
		for j := 0; j < len(l.Nights); j += every(len(l.Nights)) {
			x := left + w*vg.Length(j)
			mark(c, x, foot, x+w, c.Max.Y, "%s: %s", l.Nights[j], l.said(j))
		}
	}, nil
}

// said names what stood highest on a night.
func (l Levels) said(night int) string {
	var names []string
	n := 0
	for _, h := range []Height{Alerted, Warned} {
		for i, row := range l.Cells {
			if row[night] != h {
				continue
			}
			if n++; n <= 3 {
				names = append(names, l.Names[i]+map[Height]string{Alerted: " alert", Warned: " warning"}[h])
			}
		}
	}
	switch {
	case n == 0:
		return "nothing at warning or above"
	case n > len(names):
		names = append(names, fmt.Sprintf("%d more", n-len(names)))
	}
	return strings.Join(names, ", ")
}

var levelHeights = [...]vg.Length{0, 0.15, 0.4, 0.7, 1}

var levelColors = [...]color.NRGBA{Calm: goodColor, Noticed: noticeColor, Warned: warnColor, Alerted: badColor}
