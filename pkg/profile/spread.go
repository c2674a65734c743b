package profile

import (
	"cmp"
	"math"
	"slices"
)

// spread collects the values of a number: all of them while they are few, then
// a sample of those whose tickets are smallest. A value from before draws a
// ticket for each time it was counted, a later one for its row.
type spread struct {
	seed   uint64
	counts distinct
	sample []drawn   // beyond maxDistinct, up to twice that, not in order
	bar    uint64    // tickets from here on are too great
	least  []float64 // ascending
	most   []float64 // descending
}

type drawn struct {
	ticket uint64
	x      float64
}

// newSpread returns a spread whose tickets are drawn by seed.
func newSpread(seed uint64) spread { return spread{seed: seed, counts: newDistinct(maxDistinct)} }

func (s *spread) add(x float64, row int64) {
	x += 0 // -0
	if !s.counts.isSaturated() {
		before := s.counts
		if s.counts.add(x, 1); !s.counts.isSaturated() {
			return
		}
		s.bar = math.MaxUint64
		for v := range before.all() {
			for j := range v.n {
				s.draw(mix(mix(^s.seed, uint64(image(v.x))), uint64(j)), v.x)
			}
			s.extreme(v.x)
		}
	}
	s.draw(mix(s.seed, uint64(row)), x)
	s.extreme(x)
}

func (s *spread) draw(h uint64, x float64) {
	if h = finish(h); h >= s.bar {
		return
	}
	if s.sample = append(s.sample, drawn{h, x}); len(s.sample) == 2*maxDistinct {
		s.cut()
	}
}

// cut keeps the smallest tickets.
func (s *spread) cut() {
	slices.SortFunc(s.sample, func(a, b drawn) int { return cmp.Or(cmp.Compare(a.ticket, b.ticket), cmp.Compare(a.x, b.x)) })
	if len(s.sample) > maxDistinct {
		s.bar = s.sample[maxDistinct].ticket
		s.sample = s.sample[:maxDistinct]
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

func (s *spread) grid(extra []float64) *grid {
	full := s.counts.isSaturated()
	counts := s.counts
	if full {
		counts = newDistinct(maxDistinct)
		s.cut()
		for _, e := range s.sample {
			counts.add(e.x, 1)
		}
	}
	var x []float64
	var n []int64
	for _, v := range counts.sorted() {
		x, n = append(x, v.x), append(n, v.n)
	}
	return newGrid(x, n, !full, s.least, s.most, extra)
}
