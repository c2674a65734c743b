package ledger

import (
	"iter"
	"math"

	"github.com/leadsman/leadsman/pkg/profile/sketch"
)

// Numbers are whole numbers by place, in the shorter of two forms: all of them up to the
// last that is not 0, or those that are not 0, each with its place.
type Numbers struct {
	At []int64 // places of N, ascending; empty: N stand at 0, 1, 2, …
	N  []int64
}

// numbersOf returns every step-th of list from first, standing at from and on.
func numbersOf(list []int64, first, step, from int) Numbers {
	some, length := 0, 0 // numbers that are not 0, and places up to the last of them
	for i := first; i < len(list); i += step {
		if list[i] != 0 {
			some++
			length = from + i/step + 1
		}
	}
	if sparse := 2*some < length; !sparse {
		out := Numbers{N: make([]int64, length)}
		for i := range max(0, length-from) {
			out.N[from+i] = list[first+i*step]
		}
		return out
	}
	out := Numbers{At: make([]int64, 0, some), N: make([]int64, 0, some)}
	for i := first; i < len(list); i += step {
		if list[i] != 0 {
			out.At, out.N = append(out.At, int64(from+i/step)), append(out.N, list[i])
		}
	}
	return out
}

// All passes on the numbers that are not 0, each with its place.
func (n Numbers) All() iter.Seq2[int, int64] {
	return func(yield func(int, int64) bool) {
		for i, v := range n.N {
			at := i
			if len(n.At) > 0 {
				at = int(n.At[i])
			}
			if v != 0 && !yield(at, v) {
				return
			}
		}
	}
}

// canonical says whether the numbers, which are a sum's, stand in their shorter form.
func (n Numbers) canonical() bool {
	if len(n.N) == 0 || n.N[len(n.N)-1] == 0 {
		return false
	}
	if len(n.At) == 0 {
		some := 0
		for _, v := range n.N {
			some += int(min(1, uint64(v)))
		}
		return 2*some >= len(n.N)
	}
	if len(n.At) != len(n.N) {
		return false
	}
	last := int64(-1)
	for i, at := range n.At {
		if at <= last || at > math.MaxInt32 || n.N[i] == 0 {
			return false
		}
		last = at
	}
	return int64(2*len(n.N)) < last+1
}

// one returns the only number.
func (n Numbers) one() (v int64, ok bool) {
	if len(n.At) > 0 || len(n.N) != 1 {
		return 0, false
	}
	return n.N[0], true
}

// SetCount sets what Sum has put, which is above 0. Like every other set it says
// whether the numbers can be what was put; what cannot be leaves its target in any
// state.
func SetCount(to *int64, n Numbers) bool {
	v, ok := n.one()
	*to = v
	return ok && v > 0
}

// SetOne sets what Least or Most has put.
func SetOne(to *int64, n Numbers) bool {
	v, ok := n.one()
	*to = v
	return ok
}

// SetList sets what List has put of counts: every step-th of list from first.
func SetList(list []int64, n Numbers, first, step int) bool {
	for at, v := range n.All() {
		if at >= (len(list)-first+step-1)/step || v < 0 {
			return false
		}
		list[first+at*step] = v
	}
	return true
}

// SetExact sets what Exact has put.
func SetExact(s *sketch.Sum, n Numbers) bool {
	for at, v := range n.All() {
		if !s.Set(at, v) {
			return false
		}
	}
	return true
}

// SetWide sets what Wide has put.
func SetWide(w []*sketch.Wide, n Numbers) bool {
	for at, v := range n.All() {
		if at >= wideLimbs*len(w) || !w[at/wideLimbs].SetLimb(at%wideLimbs, v) {
			return false
		}
	}
	return true
}
