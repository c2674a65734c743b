package stats

import "math"

// WelchTResult is the outcome of Welch's t-test.
type WelchTResult struct {
	T    float64 // has the sign of Diff
	P    float64 // two-sided p-value
	DF   float64 // Welch–Satterthwaite degrees of freedom
	Diff float64 // mean of cur less mean of ref, in the unit of the values
	N, M int64   // sizes of the reference and the current sample
}

// WelchT tests whether two samples have one mean, without assuming equal variances:
//
//	t = (x̄₂ - x̄₁)/√(v₁ + v₂),  vᵢ = sᵢ²/nᵢ,
//	df = (v₁ + v₂)² / (v₁²/(n-1) + v₂²/(m-1)).
//
// The p-value is exact for normal data up to the approximation of df.
//
// Errors: ErrEmpty, ErrLength (a sample of one), ErrNaN, ErrInf, ErrConstant (both samples
// are constant). Cost: O(n). Agrees with SciPy's ttest_ind(cur, ref, equal_var=False).
func WelchT(ref, cur []float64) (WelchTResult, error) {
	if err := finite("WelchT", ref, cur); err != nil {
		return WelchTResult{}, err
	}
	n, m := float64(len(ref)), float64(len(cur))
	if n < 2 || m < 2 {
		return WelchTResult{}, faultf("WelchT", ErrLength, "%v and %v values, 2 are needed", n, m)
	}
	if constant(ref) && constant(cur) {
		return WelchTResult{}, fault("WelchT", ErrConstant)
	}
	k := scaleFor(ref, cur)
	m1, m2 := mean(ref, k), mean(cur, k)
	v1 := squares(ref, k, m1) / (n - 1) / n
	v2 := squares(cur, k, m2) / (m - 1) / m
	v := v1 + v2
	if v == 0 {
		return WelchTResult{}, fault("WelchT", ErrConstant)
	}
	f1, f2 := v1/v, v2/v
	r := WelchTResult{
		T:    (m2 - m1) / math.Sqrt(v),
		DF:   1 / (f1*f1/(n-1) + f2*f2/(m-1)),
		Diff: (m2 - m1) / k,
		N:    int64(len(ref)), M: int64(len(cur)),
	}
	r.P = studentTwoSided(r.T, r.DF)
	return r, nil
}

// studentTwoSided returns P(|T| >= |t|) for Student's t with df degrees of freedom,
// I_x(df/2, ½) at x = df/(df+t²).
func studentTwoSided(t, df float64) float64 {
	t2 := t * t
	if math.IsInf(t2, 1) {
		return 0
	}
	return incBeta(df/2, 0.5, df/(df+t2), t2/(df+t2))
}

// incBeta returns the regularised incomplete beta function I_x(a, b), y = 1-x given
// separately. The factor before the continued fraction is a binomial probability in saddle
// point form, so that the far tail keeps its digits also for large a, which gonum's
// RegIncBeta (by logarithms of gamma functions) does not.
func incBeta(a, b, x, y float64) float64 {
	switch {
	case x <= 0:
		return 0
	case y <= 0:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - incBeta(b, a, y, x)
	}
	n := a + b
	front := math.Exp(logBinomial(a, n, b*x-a*y)) * b / n
	// DLMF 8.17.22 by Lentz's method.
	const tiny = 1e-300
	f, c, d := 1.0, 1.0, 0.0
	for i := 1; i < 100_000; i++ {
		k := float64(i / 2)
		var e float64
		if i%2 == 0 {
			e = k * (b - k) * x / ((a + 2*k - 1) * (a + 2*k))
		} else {
			e = -(a + k) * (n + k) * x / ((a + 2*k) * (a + 2*k + 1))
		}
		d = 1 + e*d
		if math.Abs(d) < tiny {
			d = tiny
		}
		d = 1 / d
		c = 1 + e/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		f *= c * d
		if math.Abs(c*d-1) < 0x1p-53 {
			break
		}
	}
	return math.Min(1, front/f)
}
