package sketch

import (
	"math"
	"math/big"
	"math/bits"
)

// A Sum adds float64s, or their squares, without rounding: a whole number of
// 2^-1074, or of 2^-2148, in limbs of 32 bits, least first. Limbs are kept in
// int64s, so carries can wait; the zero value is 0, of values and not of squares.
type Sum struct {
	limb    []int64
	pending int // additions since the last carry
	square  bool
}

// NewSquares returns an empty sum of squares.
func NewSquares() Sum { return Sum{square: true} }

const (
	sumBase     = 1074     // of sums
	squareBase  = 2 * 1074 // of sums of squares
	sumLimbs    = (sumBase+1024)/32 + 3
	squareLimbs = (squareBase+2048)/32 + 3
	carryAfter  = 1 << 29
)

func (s *Sum) init() {
	n := sumLimbs
	if s.square {
		n = squareLimbs
	}
	s.limb = make([]int64, n)
}

// split returns the bits of x, which is finite: |x| is m · 2^(at-1074).
func split(x float64) (m uint64, at int, negative bool) {
	b := math.Float64bits(x)
	m, at = b&(1<<52-1), int(b>>52&0x7ff)-1
	if at < 0 {
		at = 0
	} else {
		m |= 1 << 52
	}
	return m, at, b>>63 != 0
}

// more makes room for one more addition.
func (s *Sum) more() {
	if s.limb == nil {
		s.init()
	}
	if s.pending++; s.pending >= carryAfter {
		s.carry()
	}
}

// AddTimes adds n times x, which is finite, or n times its square.
func (s *Sum) AddTimes(x float64, n uint64) {
	m, at, negative := split(x)
	if m == 0 || n == 0 {
		return
	}
	s.more()
	if s.square {
		high, low := bits.Mul64(m, m)
		hi, lo := bits.Mul64(low, n)
		s.addAt(hi, lo, 2*at)
		hi, lo = bits.Mul64(high, n)
		s.addAt(hi, lo, 2*at+64)
		return
	}
	hi, lo := bits.Mul64(m, n)
	if !negative {
		s.addAt(hi, lo, at)
		return
	}
	for i := range s.limb {
		s.limb[i] = -s.limb[i]
	}
	s.addAt(hi, lo, at)
	for i := range s.limb {
		s.limb[i] = -s.limb[i]
	}
}

// Add adds x, which is finite, or its square.
func (s *Sum) Add(x float64) {
	b := math.Float64bits(x)
	m := b & (1<<52 - 1)
	e := int(b >> 52 & 0x7ff) // x = m · 2^(e-1075) with the hidden bit, e ≥ 1
	if e == 0 {
		e = 1
	} else {
		m |= 1 << 52
	}
	if m == 0 {
		return
	}
	s.more()
	if s.square {
		hi, lo := bits.Mul64(m, m)
		at := 2 * (e - 1)
		s.addAt(hi, lo, at)
		return
	}
	at := e - 1
	i, r := at>>5, uint(at&31)
	lo := m << r
	hi := m >> (64 - r) // r = 0 shifts all bits out
	l := s.limb[i : i+3]
	if b>>63 != 0 {
		l[0] -= int64(lo & math.MaxUint32)
		l[1] -= int64(lo >> 32)
		l[2] -= int64(hi)
		return
	}
	l[0] += int64(lo & math.MaxUint32)
	l[1] += int64(lo >> 32)
	l[2] += int64(hi)
}

// addAt adds the 128-bit integer hi, lo times 2^at.
func (s *Sum) addAt(hi, lo uint64, at int) {
	i, r := at>>5, uint(at&31)
	top := hi >> (64 - r)
	hi = hi<<r | lo>>(64-r)
	lo <<= r
	l := s.limb[i : i+5]
	l[0] += int64(lo & math.MaxUint32)
	l[1] += int64(lo >> 32)
	l[2] += int64(hi & math.MaxUint32)
	l[3] += int64(hi >> 32)
	l[4] += int64(top)
}

// carry makes the limbs canonical: all in [0, 2^32) but the last, which has
// the sign.
func (s *Sum) carry() {
	s.pending = 0
	var c int64
	for i := range s.limb {
		if i == len(s.limb)-1 {
			s.limb[i] += c
			return
		}
		v := s.limb[i] + c
		c = v >> 32
		s.limb[i] = v & math.MaxUint32
	}
}

// Merge adds o, which it leaves as it is but for carries.
func (s *Sum) Merge(o *Sum) {
	if o.limb == nil {
		return
	}
	o.carry()
	if s.limb == nil {
		s.init()
	}
	s.carry()
	for i, v := range o.limb {
		s.limb[i] += v
	}
	s.carry()
}

// Limbs returns the canonical limbs, none of a sum without additions. They are
// good until the next addition.
func (s *Sum) Limbs() []int64 {
	s.carry()
	return s.limb
}

// Set sets limb i of Limbs to what it was, and says whether it can be that.
func (s *Sum) Set(i int, n int64) bool {
	if s.limb == nil {
		s.init()
	}
	last := len(s.limb) - 1
	if i < 0 || i > last || i < last && (n < 0 || n > math.MaxUint32) || n > 1<<40 || n < -1<<40 {
		return false
	}
	s.limb[i] = n
	return true
}

// whole returns the sum in units of 2^-1074, or of 2^-2148 of squares.
func (s *Sum) whole() *big.Int {
	v := new(big.Int)
	for i := len(s.limb) - 1; i >= 0; i-- {
		v.Lsh(v, 32)
		v.Add(v, big.NewInt(s.limb[i]))
	}
	return v
}

// Mean returns the sum of n values over n, rounded once. It is NaN for n = 0.
func (s *Sum) Mean(n int64) float64 { return ratio(s.whole(), n, sumBase) }

// Moments returns the mean and the standard deviation, rounded once, of n ≥ 1
// values from their exact sum and sum of squares. The
// deviation divides by n-1 and is NaN for n = 1, and for sums
// that no values can have.
func Moments(n int64, all, squares *Sum) (mean, std float64) {
	sum, square := all.whole(), squares.whole()
	mean = ratio(sum, n, sumBase)
	if n < 2 {
		return mean, math.NaN()
	}
	// Σ(x-mean)² = (nΣx² - (Σx)²)/n, all whole numbers of 2^-2148.
	size := big.NewInt(n)
	dev := square.Mul(size, square)
	dev.Sub(dev, sum.Mul(sum, sum))
	if dev.Sign() < 0 { // no values can have such sums
		return mean, math.NaN()
	}
	den := size.Mul(size, big.NewInt(n-1))
	f := new(big.Float).SetPrec(128).SetInt(dev)
	f.Quo(f, new(big.Float).SetPrec(128).SetInt(den))
	f.Sqrt(f)
	std, _ = f.SetMantExp(f, -sumBase).Float64()
	return mean, std
}

// ratio returns num / (n · 2^base), rounded once, and NaN for n = 0.
func ratio(num *big.Int, n int64, base uint) float64 {
	if n == 0 {
		return math.NaN()
	}
	den := new(big.Int).Lsh(big.NewInt(n), base)
	f, _ := new(big.Rat).SetFrac(num, den).Float64()
	return f
}
