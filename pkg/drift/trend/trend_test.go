package trend

import (
	"math"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

func TestMedianOfCoarseCells(t *testing.T) {
	nan := func(float64) float64 { return math.NaN() }
	n := &view.Number{Edges: []float64{0, 10, 20}, At: []int64{0, 0, 0}, Open: []int64{10, 30, 60, 0}, Quantile: nan}
	// 50 of 100 rows: 40 end at 10, so 10 of the 60 up to 20.
	if got, want := middleOf(n), 10+10*10.0/60; got != want {
		t.Errorf("%v, want %v", got, want)
	}
	n.Open = []int64{60, 30, 10, 0}
	if got := middleOf(n); !math.IsNaN(got) {
		t.Errorf("%v for a median below the grid", got)
	}
	n.Open, n.At = []int64{10, 0, 0, 10}, []int64{0, 80, 0}
	if got := middleOf(n); got != 10 {
		t.Errorf("%v, want the edge 10", got)
	}
}

// Values outside a category's dictionary are many rare ones, no class of their own.
func TestTrendPoolsWhatHasNoClass(t *testing.T) {
	ref := view.Column{Kind: view.CategoryKind, Classes: []int64{100, 80, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0}}
	cur := view.Column{Kind: view.CategoryKind, Classes: []int64{100, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20}}
	// Pooled, both sides are 100, 80, 20: no difference, less (1/200 + 1/200)(3-1).
	if got, want := classPSI(&ref, &cur), -0.02; math.Abs(got-want) > 1e-15 {
		t.Errorf("%v, want %v", got, want)
	}
}
