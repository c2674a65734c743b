package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// within reports a share of rejections outside what a level of at most high and at least
// low explains: four binomial standard deviations either way, with a fixed seed.
func within(t *testing.T, what string, rejected, rounds int, low, high float64) {
	t.Helper()
	n := float64(rounds)
	got := float64(rejected) / n
	slack := func(p float64) float64 { return 4 * math.Sqrt(p*(1-p)/n) }
	if got > high+slack(high) || got < low-slack(low) {
		t.Errorf("%s: rejected %.4f of %d rounds, want %.4f to %.4f", what, got, rounds, low, high)
	}
}

// Without drift a test at 5 % rejects 5 %, or fewer where it is discrete; with drift it rejects.
func TestLevelAndPower(t *testing.T) {
	const rounds, alpha = 600, 0.05
	normal := func(rng *rand.Rand, n int, shift float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = rng.NormFloat64() + shift
		}
		return x
	}
	for _, c := range []struct {
		name string
		low  float64 // the level it must at least reach
		p    func(ref, cur []float64) (float64, error)
	}{
		{"KS", 0.025, func(a, b []float64) (float64, error) { r, err := ks(a, b); return r.P, err }},
		{"MannWhitney", 0.04, func(a, b []float64) (float64, error) { r, err := mannWhitney(a, b); return r.P, err }},
		{"CramerVonMises", 0.045, func(a, b []float64) (float64, error) { r, err := cramerVonMises(a, b); return r.P, err }},
		{"AndersonDarling", 0.045, func(a, b []float64) (float64, error) { r, err := andersonDarling(a, b); return r.P, err }},
		{"EppsSingleton", 0.03, func(a, b []float64) (float64, error) { r, err := eppsSingleton(a, b); return r.P, err }},
		{"Correlations", 0.02, func(a, b []float64) (float64, error) {
			// The halves of each sample are independent columns.
			k, l := len(a)/2, len(b)/2
			r1, v1 := correlated(a[:k], a[k:2*k])
			r2, v2 := correlated(b[:l], b[l:2*l])
			r, err := Correlations(r1, v1, float64(k), r2, v2, float64(l))
			return r.P, err
		}},
	} {
		rng := rand.New(rand.NewPCG(11, 12))
		for _, s := range [][2]int{{20, 30}, {200, 60}} {
			rejected, seen := 0, 0
			for range rounds {
				if must[float64](t)(c.p(normal(rng, s[0], 0), normal(rng, s[1], 0))) <= alpha {
					rejected++
				}
				if must[float64](t)(c.p(normal(rng, s[0], 0), normal(rng, s[1], 2))) <= alpha {
					seen++
				}
			}
			within(t, fmt.Sprintf("%s, %d and %d values, no drift", c.name, s[0], s[1]), rejected, rounds, c.low, 0.06)
			if c.name != "Correlations" && seen < rounds*99/100 { // a shift leaves correlations alone
				t.Errorf("%s, %d and %d values two deviations apart: seen in %d of %d rounds", c.name, s[0], s[1], seen, rounds)
			}
		}
	}
}

// multinomial draws n rows over the shares, which sum to 1.
func multinomial(rng *rand.Rand, shares []float64, n int) []int64 {
	c := make([]int64, len(shares))
	for range n {
		u := rng.Float64()
		i := 0
		for ; i < len(shares)-1 && u >= shares[i]; i++ {
			u -= shares[i]
		}
		c[i]++
	}
	return c
}

// zipf returns k shares that fall like 1/i^power.
func zipf(k int, power float64) []float64 {
	p := make([]float64, k)
	var all float64
	for i := range p {
		p[i] = math.Pow(float64(i+1), -power)
		all += p[i]
	}
	for i := range p {
		p[i] /= all
	}
	return p
}

func TestLevelOnCategories(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	const rounds = 1000
	rng := rand.New(rand.NewPCG(21, 22))
	even := zipf(10, 0)
	for _, s := range [][2]int{{100, 200}, {303, 5000}, {1000, 1000}} {
		n, m := s[0], s[1]
		var chi, z, psi int
		var mean float64
		for range rounds {
			a, b := multinomial(rng, even, n), multinomial(rng, even, m)
			if must[ChiSquaredResult](t)(ChiSquared(a, b)).P <= 0.05 {
				chi++
			}
			if must[ProportionResult](t)(TwoProportions(a[0]+a[1], int64(n), b[0]+b[1], int64(m))).P <= 0.05 {
				z++
			}
			r := must[PSIResult](t)(PSICounts(a, b))
			mean += r.PSI / rounds
			if ChiSquaredSF(r.Raw/(1/float64(n)+1/float64(m)), 9) <= 0.05 {
				psi++
			}
		}
		where := fmt.Sprintf(", %d and %d rows", n, m)
		within(t, "ChiSquared"+where, chi, rounds, 0.045, 0.055)
		within(t, "TwoProportions"+where, z, rounds, 0.045, 0.055)
		// 4.5 to 6.3 % were measured on the plain index without smoothing.
		within(t, "raw PSI as chi-squared"+where, psi, rounds, 0.035, 0.063)
		// The bias is gone: what is left is below a tenth of what was subtracted.
		if bias := (1/float64(n) + 1/float64(m)) * 9; math.Abs(mean) > bias/10 {
			t.Errorf("debiased PSI%s: mean %.5f, bias taken off %.5f", where, mean, bias)
		}
	}
}

