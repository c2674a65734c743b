package drift

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// classes counts n pairs of a normal copula in a by b classes;
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

// A dependence of a discrete column that goes, comes or turns round is found,
// and said which.
func TestCategoriesThatGoTogetherOtherwise(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for _, c := range []struct {
		before, after float64
		direction     string
	}{{0.8, 0, verdict.Down}, {0, 0.8, verdict.Up}, {0.7, -0.7, verdict.Changed}} {
		a, b := categoryColumn("a", []string{"x"}, []string{"x"}), categoryColumn("b", []string{"x"}, []string{"x"})
		side := func(rows int, rho float64) view.View {
			v := viewOf(a, b)
			v.Pairs = []view.Pair{{A: "a", B: "b", N: int64(rows), Pearson: math.NaN(), Normal: math.NaN(), Table: classes(rng, rows, 4, 5, rho, 1)}}
			return v
		}
		for _, by := range []policy.Policy{policy.Calibrated, policy.Classic} {
			r := Compare(side(303, c.before), side(500, c.after), Options{Policy: by})
			f := find(t, r, "a ~ b", verdict.CheckCorrelation)
			if !verdict.Reaches(f.Level, verdict.Warn) || f.Direction != c.direction || f.Effect < 0.3 || r.Correlations[0].P != f.P {
				t.Errorf("%v: %+v", c, f)
			}
		}
	}
}
