package tree

import (
	"math"
	"slices"
	"testing"
)

func TestKeyKeepsOrder(t *testing.T) {
	ascending := []float64{math.Inf(-1), -math.MaxFloat32, -1, -math.SmallestNonzeroFloat32, 0, math.SmallestNonzeroFloat32, 1, math.MaxFloat32, math.Inf(1)}
	keepsOrder[int32](t, ascending)
	keepsOrder[int64](t, append(ascending, -math.MaxFloat64, -math.SmallestNonzeroFloat64, math.SmallestNonzeroFloat64, 1+1e-15, math.MaxFloat64))
}

func keepsOrder[K Word](t *testing.T, values []float64) {
	t.Helper()
	slices.Sort(values)
	least, most := lowest[K](), ^lowest[K]()
	if least >= 0 || least-1 != most {
		t.Errorf("%d to %d are not all of the keys", least, most)
	}
	for i, x := range values {
		if k := key[K](x); k == least || k == most || i > 0 && k <= key[K](values[i-1]) {
			t.Errorf("%v: %d", x, k)
		}
	}
	if key[K](math.Copysign(0, -1)) != key[K](0) {
		t.Error("-0 is not 0")
	}
}
