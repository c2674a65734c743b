package profile

import (
	"iter"
	"math"
	"math/big"
	"sort"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// numberCounts counts a number column on its grid. Values on an edge are
// counted and no more; values off the grid are counted in their cell, summed
// there in steps of the cell, summed exactly over all cells, and kept one by one
// until there are too many distinct ones.
type numberCounts struct {
	grid     *grid
	state    [states]int64
	at       []int64 // by position
	fraction []int64 // by open cell between edges: sum of grid.fraction
	below    exactSum
	inside   exactSum
	above    exactSum
	square   exactSum // of all off the grid
	min, max int64    // images of the finite values; valid when state[stateValue] > 0
	extra    distinct
	off      []int32 // working memory: the chunk's rows off the grid
}

func newNumberCounts(g *grid) *numberCounts {
	c := &numberCounts{grid: g, at: make([]int64, 2*len(g.edges)+1), fraction: make([]int64, max(0, len(g.edges)-1))}
	c.square = newSquares()
	c.extra = newDistinct(maxDistinct)
	return c
}

// add counts a chunk of placed values.
func (c *numberCounts) add(x []float64, state []uint8, position []int32) {
	least, most := math.Inf(1), math.Inf(-1)
	if c.state[stateValue] > 0 {
		least, most = fromImage(c.min), fromImage(c.max)
	}
	if cap(c.off) < len(x) {
		c.off = make([]int32, chunkRows)
	}
	off, n := c.off[:len(x)], 0
	for i, v := range x {
		s := state[i]
		c.state[s]++
		if s != stateValue {
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
	if c.state[stateValue] > 0 {
		c.min, c.max = image(least), image(most)
	}
	for _, i := range off[:n] {
		v := x[i]
		switch cell := int(position[i]) / 2; {
		case cell == 0:
			c.below.add(v)
		case cell == len(c.grid.edges):
			c.above.add(v)
		default:
			c.inside.add(v)
			c.fraction[cell-1] += c.grid.fraction(cell-1, v)
		}
		c.square.add(v)
	}
	for _, i := range off[:n] {
		if c.extra.isSaturated() {
			break
		}
		c.extra.add(x[i]+0, 1)
	}
}

func (c *numberCounts) merge(o *numberCounts) {
	if o.state[stateValue] > 0 {
		if c.state[stateValue] == 0 {
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
	c.below.merge(&o.below)
	c.inside.merge(&o.inside)
	c.above.merge(&o.above)
	c.square.merge(&o.square)
	c.extra.merge(&o.extra)
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
	for v := range c.extra.all() {
		kept += v.n
	}
	return all == c.state[stateValue] && (c.extra.isSaturated() || kept == off) && (all == 0 || c.min <= c.max)
}

func (c *numberCounts) view() *view.Number {
	g := c.grid
	v := &view.Number{
		Edges: g.edges, Bins: g.bins, Exact: g.exact,
		At: make([]int64, len(g.edges)), Open: make([]int64, len(g.edges)+1), First: make([]float64, len(g.edges)+1),
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
			v.First[i] = c.below.mean(n)
		case i == len(g.edges):
			v.First[i] = c.above.mean(n)
		default:
			v.First[i] = g.cellMean(i-1, c.fraction[i-1], n)
		}
	}
	values := c.values()
	v.Values = func() ([]float64, []int64, bool) {
		if c.extra.isSaturated() {
			return nil, nil, false
		}
		x, n := make([]float64, len(values)), make([]int64, len(values))
		for i, e := range values {
			x[i], n[i] = e.x, e.n
		}
		return x, n, true
	}
	n := c.state[stateValue]
	if n == 0 {
		v.Quantile = func(float64) float64 { return math.NaN() }
		return v
	}
	v.Min, v.Max = fromImage(c.min), fromImage(c.max)
	v.Mean, v.Std = c.moments(n)
	v.Quantile = c.quantile(n, values)
	return v
}

// moments returns the mean and the standard deviation, rounded once from the
// exact sums.
func (c *numberCounts) moments(n int64) (mean, std float64) {
	sum, square := c.below.int(), c.square.int()
	sum.Add(sum, c.inside.int())
	sum.Add(sum, c.above.int())
	for i, e := range c.grid.edges {
		k := c.at[2*i+1]
		if k == 0 {
			continue
		}
		u, count := unitsOf(e), big.NewInt(k)
		t := new(big.Int).Mul(u, count)
		sum.Add(sum, t)
		square.Add(square, t.Mul(t, u))
	}
	return moments(n, sum, square)
}

// values merges the edges with the values kept off the grid.
func (c *numberCounts) values() []counted {
	if c.extra.isSaturated() {
		return nil
	}
	extra := c.extra.sorted()
	var out []counted
	j := 0
	for i, e := range c.grid.edges {
		for j < len(extra) && extra[j].x < e {
			out = append(out, extra[j])
			j++
		}
		if n := c.at[2*i+1]; n > 0 {
			out = append(out, counted{e, n})
		}
	}
	return append(out, extra[j:]...)
}

// quantile returns the type-7 quantile function of the n values.
func (c *numberCounts) quantile(n int64, values []counted) func(q float64) float64 {
	// Steps of the distribution: up to and with rank upTo, values lie between lo
	// and hi.
	type step struct {
		lo, hi     float64
		from, upTo int64
	}
	var steps []step
	var total int64
	put := func(lo, hi float64, n int64) {
		if n > 0 {
			steps = append(steps, step{lo, hi, total, total + n})
			total += n
		}
	}
	if values != nil {
		for _, v := range values {
			put(v.x, v.x, v.n)
		}
	} else {
		least, most := fromImage(c.min), fromImage(c.max)
		e := c.grid.edges
		for p, k := range c.at {
			lo, hi := least, most
			if p > 1 {
				lo = max(lo, e[(p-1)/2])
			}
			if p < 2*len(e) {
				hi = min(hi, e[p/2])
			}
			if p&1 == 1 {
				lo, hi = e[p/2], e[p/2]
			}
			put(lo, hi, k)
		}
	}
	at := func(rank int64) float64 {
		s := steps[sort.Search(len(steps)-1, func(i int) bool { return steps[i].upTo > rank })]
		if s.lo == s.hi {
			return s.lo
		}
		return between(s.lo, s.hi, (float64(rank-s.from)+0.5)/float64(s.upTo-s.from))
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
		for i, e := range c.grid.edges {
			if n := c.at[2*i+1]; n > 0 && !yield(formatNumber(e), n) {
				return
			}
		}
		for _, v := range c.extra.sorted() {
			if !yield(formatNumber(v.x), v.n) {
				return
			}
		}
	}
}

var sumNames = [4]string{"below/", "inside/", "above/", "square/"}

func (c *numberCounts) sums() [4]*exactSum {
	return [4]*exactSum{&c.below, &c.inside, &c.above, &c.square}
}

func (c *numberCounts) put(l *ledger, prefix string) {
	l.states(prefix, &c.state)
	if c.state[stateValue] > 0 {
		l.least(prefix+"min", c.min)
		l.most(prefix+"max", c.max)
	}
	l.list(prefix+"cell/", c.fraction, 0, 1)
	l.list(prefix+"on/", c.at, 1, 2)
	l.list(prefix+"open/", c.at, 0, 2)
	for i, s := range c.sums() {
		l.exact(prefix+sumNames[i], s)
	}
	if c.extra.isSaturated() {
		l.most(prefix+"saturated", 1)
	}
	for _, v := range c.extra.sorted() {
		l.Values = append(l.Values, valueRow{Column: l.column, Key: prefix, Value: v.x, N: v.n})
	}
}

func (c *numberCounts) set(key string, n int64) bool {
	for i, name := range sumNames {
		if take(&key, name) {
			return setExact(c.sums()[i], key, n)
		}
	}
	switch {
	case key == "min":
		c.min = n
		return finite(fromImage(n))
	case key == "max":
		c.max = n
		return finite(fromImage(n))
	case key == "saturated":
		c.extra.saturate()
		return true
	case take(&key, "on/"):
		i := place(&key, len(c.grid.edges))
		return i >= 0 && setCount(&c.at[2*i+1], n)
	case take(&key, "open/"):
		i := place(&key, len(c.grid.edges)+1)
		return i >= 0 && setCount(&c.at[2*i], n)
	case take(&key, "cell/"):
		return setAt(c.fraction, key, n)
	}
	return setState(&c.state, key, n)
}

func (c *numberCounts) setValue(x float64, n int64) bool {
	if !finite(x) || n <= 0 || c.extra.isSaturated() {
		return false
	}
	c.extra.add(x+0, n)
	return true
}

func finite(x float64) bool { return x-x == 0 }
