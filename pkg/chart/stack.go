package chart

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Stack shows, for each name, how its total divides into classes: one bar of
// full length a name, the classes side by side, each share written in its part
// where it fits.
type Stack struct {
	Names   []string
	Classes []string    // up to four, from good to bad: 2xx, 3xx, 4xx, 5xx; the legend names those that occur
	Counts  [][]float64 // by name, then class
}

// StackHeight is the height in CSS pixels that n bars need.
func StackHeight(n int) int { return 30 + 32*max(n, 1) }

// stackColors are dark enough for white text, so that it reads on every page.
var stackColors = []color.NRGBA{
	{0x4f, 0x77, 0xa3, 0xff},
	{0x7d, 0x59, 0xa0, 0xff},
	{0xb8, 0x5a, 0x08, 0xff},
	{0xb5, 0x2c, 0x3f, 0xff},
}

// PNG draws the bars.
func (k Stack) PNG(s Size) ([]byte, error) { return asPNG(k, s) }

// SVG is the same as markup of a page; alt stands for it.
func (k Stack) SVG(s Size, alt string) (SVG, error) { return asSVG(k, s, alt) }

func (k Stack) paint(s Size) (func(draw.Canvas), error) {
	if len(k.Names) == 0 || len(k.Classes) == 0 {
		return nil, errNoData
	}
	if len(k.Counts) != len(k.Names) || len(k.Classes) > len(stackColors) {
		return nil, fmt.Errorf("chart: %d names, %d rows of %d classes", len(k.Names), len(k.Counts), len(k.Classes))
	}
	for i, row := range k.Counts {
		if len(row) != len(k.Classes) {
			return nil, fmt.Errorf("chart: %s: %d counts for %d classes", k.Names[i], len(row), len(k.Classes))
		}
		if err := checkShares(k.Names[i], row); err != nil {
			return nil, err
		}
	}
	return func(c draw.Canvas) {
		sty := textStyle(14, ink)
		sty.YAlign = draw.YCenter
		x, y := c.Min.X, c.Max.Y-px(8)
		for i, n := range k.Classes {
			if !slices.ContainsFunc(k.Counts, func(row []float64) bool { return row[i] > 0 }) {
				continue
			}
			fillRect(c, stackColors[i], x, y-px(5), x+px(12), y+px(5))
			write(c, sty, vg.Point{X: x + px(17), Y: y}, clean(n, 20))
			x += px(17+16) + width(c, sty, clean(n, 20))
		}
		c = draw.Crop(c, 0, 0, 0, -px(24))
		inside := sty
		inside.Color = color.White
		var gutter vg.Length
		names := make([]string, len(k.Names))
		for i, n := range k.Names {
			names[i] = fit(c, sty, clean(n, 60), (c.Max.X-c.Min.X)*0.38)
			gutter = max(gutter, width(c, sty, names[i]))
		}
		left := c.Min.X + gutter + px(10)
		slot := (c.Max.Y - c.Min.Y) / vg.Length(len(names))
		for i, row := range k.Counts {
			mid := c.Max.Y - slot*(vg.Length(i)+0.5)
			name := sty
			name.XAlign = draw.XRight
			write(c, name, vg.Point{X: left - px(10), Y: mid}, names[i])
			total := 0.0
			for _, v := range row {
				total += v
			}
			x := left
			for j, v := range row {
				w := (c.Max.X - left) * vg.Length(v/total)
				if v > 0 {
					w = max(w, px(1)) // a single failure must not vanish
				}
				fillRect(c, stackColors[j], x, mid-slot*0.36, min(x+w, c.Max.X), mid+slot*0.36)
				if label := share(v / total); width(c, sty, label)+px(8) < w {
					write(c, inside, vg.Point{X: x + px(6), Y: mid}, label)
				}
				x += w
			}
			var said []string
			for j, v := range row {
				if v > 0 {
					said = append(said, k.Classes[j]+" "+share(v/total))
				}
			}
			mark(c, c.Min.X, mid-slot/2, c.Max.X, mid+slot/2, "%s: %s", k.Names[i], strings.Join(said, ", "))
		}
	}, nil
}
