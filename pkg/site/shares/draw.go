package shares

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Drawing returns the chart that suits the distribution: a histogram where the
// edges allow one, else columns or bars. Bare ones are shapes for tables.
func (d *Distribution) Drawing(name string, bare bool) (gallery.Drawing, int) {
	rn, cn := gallery.Reference, gallery.Production
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
func (d *Distribution) histogram() (chart.Histogram, bool) {
	cs := slices.DeleteFunc(slices.Clone(d.Classes), func(c Class) bool { return c.Kind != verdict.BinInterval })
	n := len(cs)
	if n < 4 {
		return chart.Histogram{}, false
	}
	// What lies beyond the reference's range belongs to the open end beside it.
	for _, c := range d.Classes {
		var end int
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

// Cumulative sums the classes up to each edge between them. Intervals that do
// not join have no sum.
func (d *Distribution) Cumulative() (chart.Cumulative, bool) {
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
func (d *Distribution) largest(n int) []Class {
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
	var out []Class
	rest := Class{Kind: "rest"}
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

// Numbers is the distribution as a table.
func (d *Distribution) Numbers() gallery.Grid {
	g := gallery.Grid{Head: []string{"value", gallery.Reference, "rows", gallery.Production, "rows", "change, points", "part of PSI"}}
	add := func(c Class) {
		g.Rows = append(g.Rows, []string{c.Name, wording.PercentBeside(c.Ref, c.Cur), words.Whole(c.NRef), wording.PercentBeside(c.Cur, c.Ref), words.Whole(c.NCur), words.Points(c.Delta()), words.Percent(c.PSIShare)})
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

// A Shape is a distribution as the outlines of two areas, every class as wide as
// its neighbours: a few hundred bytes in the page, where a picture takes
// thousands.
type Shape struct {
	Ref, Cur string // path data in a box of width by height
	Alt      string
	Classes  []Class
}

const width, height = 280, 72

// Shape is nil without rows on both sides.
func (d *Distribution) Shape(name string) *Shape {
	if !d.Comparable() {
		return nil
	}
	classes := d.Classes
	if !d.Numeric {
		classes = d.largest(14)
	}
	top := 0.0
	for _, c := range classes {
		top = math.Max(top, math.Max(c.Ref, c.Cur))
	}
	outline := func(of func(Class) float64) string {
		var path strings.Builder
		fmt.Fprintf(&path, "M0 %d", height)
		for i, c := range classes {
			fmt.Fprintf(&path, "V%.1fH%.1f", height*(1-of(c)/top), width*float64(i+1)/float64(len(classes)))
		}
		fmt.Fprintf(&path, "V%dZ", height)
		return path.String()
	}
	return &Shape{
		Ref: outline(func(c Class) float64 { return c.Ref }), Cur: outline(func(c Class) float64 { return c.Cur }),
		Alt: d.Description(name), Classes: classes[:min(len(classes), 30)],
	}
}
