package plan

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/profile/sketch"
)

// spread collects the values of a number: all of them while they are few, then
// a sample of those whose tickets are smallest. A value from before draws a
// ticket for each time it was counted, a later one for its row.
type spread struct {
	seed   uint64
	counts sketch.Distinct
	sample []drawn   // beyond MaxDistinct, up to twice that, not in order
	bar    uint64    // tickets from here on are too great
	least  []float64 // ascending
	most   []float64 // descending
}

type drawn struct {
	ticket uint64
	x      float64
}

// newSpread returns a spread whose tickets are drawn by seed.
func newSpread(seed uint64) spread {
	return spread{seed: seed, counts: sketch.NewDistinct(MaxDistinct)}
}

func (s *spread) add(x float64, row int64) {
	x += 0 // -0
	if !s.counts.Saturated() {
		before := s.counts
		if s.counts.Add(x, 1); !s.counts.Saturated() {
			return
		}
		s.bar = math.MaxUint64
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

func (s *spread) draw(h uint64, x float64) {
	if h = sketch.Finish(h); h >= s.bar {
		return
	}
	if s.sample = append(s.sample, drawn{h, x}); len(s.sample) == 2*MaxDistinct {
		s.cut()
	}
}

// cut keeps the smallest tickets.
func (s *spread) cut() {
	slices.SortFunc(s.sample, func(a, b drawn) int { return cmp.Or(cmp.Compare(a.ticket, b.ticket), cmp.Compare(a.x, b.x)) })
	if len(s.sample) > MaxDistinct {
		s.bar = s.sample[MaxDistinct].ticket
		s.sample = s.sample[:MaxDistinct]
	}
}

func (s *spread) extreme(x float64) {
	s.least = insert(s.least, x, cmp.Compare[float64])
	s.most = insert(s.most, x, func(a, b float64) int { return cmp.Compare(b, a) })
}

// insert puts x into a short sorted list of distinct values, cut to its length
// bound.
func insert(list []float64, x float64, order func(a, b float64) int) []float64 {
	if len(list) == gridExtremes && order(x, list[len(list)-1]) >= 0 {
		return list
	}
	i, found := slices.BinarySearchFunc(list, x, order)
	if found {
		return list
	}
	list = slices.Insert(list, i, x)
	return list[:min(len(list), gridExtremes)]
}

func (s *spread) grid(extra []float64) *Grid {
	full := s.counts.Saturated()
	counts := s.counts
	if full {
		counts = sketch.NewDistinct(MaxDistinct)
		s.cut()
		for _, e := range s.sample {
			counts.Add(e.x, 1)
		}
	}
	var x []float64
	var n []int64
	for _, v := range counts.Sorted() {
		x, n = append(x, v.X), append(n, v.N)
	}
	return newGrid(x, n, !full, s.least, s.most, extra)
}
