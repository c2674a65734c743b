package chart

import (
	"fmt"
	"html"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// mostMarks is how many places of a chart a reader can ask for their numbers.
const mostMarks = 60

// classes are the classes of the charts' colours, which a page's style gives: i(nk),
// r(eference), c(urrent), b(ad), p(urple), w(hite), g(ood), n(otice), a (warning).
var classes = map[[3]uint8]string{
	rgb(ink): "i", rgb(refColor): "r", rgb(curColor): "c", rgb(badColor): "b", rgb(seriesColors[2]): "p", {0xff, 0xff, 0xff}: "w",
	rgb(goodColor): "g", rgb(noticeColor): "n", rgb(warnColor): "a",
	rgb(stackColors[0]): "k0", rgb(stackColors[1]): "k1", rgb(stackColors[2]): "k2", rgb(stackColors[3]): "k3",
}

func rgb(c color.NRGBA) [3]uint8 { return [3]uint8{c.R, c.G, c.B} }

// A markup is a canvas that becomes SVG: classes in place of colours, text as text, and
// places that tell their numbers.
type markup struct {
	size  Size
	out   strings.Builder
	marks strings.Builder
	n     int // of marks

	letters lettered

	pen   pen
	saved []pen
	last  string // attributes of the path that out ends in; what follows with the same is one with it
}

// A pen is what vg.Canvas saves and restores.
type pen struct {
	color color.NRGBA
	width float64 // CSS pixels
	dash  string
	m     [6]float64 // a b c d e f, as of SVG's matrix, in points upwards
}

func newMarkup(s Size) *markup {
	return &markup{size: s, pen: pen{color: ink, width: 1, m: [6]float64{1, 0, 0, 1, 0, 0}}}
}

// An SVG is a chart as an element of a page.
type SVG struct {
	Element string
	Letters []string // texts that the chart's PNG has A, B, C, … for
}

// asSVG draws a chart as an element svg, which alt stands for.
func asSVG(k chart, s Size, alt string) (SVG, error) {
	paint, err := k.paint(s)
	if err != nil {
		return SVG{}, err
	}
	if err := s.check(); err != nil {
		return SVG{}, err
	}
	c := newMarkup(s)
	paint(draw.NewCanvas(c, px(float64(s.W)), px(float64(s.H))))
	c.end()
	role := "img"
	if c.n > 0 {
		role = `group" tabindex="0`
	}
	return SVG{Letters: c.letters.names, Element: fmt.Sprintf(`<svg class="chart" role="%s" viewBox="0 0 %d %d" width="%d" height="%d" aria-label="%s">%s%s</svg>`,
		role, s.W, s.H, s.W, s.H, html.EscapeString(alt), c.out.String(), c.marks.String())}, nil
}

// mark makes a part of the picture tell its numbers. A PNG has none.
func mark(c draw.Canvas, x0, y0, x1, y1 vg.Length, format string, args ...any) {
	to, ok := under(c).(*markup)
	if !ok || to.n == mostMarks {
		return
	}
	to.n++
	left, top := to.at(vg.Point{X: min(x0, x1), Y: max(y0, y1)})
	right, bottom := to.at(vg.Point{X: max(x0, x1), Y: min(y0, y1)})
	text := html.EscapeString(clean(fmt.Sprintf(format, args...), 160))
	fmt.Fprintf(&to.marks, `<rect class="spot" x="%s" y="%s" width="%s" height="%s"><title>%s</title></rect>`,
		short(left), short(top), short(right-left), short(bottom-top), text)
}

// sides says a number of both, by name where there is one.
func sides(refName, ref, curName, cur string) string {
	var out []string
	for _, s := range [][2]string{{refName, ref}, {curName, cur}} {
		if s[1] != "" {
			out = append(out, strings.TrimSpace(s[0]+" "+s[1]))
		}
	}
	return strings.Join(out, ", ")
}

// every is the step at which n places are marked, so that they are at most mostMarks.
func every(n int) int { return max(1, (n+mostMarks-1)/mostMarks) }

// at is where a point of the current transformation is on the page.
func (c *markup) at(p vg.Point) (x, y float64) {
	m := &c.pen.m
	px, py := float64(p.X), float64(p.Y)
	return (m[0]*px + m[2]*py + m[4]) * 96 / 72, float64(c.size.H) - (m[1]*px+m[3]*py+m[5])*96/72
}

// short writes a coordinate to a tenth of a pixel.
func short(v float64) string {
	v = math.Round(v*10) / 10
	return strconv.FormatFloat(v+0, 'f', -1, 64) // + 0: not -0
}

func (c *markup) class(kind string) string {
	hue, ok := classes[rgb(c.pen.color)]
	if !ok {
		hue = "i"
	}
	out := `class="` + kind + hue + `"`
	if a := c.pen.color.A; a < 0xff {
		out += fmt.Sprintf(` opacity="%s"`, strconv.FormatFloat(math.Round(float64(a)/2.55)/100, 'f', -1, 64))
	}
	return out
}

func (c *markup) SetLineWidth(w vg.Length) { c.pen.width = float64(w) * 96 / 72 }

func (c *markup) SetLineDash(pattern []vg.Length, _ vg.Length) {
	var parts []string
	for _, d := range pattern {
		parts = append(parts, short(float64(d)*96/72))
	}
	c.pen.dash = strings.Join(parts, " ")
}

func (c *markup) SetColor(to color.Color) {
	if to == nil {
		to = ink
	}
	c.pen.color = color.NRGBAModel.Convert(to).(color.NRGBA)
}

func (c *markup) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	c.multiply([6]float64{cos, sin, -sin, cos, 0, 0})
}

