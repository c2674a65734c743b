package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func near(t *testing.T, what string, got, want, rel float64) {
	t.Helper()
	if got != want && !(math.Abs(got-want) <= rel*math.Max(math.Abs(want), 1e-300)) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// must returns a result whose error would be a bug of the test.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestByHand(t *testing.T) {
	// The "JS" of p = (.5, .5), q = (.9, .1): three numbers (notes on the peers).
	js := must[JSResult](t)(JensenShannon([]float64{0.5, 0.5}, []float64{0.9, 0.1}))
	for i, c := range []struct{ got, want float64 }{{js.Divergence, 0.1017}, {js.Distance, 0.3190}, {js.DistanceBase2, 0.3831}} {
		if math.Abs(c.got-c.want) > 5e-5 {
			t.Errorf("JensenShannon form %d = %v, want %v", i, c.got, c.want)
		}
	}
	// (.9-.5) ln(.9/.5) + (.1-.5) ln(.1/.5) = .4 ln 9
	near(t, "PSI", must[float64](t)(PSI([]float64{0.5, 0.5}, []float64{0.9, 0.1})), 0.4*math.Log(9), 1e-15)
	// 3 and 1 of 4 against 1 and 3: shares 3.5/5 and 1.5/5, so .8 ln(7/3) less (1/4+1/4)·1.
	psi := must[PSIResult](t)(PSICounts([]int64{3, 1}, []int64{1, 3}))
	near(t, "debiased PSI", psi.PSI, 0.8*math.Log(7.0/3)-0.5, 1e-14)
	// Steps of ¼ and ⅓: F_ref - F_cur is ¼ on [1,2), ½-⅓ on [2,3), ¾-⅔ on [3,4).
	near(t, "Wasserstein", must[float64](t)(wasserstein([]float64{1, 2, 3, 4}, []float64{2, 3, 4})), 0.5, 1e-15)
	// X² of (10, 20; 20, 10): all expectations 15, so 4·25/15.
	near(t, "X2", must[ChiSquaredResult](t)(ChiSquared([]int64{10, 20}, []int64{20, 10})).X2, 20.0/3, 1e-15)
	// P of D = 1 with 3 and 2 values: 2 of C(5,2) = 10 orders.
	near(t, "P", must[KSResult](t)(ks([]float64{1, 2, 3}, []float64{4, 5})).P, 0.2, 1e-15)
	// The lady tasting tea: 17/70 one-sided and (1+16+16+1)/70 two-sided.
	near(t, "Fisher", must[FisherResult](t)(FisherExact(3, 1, 1, 3)).P, 34.0/70, 1e-13)
	// One of m = 1 fresh values lies outside n = 4 others in 2 of 5 places.
	near(t, "OutOfRange", must[OutOfRangeResult](t)(OutOfRange(4, 1, 1)).P, 0.4, 1e-14)
	// q: .01·4/1, .02·4/2, .03·4/3, .5·4/4, given out of order.
	q := must[[]float64](t)(BenjaminiHochberg([]float64{0.5, 0.02, 0.01, 0.03}))
	for i, want := range []float64{0.5, 0.04, 0.04, 0.04} {
		near(t, "q", q[i], want, 1e-14)
	}
	// 0 and 1 are p-values too.
	q = must[[]float64](t)(BenjaminiHochberg([]float64{1, 0}))
	near(t, "q of 1", q[0], 1, 0)
	near(t, "q of 0", q[1], 0, 0)
	// Type 7 of 1, 2, 4 at ¾: h = 1.5, halfway from 2 to 4.
	near(t, "quantile", must[[]float64](t)(Quantiles([]float64{4, 1, 2}, 0.75))[0], 3, 0)
	// No singleton seen and no unseen row: nothing odd.
	u := must[UnseenResult](t)(Unseen(0, 0, 100, 0, 50))
	if u.Z != 0 || u.P != 1 {
		t.Errorf("Unseen = %+v, want Z 0 and P 1", u)
	}
	// Two of three pairs are greater, one tied: (2 + ½)/3... as ref 1; cur 2, 3, 1.
	near(t, "Greater", must[MannWhitneyResult](t)(mannWhitney([]float64{1}, []float64{2, 3, 1})).Greater, 2.5/3, 1e-15)
}

