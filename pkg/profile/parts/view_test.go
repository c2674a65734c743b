package parts

import (
	"math"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

func tenths(open ...int64) *view.Number {
	v := &view.Number{Edges: []float64{-10, 0, 10, 1000}, At: make([]int64, 4), Open: open}
	v.First = middles(v.Edges, len(open))
	return v
}

// One row far outside does not show in the mean of scores that are no probabilities.
func TestMeanOfFarScores(t *testing.T) {
	if got := meanOf(tenths(0, 50, 50, 0, 1), 1e6); got != (50*-5+50*5+1000)/101.0 {
		t.Errorf("with a row beyond: %v", got)
	}
	if got := meanOf(tenths(0, 50, 50, 0, 0), 0.25); got != 0.25 {
		t.Errorf("without one: %v, want what was summed", got)
	}
}

// A quantile is known where its cell is no outermost one.
func TestQuantileOfTenths(t *testing.T) {
	v := tenths(0, 10, 80, 10, 0)
	if got := quantile(v, 0.5); got != 5 {
		t.Errorf("median %v, want 5", got)
	}
	if got := quantile(tenths(0, 10, 20, 70, 0), 0.5); !math.IsNaN(got) {
		t.Errorf("median %v in the last tenth, want none", got)
	}
	if got := quantile(tenths(0, 70, 20, 10, 0), 0.5); !math.IsNaN(got) {
		t.Errorf("median %v in the first tenth, want none", got)
	}
}