func TestLevelOfUnseen(t *testing.T) {
	const rounds = 500
	rng := rand.New(rand.NewPCG(31, 32))
	for _, k := range []int{20, 98, 400} {
		p := zipf(k, 1.5)
		for _, s := range [][2]int{{303, 50}, {303, 1500}} {
			n, m := s[0], s[1]
			var five, half int
			for range rounds {
				ref, cur := multinomial(rng, p, n), multinomial(rng, p, m)
				var n1, n2, unseen int64
				for i, c := range ref {
					switch c {
					case 0:
						unseen += cur[i]
					case 1:
						n1++
					case 2:
						n2++
					}
				}
				r := must[UnseenResult](t)(Unseen(n1, n2, int64(n), unseen, int64(m)))
				if r.P <= 0.05 {
					five++
				}
				if r.P <= 0.005 {
					half++
				}
			}
			where := fmt.Sprintf("%d categories, %d and %d rows", k, n, m)
			within(t, where+", at 5 %", five, rounds, 0, 0.0675)
			within(t, where+", at 0.5 %", half, rounds, 0, 0.0075)
		}
	}
	// A real newcomer is seen: 15 % of rows where the reference foretells 1 %.
	if r := must[UnseenResult](t)(Unseen(3, 2, 303, 75, 500)); r.P > 1e-5 {
		t.Errorf("15 %% unseen against 1 %%: P = %v", r.P)
	}
}

func TestLevelOfOutOfRange(t *testing.T) {
	const rounds = 2000
	rng := rand.New(rand.NewPCG(41, 42))
	rejected, outside := 0, 0.0
	for range rounds {
		lo, hi := 1.0, 0.0
		for range 100 {
			v := rng.Float64()
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
		var k int64
		for range 300 {
			if v := rng.Float64(); v < lo || v > hi {
				k++
			}
		}
		r := must[OutOfRangeResult](t)(OutOfRange(100, k, 300))
		outside += float64(k) / rounds
		if r.P <= 0.05 {
			rejected++
		}
	}
	within(t, "OutOfRange", rejected, rounds, 0.03, 0.05)
	if want := must[OutOfRangeResult](t)(OutOfRange(100, 0, 300)).Expected; math.Abs(outside-want) > 0.4 {
		t.Errorf("mean count outside %v, want %v", outside, want)
	}
}

// The smallest effects against trials: at the stated effect the stated share is found.
func TestDetectableEffects(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	// Measured before, by trials on 10 bins at 0.05/60 and 80 %: 0.68, 0.24, 0.16 and 0.10
	// for 303 reference rows and 50, 200, 500 and ever more current ones.
	for m, want := range map[int64]float64{50: 0.68, 200: 0.24, 500: 0.16, 1_000_000_000: 0.10} {
		if got := must[float64](t)(DetectablePSI(303, m, 10, 0.05/60, 0.8)); math.Abs(got-want) > 0.005 {
			t.Errorf("DetectablePSI(303, %d) = %.4f, want %.2f", m, got, want)
		}
	}
	const rounds = 600
	rng := rand.New(rand.NewPCG(51, 52))
	even := zipf(10, 0)
	for _, s := range [][2]int{{303, 200}, {303, 500}, {2000, 700}} {
		n, m := s[0], s[1]
		want := must[float64](t)(DetectablePSI(int64(n), int64(m), 10, 0.01, 0.8))
		// An exponential tilt of even shares with just that PSI.
		tilted := func(x float64) []float64 {
			q, all := make([]float64, 10), 0.0
			for i := range q {
				q[i] = math.Exp(x * float64(i))
				all += q[i]
			}
			for i := range q {
				q[i] /= all
			}
			return q
		}
		tilt := solve(0.1, func(x float64) bool { return must[float64](t)(PSI(even, tilted(x))) >= want })
		seen := 0
		for range rounds {
			r := must[PSIResult](t)(PSICounts(multinomial(rng, even, n), multinomial(rng, tilted(tilt), m)))
			if ChiSquaredSF(r.Raw/(1/float64(n)+1/float64(m)), 9) <= 0.01 {
				seen++
			}
		}
		within(t, fmt.Sprintf("power at PSI %.3f, %d and %d rows", want, n, m), seen, rounds, 0.77, 0.82)

		diff := must[float64](t)(DetectableProportion(0.1, int64(n), int64(m), 0.01, 0.8))
		seen = 0
		for range rounds {
			a, b := multinomial(rng, []float64{0.1, 0.9}, n), multinomial(rng, []float64{0.1 + diff, 0.9 - diff}, m)
			if must[ProportionResult](t)(TwoProportions(a[0], int64(n), b[0], int64(m))).P <= 0.01 {
				seen++
			}
		}
		within(t, fmt.Sprintf("power at a difference of %.3f, %d and %d rows", diff, n, m), seen, rounds, 0.77, 0.83)
	}
}
