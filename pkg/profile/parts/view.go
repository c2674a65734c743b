package parts

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// Missing is the slot of the rows without a value, -1 where they are not so many: of
// versions, rows without one are not counted.
func (b *By) Missing(rows int64) int {
	if at := b.missing(); b.rows[at] == rows {
		return at
	}
	return noSlot
}

// Slot is the slot of the rows with a value, -1 where no slot is theirs alone: rows is
// how many they are.
func (b *By) Slot(name string, rows int64) int {
	hash := sketch.HashString(name)
	candidates := []int{b.hashed(0, hash), b.hashed(1, hash)}
	if b.column >= 0 {
		c := &b.set.plan.Columns[b.column]
		at := noSlot
		switch c.Kind {
		case view.NumberKind:
			at = edgeOf(c.Grid, name)
		case view.CategoryKind:
			if code, ok := c.Index[name]; ok {
				at = int(code)
			}
		}
		if at >= 0 && at < b.values {
			candidates = []int{at}
		}
	}
	for _, at := range candidates {
		if b.rows[at] == rows {
			return at
		}
	}
	return noSlot
}

// Buckets are the rows of a slot by the bucket of their entity; nil where they do not say
// whom they belong to.
func (b *By) Buckets(at int) []int64 { return slices.Clone(b.buckets[at]) }

// Columns are the plan's columns in the rows of a slot; ok is false where they were not
// counted. Numbers stand on the deciles, those of at most fifty values on their whole
// grid, and of categories thirty are by themselves.
func (b *By) Columns(at int) (out []view.Column, ok bool) {
	for i := range b.set.plan.Columns {
		c := &b.set.plan.Columns[i]
		if c.Role == plan.Segment {
			continue
		}
		v := c.View()
		for which := range partsOf(c) {
			sh := &b.set.shapes[i][which]
			cells := make([]int64, sh.width)
			if list := b.cells[i][which]; list != nil && list[at] != nil {
				copy(cells, list[at])
			} else if b.rows[at] != 0 {
				return nil, false
			}
			sh.states(&v, b.rows[at], cells)
			switch {
			case c.Kind == view.TextKind:
				d := c.Derived(which)
				sh.states(&d, b.rows[at], cells)
				d.Number = sh.number(cells)
				v.Derived = append(v.Derived, d)
			case c.Kind == view.NumberKind:
				v.Number = sh.number(cells)
			default:
				v.Category = &view.Category{
					Names: c.Names[:sh.names], Counts: cells[:sh.names], KnownTotal: cells[sh.names], UnseenTotal: cells[sh.names+1],
					Once: c.Once, Twice: c.Twice, Distinct: c.Distinct,
				}
			}
		}
		if i == b.set.scored && v.Values() > 0 {
			v.Number.Mean = meanOf(v.Number, c.Grid.FromSteps(b.steps[at].Mean(v.Values())))
		}
		out = append(out, v)
	}
	return out, true
}

// Coarse is column i, as it was counted over all rows, on the classes of the parts.
func (s *Set) Coarse(i int, v view.Column) view.Column {
	for which := range v.Derived {
		v.Derived[which].Number = s.shapes[i][which].coarse(&v.Derived[which])
	}
	switch {
	case v.Number != nil:
		mean := v.Number.Mean
		v.Number = s.shapes[i][0].coarse(&v)
		v.Number.Mean = mean
	case v.Category != nil:
		named, k := s.shapes[i][0].names, *v.Category
		k.KnownTotal += total(k.Counts[named:])
		k.Names, k.Counts, k.Known, k.Unseen = k.Names[:named], k.Counts[:named], nil, nil
		v.Category = &k
	}
	return v
}

// coarse is a number's counts on the shape's classes.
func (s *shape) coarse(v *view.Column) *view.Number {
	if !s.whole {
		return s.number(v.Classes)
	}
	cells := make([]int64, s.classes)
	for i, n := range v.Number.Open {
		cells[2*i] = n
	}
	for i, n := range v.Number.At {
		cells[2*i+1] = n
	}
	return s.number(cells)
}

func (s *shape) states(v *view.Column, rows int64, cells []int64) {
	state := cells[s.classes:]
	v.Rows, v.Missing = rows, state[read.StateMissing]
	v.NaN, v.PosInf, v.NegInf, v.TypeErrors = state[read.StateNaN], state[read.StatePosInf], state[read.StateNegInf], state[read.StateTypeError]
}

