package evidently

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// pooled is a column as Evidently's tests read it: the distinct values of both sides
// in ascending order, and how often each side holds them.
type pooled struct {
	x        []float64 // nil for words, which only have an order
	ref, cur []int64
	n, m     int64
	num      bool

	statistic float64 // of the test that was run, NaN without one

	// Whether pandas reads a side as int64.
	wholeRef, wholeCur bool
}

// poolSides merges the two sides; a side's infinities are values only when infinite is set
// and nothing is missing on that side.
func poolSides(ref, cur *view.Column, kind string, infinite bool) (*pooled, string) {
	p := &pooled{num: kind == "num", statistic: math.NaN()}
	if ref.TypeErrors > 0 {
		return nil, verdict.ReasonMixedRef
	}
	if cur.Number != nil && ref.Number != nil {
		x, xn, okRef := exactValues(ref, infinite)
		y, yn, okCur := exactValues(cur, infinite)
		if !okRef || !okCur {
			return nil, verdict.ReasonTooMany
		}
		p.wholeRef, _, _ = wholeNumbers(ref)
		p.wholeCur, _, _ = wholeNumbers(cur)
		for len(x)+len(y) > 0 {
			v := math.Inf(1)
			if len(x) > 0 {
				v = x[0]
			}
			if len(y) > 0 {
				v = min(v, y[0])
			}
			var a, b int64
			if len(x) > 0 && x[0] == v {
				a, x, xn = xn[0], x[1:], xn[1:]
			}
			if len(y) > 0 && y[0] == v {
				b, y, yn = yn[0], y[1:], yn[1:]
			}
			p.x = append(p.x, v)
			p.add(a, b)
		}
		return p, ""
	}
	words := map[string][2]int64{}
	for side, c := range []*view.Category{ref.Category, cur.Category} {
		var named int64
		for i, s := range c.Names {
			if n := bins.At(c.Counts, i); n > 0 {
				w := words[s]
				w[side] += n
				words[s] = w
			}
		}
		for _, u := range slices.Concat(c.Unseen, c.Known) {
			if u.Count <= 0 || !u.Exact {
				continue
			}
			w := words[u.Name]
			w[side] += u.Count
			words[u.Name] = w
			named += u.Count
		}
		if named != c.Outside() {
			return nil, verdict.ReasonTooMany
		}
	}
	names := make([]string, 0, len(words))
	for s := range words {
		names = append(names, s)
	}
	slices.Sort(names)
	for _, s := range names {
		p.add(words[s][0], words[s][1])
	}
	return p, ""
}

func (p *pooled) add(a, b int64) {
	p.ref, p.cur = append(p.ref, a), append(p.cur, b)
	p.n += a
	p.m += b
}

// exactValues returns a number column's distinct values and their counts.
func exactValues(c *view.Column, infinite bool) (x []float64, n []int64, ok bool) {
	if c.Number.Values == nil {
		return nil, nil, false
	}
	if x, n, ok = c.Number.Values(); !ok || len(x) != len(n) || !bins.Ascending(x) || bins.Negative(n) {
		return nil, nil, false
	}
	if !infinite || !keepsInfinities(c) {
		return x, n, true
	}
	if c.NegInf > 0 {
		x, n = slices.Insert(x, 0, math.Inf(-1)), slices.Insert(n, 0, c.NegInf)
	}
	if c.PosInf > 0 {
		x, n = append(x, math.Inf(1)), append(n, c.PosInf)
	}
	return x, n, true
}

// side returns one side's values and counts, without those that it lacks.
func (p *pooled) side(counts []int64) (x, n []float64) {
	for i, c := range counts {
		if c > 0 {
			x, n = append(x, p.x[i]), append(n, float64(c))
		}
	}
	return x, n
}

// infinities counts the infinite values of a side.
func (p *pooled) infinities(counts []int64) (minus, plus int64) {
	if k := len(p.x); k > 0 {
		if math.IsInf(p.x[0], -1) {
			minus = counts[0]
		}
		if math.IsInf(p.x[k-1], 1) {
			plus = counts[k-1]
		}
	}
	return minus, plus
}

func distinctOf(counts []int64) int {
	k := 0
	for _, c := range counts {
		if c > 0 {
			k++
		}
	}
	return k
}

// shares returns both sides' shares of bins: of numbers with more than 20 distinct
// values in the reference, NumPy's Sturges bins over both sides; else one bin per
// distinct value. With fill, an empty bin holds a ten-thousandth, or a millionth of
// the side's smallest share where that is a ten-thousandth or less; the shares of
// such a side no longer sum to one.
func (p *pooled) shares(fill bool) (ref, cur []float64, reason string) {
	refCounts, curCounts := p.ref, p.cur
	if p.num && distinctOf(p.ref) > 20 {
		edges, reason := sturges(p.x[0], p.x[len(p.x)-1], p.n+p.m, p.wholeRef && p.wholeCur)
		if reason != "" {
			return nil, nil, reason
		}
		refCounts, curCounts = p.histogram(p.ref, edges), p.histogram(p.cur, edges)
	}
	part := func(counts []int64, n int64) []float64 {
		out := make([]float64, len(counts))
		least := math.Inf(1)
		for i, c := range counts {
			out[i] = float64(c) / float64(n)
			if c > 0 {
				least = min(least, out[i])
			}
		}
		if !fill {
			return out
		}
		if least <= 0.0001 {
			least /= 1e6
		} else {
			least = 0.0001
		}
		for i, s := range out {
			if s == 0 {
				out[i] = least
			}
		}
		return out
	}
	return part(refCounts, p.n), part(curCounts, p.m), ""
}

// sturges returns the edges of numpy.histogram_bin_edges(values, "sturges") for so many
// values between lo and hi; whole says that they are integers, whose bins are not
// narrower than one.
func sturges(lo, hi float64, size int64, whole bool) ([]float64, string) {
	if math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		return nil, "infinite values have no histogram"
	}
	width := (hi - lo) / (math.Log2(float64(size)) + 1)
	if lo == hi {
		lo, hi = lo-0.5, hi+0.5
	}
	classes := 1
	if width > 0 {
		if whole && width < 1 {
			width = 1
		}
		k := math.Ceil((hi - lo) / width)
		if !(k < 1e6) {
			return nil, "its range has no histogram"
		}
		classes = int(k)
	}
	step := (hi - lo) / float64(classes)
	edges := make([]float64, classes+1)
	for i := range edges {
		if step == 0 {
			edges[i] = float64(float64(i)/float64(classes)*(hi-lo)) + lo
		} else {
			edges[i] = float64(float64(i)*step) + lo // not fused, as NumPy
		}
	}
	edges[classes] = hi
	for i := range classes {
		if !(edges[i] < edges[i+1]) {
			return nil, "too many bins for its range"
		}
	}
	return edges, ""
}

// histogram counts a side's values between edges; the last bin holds its upper edge.
func (p *pooled) histogram(counts []int64, edges []float64) []int64 {
	out := make([]int64, len(edges)-1)
	bin := 0
	for i, x := range p.x {
		for bin+1 < len(out) && x >= edges[bin+1] {
			bin++
		}
		out[bin] += counts[i]
	}
	return out
}
