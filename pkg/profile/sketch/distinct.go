package sketch

import (
	"cmp"
	"iter"
	"math"
	"math/bits"
	"slices"
)

// A Distinct counts distinct float64s, none of them NaN or -0, in a table of
// open addresses; beyond its limit it forgets all and stays saturated.
type Distinct struct {
	limit     int
	saturated bool
	used      int
	slots     []Value // a power of two; n = 0 is free
}

// A Value is a number and how often it was there.
type Value struct {
	X float64
	N int64
}

// NewDistinct returns a distinct that is saturated beyond limit values.
func NewDistinct(limit int) Distinct { return Distinct{limit: limit} }

// Add counts n times x.
func (v *Distinct) Add(x float64, n int64) {
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
		if s.N != 0 && s.X == x {
			s.N += n
			return
		}
		if s.N == 0 {
			if v.used == v.limit {
				v.Saturate()
				return
			}
			*s = Value{x, n}
			v.used++
			return
		}
	}
}

// Saturated says whether there were more values than the limit.
func (v *Distinct) Saturated() bool { return v.saturated }

// Saturate forgets all values, as if there had been too many.
func (v *Distinct) Saturate() { v.saturated, v.used, v.slots = true, 0, nil }

func (v *Distinct) grow() {
	old := v.slots
	v.slots, v.used = make([]Value, max(64, 2*len(old))), 0
	for _, s := range old {
		v.Add(s.X, s.N)
	}
}

// Merge adds o, which it leaves as it is.
func (v *Distinct) Merge(o *Distinct) {
	if o.saturated {
		v.Saturate()
		return
	}
	for _, s := range o.slots {
		v.Add(s.X, s.N)
	}
}

// All passes on the values in no order.
func (v *Distinct) All() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		for _, s := range v.slots {
			if s.N != 0 && !yield(s) {
				return
			}
		}
	}
}

// Sorted returns the values in ascending order.
func (v *Distinct) Sorted() []Value {
	out := slices.AppendSeq(make([]Value, 0, v.used), v.All())
	slices.SortFunc(out, func(a, b Value) int { return cmp.Compare(a.X, b.X) })
	return out
}
