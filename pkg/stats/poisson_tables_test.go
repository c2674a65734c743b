package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The tables only spare steps: each draw is the one that the definition gives.
func TestPoissonTables(t *testing.T) {
	plain := func(mean int64, r *rand.Rand) int64 {
		if mean == 1 {
			u := r.Uint64()
			for k, end := range once {
				if u < end {
					return int64(k)
				}
			}
			return int64(len(once))
		}
		u, p := r.Float64(), math.Exp(-float64(mean))
		k := int64(0)
		for sum := p; u >= sum && k < 10*mean; sum += p {
			k++
			p *= float64(mean) / float64(k)
		}
		return k
	}
	a, b := rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(1, 2))
	for i := range 200_000 {
		mean := int64(1 + i%4)
		if got, want := Poisson(mean, a), plain(mean, b); got != want {
			t.Fatalf("draw %d of mean %d: %d, want %d", i, mean, got, want)
		}
	}
}
