package tree

import "math"

// Slot is a place in a row that is laid out for fast walks: one for each feature
// and each way that a missing value of it may go, so that no split needs to look
// for one. It holds a key in place of the value.
type Slot struct {
	Feature int32
	Missing int32 // the key that takes its way at every split
}

// SlotOf is the slot that the split n looks at.
func SlotOf(n *Node) Slot {
	if n.DefaultLeft {
		return Slot{n.Feature, math.MinInt32}
	}
	return Slot{n.Feature, math.MaxInt32}
}

// Key is an integer for x, in the order of the floats: comparing integers takes
// half the time. No float has the key MinInt32 or MaxInt32.
func Key(x float32) int32 {
	if x == 0 {
		return 0 // -0 too
	}
	b := int32(math.Float32bits(x))
	return b ^ int32(uint32(b>>31)>>1)
}

// Key is what the slot holds where the feature's value is x.
func (s Slot) Key(x float32) int32 {
	if x != x {
		return s.Missing
	}
	return Key(x)
}
