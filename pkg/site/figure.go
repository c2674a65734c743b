package site

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"html/template"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// The sides' names, in pictures and tables alike.
const (
	refName = "reference"
	curName = "production"
)

// A picture is a chart on a page. Src stays empty when there is nothing to draw;
// the page then leaves it out.
type picture struct {
	Src  template.URL
	W, H int
	Alt  string

	path string
	draw func() ([]byte, error)
}

// drawing is any chart of package chart.
type drawing interface {
	PNG(chart.Size) ([]byte, error)
}

// draw makes the picture of a chart. Tests keep what was drawn before.
var draw = drawing.PNG

// A grid is a plain table.
type grid struct {
	Head []string
	Rows [][]string
}

// A figure is a picture, what it shows, and its numbers.
type figure struct {
	Picture *picture
	Caption string
	Numbers grid
	Wide    bool // it scrolls rather than shrinks
}

// picture promises a chart at path; drawAll keeps the promise.
func (b *builder) picture(path string, s chart.Size, alt string, d drawing) *picture {
	p := &picture{W: s.W, H: s.H, Alt: alt, path: "charts/" + path + ".png", draw: func() ([]byte, error) { return draw(d, s) }}
	b.pictures = append(b.pictures, p)
	return p
}

// drawAll draws the promised pictures on all processors and adds them to the
// files. A picture that cannot be drawn is left out: its numbers still stand
// beside it.
func (b *builder) drawAll() {
	drawn := make([][]byte, len(b.pictures))
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				if raw, err := b.pictures[i].draw(); err == nil {
					drawn[i] = raw
				}
			}
		})
	}
	for i := range b.pictures {
		next <- i
	}
	close(next)
	group.Wait()
	for i, p := range b.pictures {
		switch {
		case drawn[i] == nil:
		case b.single:
			p.Src = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(drawn[i]))
		default:
			b.files[p.path] = drawn[i]
			p.Src = template.URL(p.path)
		}
	}
}

// drawing returns the chart that suits the distribution: a histogram where the
// edges allow one, else columns or bars. Bare ones are shapes for tables.
func (d *distribution) drawing(name string, bare bool) (drawing, int) {
	rn, cn := refName, curName
	if bare {
		rn, cn, name = "", "", ""
	}
	if d.Numeric {
		if h, ok := d.histogram(); ok {
			h.RefName, h.CurName, h.XLabel, h.Bare = rn, cn, name, bare
			return h, 0
		}
	}
	classes := d.Classes
	if !d.Numeric {
		classes = d.largest(map[bool]int{true: 12, false: 14}[bare])
	}
	var names []string
	var ref, cur []float64
	for _, c := range classes {
		names = append(names, c.Name)
		ref, cur = append(ref, c.Ref), append(cur, c.Cur)
	}
	if bare || d.Numeric {
		return chart.Columns{Names: names, Ref: ref, Cur: cur, RefName: rn, CurName: cn, XLabel: name, Bare: bare}, 0
	}
	return chart.Bars{Names: names, Ref: ref, Cur: cur, RefName: rn, CurName: cn}, chart.BarsHeight(len(names))
}

// histogram returns the chart over the intervals' edges. A distribution whose
// intervals do not join, or differ too much in width to be seen side by side,
// has none. Open ends, with what lies beyond the reference's range, are drawn as
// wide as their neighbour and marked open.
func (d *distribution) histogram() (chart.Histogram, bool) {
	cs := slices.DeleteFunc(slices.Clone(d.Classes), func(c class) bool { return c.Kind != verdict.BinInterval })
	n := len(cs)
	if n < 4 {
		return chart.Histogram{}, false
	}
	// What lies beyond the reference's range belongs to the open end beside it.
	for _, c := range d.Classes {
		end := -1
		switch {
		case c.NRef+c.NCur == 0:
			continue
		case c.Kind == verdict.BinUnder && math.IsNaN(cs[0].Lo):
			end = 0
		case c.Kind == verdict.BinOver && math.IsNaN(cs[n-1].Hi):
			end = n - 1
		case c.Kind != verdict.BinInterval:
			return chart.Histogram{}, false
		default:
			continue
		}
		cs[end].Ref, cs[end].Cur = cs[end].Ref+c.Ref, cs[end].Cur+c.Cur
	}
	var h chart.Histogram
	narrow, wide := math.Inf(1), 0.0
	for i, c := range cs {
		openLo, openHi := math.IsNaN(c.Lo), math.IsNaN(c.Hi)
		switch {
		case openLo && i == 0 && !openHi:
			next := cs[1]
			c.Lo, h.OpenLow = c.Hi-(next.Hi-next.Lo), true
		case openHi && i == n-1 && !math.IsNaN(c.Lo):
			prev := cs[n-2]
			c.Hi, h.OpenHigh = c.Lo+(prev.Hi-prev.Lo), true
		case openLo || openHi:
			return h, false
		}
		w := c.Hi - c.Lo
		if i > 0 && math.Abs(c.Lo-h.Edges[i]) > 1e-9*math.Max(math.Abs(c.Lo), w) || !(w > 0) {
			return h, false
		}
		narrow, wide = math.Min(narrow, w), math.Max(wide, w)
		if i == 0 {
			h.Edges = append(h.Edges, c.Lo)
		}
		h.Edges = append(h.Edges, c.Hi)
		h.Ref, h.Cur = append(h.Ref, c.Ref), append(h.Cur, c.Cur)
	}
	return h, wide <= 25*narrow
}

