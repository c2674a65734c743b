package profile

import (
	"math"
	"math/big"
	"math/bits"
)

// An exactSum adds float64s, or their squares, without rounding: a whole number
// of 2^-base in limbs of 32 bits, least first. Limbs are kept in int64s, so
// carries can wait; the zero value is 0.
type exactSum struct {
	limb    []int64
	pending int // additions since the last carry
	square  bool
}

const (
	sumBase     = 1074     // of sums
	squareBase  = 2 * 1074 // of sums of squares
	sumLimbs    = (sumBase+1024)/32 + 3
	squareLimbs = (squareBase+2048)/32 + 3
	carryAfter  = 1 << 29
)

func (s *exactSum) init() {
	n := sumLimbs
	if s.square {
		n = squareLimbs
	}
	s.limb = make([]int64, n)
}

// add adds x, which is finite, or its square.
func (s *exactSum) add(x float64) {
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
	if s.limb == nil {
		s.init()
	}
	if s.pending++; s.pending >= carryAfter {
		s.carry()
	}
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
func (s *exactSum) addAt(hi, lo uint64, at int) {
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
func (s *exactSum) carry() {
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

func (s *exactSum) merge(o *exactSum) {
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

// emit passes on the canonical limbs that are not zero.
func (s *exactSum) emit(put func(i int, n int64)) {
	s.carry()
	for i, v := range s.limb {
		if v != 0 {
			put(i, v)
		}
	}
}

// set sets one limb that emit passed on.
func (s *exactSum) set(i int, n int64) bool {
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

// int returns the sum in units of 2^-base.
func (s *exactSum) int() *big.Int {
	v := new(big.Int)
	for i := len(s.limb) - 1; i >= 0; i-- {
		v.Lsh(v, 32)
		v.Add(v, big.NewInt(s.limb[i]))
	}
	return v
}

// unitsOf returns x, which is finite, in units of 2^-1074.
func unitsOf(x float64) *big.Int {
	b := math.Float64bits(x)
	m, e := b&(1<<52-1), uint(b>>52&0x7ff)
	if e == 0 {
		e = 1
	} else {
		m |= 1 << 52
	}
	v := new(big.Int).SetUint64(m)
	v.Lsh(v, e-1)
	if b>>63 != 0 {
		v.Neg(v)
	}
	return v
}

// ratio returns num / (den · 2^base), rounded once.
func ratio(num, den *big.Int, base uint) float64 {
	if den.Sign() == 0 {
		return math.NaN()
	}
	f, _ := new(big.Rat).SetFrac(num, new(big.Int).Lsh(den, base)).Float64()
	return f
}

// wide is a 128-bit two's complement integer.
type wide struct {
	hi int64
	lo uint64
}

func (w *wide) add(v int64) { w.plus(wide{v >> 63, uint64(v)}) }

func (w *wide) plus(o wide) {
	lo, c := bits.Add64(w.lo, o.lo, 0)
	w.lo = lo
	w.hi += o.hi + int64(c)
}

// addProduct adds x·y.
func (w *wide) addProduct(x, y int32) { w.add(int64(x) * int64(y)) }

// limbs are w in base 2^32, least first, the last with the sign.
func (w wide) limbs() [4]int64 {
	return [4]int64{int64(w.lo & math.MaxUint32), int64(w.lo >> 32), w.hi & math.MaxUint32, w.hi >> 32}
}

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

func (w wide) int() *big.Int {
	v := big.NewInt(w.hi)
	v.Lsh(v, 64)
	return v.Add(v, new(big.Int).SetUint64(w.lo))
}
