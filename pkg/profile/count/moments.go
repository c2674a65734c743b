package count

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/leadsman/leadsman/pkg/profile/sketch"
)

// moments are sums of products of two columns' normal scores, in steps: aaa, aab, abb,
// bbb, aaaa, aaab, aabb, abbb, bbbb. They are exact, since close to a straight line
// nearly all of them cancels.
type moments [9]sketch.Wide

// scoreSteps are the steps of a unit of normal score.
const scoreSteps = 1 << 12

// The places of moments.
const (
	mAAA = iota
	mAAB
	mABB
	mBBB
	mAAAA
	mAAAB
	mAABB
	mABBB
	mBBBB
)

// powers are the square and the cube of a normal score, which is below 2^15.
type powers struct {
	two   int64
	three int64
}

func powersOf(z int16) powers {
	v := int64(z)
	return powers{v * v, v * v * v}
}

// powerSums are the cubes and fourth powers of one score or the sums of many.
type powerSums struct{ three, four sketch.Wide }

func (p powers) sum() powerSums {
	return powerSums{sketch.WideOf(p.three), sketch.WideOf(p.two * p.two)}
}

func (s *powerSums) add(p powers) {
	s.three.Add(p.three)
	s.four.Add(p.two * p.two)
}

// alone adds the powers of each score by itself.
func (p *pairCounts) alone(a, b powerSums) {
	m := &p.moments
	m[mAAA].Plus(a.three)
	m[mBBB].Plus(b.three)
	m[mAAAA].Plus(a.four)
	m[mBBBB].Plus(b.four)
}

// momentRows is how many products of four scores fit into 63 bits, whatever they are.
const momentRows = 8

// fit says whether the products of four scores of a chunk's rows fit into 63 bits once
// added up: none is beyond the greatest square times |ab|, and |ab| ≤ (a² + b²)/2.
func fit(a, b *PairColumn) bool {
	most := max(a.mostN, b.mostN)
	high, low := bits.Mul64(uint64(most*most), uint64((a.squaresN+b.squaresN)/2+1))
	return high == 0 && low < 1<<63
}

// mixed adds the products of both scores' powers, of all rows of a chunk: a row
// without a value on one side has the score 0 there.
func (p *pairCounts) mixed(a, b *PairColumn) {
	m, step := &p.moments, momentRows
	if fit(a, b) {
		step = max(a.n, 1)
	}
	for from := 0; from < a.n; from += step {
		var aab, abb, aaab, aabb, abbb int64
		to := min(from+step, a.n)
		pa, pb, za, zb := a.powers[from:to], b.powers[from:to], a.normal[from:to], b.normal[from:to]
		for i := range pa {
			x, y, u, v := &pa[i], &pb[i], int64(za[i]), int64(zb[i])
			aab += x.two * v
			abb += u * y.two
			aaab += x.three * v
			aabb += x.two * y.two
			abbb += u * y.three
		}
		m[mAAB].Add(aab)
		m[mABB].Add(abb)
		m[mAAAB].Add(aaab)
		m[mAABB].Add(aabb)
		m[mABBB].Add(abbb)
	}
}

// spread returns E[(ab - r(a² + b²)/2)²] of scores standardised by their own means
// and deviations, r being their correlation; NaN where one does not vary.
func (p *pairCounts) spread(r float64) float64 {
	n := float64(p.n)
	const one = scoreSteps
	low := func(sum int64, steps float64) float64 { return float64(sum) / n / steps }
	mean := func(i int, steps float64) float64 {
		f, _ := new(big.Float).SetInt(p.moments[i].Int()).Float64()
		return f / n / steps
	}
	a, b := low(p.a, one), low(p.b, one) // E[a], and so on
	aa, ab, bb := low(p.aa, one*one), low(p.ab, one*one), low(p.bb, one*one)
	const third, fourths = one * one * one, one * one * one * one
	aaa, aab, abb, bbb := mean(mAAA, third), mean(mAAB, third), mean(mABB, third), mean(mBBB, third)
	aaaa, aaab, aabb, abbb, bbbb := mean(mAAAA, fourths), mean(mAAAB, fourths), mean(mAABB, fourths), mean(mABBB, fourths), mean(mBBBB, fourths)
	fourth := func(m, mmm, mm, mmmm float64) float64 {
		return mmmm - float64(4*m*mmm) + float64(6*m*m*mm) - float64(3*m*m*m*m)
	}
	// E[(x - m)³(y - k)], of which the other moments are given as E[x³y] and so on.
	three := func(m, k, xxx, xxy, xx, xy, xxxy float64) float64 {
		return xxxy - float64(k*xxx) - float64(3*m*xxy) + float64(3*m*k*xx) + float64(3*m*m*xy) - float64(3*m*m*m*k)
	}
	va, vb := aa-float64(a*a), bb-float64(b*b)
	if !(va > 0 && vb > 0) {
		return math.NaN()
	}
	both := math.Sqrt(va * vb)
	s40, s04 := fourth(a, aaa, aa, aaaa)/(va*va), fourth(b, bbb, bb, bbbb)/(vb*vb)
	s31, s13 := three(a, b, aaa, aab, aa, ab, aaab)/(va*both), three(b, a, bbb, abb, bb, ab, abbb)/(vb*both)
	s22 := (aabb - float64(2*b*aab) - float64(2*a*abb) + float64(b*b*aa) + float64(a*a*bb) + float64(4*a*b*ab) - float64(3*a*a*b*b)) / (va * vb)
	return math.Max(0, s22-float64(r*(s31+s13))+float64(r*r/4*(s40+2*s22+s04)))
}
