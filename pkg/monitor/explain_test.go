package monitor

import (
	"math"
	"testing"
)

// TestDiffer: up to 5 % of rows may have another score than the model at hand
// gives; a row without a score says nothing.
func TestDiffer(t *testing.T) {
	for other, want := range map[int64]float64{0: 0, 5: 0, 6: 0.06, 100: 1} {
		s := scored{}
		s.compare(0.2, 0.205, 100-other) // rounded
		s.compare(0.2, 0.3, other)
		s.compare(0.2, math.NaN(), 1000)
		if got := s.differ(); got != want {
			t.Errorf("%d of 100 rows: got %g, want %g", other, got, want)
		}
	}
}
