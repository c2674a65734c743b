package distribution

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// amounts are rows of one number.
type amounts struct {
	X float64 `table:"x"`
}

// compared compares two samples by a plan of the first.
func compared(t *testing.T, exact bool, ref, cur []float64) Result {
	t.Helper()
	batch := func(name string, x []float64) []amounts {
		out := make([]amounts, len(x))
		for i, v := range x {
			out[i].X = v
		}
		return out
	}
	b := plan.NewPlanner(plan.Options{Exact: exact})
	rows := table.Encode("reference", batch("reference", ref))
	if err := b.Add(rows); err != nil {
		t.Fatal(err)
	}
	p, err := b.Plan()
	if err != nil {
		t.Fatal(err)
	}
	side := func(name string, x []float64) *view.Column {
		f := tally.New(p, view.Period{})
		if err := f.AddRows(table.Encode(name, batch(name, x))); err != nil {
			t.Fatal(err)
		}
		v := f.View()
		return v.Column("x")
	}
	return Compare(side("reference", ref), side("predictions", cur), Options{K: 1, Known: policy.Noncentralities{}, Designs: policy.DesignOf{}})
}

// gapOf is the KS statistic of raw values, by one walk through both.
func gapOf(ref, cur []float64) float64 {
	a, b := slices.Sorted(slices.Values(ref)), slices.Sorted(slices.Values(cur))
	i, j, most := 0, 0, 0.0
	for i < len(a) && j < len(b) {
		x := min(a[i], b[j])
		for i < len(a) && a[i] == x {
			i++
		}
		for j < len(b) && b[j] == x {
			j++
		}
		most = max(most, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
	return most
}

// TestLeanGridAgainstRawValues: by the usual grid of some 640 edges the KS statistic of
// the raw values is within its bounds, at most half a cell above it. The PSI is the very one
// by all distinct values while the reference has no more rows than the sample that its
// deciles are taken from; beyond, their ranks differ by a standard deviation of 0.4 %,
// which leaves it on the same side of both floors.
func TestLeanGridAgainstRawValues(t *testing.T) {
	draws := []struct {
		name string
		draw func(r *rand.Rand) float64
	}{
		{"normal", func(r *rand.Rand) float64 { return r.NormFloat64() }},
		{"exponential", func(r *rand.Rand) float64 { return r.ExpFloat64() }},
		{"pareto", func(r *rand.Rand) float64 { return math.Pow(1-r.Float64(), -1/1.1) }},
		{"many zeros", func(r *rand.Rand) float64 { return r.ExpFloat64() * float64(min(1, r.IntN(5)/2)) }},
		{"two humps", func(r *rand.Rand) float64 { return r.NormFloat64() + float64(8*r.IntN(2)) }},
		{"ties", func(r *rand.Rand) float64 { return math.Round(r.NormFloat64()*1e3) / 1e3 }},
	}
	var worst [2][2]float64 // of small and large references: of KS and PSI
	for i, d := range draws {
		for j, size := range [][2]int{{5000, 2000}, {40_000, 10_000}} {
			for k, shift := range []float64{0, 0.05, 0.3} {
				r := rand.New(rand.NewPCG(uint64(100*i+10*j+k), 3))
				ref, cur := make([]float64, size[0]), make([]float64, size[1])
				for at := range ref {
					ref[at] = d.draw(r)
				}
				for at := range cur {
					cur[at] = d.draw(r) + shift
				}
				name := fmt.Sprintf("%s %v +%v", d.name, size, shift)
				lean, all := compared(t, false, ref, cur), compared(t, true, ref, cur)
				want := gapOf(ref, cur)
				if math.Abs(all.Statistic-want) > 1e-12 || !math.IsNaN(all.Most) {
					t.Errorf("%s: all distinct values as edges give D = %v, up to %v, want %v", name, all.Statistic, all.Most, want)
				}
				most := lean.Most
				if math.IsNaN(most) {
					most = lean.Statistic
				}
				if want < lean.Statistic-1e-12 || want > most+1e-12 || most-lean.Statistic > 0.008 {
					t.Errorf("%s: D = %v to %v, is %v", name, lean.Statistic, lean.Most, want)
				}
				worst[j][0] = max(worst[j][0], want-lean.Statistic)
				if all.Effect < 1 { // beyond, all is in the smallest bins
					worst[j][1] = max(worst[j][1], math.Abs(lean.Effect-all.Effect))
				}
				for _, floor := range []float64{policy.PSIFloors.Warn, policy.PSIFloors.Alert} {
					if lean.Effect >= floor != (all.Effect >= floor) {
						t.Errorf("%s: PSI %v, by all values %v", name, lean.Effect, all.Effect)
					}
				}
			}
		}
	}
	t.Logf("KS and PSI moved by at most %.5f and %.5f, of large references %.5f and %.5f", worst[0][0], worst[0][1], worst[1][0], worst[1][1])
	if worst[0][0] > 0.0012 || worst[0][1] > 1e-12 || worst[1][0] > 0.0025 || worst[1][1] > 0.008 {
		t.Errorf("moved by %v", worst)
	}
}
