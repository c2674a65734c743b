package evidently

import (
	"math"
	"testing"
)

// TestDeviationFarFromZero: an offset takes no digits.
func TestDeviationFarFromZero(t *testing.T) {
	var x, n []float64
	for i := range 1001 {
		x, n = append(x, float64(i)/64), append(n, float64(1+i%3))
	}
	// By whole numbers, in 1/64: Σn = 2001, Σin and Σi²n.
	var all, sum, square int64
	for i := range int64(1001) {
		k := 1 + i%3
		all, sum, square = all+k, sum+i*k, square+i*i*k
	}
	want := math.Sqrt(float64(all*square-sum*sum)) / float64(all) / 64
	for _, offset := range []float64{0, 1, 1e6, 1e14, -1e14} {
		far := make([]float64, len(x))
		for i := range x {
			far[i] = x[i] + offset // exact: 1e14 has steps of 1/64
		}
		if got := deviation(far, n); math.Abs(got-want) > 1e-13*want {
			t.Errorf("at %g: %v, want %v", offset, got, want)
		}
	}
}
