package tree

import (
	"math"
	"testing"
)

func TestKeyKeepsOrder(t *testing.T) {
	negative := float32(math.Copysign(0, -1))
	ascending := []float32{float32(math.Inf(-1)), -math.MaxFloat32, -1, -math.SmallestNonzeroFloat32, 0, math.SmallestNonzeroFloat32, 1, math.MaxFloat32, float32(math.Inf(1))}
	for i, x := range ascending {
		if k := Key(x); k == math.MinInt32 || k == math.MaxInt32 || i > 0 && k <= Key(ascending[i-1]) {
			t.Errorf("%v: %d", x, k)
		}
	}
	if Key(negative) != Key(0) {
		t.Error("-0 is not 0")
	}
}
