package correlation

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/policy"
)

// Numbers by hand. Turned round, both sides' phi is 0.5 in size, and by symmetry
// every cell is fitted as 20: X² = 8·10²/20 = 40; the residuals differ by a phi
// of 1, less (1/80 + 1/80). The same odds ratio of 9 with other margins is no
// change at all.
func TestAssociationChange(t *testing.T) {
	for name, c := range map[string]struct {
		ref, cur      [][]int64
		x2, v, before float64
		df            int
	}{
		"turned round":    {[][]int64{{30, 10}, {10, 30}}, [][]int64{{10, 30}, {30, 10}}, 40, math.Sqrt(0.975), 0.5, 1},
		"other margins":   {[][]int64{{60, 20}, {20, 60}}, [][]int64{{90, 10}, {10, 10}}, 0, math.NaN(), 0.5, 1},
		"scaled":          {[][]int64{{30, 10}, {10, 30}}, [][]int64{{300, 100}, {100, 300}}, 0, 0, 0.5, 1},
		"an empty corner": {[][]int64{{0, 40, 40}, {40, 40, 40}}, [][]int64{{0, 80, 80}, {80, 80, 80}}, 0, 0, math.NaN(), 1},
	} {
		got, ok := associationChange(c.ref, c.cur, [2]bool{}, policy.Design{})
		if !ok || got.df != c.df || math.Abs(got.x2-c.x2) > 1e-5 || !math.IsNaN(c.v) && math.Abs(got.v-c.v) > 1e-12 {
			t.Errorf("%s: %v %+v", name, ok, got)
		}
		// The bias of V is (1-φ²)/n or so.
		if !math.IsNaN(c.before) && math.Abs(got.before-c.before) > 0.02 {
			t.Errorf("%s: V was %v, want about %v", name, got.before, c.before)
		}
	}
	for name, c := range map[string][2][][]int64{
		"too few rows":          {{{3, 1}, {1, 3}}, {{1, 3}, {3, 1}}},
		"a constant":            {{{100, 100}}, {{100, 100}}},
		"one against the other": {{{100, 0}, {0, 100}}, {{100, 0}, {0, 100}}}, // nothing left to test
		"other classes":         {{{50, 50}, {50, 50}}, {{50, 50, 50}, {50, 50, 50}}},
		"nothing":               {nil, nil},
		"negative":              {{{50, -50}, {50, 50}}, {{50, 50}, {50, 50}}},
	} {
		if got, ok := associationChange(c[0], c[1], [2]bool{}, policy.Design{}); ok {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// classes counts n pairs of a normal copula in a by b classes; a skew other than
// 1 makes the classes' shares unequal.
func classes(rng *rand.Rand, n, a, b int, rho, skew float64) [][]int64 {
	class := func(z float64, k int) int {
		return min(k-1, int(math.Pow(math.Erfc(-z/math.Sqrt2)/2, skew)*float64(k)))
	}
	t := make([][]int64, a)
	for i := range t {
		t[i] = make([]int64, b)
	}
	for range n {
		x := rng.NormFloat64()
		y := float64(rho*x) + float64(math.Sqrt(1-rho*rho)*rng.NormFloat64())
		t[class(x, a)][class(y, b)]++
	}
	return t
}

// Without a change the test rejects a share of about alpha, sparse tables and
// strong dependence included. K ~ Binomial(1500, 0.01) is 28 or more in 0.2 % of
// trials, Binomial(1500, 0.05) 105 or more in 0.1 %.
func TestAssociationChangeKeepsItsLevel(t *testing.T) {
	const trials = 1500
	for _, c := range []struct {
		n, m, a, b int
		rho        float64
	}{{100, 50, 5, 10, 0}, {303, 200, 2, 10, 0.5}, {303, 200, 10, 12, 0}, {303, 200, 16, 16, 0.9}, {303, 500, 3, 16, 0.5}} {
		rng := rand.New(rand.NewPCG(7, uint64(c.n+c.a)))
		var at5, at1, tested int
		for range trials {
			got, ok := associationChange(classes(rng, c.n, c.a, c.b, c.rho, 1.5), classes(rng, c.m, c.a, c.b, c.rho, 1.5), [2]bool{true, false}, policy.Design{})
			if !ok {
				continue
			}
			tested++
			if got.p <= 0.05 {
				at5++
			}
			if got.p <= 0.01 {
				at1++
			}
		}
		if tested < trials*9/10 || at5 >= 105 || at1 >= 28 {
			t.Errorf("%+v: %d tested, %d below 0.05, %d below 0.01", c, tested, at5, at1)
		}
	}
}