func (c *markup) Translate(p vg.Point) {
	c.multiply([6]float64{1, 0, 0, 1, float64(p.X), float64(p.Y)})
}

func (c *markup) Scale(x, y float64) { c.multiply([6]float64{x, 0, 0, y, 0, 0}) }

func (c *markup) multiply(n [6]float64) {
	m := c.pen.m
	c.pen.m = [6]float64{
		m[0]*n[0] + m[2]*n[1], m[1]*n[0] + m[3]*n[1],
		m[0]*n[2] + m[2]*n[3], m[1]*n[2] + m[3]*n[3],
		m[0]*n[4] + m[2]*n[5] + m[4], m[1]*n[4] + m[3]*n[5] + m[5],
	}
}

func (c *markup) Push() { c.saved = append(c.saved, c.pen) }

func (c *markup) Pop() { c.pen, c.saved = c.saved[len(c.saved)-1], c.saved[:len(c.saved)-1] }

func (c *markup) Fill(p vg.Path) { c.path(c.class("f"), p) }

func (c *markup) Stroke(p vg.Path) {
	if c.pen.width <= 0 {
		return
	}
	attributes := c.class("s")
	if c.pen.width != 1 {
		attributes += ` stroke-width="` + short(c.pen.width) + `"`
	}
	if c.pen.dash != "" {
		attributes += ` stroke-dasharray="` + c.pen.dash + `"`
	}
	c.path(attributes, p)
}

// path goes on with the path before where that looks the same.
func (c *markup) path(attributes string, p vg.Path) {
	d := c.data(p)
	if d == "" {
		return
	}
	if attributes != c.last {
		c.end()
		c.out.WriteString("<path " + attributes + ` d="`)
		c.last = attributes
	}
	c.out.WriteString(d)
}

// end closes the path that is open.
func (c *markup) end() {
	if c.last != "" {
		c.out.WriteString(`"/>`)
		c.last = ""
	}
}

// data writes a path, lines along an axis as such.
func (c *markup) data(p vg.Path) string {
	var d strings.Builder
	var lastX, lastY string
	for _, step := range p {
		switch step.Type {
		case vg.MoveComp, vg.LineComp:
			x, y := c.at(step.Pos)
			sx, sy := short(x), short(y)
			switch {
			case step.Type == vg.MoveComp:
				d.WriteString("M" + sx + " " + sy)
			case sx == lastX && sy == lastY:
			case sx == lastX:
				d.WriteString("V" + sy)
			case sy == lastY:
				d.WriteString("H" + sx)
			default:
				d.WriteString("L" + sx + " " + sy)
			}
			lastX, lastY = sx, sy
		case vg.ArcComp: // of whole circles only
			x, y := c.at(step.Pos)
			r := float64(step.Radius) * 96 / 72
			d.Reset()
			fmt.Fprintf(&d, "M%s %sa%s %s 0 1 0 %s 0a%s %s 0 1 0 %s 0", short(x-r), short(y), short(r), short(r), short(2*r), short(r), short(r), short(-2*r))
			return d.String()
		case vg.CloseComp:
			d.WriteString("Z")
		}
	}
	return d.String()
}

// FillString is that of a text that a plot writes itself, from where it begins.
func (c *markup) FillString(f font.Face, pt vg.Point, text string) {
	x, y := c.at(pt)
	c.put(x, y, float64(f.Font.Size)*96/72, degrees(math.Atan2(c.pen.m[1], c.pen.m[0])), "", text)
}

// text writes text that is aligned at a point.
func (c *markup) text(sty draw.TextStyle, pt vg.Point, text string) {
	c.SetColor(sty.Color)
	up := sty.Height(text)*vg.Length(sty.YAlign) - sty.FontExtents().Ascent + sty.Font.Size
	sin, cos := math.Sincos(sty.Rotation)
	x, y := c.at(vg.Point{X: pt.X - up*vg.Length(sin), Y: pt.Y + up*vg.Length(cos)})
	anchor := ""
	switch {
	case sty.XAlign == draw.XCenter:
		anchor = "middle"
	case sty.XAlign == draw.XRight:
		anchor = "end"
	}
	c.put(x, y, float64(sty.Font.Size)*96/72, degrees(sty.Rotation), anchor, text)
}

func (c *markup) put(x, y, size, turn float64, anchor, text string) {
	c.letters.letter(text)
	c.end()
	where := `x="` + short(x) + `" y="` + short(y) + `"`
	if math.Abs(turn) > 0.1 {
		where = fmt.Sprintf(`transform="translate(%s %s)rotate(%s)"`, short(x), short(y), short(turn))
	}
	if anchor != "" {
		where += ` text-anchor="` + anchor + `"`
	}
	fmt.Fprintf(&c.out, `<text %s %s font-size="%s">%s</text>`, c.class("f"), where, short(size), html.EscapeString(text))
}

// DrawImage is what no chart does.
func (c *markup) DrawImage(vg.Rectangle, image.Image) {}
