package profile

import (
	"math"
	"math/bits"
	"slices"
)

// A valueCounts counts distinct float64s, none of them NaN or -0, in a table of
// open addresses; beyond the limit it forgets all and stays saturated.
type valueCounts struct {
	limit     int
	saturated bool
	used      int
	slots     []valueCount // a power of two; n = 0 is free
}

type valueCount struct {
	x float64
	n int64
}

func (v *valueCounts) add(x float64, n int64) {
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
			*s = valueCount{x, n}
			v.used++
			return
		}
	}
}

func (v *valueCounts) saturate() { v.saturated, v.used, v.slots = true, 0, nil }

func (v *valueCounts) grow() {
	old := v.slots
	v.slots, v.used = make([]valueCount, max(64, 2*len(old))), 0
	for _, s := range old {
		v.add(s.x, s.n)
	}
}

func (v *valueCounts) merge(o *valueCounts) {
	if o.saturated {
		v.saturate()
		return
	}
	for _, s := range o.slots {
		v.add(s.x, s.n)
	}
}

// sorted returns the values in ascending order.
func (v *valueCounts) sorted() []valueCount {
	out := make([]valueCount, 0, v.used)
	for _, s := range v.slots {
		if s.n != 0 {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b valueCount) int {
		if a.x < b.x {
			return -1
		}
		return 1
	})
	return out
}
