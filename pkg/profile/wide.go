package profile

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
)

// A wide is a 128-bit two's complement integer, which wraps around.
type wide struct {
	hi int64
	lo uint64
}

// wideOf returns v as a wide.
func wideOf(v int64) wide { return wide{v >> 63, uint64(v)} }

// add adds v.
func (w *wide) add(v int64) { w.plus(wideOf(v)) }

// addHash adds a hash, which is not negative.
func (w *wide) addHash(h uint64) { w.plus(wide{0, h}) }

// plus adds o.
func (w *wide) plus(o wide) {
	lo, c := bits.Add64(w.lo, o.lo, 0)
	w.lo = lo
	w.hi += o.hi + int64(c)
}

// addProduct adds x·y.
func (w *wide) addProduct(x, y int32) { w.add(int64(x) * int64(y)) }

// String returns the bits of w as 32 hexadecimal digits.
func (w wide) String() string { return fmt.Sprintf("%016x%016x", uint64(w.hi), w.lo) }

// limbs are w in base 2^32, least first, the last with the sign.
func (w wide) limbs() [4]int64 {
	return [4]int64{int64(w.lo & math.MaxUint32), int64(w.lo >> 32), w.hi & math.MaxUint32, w.hi >> 32}
}

// setLimb sets limb i, which was 0, and says whether it can be n.
func (w *wide) setLimb(i int, n int64) bool {
	switch {
	case i == 3 && n >= math.MinInt32 && n <= math.MaxInt32:
		w.hi |= n << 32
	case i >= 0 && i < 3 && n >= 0 && n <= math.MaxUint32:
		if i < 2 {
			w.lo |= uint64(n) << (32 * i)
		} else {
			w.hi |= n
		}
	default:
		return false
	}
	return true
}

// int returns w.
func (w wide) int() *big.Int {
	v := big.NewInt(w.hi)
	v.Lsh(v, 64)
	return v.Add(v, new(big.Int).SetUint64(w.lo))
}

// mean returns w over n, rounded once. It is NaN for n = 0.
func (w wide) mean(n int64) float64 { return ratio(w.int(), n, 0) }