// The exact p-values against a count of all arrangements of n and m distinct values.
func TestExactAgainstEnumeration(t *testing.T) {
	for _, s := range [][2]int{{1, 1}, {2, 3}, {3, 3}, {4, 2}, {5, 4}, {6, 5}, {6, 6}, {7, 3}} {
		n, m := s[0], s[1]
		type three struct{ d, u, t float64 }
		var all []three
		var first []KSResult
		var second []MannWhitneyResult
		var third []CramerVonMisesResult
		for mask := range 1 << (n + m) {
			var ref, cur []float64
			for i := range n + m {
				if mask>>i&1 == 1 {
					ref = append(ref, float64(i))
				} else {
					cur = append(cur, float64(i))
				}
			}
			if len(ref) != n {
				continue
			}
			gap := must[KSResult](t)(ks(ref, cur))
			mw := must[MannWhitneyResult](t)(mannWhitney(ref, cur))
			var cvm CramerVonMisesResult
			if n > 1 && m > 1 {
				cvm = must[CramerVonMisesResult](t)(cramerVonMises(ref, cur))
			}
			// Gaps by counting, not by the code under test.
			var d, u float64
			for i := range n + m {
				f, g := 0, 0
				for _, v := range ref {
					if v <= float64(i) {
						f++
					}
				}
				for _, v := range cur {
					if v <= float64(i) {
						g++
					}
				}
				d = math.Max(d, math.Abs(float64(f*m-g*n)))
			}
			for _, a := range ref {
				for _, b := range cur {
					if a > b {
						u++
					}
				}
			}
			all = append(all, three{d, math.Abs(2*u - float64(n*m)), cvm.T})
			first, second, third = append(first, gap), append(second, mw), append(third, cvm)
		}
		for i, a := range all {
			var d, u, c int
			for _, b := range all {
				if b.d >= a.d {
					d++
				}
				if b.u >= a.u {
					u++
				}
				if b.t >= a.t-1e-12 {
					c++
				}
			}
			share := func(k int) float64 { return float64(k) / float64(len(all)) }
			where := fmt.Sprintf("%d and %d values, order %d: ", n, m, i)
			near(t, where+"D", first[i].D, a.d/float64(n*m), 1e-15)
			near(t, where+"P of KS", first[i].P, share(d), 1e-13)
			near(t, where+"P of Mann-Whitney", second[i].P, share(u), 1e-13)
			if n > 1 && m > 1 {
				near(t, where+"P of Cramér-von Mises", third[i].P, share(c), 1e-13)
			}
		}
		if t.Failed() {
			return
		}
	}
}

// mixture draws rounded values, so that ties occur.
func mixture(rng *rand.Rand, n int, shift float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Round((rng.NormFloat64()+shift)*64) / 64
	}
	return x
}

