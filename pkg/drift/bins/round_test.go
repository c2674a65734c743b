package bins

import (
	"math"
	"slices"
	"testing"
)

func TestRoundedEdgesStayApart(t *testing.T) {
	in := []float64{1.001, 1.002, 1.0035, 7000}
	out := roundedEdges(in, 3000)
	for i := range out {
		if i > 0 && out[i] <= out[i-1] || math.Abs(out[i]-in[i]) > 0.001 {
			t.Errorf("%v became %v", in, out)
		}
	}
	if got := roundedEdges([]float64{12.345, 55.555}, 20); !slices.Equal(got, []float64{12, 56}) {
		t.Errorf("%v, want a tenth to a hundredth of the scale", got)
	}
}
