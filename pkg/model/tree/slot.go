package tree

import "math"

// A Word is an integer that stands for a number of the width that an ensemble
// compares: int32 for float32, int64 for float64.
type Word interface{ int32 | int64 }

// single reports whether K stands for float32.
func single[K Word]() bool { return K(1)<<31 < 0 }

// Slot is a place in a row that is laid out for fast walks: one for each feature
// and each way that a missing value of it may go, so that no split needs to look
// for one, and one for each feature and set of categories. It holds a key in place
// of the value.
type Slot[K Word] struct {
	Feature int32
	Missing K // the key that takes its way at every split
	zero    bool
	set     *Set
}

// SlotOf is the slot that the split n of e looks at.
func SlotOf[K Word](e *Ensemble, n *Node) Slot[K] {
	s := Slot[K]{Feature: n.Feature, Missing: lowest[K](), zero: e.ZeroGone && !n.Category}
	if !n.DefaultLeft {
		s.Missing = ^s.Missing
	}
	if n.Category {
		s.set = e.Sets[int(n.Value)]
	}
	return s
}

// ThresholdOf is the key with which the split n compares that of its slot: it
// sends the row left where that is below.
func ThresholdOf[K Word](n *Node) K {
	if n.Category {
		return 0
	}
	return key[K](n.Value)
}

func lowest[K Word]() K {
	k := K(1) << 31
	if single[K]() {
		return k
	}
	return k << 16 << 16
}

// key is an integer for x, in the order of the floats: comparing integers takes
// half the time. No float has the least key or the largest.
func key[K Word](x float64) K {
	if single[K]() {
		f := float32(x)
		if f == 0 {
			return 0 // -0 too
		}
		b := int32(math.Float32bits(f))
		return K(b ^ int32(uint32(b>>31)>>1))
	}
	if x == 0 {
		return 0
	}
	b := int64(math.Float64bits(x))
	return K(b ^ int64(uint64(b>>63)>>1))
}

// Key is what the slot holds where the feature's value is x.
func (s *Slot[K]) Key(x float64) K {
	if x != x {
		return s.Missing
	}
	if s.zero || s.set != nil {
		return s.special(x)
	}
	return key[K](x)
}

// Spread writes what the slots hold where the features' values are row's.
func Spread[K Word](keys []K, slots []Slot[K], row []float64) {
	keys = keys[:len(slots)]
	for i := range slots {
		s := &slots[i]
		x := row[s.Feature]
		switch {
		case x != x:
			keys[i] = s.Missing
		case s.zero || s.set != nil:
			keys[i] = s.special(x)
		default:
			keys[i] = key[K](x)
		}
	}
}

func (s *Slot[K]) special(x float64) K {
	switch {
	case s.zero && isZero(x):
		return s.Missing
	case s.set == nil:
		return key[K](x)
	case s.set.has(x, !single[K]()):
		return lowest[K]()
	}
	return ^lowest[K]()
}
