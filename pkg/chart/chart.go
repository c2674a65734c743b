// Package chart draws plain numbers as PNG pictures, all with one look.
//
// A picture has a transparent background and mid-tone ink, so that the same
// file reads on a light and on a dark page. The reference is grey-blue and
// filled, production is orange and outlined: the two differ in hue, in
// lightness and in form, so that no reader depends on colour. Pictures are
// drawn at twice their nominal size, for dense screens, with a palette that
// keeps them small.
//
// Every chart type has a method PNG. It validates first: numbers that are not
// finite, slices that do not fit each other and charts without data are errors,
// never a panic and never an empty frame. The same numbers give the same bytes.
package chart

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"
	"unicode"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// errNoData is returned for a chart that has nothing to show.
var errNoData = errors.New("chart: no data")

// Size is a picture's size in CSS pixels. The PNG has pixelScale times as many in
// each direction.
type Size struct{ W, H int }

// pixelScale is the number of picture pixels to a CSS pixel.
const pixelScale = 2

// maxSide keeps a picture's memory small whatever the caller asks for.
const maxSide = 2000

// The colours of every chart. Ink has a contrast of 4.5 against white and of
// more than 4.2 against the site's dark background.
var (
	ink      = color.NRGBA{0x76, 0x79, 0x7d, 0xff}
	faint    = color.NRGBA{0x76, 0x79, 0x7d, 0x40}
	refColor = color.NRGBA{0x5f, 0x83, 0xab, 0xff}
	refFill  = color.NRGBA{0x5f, 0x83, 0xab, 0x80}
	curColor = color.NRGBA{0xd9, 0x6a, 0x0b, 0xff}
	curFill  = color.NRGBA{0xd9, 0x6a, 0x0b, 0x48}
	curBar   = color.NRGBA{0xd9, 0x6a, 0x0b, 0x80}
	badColor = color.NRGBA{0xc9, 0x3a, 0x4b, 0xff}

	// Of levels, which nothing else is painted by.
	goodColor   = color.NRGBA{0x3f, 0x9a, 0x60, 0xff}
	noticeColor = color.NRGBA{0x3d, 0x86, 0xc6, 0xff}
	warnColor   = color.NRGBA{0xb5, 0x80, 0x1d, 0xff}
)

// px turns CSS pixels into vg's points.
func px(n float64) vg.Length { return vg.Length(n) * vg.Inch / 96 }

// A chart knows what to draw, or what is wrong with its numbers.
type chart interface {
	paint(s Size) (func(draw.Canvas), error)
}

func (s Size) check() error {
	if s.W < 8 || s.H < 8 || s.W > maxSide || s.H > maxSide {
		return fmt.Errorf("chart: size %d×%d: want 8 to %d on each side", s.W, s.H, maxSide)
	}
	return nil
}

// asPNG draws on a transparent canvas.
func asPNG(k chart, s Size) ([]byte, error) {
	paint, err := k.paint(s)
	if err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	c := vgimg.NewWith(
		vgimg.UseImage(blank(s.W*pixelScale, s.H*pixelScale)), // of which it makes a copy
		vgimg.UseDPI(96*pixelScale),
	)
	img, ok := c.Image().(*image.RGBA)
	if !ok {
		return nil, fmt.Errorf("chart: a canvas of %T", c.Image())
	}
	clear(img.Pix) // it was painted white
	paint(draw.NewCanvas(&lettered{Canvas: c}, px(float64(s.W)), px(float64(s.H))))
	return encode(paletted(img))
}

func sans(size float64) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: px(size)}
}

// textStyle is the style of size-pixel text anchored at its left baseline.
func textStyle(size float64, c color.Color) draw.TextStyle {
	return draw.TextStyle{Color: c, Font: sans(size), Handler: plot.DefaultTextHandler}
}

func line(width float64, c color.Color, dash ...float64) draw.LineStyle {
	s := draw.LineStyle{Color: c, Width: px(width)}
	for _, d := range dash {
		s.Dashes = append(s.Dashes, px(d))
	}
	return s
}

func fillRect(c draw.Canvas, col color.Color, x0, y0, x1, y1 vg.Length) {
	c.FillPolygon(col, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
}

// legend writes the two sides' names in their colours and forms, from the top
// left corner. An empty name is left out.
func legend(c draw.Canvas, ref, cur string) {
	x, y := c.Min.X, c.Max.Y-px(13)
	sty := textStyle(14, refColor)
	if ref != "" {
		fillRect(c, refFill, x, y, x+px(14), y+px(9))
		c.StrokeLine2(line(1, refColor), x, y+px(9), x+px(14), y+px(9))
		write(c, sty, vg.Point{X: x + px(19), Y: y}, ref)
		x += px(19+18) + width(c, sty, ref)
	}
	if cur != "" {
		sty.Color = curColor
		fillRect(c, curFill, x, y, x+px(14), y+px(9))
		c.StrokeLine2(line(2, curColor), x, y+px(9), x+px(14), y+px(9))
		write(c, sty, vg.Point{X: x + px(19), Y: y}, cur)
	}
}

// clean makes a name fit for a picture: no control characters, at most n runes.
func clean(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// fit shortens s until it is at most w wide.
func fit(c draw.Canvas, sty draw.TextStyle, s string, w vg.Length) string {
	for n := len([]rune(s)); n > 1 && width(c, sty, s) > w; n-- {
		s = clean(s, n-1)
	}
	return s
}

func finite(vs ...float64) bool {
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// checkShares accepts finite, non-negative numbers of which one is positive.
func checkShares(what string, vs []float64) error {
	positive := false
	for i, v := range vs {
		if !finite(v) || v < 0 {
			return fmt.Errorf("chart: %s[%d]: want a share, got %v", what, i, v)
		}
		positive = positive || v > 0
	}
	if !positive {
		return errNoData
	}
	return nil
}
