package sketch

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
)

// A Wide is a 128-bit two's complement integer, which wraps around.
type Wide struct {
	hi int64
	lo uint64
}

// WideOf returns v as a wide.
func WideOf(v int64) Wide { return Wide{v >> 63, uint64(v)} }

// Add adds v.
func (w *Wide) Add(v int64) { w.Plus(WideOf(v)) }

// AddHash adds a hash, which is not negative.
func (w *Wide) AddHash(h uint64) { w.Plus(Wide{0, h}) }

// Plus adds o.
func (w *Wide) Plus(o Wide) {
	lo, c := bits.Add64(w.lo, o.lo, 0)
	w.lo = lo
	w.hi += o.hi + int64(c)
}

// AddProduct adds x·y.
func (w *Wide) AddProduct(x, y int32) { w.Add(int64(x) * int64(y)) }

// String returns the bits of w as 32 hexadecimal digits.
func (w Wide) String() string { return fmt.Sprintf("%016x%016x", uint64(w.hi), w.lo) }

// Limbs are w in base 2^32, least first, the last with the sign.
func (w Wide) Limbs() [4]int64 {
	return [4]int64{int64(w.lo & math.MaxUint32), int64(w.lo >> 32), w.hi & math.MaxUint32, w.hi >> 32}
}

// SetLimb sets limb i, which was 0, and says whether it can be n.
func (w *Wide) SetLimb(i int, n int64) bool {
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

// Int returns w.
func (w Wide) Int() *big.Int {
	v := big.NewInt(w.hi)
	v.Lsh(v, 64)
	return v.Add(v, new(big.Int).SetUint64(w.lo))
}

// Mean returns w over n, rounded once. It is NaN for n = 0.
func (w Wide) Mean(n int64) float64 { return ratio(w.Int(), n, 0) }
