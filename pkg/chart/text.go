package chart

import (
	"math"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// write writes text as c.FillText does, on a page by its own alignment: the reader's
// font is another.
func write(c draw.Canvas, sty draw.TextStyle, pt vg.Point, text string) {
	switch to := under(c).(type) {
	case *markup:
		to.text(sty, pt, text)
	case *lettered:
		c.FillText(sty, pt, to.letter(text))
	default:
		c.FillText(sty, pt, text)
	}
}

// under returns the canvas that parts of it draw on.
func under(c vg.Canvas) vg.Canvas {
	for {
		part, ok := c.(draw.Canvas)
		if !ok {
			return c
		}
		c = part.Canvas
	}
}

// width is how wide text will be, also where the picture's font lacks its signs, and on
// a page, whose font may be wider.
func width(c draw.Canvas, sty draw.TextStyle, text string) vg.Length {
	var beyond float64
	known := strings.Map(func(r rune) rune {
		switch {
		case drawable(r):
			return r
		case r >= 0x1100: // most of them are as wide as high
			beyond++
		default:
			beyond += 0.6
		}
		return -1
	}, text)
	w := sty.Width(known) + vg.Length(beyond)*sty.Font.Size
	if _, ok := under(c).(*markup); ok {
		w *= 1.15
	}
	return w
}

// drawable says whether the pictures' font has a sign, and writes it from left to right.
func drawable(r rune) bool { return r < 0x0530 || r >= 0x1e00 && r < 0x2300 }

// A lettered canvas writes A, B, C, … for texts that its font cannot draw, in the order
// in which they come.
type lettered struct {
	vg.Canvas
	names []string
}

// letter returns text, or the letter that stands for it.
func (c *lettered) letter(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return !drawable(r) }) {
		return text
	}
	for i, name := range c.names {
		if name == text {
			return Letter(i)
		}
	}
	c.names = append(c.names, text)
	return Letter(len(c.names) - 1)
}

// FillString is that of a text that a plot writes itself.
func (c *lettered) FillString(f font.Face, pt vg.Point, text string) {
	c.Canvas.FillString(f, pt, c.letter(text))
}

// Letter names the i-th text: A to Z, AA and so on.
func Letter(i int) string {
	var out string
	for i++; i > 0; i = (i - 1) / 26 {
		out = string(rune('A'+(i-1)%26)) + out
	}
	return out
}

// degrees turns an angle of a picture, whose y grows upwards, into one of a page.
func degrees(radians float64) float64 { return -radians * 180 / math.Pi }
