package bins_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// numberOf is a column of values that are all kept, of which edges are the grid.
func numberOf(values []float64) *view.Number {
	x := slices.Sorted(slices.Values(values))
	n := float64(len(x))
	var mean, square float64
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		square += (v - mean) * (v - mean)
	}
	return &view.Number{
		Min: x[0], Max: x[len(x)-1], Mean: mean, Std: math.Sqrt(square / (n - 1)),
		Quantile: func(q float64) float64 {
			at := q * (n - 1)
			i := int(at)
			if i+1 >= len(x) {
				return x[len(x)-1]
			}
			return x[i] + (at-float64(i))*(x[i+1]-x[i])
		},
		Values: func() ([]float64, []int64, bool) {
			counts := make([]int64, len(x))
			for i := range counts {
				counts[i] = 1
			}
			return slices.Clone(x), counts, true
		},
	}
}

func TestStep(t *testing.T) {
	for _, c := range []struct{ se, want float64 }{{0.013, 0.01}, {0.0199, 0.01}, {0.02, 0.02}, {0.5, 0.5}, {1, 1}, {4.99, 2}, {123456, 100000}, {0, 0}, {math.NaN(), 0}, {math.Inf(1), 0}} {
		if got := bins.Step(c.se); math.Abs(got-c.want) > 1e-12*c.want {
			t.Errorf("%g: %g, want %g", c.se, got, c.want)
		}
	}
	for _, c := range []struct{ x, step, want float64 }{{0.2481, 0.002, 0.248}, {51234, 200, 51200}, {-0.35, 0.1, -0.4}, {1.5, 0, 1.5}} {
		if got := bins.ToStep(c.x, c.step); got != c.want {
			t.Errorf("%g by %g: %v, want %v", c.x, c.step, got, c.want)
		}
	}
}

// Nobody gets one far value back from mean, deviation and number, whatever its size.
func TestMomentsHideOneExtreme(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	worst := math.Inf(1)
	for trial := range 300 {
		n := []int{20, 100, 800}[trial%3]
		values := make([]float64, n)
		for i := range values {
			values[i] = 50000 + 9000*r.NormFloat64()
		}
		far := 50000 + 9000*math.Exp(2+8*r.Float64())
		values[r.IntN(n)] = far
		m := bins.MomentsOf(numberOf(values), 5, false)
		if far > 5e6 && !m.Winsorised {
			t.Errorf("%d rows, one of %g: not winsorised", n, far)
		}
		size := float64(n)
		for _, d := range []float64{m.Std * size / math.Sqrt(size-1), m.Std * math.Sqrt(size), m.Std * math.Sqrt(size-1)} {
			if guess := m.Mean + d; far > 2e6 {
				worst = math.Min(worst, math.Abs(guess-far)/far)
			}
		}
	}
	if worst < 0.01 {
		t.Errorf("one value is known to %.2f %%", 100*worst)
	}
	t.Logf("the best guess is %.0f %% off", 100*worst)
}

// Two means of rows that differ by one leave that row open by more than half a standard
// deviation; without rounding it would be known exactly.
func TestMeansThatDifferByOneRow(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	var worst, sum float64
	const trials = 200
	for range trials {
		const n = 400
		values := make([]float64, n)
		for i := range values {
			values[i] = r.NormFloat64()
		}
		all, less := bins.MomentsOf(numberOf(values), 5, false), bins.MomentsOf(numberOf(values[:n-1]), 5, false)
		guess := n*all.Mean - (n-1)*less.Mean
		sum += math.Abs(guess-values[n-1]) / trials
		worst = math.Max(worst, math.Abs(guess-values[n-1]))
	}
	if sum < 0.5 {
		t.Errorf("on average %.2f standard deviations off", sum)
	}
	t.Logf("on average %.2f standard deviations off, at most %.1f", sum, worst)
}

// A column of ordinary values keeps its mean, right to the digits shown.
func TestMomentsOfOrdinaryColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for trial := range 100 {
		values := make([]float64, 300)
		for i := range values {
			values[i] = r.ExpFloat64()
		}
		n := numberOf(values)
		m := bins.MomentsOf(n, 5, false)
		if m.Winsorised || math.Abs(m.Mean-n.Mean) > m.MeanStep/2+1e-12 || math.Abs(m.Std-n.Std) > m.StdStep/2+1e-12 || m.MeanStep > n.Std/math.Sqrt(300) {
			t.Errorf("trial %d: %+v of %g, %g", trial, m, n.Mean, n.Std)
		}
		q := bins.PublicQuantile(n, 0.5, 300, 5, n.Std)
		near := 0
		for _, v := range values {
			if math.Abs(v-q) <= math.Abs(q-n.Quantile(0.5))+0.05 {
				near++
			}
		}
		if math.Abs(q-n.Quantile(0.5)) > 0.06 || near < 5 {
			t.Errorf("trial %d: median %g of %g, %d rows around", trial, q, n.Quantile(0.5), near)
		}
	}
}
