package profile

import (
	"cmp"
	"iter"
	"math"
	"math/bits"
	"slices"
)

// A distinct counts distinct float64s, none of them NaN or -0, in a table of
// open addresses; beyond its limit it forgets all and stays saturated.
type distinct struct {
	limit     int
	saturated bool
	used      int
	slots     []counted // a power of two; n = 0 is free
}

// A counted is a value and how often it was there.
type counted struct {
	x float64
	n int64
}

// newDistinct returns a distinct that is saturated beyond limit values.
func newDistinct(limit int) distinct { return distinct{limit: limit} }

// add counts n times x.
func (v *distinct) add(x float64, n int64) {
	if v.saturated || n == 0 {
		return
	}
	if 4*v.used >= 3*len(v.slots) {
		v.grow()
	}
	mask := uint64(len(v.slots) - 1)
	hi, lo := bits.Mul64(math.Float64bits(x), seedValue)
	for i := (hi ^ lo>>7) & mask; ; i = (i + 1) & mask {
		s := &v.slots[i]
		if s.n != 0 && s.x == x {
			s.n += n
			return
		}
		if s.n == 0 {
			if v.used == v.limit {
				v.saturate()
				return
			}
			*s = counted{x, n}
			v.used++
			return
		}
	}
}

// isSaturated says whether there were more values than the limit.
func (v *distinct) isSaturated() bool { return v.saturated }

// saturate forgets all values, as if there had been too many.
func (v *distinct) saturate() { v.saturated, v.used, v.slots = true, 0, nil }

func (v *distinct) grow() {
	old := v.slots
	v.slots, v.used = make([]counted, max(64, 2*len(old))), 0
	for _, s := range old {
		v.add(s.x, s.n)
	}
}

// merge adds o, which it leaves as it is.
func (v *distinct) merge(o *distinct) {
	if o.saturated {
		v.saturate()
		return
	}
	for _, s := range o.slots {
		v.add(s.x, s.n)
	}
}

// all passes on the values in no order.
func (v *distinct) all() iter.Seq[counted] {
	return func(yield func(counted) bool) {
		for _, s := range v.slots {
			if s.n != 0 && !yield(s) {
				return
			}
		}
	}
}

// sorted returns the values in ascending order.
func (v *distinct) sorted() []counted {
	out := slices.AppendSeq(make([]counted, 0, v.used), v.all())
	slices.SortFunc(out, func(a, b counted) int { return cmp.Compare(a.x, b.x) })
	return out
}
