package count

import (
	"iter"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// numberCounts counts a number column on its grid. Values on an edge are
// counted and no more; values off the grid are counted in their cell, summed
// there in steps of the cell, summed exactly over all cells, and kept one by one
// until there are too many distinct ones.
type numberCounts struct {
	grid     *plan.Grid
	state    [read.States]int64
	at       []int64 // by position
	fraction []int64 // by open cell between edges: sum of Grid.Fraction
	below    sketch.Sum
	inside   sketch.Sum
	above    sketch.Sum
	square   sketch.Sum // of all off the grid
	min, max int64      // images of the finite values; valid when there are values
	extra    sketch.Distinct
}

func newNumberCounts(g *plan.Grid, distinct int) *numberCounts {
	c := &numberCounts{grid: g, at: make([]int64, 2*len(g.Edges)+1), fraction: make([]int64, max(0, len(g.Edges)-1))}
	c.square = sketch.NewSquares()
	c.extra = sketch.NewDistinct(distinct)
	return c
}

// add counts a chunk of placed values.
func (c *numberCounts) add(x []float64, state []uint8, position []int32) {
	least, most := math.Inf(1), math.Inf(-1)
	if c.state[read.StateValue] > 0 {
		least, most = sketch.FromImage(c.min), sketch.FromImage(c.max)
	}
	var rows [read.ChunkRows]int32
	off, n := rows[:len(x)], 0 // rows off the grid
	for i, v := range x {
		s := state[i]
		c.state[s]++
		if s != read.StateValue {
			continue
		}
		p := position[i]
		c.at[p]++
		if v < least {
			least = v
		}
		if v > most {
			most = v
		}
		off[n] = int32(i) // and is overwritten when the value is on an edge
		n += int(^p & 1)
	}
	if c.state[read.StateValue] > 0 {
		c.min, c.max = sketch.Image(least), sketch.Image(most)
	}
	for _, i := range off[:n] {
		v := x[i]
		switch cell := int(position[i]) / 2; {
		case cell == 0:
			c.below.Add(v)
		case cell == len(c.grid.Edges):
			c.above.Add(v)
		default:
			c.inside.Add(v)
			c.fraction[cell-1] += c.grid.Fraction(cell-1, v)
		}
		c.square.Add(v)
	}
	for _, i := range off[:n] {
		if c.extra.Saturated() {
			break
		}
		c.extra.Add(x[i]+0, 1)
	}
}

func (c *numberCounts) merge(o *numberCounts) {
	if o.state[read.StateValue] > 0 {
		if c.state[read.StateValue] == 0 {
			c.min, c.max = o.min, o.max
		}
		c.min, c.max = min(c.min, o.min), max(c.max, o.max)
	}
	for i, n := range o.state {
		c.state[i] += n
	}
	for i, n := range o.at {
		c.at[i] += n
	}
	for i, n := range o.fraction {
		c.fraction[i] += n
	}
	c.below.Merge(&o.below)
	c.inside.Merge(&o.inside)
	c.above.Merge(&o.above)
	c.square.Merge(&o.square)
	c.extra.Merge(&o.extra)
}

// check says whether counters that were read fit together: as many values by
// position as in all, and as many kept as there are off the grid.
func (c *numberCounts) check() bool {
	var all, off, kept int64
	for p, n := range c.at {
		all += n
		if p&1 == 0 {
			off += n
		}
	}
	for v := range c.extra.All() {
		kept += v.N
	}
	return all == c.state[read.StateValue] && (c.extra.Saturated() || kept == off) && (all == 0 || c.min <= c.max)
}

func (c *numberCounts) view() *view.Number {
	g := c.grid
	v := &view.Number{
		Edges: g.Edges, Bins: g.Bins, Exact: g.Exact,
		At: make([]int64, len(g.Edges)), Open: make([]int64, len(g.Edges)+1), First: make([]float64, len(g.Edges)+1),
		Min: math.NaN(), Max: math.NaN(), Mean: math.NaN(), Std: math.NaN(),
	}
	for p, n := range c.at {
		if p&1 == 1 {
			v.At[p/2] = n
		} else {
			v.Open[p/2] = n
		}
	}
	for i, n := range v.Open {
		switch {
		case n == 0:
			v.First[i] = math.NaN()
		case i == 0:
			v.First[i] = c.below.Mean(n)
		case i == len(g.Edges):
			v.First[i] = c.above.Mean(n)
		default:
			v.First[i] = g.CellMean(i-1, c.fraction[i-1], n)
		}
	}
	values := c.values()
	v.Values = func() ([]float64, []int64, bool) {
		if c.extra.Saturated() {
			return nil, nil, false
		}
		x, n := make([]float64, len(values)), make([]int64, len(values))
		for i, e := range values {
			x[i], n[i] = e.X, e.N
		}
		return x, n, true
	}
	n := c.state[read.StateValue]
	if n == 0 {
		v.Quantile = func(float64) float64 { return math.NaN() }
		return v
	}
	v.Min, v.Max = sketch.FromImage(c.min), sketch.FromImage(c.max)
	v.Mean, v.Std = c.moments(n)
	v.Quantile = c.quantile(n, values)
	return v
}

// moments returns the mean and the standard deviation, rounded once from the
// exact sums.
func (c *numberCounts) moments(n int64) (mean, std float64) {
	var sum sketch.Sum
	square := sketch.NewSquares()
	for _, s := range []*sketch.Sum{&c.below, &c.inside, &c.above} {
		sum.Merge(s)
	}
	square.Merge(&c.square)
	for i, e := range c.grid.Edges {
		if k := c.at[2*i+1]; k > 0 {
			sum.AddTimes(e, uint64(k))
			square.AddTimes(e, uint64(k))
		}
	}
	return sketch.Moments(n, &sum, &square)
}

// values merges the edges with the values kept off the grid.
func (c *numberCounts) values() []sketch.Value {
	if c.extra.Saturated() {
		return nil
	}
	extra := c.extra.Sorted()
	var out []sketch.Value
	j := 0
	for i, e := range c.grid.Edges {
		for j < len(extra) && extra[j].X < e {
			out = append(out, extra[j])
			j++
		}
		if n := c.at[2*i+1]; n > 0 {
			out = append(out, sketch.Value{X: e, N: n})
		}
	}
	return append(out, extra[j:]...)
}

// quantile returns the type-7 quantile function of the n values.
func (c *numberCounts) quantile(n int64, values []sketch.Value) func(q float64) float64 {
	at := c.ranked
	if values != nil {
		at = func(rank int64) float64 {
			for _, v := range values {
				if rank -= v.N; rank < 0 {
					return v.X
				}
			}
			return values[len(values)-1].X
		}
	}
	return func(q float64) float64 {
		if !(q >= 0 && q <= 1) {
			return math.NaN()
		}
		place := float64(q * float64(n-1))
		low := min(int64(place), n-1)
		a := at(low)
		if low == n-1 {
			return a
		}
		return between(a, at(low+1), place-float64(low))
	}
}

// ranked returns the value of a rank, from 0, by straight lines through the cells.
func (c *numberCounts) ranked(rank int64) float64 {
	e, most := c.grid.Edges, sketch.FromImage(c.max)
	for p, k := range c.at {
		if rank >= k {
			rank -= k
			continue
		}
		if p&1 == 1 {
			return e[p/2]
		}
		lo, hi := sketch.FromImage(c.min), most
		if p > 1 {
			lo = max(lo, e[p/2-1])
		}
		if p < 2*len(e) {
			hi = min(hi, e[p/2])
		}
		return between(lo, hi, (float64(rank)+0.5)/float64(k))
	}
	return most
}

// between returns the point at share f of the way from a to b.
func between(a, b, f float64) float64 {
	if a == b {
		return a
	}
	return float64(a*(1-f)) + float64(b*f)
}

// byValue passes on the distinct values and their numbers of rows, those on an
// edge first.
func (c *numberCounts) byValue() iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		for i, e := range c.grid.Edges {
			if n := c.at[2*i+1]; n > 0 && !yield(spelling.Number(e), n) {
				return
			}
		}
		for _, v := range c.extra.Sorted() {
			if !yield(spelling.Number(v.X), v.N) {
				return
			}
		}
	}
}

