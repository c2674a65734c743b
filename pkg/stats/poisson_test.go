package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Mean and variance of a Poisson variable are its parameter; at 1 and 3 its
// probabilities are counted too.
func TestPoisson(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const n = 40_000
	for _, mean := range []int64{1, 3, 5, 40, 63, 64, 65, 1000} {
		var sum, squares float64
		counts := map[int64]float64{}
		m := float64(mean)
		for range n {
			x := Poisson(mean, r)
			sum += float64(x)
			squares += (float64(x) - m) * (float64(x) - m)
			counts[x]++
		}
		if off := math.Abs(sum/n - m); off > 4*math.Sqrt(m/n) {
			t.Errorf("mean %v, want %v", sum/n, m)
		}
		if off := math.Abs(squares/n - m); off > 4*math.Sqrt((2*m*m+m)/n) {
			t.Errorf("variance %v, want %v", squares/n, m)
		}
		if mean > 3 {
			continue
		}
		p := math.Exp(-m)
		for k := range int64(5) {
			if off := math.Abs(counts[k]/n - p); off > 4*math.Sqrt(p*(1-p)/n) {
				t.Errorf("mean %d: %v has the share %v, want %v", mean, k, counts[k]/n, p)
			}
			p *= m / float64(k+1)
		}
	}
	if x := Poisson(0, r) + Poisson(-1, r); x != 0 {
		t.Errorf("of no rows: %d", x)
	}
}