// number is a number by its classes.
func (s *shape) number(class []int64) *view.Number {
	nan := math.NaN()
	v := &view.Number{Bins: s.grid.Bins, Min: nan, Max: nan, Mean: nan, Std: nan}
	v.Values = func() ([]float64, []int64, bool) { return nil, nil, false }
	if s.whole {
		v.Edges, v.Exact = s.grid.Edges, true
		v.At, v.Open = make([]int64, len(v.Edges)), make([]int64, len(v.Edges)+1)
		for p, n := range class[:s.classes] {
			if p&1 == 1 {
				v.At[p/2] = n
			} else {
				v.Open[p/2] = n
			}
		}
	} else {
		v.Edges, v.At, v.Open = s.grid.Deciles(class[:s.classes])
	}
	v.First = middles(v.Edges, len(v.Open))
	v.Quantile = func(q float64) float64 { return quantile(v, q) }
	if s.whole && total(v.Open) == 0 && total(v.At) > 0 {
		onEdges(v)
	}
	return v
}

// meanOf is the mean of scores: the exact one, but where they are no probabilities and
// some lie outside the reference's range. One far row would show in it, so that those
// count as the range's ends then.
func meanOf(v *view.Number, exact float64) float64 {
	last := len(v.Edges) - 1
	if last < 0 || v.Open[0]+v.Open[last+1] == 0 || v.Edges[0] >= 0 && v.Edges[last] <= 1 {
		return exact
	}
	var sum float64
	for i, n := range v.Open {
		if n > 0 {
			sum += float64(v.First[i] * float64(n))
		}
	}
	for i, n := range v.At {
		sum += float64(v.Edges[i] * float64(n))
	}
	return sum / float64(total(v.At)+total(v.Open))
}

// middles stand for the means of open cells, which are not kept: those of their edges.
func middles(edges []float64, cells int) []float64 {
	out := make([]float64, cells)
	for i := range out {
		switch {
		case len(edges) == 0:
			out[i] = math.NaN()
		case i == 0:
			out[i] = edges[0]
		case i == len(edges):
			out[i] = edges[i-1]
		default:
			out[i] = edges[i-1]/2 + edges[i]/2
		}
	}
	return out
}

// onEdges is what is known of a number of which all values are on an edge.
func onEdges(v *view.Number) {
	var x []float64
	var n []int64
	var rows int64
	var sum sketch.Sum
	squares := sketch.NewSquares()
	for i, e := range v.Edges {
		if k := v.At[i]; k > 0 {
			x, n, rows = append(x, e), append(n, k), rows+k
			sum.AddTimes(e, uint64(k))
			squares.AddTimes(e, uint64(k))
		}
	}
	v.Min, v.Max = x[0], x[len(x)-1]
	v.Mean, v.Std = sketch.Moments(rows, &sum, &squares)
	v.Values = func() ([]float64, []int64, bool) { return x, n, true }
}

// quantile is a quantile by straight lines through the cells, NaN in the outer ones and
// in the outermost tenths, which may lie far apart.
func quantile(v *view.Number, q float64) float64 {
	all := float64(total(v.At) + total(v.Open))
	outer := 1
	if v.Exact {
		outer = 0
	}
	if !(q >= 0 && q <= 1) || all == 0 {
		return math.NaN()
	}
	rank := q * all
	for i, n := range v.Open {
		if k := float64(n); rank > k || k == 0 {
			rank -= k
		} else {
			if i <= outer || i >= len(v.Edges)-outer {
				return math.NaN()
			}
			lo, hi := v.Edges[i-1], v.Edges[i]
			return float64(lo*(1-rank/k)) + float64(hi*(rank/k))
		}
		if i == len(v.At) {
			break
		}
		if k := float64(v.At[i]); rank > k {
			rank -= k
		} else if k > 0 {
			return v.Edges[i]
		}
	}
	return math.NaN()
}

// edgeOf is the edge that is spelled so, -1 without one.
func edgeOf(g *plan.Grid, name string) int {
	return slices.IndexFunc(g.Edges, func(e float64) bool { return spelling.Number(e) == name })
}