var sumNames = [4]string{"below", "inside", "above", "square"}

func (c *numberCounts) sums() [4]*sketch.Sum {
	return [4]*sketch.Sum{&c.below, &c.inside, &c.above, &c.square}
}

func (c *numberCounts) put(l *ledger.Ledger, prefix string) {
	putStates(l, prefix, &c.state)
	if c.state[read.StateValue] > 0 {
		l.Least(prefix+"min", c.min)
		l.Most(prefix+"max", c.max)
	}
	l.List(prefix+"cell", c.fraction, 0, 1)
	l.List(prefix+"on", c.at, 1, 2)
	l.List(prefix+"open", c.at, 0, 2)
	for i, s := range c.sums() {
		l.Exact(prefix+sumNames[i], s)
	}
	if c.extra.Saturated() {
		l.Most(prefix+"saturated", 1)
	}
	l.Off(prefix, c.extra.Sorted())
}

func (c *numberCounts) set(key string, n ledger.Numbers) bool {
	if i := slices.Index(sumNames[:], key); i >= 0 {
		return ledger.SetExact(c.sums()[i], n)
	}
	switch key {
	case "min":
		return ledger.SetOne(&c.min, n) && finite(sketch.FromImage(c.min))
	case "max":
		return ledger.SetOne(&c.max, n) && finite(sketch.FromImage(c.max))
	case "saturated":
		c.extra.Saturate()
		return true
	case "on":
		return ledger.SetList(c.at, n, 1, 2)
	case "open":
		return ledger.SetList(c.at, n, 0, 2)
	case "cell":
		return ledger.SetList(c.fraction, n, 0, 1)
	}
	return setState(&c.state, key, n)
}

func (c *numberCounts) setValues(x []float64, n []int64) bool {
	if len(x) == 0 || len(x) != len(n) || c.extra.Saturated() {
		return false
	}
	for i, v := range x {
		if !finite(v) || n[i] <= 0 || i > 0 && x[i-1] >= v {
			return false
		}
		c.extra.Add(v+0, n[i])
	}
	return !c.extra.Saturated()
}

func finite(x float64) bool { return x-x == 0 }
