package plan

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/table"
)

// A fineness is how much of a number is kept.
type fineness struct {
	distinct int // distinct values that are kept as they are, of a reference and of a log
	sample   int // rows of a reference with more that its quantiles are taken from: half as many at the least
	cells    int // quantile edges of its grid
	extremes int // least and greatest values that are edges then, a side
}

// finenessOf returns how much of a number is kept: of a score everything that can be,
// since quality is estimated from it.
func finenessOf(role table.Role, all bool) fineness {
	if all || role == table.Score {
		return fineness{distinct: caps.ExactValues.N, sample: 2 * caps.ExactValues.N, cells: caps.ExactCells.N, extremes: caps.ExactExtremes.N}
	}
	return fineness{distinct: caps.Values.N, sample: 8 * caps.Values.N, cells: caps.Cells.N, extremes: caps.Extremes.N}
}

// spread collects the values of a number: all of them while few are distinct, then
// a sample of rows. A row has level l with probability 2^-(l+1), by its ticket; when the
// sample is full, the rows of the lowest level leave it. A value from before draws a
// ticket for each time it was counted, a later one for its row.
type spread struct {
	fineness
	seed   uint64
	counts sketch.Distinct
	x      []float64 // the sample
	level  []uint8
	lowest uint8     // level in the sample
	least  []float64 // ascending
	most   []float64 // descending
}

// newSpread returns a spread whose tickets are drawn by seed.
func newSpread(f fineness, seed uint64) spread {
	return spread{fineness: f, seed: seed, counts: sketch.NewDistinct(f.distinct)}
}

func (s *spread) add(x float64, row int64) {
	x += 0 // -0
	if !s.counts.Saturated() {
		before := s.counts
		if s.counts.Add(x, 1); !s.counts.Saturated() {
			return
		}
		for v := range before.All() {
			for j := range v.N {
				s.draw(sketch.Mix(sketch.Mix(^s.seed, uint64(sketch.Image(v.X))), uint64(j)), v.X)
			}
			s.extreme(v.X)
		}
	}
	s.draw(sketch.Mix(s.seed, uint64(row)), x)
	s.extreme(x)
}

func (s *spread) draw(ticket uint64, x float64) {
	level := uint8(bits.TrailingZeros64(sketch.Finish(ticket)))
	if level < s.lowest {
		return
	}
	s.x, s.level = append(s.x, x), append(s.level, level)
	for len(s.x) == s.sample {
		s.lowest++
		kept := 0
		for i, l := range s.level {
			if l >= s.lowest {
				s.x[kept], s.level[kept] = s.x[i], l
				kept++
			}
		}
		s.x, s.level = s.x[:kept], s.level[:kept]
	}
}

func (s *spread) extreme(x float64) {
	s.least = insert(s.least, x, s.extremes, cmp.Compare[float64])
	s.most = insert(s.most, x, s.extremes, func(a, b float64) int { return cmp.Compare(b, a) })
}

// insert puts x into a short sorted list of at most so many distinct values.
func insert(list []float64, x float64, most int, order func(a, b float64) int) []float64 {
	if len(list) == most && order(x, list[len(list)-1]) >= 0 {
		return list
	}
	i, found := slices.BinarySearchFunc(list, x, order)
	if found {
		return list
	}
	list = slices.Insert(list, i, x)
	return list[:min(len(list), most)]
}

// grid returns the grid of the values, of which extra are edges as well.
func (s *spread) grid(extra []float64) *Grid {
	var x []float64
	var n []int64
	if s.counts.Saturated() {
		slices.Sort(s.x)
		for _, v := range s.x {
			if len(x) == 0 || x[len(x)-1] != v {
				x, n = append(x, v), append(n, 0)
			}
			n[len(n)-1]++
		}
		return newGrid(x, n, s.cells, s.least, s.most, extra)
	}
	for _, v := range s.counts.Sorted() {
		x, n = append(x, v.X), append(n, v.N)
	}
	return newGrid(x, n, 0, nil, nil, extra)
}