// cumulativeFigure shows which share of a number's rows lies at or below the
// edges of its bins; nil where fewer than three edges are known.
func (b *builder) cumulativeFigure(s *subject) *figure {
	k, ok := s.Dist.cumulative()
	if !ok {
		return nil
	}
	k.RefName, k.CurName, k.XLabel = refName, curName, s.Name
	g := grid{Head: []string{"at or below", refName, curName, "difference, points"}}
	widest := 0
	for i, x := range k.X {
		g.Rows = append(g.Rows, []string{words.Number(x), percentBeside(k.Ref[i], k.Cur[i]), percentBeside(k.Cur[i], k.Ref[i]), words.Points(k.Cur[i] - k.Ref[i])})
		if math.Abs(k.Cur[i]-k.Ref[i]) > math.Abs(k.Cur[widest]-k.Ref[widest]) {
			widest = i
		}
	}
	alt := fmt.Sprintf("Share of rows at or below a value of %s; both sides lie furthest apart at %s: %s of the reference and %s of production.",
		s.Name, words.Number(k.X[widest]), percentBeside(k.Ref[widest], k.Cur[widest]), percentBeside(k.Cur[widest], k.Ref[widest]))
	return &figure{Picture: b.picture("cdf-"+b.slugs.of(s.Name), chart.Size{W: 480, H: 200}, alt, k), Caption: "Share of rows at or below a value", Numbers: g}
}

// cumulative sums the classes up to each edge between them. Intervals that do
// not join have no sum.
func (d *distribution) cumulative() (chart.Cumulative, bool) {
	var k chart.Cumulative
	if d == nil || !d.Numeric {
		return k, false
	}
	ref, cur, upper := 0.0, 0.0, math.NaN()
	for _, c := range d.Classes {
		if c.Kind != verdict.BinUnder && c.Kind != verdict.BinInterval {
			continue // over lies above every edge
		}
		if ref, cur = ref+c.Ref, cur+c.Cur; c.Kind == verdict.BinUnder {
			continue
		}
		if !math.IsNaN(upper) && math.Abs(c.Lo-upper) > 1e-9*math.Max(math.Abs(upper), 1e-300) {
			return k, false
		}
		if upper = c.Hi; !math.IsNaN(upper) {
			k.X, k.Ref, k.Cur = append(k.X, upper), append(k.Ref, ref), append(k.Cur, cur)
		}
	}
	n := len(k.X)
	if n < 3 {
		return k, false
	}
	// Values over several powers of ten would all lie at one end.
	k.Log = k.X[0] > 0 && k.X[n-1] > 200*k.X[0]
	return k, true
}

// largest returns the n classes with the most to say, in their order, and the
// rest as one.
func (d *distribution) largest(n int) []class {
	if len(d.Classes) <= n {
		return d.Classes
	}
	order := make([]int, len(d.Classes))
	for i := range order {
		order[i] = i
	}
	weight := func(i int) float64 { return math.Max(d.Classes[i].Ref, d.Classes[i].Cur) }
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(weight(j), weight(i)) })
	keep := map[int]bool{}
	for _, i := range order[:n-1] {
		keep[i] = true
	}
	var out []class
	rest := class{Kind: "rest"}
	others := int64(0)
	for i, c := range d.Classes {
		if keep[i] {
			out = append(out, c)
			continue
		}
		rest.Ref, rest.Cur = rest.Ref+c.Ref, rest.Cur+c.Cur
		others++
	}
	rest.Name = words.Count(others, "other", "others")
	return append(out, rest)
}

// numbers is the distribution as a table.
func (d *distribution) numbers() grid {
	g := grid{Head: []string{"value", refName, "rows", curName, "rows", "change, points", "part of PSI"}}
	add := func(c class) {
		g.Rows = append(g.Rows, []string{c.Name, percentBeside(c.Ref, c.Cur), words.Whole(c.NRef), percentBeside(c.Cur, c.Ref), words.Whole(c.NCur), words.Points(c.Delta()), words.Percent(c.PSIShare)})
	}
	for i, c := range d.Classes {
		if i == 100 {
			g.Rows = append(g.Rows, []string{words.Count(int64(len(d.Classes)-i), "more", "more") + ": see data/bins.parquet", "", "", "", "", "", ""})
			break
		}
		add(c)
	}
	if d.Missing != nil {
		add(*d.Missing)
	}
	return g
}