func TestInvariance(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range 40 {
		ref, cur := mixture(rng, 5+rng.IntN(80), 0), mixture(rng, 5+rng.IntN(80), rng.Float64())
		for name, f := range onSamples {
			base := must[[]float64](t)(f(ref, cur))
			shuffled := slices.Clone(ref)
			rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			same := func(why string, got []float64, rel float64, scale float64) {
				t.Helper()
				want := slices.Clone(base)
				if name == "Wasserstein" {
					want[0] *= scale
				}
				if name == "Energy" {
					want[0] *= math.Sqrt(scale)
				}
				for i := range want {
					near(t, name+", "+why, got[i], want[i], rel)
				}
			}
			same("order", must[[]float64](t)(f(shuffled, cur)), 1e-9, 1)
			// Powers of two and whole shifts are exact on 64ths.
			move := func(x []float64) []float64 {
				y := slices.Clone(x)
				for i := range y {
					y[i] = y[i]*8 + 16
				}
				return y
			}
			same("shift and scale", must[[]float64](t)(f(move(ref), move(cur))), 1e-7, 8)
			back := must[[]float64](t)(f(cur, ref))
			switch name {
			case "MannWhitney":
				near(t, "U of the other side", back[0], float64(len(ref)*len(cur))-base[0], 1e-12)
				near(t, "P of the other side", back[1], base[1], 1e-12)
			default:
				same("sides changed", back, 1e-8, 1)
			}
			if strictly := name != "EppsSingleton" && name != "Wasserstein" && name != "Energy"; strictly {
				// Rank statistics see only the order.
				warp := func(x []float64) []float64 {
					y := slices.Clone(x)
					for i := range y {
						y[i] = y[i] * y[i] * y[i] * 1e200
					}
					return y
				}
				same("monotone transform", must[[]float64](t)(f(warp(ref), warp(cur))), 1e-12, 1)
			}
		}
		counts := tally(ref, cur)
		a, b := counts[0], counts[1]
		reversed := func(x []int64) []int64 { y := slices.Clone(x); slices.Reverse(y); return y }
		for name, f := range onCounts {
			base := must[[]float64](t)(f(a, b))
			if name != "MannWhitneyCounts" {
				for i, v := range must[[]float64](t)(f(b, a)) {
					near(t, name+", sides changed", v, base[i], 1e-9)
				}
				for i, v := range must[[]float64](t)(f(reversed(a), reversed(b))) {
					near(t, name+", cells reversed", v, base[i], 1e-9)
				}
			}
		}
		ks := must[KSResult](t)(KSCounts(a, b))
		if p := ksP(ks.D, ks.N, ks.M); p != ks.P {
			t.Errorf("P of the rounded gap = %v, of the exact one %v", p, ks.P)
		}
		// Distances between distributions.
		r, c := floats(a), floats(b)
		for name, f := range onPairs {
			if d := must[[]float64](t)(f(r, r))[0]; d != 0 {
				t.Errorf("%s of a distribution from itself = %v", name, d)
			}
		}
		rs, cs := slices.Clone(r), slices.Clone(c)
		var tv float64 // total variation
		for i := range rs {
			rs[i] /= float64(len(ref))
			cs[i] /= float64(len(cur))
			tv += math.Abs(rs[i]-cs[i]) / 2
		}
		js := must[JSResult](t)(JensenShannon(r, c))
		if !(js.Divergence <= tv*math.Ln2+1e-12 && js.Divergence >= tv*tv/2-1e-12) {
			t.Errorf("tv²/2 <= js <= tv ln 2 must hold: tv %v, js %v", tv, js.Divergence)
		}
		for i := range rs { // no zeros, so that KL is finite
			rs[i], cs[i] = (rs[i]+0.01)/1.5, (cs[i]+0.01)/1.5
		}
		near(t, "PSI", must[float64](t)(PSI(rs, cs)), must[float64](t)(KL(rs, cs))+must[float64](t)(KL(cs, rs)), 1e-9)
		psi := must[PSIResult](t)(PSICounts(a, b))
		var terms float64
		for _, v := range psi.Terms {
			terms += v
		}
		near(t, "sum of the terms", terms, psi.Raw, 1e-12)
		// Merged cells lose information: no distance can grow.
		half := func(x []int64) []int64 {
			y := make([]int64, (len(x)+1)/2)
			for i, v := range x {
				y[i/2] += v
			}
			return y
		}
		if coarse := must[KSResult](t)(KSCounts(half(a), half(b))); coarse.D > ks.D {
			t.Errorf("D grew from %v to %v on coarser cells", ks.D, coarse.D)
		}
		if coarse := must[JSResult](t)(JensenShannon(floats(half(a)), floats(half(b)))); coarse.Divergence > js.Divergence+1e-12 {
			t.Errorf("JS grew from %v to %v on coarser bins", js.Divergence, coarse.Divergence)
		}
	}
}

func TestTwoByTwoIdentities(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	for range 300 {
		n, m := 1+rng.Int64N(500), 1+rng.Int64N(500)
		x, y := rng.Int64N(n+1), rng.Int64N(m+1)
		p := must[ProportionResult](t)(TwoProportions(x, n, y, m))
		c := must[ChiSquaredResult](t)(ChiSquared([]int64{x, n - x}, []int64{y, m - y}))
		near(t, "z²", p.Z*p.Z, c.X2, 1e-12)
		near(t, "P", p.P, c.P, 1e-9)
		i := must[ChiSquaredResult](t)(contingency("table", [][]int64{{x, y}, {n - x, m - y}}))
		near(t, "transposed X²", i.X2, c.X2, 1e-12)
		near(t, "transposed V", i.V, c.V, 1e-7)
		f := must[FisherResult](t)(FisherExact(x, n-x, y, m-y))
		g := must[FisherResult](t)(FisherExact(n-x, x, m-y, y))
		near(t, "Fisher with columns changed", f.P, g.P, 1e-9)
		w := must[Interval](t)(Wilson(x, n, 0.95))
		v := must[Interval](t)(Wilson(n-x, n, 0.95))
		if share := float64(x) / float64(n); !(0 <= w.Lo && w.Lo <= share && share <= w.Hi && w.Hi <= 1) {
			t.Errorf("Wilson of %d in %d = %+v", x, n, w)
		}
		if math.Abs(w.Lo-(1-v.Hi)) > 1e-14 {
			t.Errorf("Wilson of %d and of %d in %d do not mirror: %+v, %+v", x, n-x, n, w, v)
		}
	}
}

