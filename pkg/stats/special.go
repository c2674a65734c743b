package stats

import (
	"math"
	"math/bits"

	"gonum.org/v1/gonum/mathext"
)

// NormalSF returns P(Z > z) for a standard normal Z, erfc(z/√2)/2. It is exact
// to a few units in the last place while the result is a normal number
// (z < 37.5) and agrees with SciPy's norm.sf. NaN gives NaN.
func NormalSF(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }

// NormalQuantile returns the z with P(Z <= z) = p for a standard normal Z:
// -Inf at 0, +Inf at 1, NaN for p outside [0, 1]. It agrees with SciPy's
// norm.ppf to 1e-12 relative for p >= 1e-300. For an upper tail q take
// -NormalQuantile(q), which keeps the digits that 1-q loses.
func NormalQuantile(p float64) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0:
		return math.Inf(-1)
	case p == 1:
		return math.Inf(1)
	}
	return mathext.NormalQuantile(p)
}

// ChiSquaredSF returns P(X > x) for a chi-squared X with df degrees of freedom,
// the regularised upper incomplete gamma function Q(df/2, x/2), accurate to
// 1e-12 relative down to 1e-300. With df = 0, X is 0: the result is 0 for x > 0
// and 1 else. x <= 0 gives 1; NaN or df < 0 gives NaN. It agrees with SciPy's
// chi2.sf.
func ChiSquaredSF(x float64, df int) float64 {
	switch {
	case x != x || df < 0:
		return math.NaN()
	case x <= 0:
		return 1
	case df == 0:
		return 0
	case df == 1:
		return math.Erfc(math.Sqrt(x / 2))
	case df == 2:
		return math.Exp(-x / 2)
	}
	return mathext.GammaIncRegComp(float64(df)/2, x/2)
}

// twoSided returns P(|Z| >= |z|) for a standard normal Z.
func twoSided(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// crossDiff returns a*d - b*c for counts, correctly rounded although the
// products may exceed 64 bits.
func crossDiff(a, d, b, c int64) float64 {
	neg, hi, lo := cross(a, d, b, c)
	v := math.FMA(float64(hi), 0x1p64, float64(lo))
	if neg {
		return -v
	}
	return v
}

// cross returns |a*d - b*c| in 128 bits and whether the difference is negative.
// All arguments are non-negative.
func cross(a, d, b, c int64) (neg bool, hi, lo uint64) {
	h1, l1 := bits.Mul64(uint64(a), uint64(d))
	h2, l2 := bits.Mul64(uint64(b), uint64(c))
	if h1 < h2 || (h1 == h2 && l1 < l2) {
		neg = true
		h1, l1, h2, l2 = h2, l2, h1, l1
	}
	lo, borrow := bits.Sub64(l1, l2, 0)
	hi, _ = bits.Sub64(h1, h2, borrow)
	return neg, hi, lo
}

// log1pmx returns ln(1+x) - x without cancellation near 0, for x > -1.
func log1pmx(x float64) float64 {
	if x < -0.45 || x > 1 {
		return math.Log1p(x) - x
	}
	// With r = x/(2+x), ln(1+x) = 2 artanh r and x = 2r/(1-r), hence
	// ln(1+x) - x = -r·x + 2r(r²/3 + r⁴/5 + …).
	r := x / (2 + x)
	r2 := r * r
	var sum float64
	pow := r2
	for k := 3.0; ; k += 2 {
		term := pow / k
		sum += term
		if term <= 0x1p-54*sum {
			break
		}
		pow *= r2
	}
	return r * (2*sum - x)
}

// stirlingError returns ln n! - ln(√(2πn) (n/e)ⁿ), for n >= 0 (0 at n = 0 by
// convention: no factor √(2πn) is used there).
func stirlingError(n float64) float64 {
	if n < 16 {
		if n == 0 {
			return 0
		}
		lg, _ := math.Lgamma(n + 1)
		return lg - (n+0.5)*math.Log(n) + n - halfLog2Pi
	}
	n2 := n * n
	return (1.0/12 - (1.0/360-(1.0/1260-(1.0/1680-(1.0/1188-691.0/360360/n2)/n2)/n2)/n2)/n2) / n
}

const halfLog2Pi = 0.918938533204672741780329736405617639861397473637783412817

// deviance returns x ln(x/(x+t)) + t, the Poisson deviance of x against a mean
// of x+t, for x >= 0 and x+t >= 0.
func deviance(x, t float64) float64 {
	switch {
	case x == 0:
		return t
	case x+t <= 0:
		return math.Inf(1)
	case math.IsInf(t/x, 1): // x is all but 0 beside t
		return t + x*(math.Log(x)-math.Log(x+t))
	}
	return -x * log1pmx(t/x)
}

// logBinomial returns the logarithm of the binomial probability of j successes
// in n trials when the expected number of successes is j+t (Loader's saddle
// point form). Its absolute error is of the order of 1e-16 times its size.
func logBinomial(j, n, t float64) float64 {
	switch {
	case j == 0:
		return n * math.Log1p(-t/n)
	case j == n:
		return n * math.Log1p(t/n)
	}
	k := n - j
	return 0.5*math.Log(n/(j*k)) - halfLog2Pi +
		stirlingError(n) - stirlingError(j) - stirlingError(k) -
		deviance(j, t) - deviance(k, -t)
}

// logChoose returns ln C(n, k) for 0 <= k <= n.
func logChoose(n, k float64) float64 {
	if k == 0 || k == n {
		return 0
	}
	// The binomial probability at its own mean, times the inverse of p^k q^(n-k).
	return logBinomial(k, n, 0) - k*math.Log(k/n) - (n-k)*math.Log1p(-k/n)
}

// sum adds with compensation (Neumaier), so that long sums of mixed size keep
// their last digits.
type sum struct{ s, c float64 }

func (a *sum) add(v float64) {
	t := a.s + v
	if math.Abs(a.s) >= math.Abs(v) {
		a.c += (a.s - t) + v
	} else {
		a.c += (v - t) + a.s
	}
	a.s = t
}

func (a *sum) value() float64 { return a.s + a.c }
