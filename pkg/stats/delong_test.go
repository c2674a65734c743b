package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// By hand: positives score 3 and 2 in a, 3 and 1 in b; negatives 1 and 2 in both.
// a: 3 is above both, 2 above one and tied with the other: V₁₀ = 1, 0.75; area 0.875.
// b: 3 above both, 1 tied with one: V₁₀ = 1, 0.25; area 0.625.
// V₀₁ of a: 1 is below both: 1; 2 is below 3, tied with 2: 0.75. Of b: 1: 0.75; 2: 0.5.
// Differences: V₁₀ 0, -0.5 (variance 0.125); V₀₁ -0.25, -0.25 (0). SE² = 0.0625.
func TestDeLongPairedByHand(t *testing.T) {
	a, b := []float64{3, 1, 2, 2}, []float64{3, 1, 1, 2}
	got, err := DeLongPaired(a, b, []bool{true, false, true, false})
	if err != nil || got.A != 0.875 || got.B != 0.625 || got.SE != 0.25 || got.Z != -1 || got.N != 2 || got.M != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	if math.Abs(got.P-0.31731050786291415) > 1e-15 || math.Abs(got.Hi-(-0.25+0.25*1.959963984540054)) > 1e-12 { // of a normal variable, in tables
		t.Errorf("%+v", got)
	}
}

// The definition, pair by pair.
func TestDeLongPairedIsItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		n := 20 + rng.IntN(40)
		a, b, y := make([]float64, n), make([]float64, n), make([]bool, n)
		for i := range n {
			a[i], b[i], y[i] = math.Round(4*rng.NormFloat64()), math.Round(4*rng.NormFloat64()), i%3 == 0
		}
		got, err := DeLongPaired(a, b, y)
		if err != nil {
			t.Fatal(err)
		}
		kernel := func(x, y float64) float64 {
			switch {
			case x > y:
				return 1
			case x == y:
				return 0.5
			}
			return 0
		}
		var pos, neg []int
		for i, p := range y {
			if p {
				pos = append(pos, i)
			} else {
				neg = append(neg, i)
			}
		}
		// S of the paper: sums of cross products of placements about their means.
		variance := func(of, other []int, flip bool) float64 {
			var d []float64
			m := 0.0
			for _, i := range of {
				x := 0.0
				for _, j := range other {
					p, q := i, j
					if flip {
						p, q = j, i
					}
					x += kernel(b[p], b[q]) - kernel(a[p], a[q])
				}
				d = append(d, x/float64(len(other)))
				m += d[len(d)-1] / float64(len(of))
			}
			s := 0.0
			for _, x := range d {
				s += (x - m) * (x - m)
			}
			return s / float64(len(of)-1) / float64(len(of))
		}
		want := math.Sqrt(variance(pos, neg, false) + variance(neg, pos, true))
		if math.Abs(got.SE-want) > 1e-12 {
			t.Errorf("SE %v, want %v", got.SE, want)
		}
		// the other way round, the other sign; a score against itself, no difference
		back, err := DeLongPaired(b, a, y)
		if err != nil || back.Z != -got.Z || back.P != got.P || back.A != got.B {
			t.Errorf("%+v and %+v", got, back)
		}
		if same, err := DeLongPaired(a, a, y); err != nil || same.Z != 0 || same.P != 1 || same.SE != 0 {
			t.Errorf("%+v, %v", same, err)
		}
	}
}

// Without a difference 5 % of tests at that level reject: 500 pairs of equally good
// scores, binomial bounds of 99.9 %.
func TestDeLongPairedKeepsItsLevel(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	reject := 0
	for range 500 {
		a, b, y := make([]float64, 200), make([]float64, 200), make([]bool, 200)
		for i := range y {
			y[i] = i%4 == 0
			truth := rng.NormFloat64()
			if y[i] {
				truth++
			}
			a[i], b[i] = truth+rng.NormFloat64(), truth+rng.NormFloat64()
		}
		r, err := DeLongPaired(a, b, y)
		if err != nil {
			t.Fatal(err)
		}
		if r.P < 0.05 {
			reject++
		}
	}
	if reject < 11 || reject > 44 { // 25 are expected; qbinom(c(.0005, .9995), 500, .05) is 11 and 43
		t.Errorf("%d of 500 tests rejected", reject)
	}
}

func TestDeLongPairedRefuses(t *testing.T) {
	for _, c := range []struct {
		a, b []float64
		y    []bool
	}{
		{[]float64{1}, []float64{1, 2}, []bool{true, false}},
		{[]float64{1, math.NaN(), 2, 3}, []float64{1, 2, 3, 4}, []bool{true, false, true, false}},
		{[]float64{1, 2, 3}, []float64{1, 2, 3}, []bool{true, false, false}},
		{nil, nil, nil},
	} {
		if r, err := DeLongPaired(c.a, c.b, c.y); err == nil {
			t.Errorf("%+v", r)
		}
	}
}
