package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A matrix times its eigenvectors is them times the eigenvalues, and they are orthonormal,
// also where rows differ by orders of magnitude or depend on each other.
func TestEigen4(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for trial := range 500 {
		var a [4][4]float64
		scale := [4]float64{1, 1, 1, 1}
		if trial%3 == 1 {
			scale = [4]float64{1, 1e-3, 1e-6, 1e5}
		}
		rank := 1 + trial%5 // beyond 4 it stays full
		for range rank {
			var v [4]float64
			for i := range v {
				v[i] = rng.NormFloat64() * scale[i]
			}
			for i := range v {
				for j := range v {
					a[i][j] += v[i] * v[j]
				}
			}
		}
		values, vectors := eigen4(a)
		var largest, trace float64
		full := 0
		for i, v := range values {
			largest = math.Max(largest, math.Abs(v))
			trace += a[i][i]
		}
		for _, v := range values {
			if v > 4*0x1p-52*largest {
				full++
			}
		}
		if want := min(rank, 4); full > want || full < want && trial%3 != 1 { // tiny rows count as none
			t.Errorf("rank %d of %v, want %d", full, a, want)
		}
		if sum := values[0] + values[1] + values[2] + values[3]; math.Abs(sum-trace) > 1e-14*trace {
			t.Errorf("eigenvalues of %v sum to %v, its diagonal to %v", a, sum, trace)
		}
		for k := range 4 {
			for i := range 4 {
				var image, dot float64
				for j := range 4 {
					image += a[i][j] * vectors[j][k]
					dot += vectors[j][i] * vectors[j][k]
				}
				if math.Abs(image-values[k]*vectors[i][k]) > 1e-14*largest {
					t.Errorf("eigenvector %d of %v: row %d gives %v, want %v", k, a, i, image, values[k]*vectors[i][k])
				}
				if want := map[bool]float64{true: 1}[i == k]; math.Abs(dot-want) > 1e-14 {
					t.Errorf("eigenvectors %d and %d of %v: product %v", i, k, a, dot)
				}
			}
		}
	}
}