func TestHugeCounts(t *testing.T) {
	const k = 1 << 40
	// CDFs ¼, ½ against ½, ½: products are multiples of 2^80, whose low words are 0.
	ks := must[KSResult](t)(KSCounts([]int64{k, k, 2 * k}, []int64{2 * k, 0, 2 * k}))
	if ks.D != 0.25 || ks.P != 0 {
		t.Errorf("KSCounts = %+v, want D 0.25 and P 0", ks)
	}
	// Columns 3k and k, expectations 3k/2 and k/2: X² = 2·(k/2)²/(3k/2) + 2·(k/2)²/(k/2).
	x := must[ChiSquaredResult](t)(ChiSquared([]int64{k, k}, []int64{2 * k, 0}))
	near(t, "X²", x.X2, k/3.0+k, 1e-14)
	// One row more or less in 10¹²: shares that floating point cannot tell from rounding.
	psi := must[PSIResult](t)(PSICounts([]int64{k, k}, []int64{k + 1, k - 1}))
	near(t, "raw PSI", psi.Raw, 1.0/k/k, 1e-9)
}

func TestEmptyRowsAndColumns(t *testing.T) {
	full := must[ChiSquaredResult](t)(contingency("table", [][]int64{{1, 5}, {4, 2}}))
	holed := must[ChiSquaredResult](t)(contingency("table", [][]int64{{1, 0, 5}, {0, 0, 0}, {4, 0, 2}}))
	if full != holed {
		t.Errorf("with an empty row and column %+v, without %+v", holed, full)
	}
	one := must[ChiSquaredResult](t)(ChiSquared([]int64{0, 7}, []int64{0, 9}))
	if one.X2 != 0 || one.P != 1 || one.DF != 0 || one.V != 0 {
		t.Errorf("one category: %+v, want X2 0, P 1, DF 0, V 0", one)
	}
}

func TestWilsonEnds(t *testing.T) {
	for n := int64(1); n < 500; n++ {
		if w := must[Interval](t)(Wilson(n, n, 0.95)); w.Hi != 1 || w.Lo >= 1 {
			t.Errorf("Wilson of all %d = %+v", n, w)
		}
		if w := must[Interval](t)(Wilson(0, n, 0.95)); w.Lo != 0 || w.Hi <= 0 {
			t.Errorf("Wilson of none of %d = %+v", n, w)
		}
	}
}

func TestOutOfRangeIsBetaBinomial(t *testing.T) {
	for _, c := range [][3]int64{{2, 1, 1}, {300, 5, 1000}, {5000, 64, 100_000}, {5000, 65, 100_000}, {100_000, 3, 10_000_000}, {1000, 40_000, 1_000_000}} {
		want := must[float64](t)(BetaBinomialTail(c[1], c[2], 2, float64(c[0]-1)))
		near(t, fmt.Sprint(c), must[OutOfRangeResult](t)(OutOfRange(c[0], c[1], c[2])).P, want, 1e-10)
	}
}

func TestSmirnovStride(t *testing.T) {
	// The sum over every term, which the stride stands for.
	for _, n := range []float64{16_385, 30_000, 200_000} {
		for _, z := range []float64{1.49, 2, 5, 12, 18.8} {
			x := z / math.Sqrt(n)
			want := math.Exp(n * math.Log1p(-x))
			for j := 1.0; j < n-n*x; j++ {
				want += n * x / (n*x + j) * math.Exp(logBinomial(j, n, n*x))
			}
			near(t, fmt.Sprintf("n %v, z %v", n, z), smirnovSF(x, n), want, 1e-11)
		}
	}
}

func TestQuantilesOfCounts(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		var values, flat []float64
		var counts []int64
		for v := range 1 + rng.IntN(9) {
			k := rng.Int64N(4)
			values, counts = append(values, float64(v*v)), append(counts, k)
			for range k {
				flat = append(flat, float64(v*v))
			}
		}
		if len(flat) == 0 {
			continue
		}
		p := []float64{0, rng.Float64(), 0.5, rng.Float64(), 1}
		got, want := must[[]float64](t)(QuantilesWeighted(values, counts, p...)), must[[]float64](t)(Quantiles(flat, p...))
		if !slices.Equal(got, want) {
			t.Errorf("quantiles %v of %v × %v: %v, want %v", p, values, counts, got, want)
		}
	}
}

func TestPerfectCorrelations(t *testing.T) {
	if r := must[CorrelationResult](t)(Correlations(1, 0, 50, 1, 0, 60)); r.T != 0 || r.P != 1 {
		t.Errorf("two perfect correlations: %+v, want T 0 and P 1", r)
	}
	if r := must[CorrelationResult](t)(Correlations(1, 0, 50, -1, 0, 60)); !(r.T < -100 && r.T > -inf && r.P < 1e-100) {
		t.Errorf("opposite perfect correlations: %+v, want a large finite T and a P of 0 or so", r)
	}
}
