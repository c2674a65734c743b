package stats

import (
	"math"
	"slices"
)

// KSResult is the outcome of a two-sample Kolmogorov–Smirnov test.
type KSResult struct {
	D    float64 // largest gap between the two empirical CDFs, in [0, 1]
	P    float64 // two-sided p-value
	N, M int64   // sizes of the reference and the current sample
}

// ksExactLimit is the larger sample size up to which the p-value is exact.
const ksExactLimit = 10_000

// KSCounts tests whether two samples come from one distribution, by the largest gap
// between their empirical distribution functions,
//
//	D = max over x of |F_ref(x) - F_cur(x)|,
//
// which has no unit and lies in [0, 1]. The samples are counted over the same ordered
// cells, where all values of a cell are tied: one step of both functions. D is exact to the
// last digit when each cell is one distinct value, else a lower bound. Cells empty on both
// sides change nothing.
//
// P is the probability that two samples of n and m values from one continuous distribution
// are at least D apart; under ties it is conservative. While the larger sample has at most
// 10,000 values it is exact: D is a multiple of 1/lcm(n, m), and lattice paths that leave
// the band are weighed by Viehmann's recursion (arXiv:2102.08037; for n = m by the
// closed form of Gnedenko and Korolyuk), both of which add only positive terms
// and so keep their relative accuracy, 1e-11 or better, in the far tail. Beyond,
// it is the exact one-sample distribution for round(nm/(n+m)) values, an
// approximation that SciPy makes too: see kolmogorovSF.
//
// Errors: ErrLength, ErrNegative, ErrEmpty (one side sums to 0), ErrRange (one side sums to
// more than 2^53). Cost: O(cells) and at most n·m·min(1, 2D) steps where exact (0.3 s at
// worst, milliseconds at usual D), at most 16,384 terms beyond. Agrees with SciPy's
// ks_2samp(method="auto").
func KSCounts(ref, cur []int64) (KSResult, error) {
	n, m, err := aligned("KSCounts", ref, cur)
	if err != nil {
		return KSResult{}, err
	}
	g := gap{n: n, m: m}
	var a, b int64
	for i := range ref {
		a += ref[i]
		b += cur[i]
		g.at(a, b)
	}
	return g.result(), nil
}

// gap keeps the largest |a/n - b/m| as the integer |a·m - b·n| in 128 bits.
type gap struct {
	n, m   int64
	hi, lo uint64
}

func (g *gap) at(a, b int64) {
	_, hi, lo := cross(a, g.m, b, g.n)
	if hi > g.hi || (hi == g.hi && lo > g.lo) {
		g.hi, g.lo = hi, lo
	}
}

func (g *gap) result() KSResult {
	d := math.FMA(float64(g.hi), 0x1p64, float64(g.lo)) / (float64(g.n) * float64(g.m))
	r := KSResult{D: min(d, 1), N: g.n, M: g.m}
	if max(g.n, g.m) <= ksExactLimit {
		r.P = ksExact(g.n, g.m, int64(g.lo)/gcd(g.n, g.m))
	} else {
		r.P = ksLarge(r.D, g.n, g.m)
	}
	return r
}

// KSTail is the two-sided p-value of a gap d between the distribution functions of two
// samples that are worth n and m independent values: that of the exact one-sample
// distribution for round(nm/(n+m)) values, as KSCounts takes it beyond 10,000. NaN
// where a size is not positive.
func KSTail(d, n, m float64) float64 {
	if !(n > 0 && m > 0) || d != d {
		return math.NaN()
	}
	return kolmogorovSF(d, math.Max(1, math.RoundToEven(n*m/(n+m))))
}

func ksLarge(d float64, n, m int64) float64 {
	a, b := float64(n), float64(m)
	return kolmogorovSF(d, math.RoundToEven(a*b/(a+b)))
}

// ksExact returns P(D >= h/lcm(n, m)).
func ksExact(n, m, h int64) float64 {
	switch {
	case h <= 0:
		return 1
	case n == m:
		return ksSquare(n, h)
	}
	// The tail is about 2 exp(-2 D² nm/(n+m)): far below what float64 holds, skip the walk.
	fn, fm := float64(n), float64(m)
	d := float64(h) * float64(gcd(n, m)) / (fn * fm)
	if d*d*fn*fm/(fn+fm) > 400 {
		return 0
	}
	return ksBand(max(n, m), min(n, m), h)
}

// ksSquare returns P(D >= h/n) for two samples of n values:
//
//	2 Σ_{k>=1} (-1)^(k-1) C(2n, n-kh) / C(2n, n)
//
// nested so that each ratio of neighbouring terms, a product of h factors below
// one, multiplies what follows it.
func ksSquare(n, h int64) float64 {
	var p float64
	for k := n / h; k >= 1; k-- {
		ratio := 1.0
		for j := (k - 1) * h; j < k*h; j++ {
			ratio *= float64(n-j) / float64(n+j+1)
		}
		p = ratio * (1 - p)
	}
	return min(1, 2*p)
}

// ksBand returns the probability that a random lattice path from (0, 0) to
// (m, n), m > n, touches |x/m - y/n| >= h/lcm.
//
// Let p(x, y) be that probability for the part of a path up to (x, y), given
// that it passes there: p = 1 outside the band, and inside
//
//	p(x, y) = x/(x+y) p(x-1, y) + y/(x+y) p(x, y-1).
//
// Column x needs only the rows lo(x)..hi(x) inside the band.
func ksBand(m, n, h int64) float64 {
	g := gcd(m, n)
	mg, ng := m/g, n/g
	// A point is inside when |x·ng - y·mg| < h.
	lo := func(x int64) int64 {
		if x*ng < h {
			return 0
		}
		return (x*ng-h)/mg + 1
	}
	hi := func(x int64) int64 { return min(n, (x*ng+h-1)/mg) }
	col := make([]float64, n+1) // col[y] = p(x, y), rows outside are 1
	for y := hi(0) + 1; y <= n; y++ {
		col[y] = 1
	}
	from := int64(0)
	for x := int64(1); x <= m; x++ {
		bottom, top := lo(x), hi(x)
		if top < bottom {
			return 1
		}
		for ; from < bottom; from++ {
			col[from] = 1
		}
		below := 1.0
		y := bottom
		if y == 0 {
			below = 0 // multiplied by y = 0: there is no row below
		}
		fx := float64(x)
		for ; y <= top; y++ {
			fy := float64(y)
			below = (col[y]*fx + below*fy) / (fx + fy)
			if below < 0x1p-1022 {
				below = 0 // denormal steps are slow and below the promised range
			}
			col[y] = below
		}
	}
	return min(1, col[n])
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func sorted(x []float64) []float64 {
	s := slices.Clone(x)
	slices.Sort(s)
	return s
}
