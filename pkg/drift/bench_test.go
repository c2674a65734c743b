package drift

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// BenchmarkCompare judges 20 number columns by the distinct values of the
// reference on their grid.
func BenchmarkCompare(b *testing.B) {
	for _, rows := range []int{1000, 60_000} {
		rng := rand.New(rand.NewPCG(1, 2))
		var ref, cur []view.Column
		for i := range 20 {
			x, y := make([]float64, rows), make([]float64, rows)
			for j := range x {
				x[j], y[j] = rng.NormFloat64(), rng.NormFloat64()
			}
			ref = append(ref, numberColumn(fmt.Sprint("f", i), x, x))
			cur = append(cur, numberColumn(fmt.Sprint("f", i), x, y))
		}
		r, c := viewOf(ref...), viewOf(cur...)
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Compare(r, c, Options{})
			}
		})
	}
}
