package tally_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// naiveQuantile is the type-7 quantile of sorted values.
func naiveQuantile(x []float64, q float64) float64 {
	place := q * float64(len(x)-1)
	i := int(place)
	if i == len(x)-1 {
		return x[i]
	}
	return x[i] + (x[i+1]-x[i])*(place-float64(i))
}

// TestNumberAgainstRows computes every number of the view from the raw rows.
func TestNumberAgainstRows(t *testing.T) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 6))
		p := profiletest.Plan(t, profiletest.Options, profiletest.RandomRows(r, 200))
		rows := profiletest.RandomRows(r, 1500)
		v := profiletest.Profile(t, p, view.Period{}, rows, nil).View()
		c := column(t, v, "amount")
		var xs []float64
		var missing, nan, posInf, negInf int64
		for _, row := range rows {
			x, ok := row.Amount.(float64)
			switch {
			case !ok:
				missing++
			case math.IsNaN(x):
				nan++
			case math.IsInf(x, 1):
				posInf++
			case math.IsInf(x, -1):
				negInf++
			default:
				xs = append(xs, x+0)
			}
		}
		slices.Sort(xs)
		if c.Rows != 1500 || c.Missing != missing || c.NaN != nan || c.PosInf != posInf || c.NegInf != negInf || c.Values() != int64(len(xs)) {
			t.Fatalf("seed %d: counts are %+v", seed, c)
		}
		n := c.Number
		for i, e := range n.Edges {
			var at, below int64
			for _, x := range xs {
				if x == e {
					at++
				}
				if x < e && (i == 0 || x > n.Edges[i-1]) {
					below++
				}
			}
			if n.At[i] != at || n.Open[i] != below {
				t.Fatalf("seed %d: edge %v has %d at it and %d below, want %d and %d", seed, e, n.At[i], n.Open[i], at, below)
			}
		}
		// The mean of a cell is exact in the tails, and within 2^-24 of its width
		// inside.
		for i, got := range n.First {
			lo, hi := math.Inf(-1), math.Inf(1)
			if i > 0 {
				lo = n.Edges[i-1]
			}
			if i < len(n.Edges) {
				hi = n.Edges[i]
			}
			sum, k := new(big.Rat), int64(0)
			for _, x := range xs {
				if x > lo && x < hi {
					sum.Add(sum, new(big.Rat).SetFloat64(x))
					k++
				}
			}
			if k == 0 {
				if !math.IsNaN(got) {
					t.Errorf("seed %d: mean of an empty cell is %v", seed, got)
				}
				continue
			}
			want, _ := sum.Quo(sum, big.NewRat(k, 1)).Float64()
			slack := 0.0
			if !math.IsInf(lo, 0) && !math.IsInf(hi, 0) {
				slack = (hi/2-lo/2)/(1<<22) + math.Abs(want)*1e-15
			}
			if math.Abs(got-want) > slack {
				t.Errorf("seed %d: mean of cell %d is %v, want %v", seed, i, got, want)
			}
		}
		sum, square, size := new(big.Rat), new(big.Rat), big.NewRat(int64(len(xs)), 1)
		for _, x := range xs {
			e := new(big.Rat).SetFloat64(x)
			sum.Add(sum, e)
			square.Add(square, e.Mul(e, e))
		}
		mean := new(big.Rat).Quo(sum, size)
		wantMean, _ := mean.Float64()
		if n.Mean != wantMean {
			t.Errorf("seed %d: mean %v, want %v", seed, n.Mean, wantMean)
		}
		square.Sub(square, mean.Mul(mean, sum))
		square.Quo(square, big.NewRat(int64(len(xs)-1), 1))
		variance := new(big.Float).SetPrec(200).SetRat(square)
		wantStd, _ := variance.Sqrt(variance).Float64()
		near(t, "std", n.Std, wantStd, 2e-16)
		if n.Min != xs[0] || n.Max != xs[len(xs)-1] {
			t.Errorf("seed %d: range %v to %v, want %v to %v", seed, n.Min, n.Max, xs[0], xs[len(xs)-1])
		}
		x, k, ok := n.Values()
		var again []float64
		for i := range x {
			for range k[i] {
				again = append(again, x[i])
			}
		}
		if !ok || !slices.Equal(again, xs) {
			t.Errorf("seed %d: the values are not those of the rows", seed)
		}
		for _, q := range []float64{0, 0.1, 0.25, 0.5, 0.75, 0.9, 1} {
			if want := naiveQuantile(xs, q); math.Abs(want) < 1e9 {
				near(t, fmt.Sprint("quantile ", q), n.Quantile(q), want, 1e-12)
			}
		}
		// Classes: under, (a, b] by the deciles with the least value in the
		// first, over.
		classes := make([]int64, len(n.Bins)+3)
		for _, x := range xs {
			i := 0
			switch {
			case x < n.Edges[0]:
			case x > n.Edges[len(n.Edges)-1]:
				i = len(classes) - 1
			default:
				for i = 1; i <= len(n.Bins) && x > n.Bins[i-1]; i++ {
				}
			}
			classes[i]++
		}
		if !slices.Equal(classes, c.Classes) {
			t.Errorf("seed %d: classes %v, want %v", seed, c.Classes, classes)
		}
	}
}

// TestReferenceFillsItsGrid: with every distinct value as an edge, the
// reference has nothing between them, and its deciles hold a tenth each, as far
// as ties let them.
func TestReferenceFillsItsGrid(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	var rows []profiletest.Row
	for range 1000 {
		rows = append(rows, profiletest.Row{Amount: r.NormFloat64()})
	}
	p := profiletest.Plan(t, profiletest.Options, rows)
	c := column(t, profiletest.Profile(t, p, view.Period{}, rows, nil).View(), "amount")
	if !c.Number.Exact || len(c.Number.Edges) != 1000 || len(c.Number.Bins) != 9 {
		t.Fatalf("%d edges, %d bins", len(c.Number.Edges), len(c.Number.Bins))
	}
	for _, n := range c.Number.Open {
		if n != 0 {
			t.Fatal("a reference value is between edges")
		}
	}
	if want := []int64{0, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 0}; !slices.Equal(c.Classes, want) {
		t.Errorf("classes %v, want %v", c.Classes, want)
	}
}

// TestLargeReference: beyond 2,048 distinct values, in an exact plan beyond 65,536, the
// grid has quantiles and extremes, no cell holds much, and the least and greatest are
// edges.
func TestLargeReference(t *testing.T) {
	for _, g := range []struct {
		exact           bool
		cells, extremes int
		most            int64 // values of a cell beyond its share
	}{
		// A cell between neighbouring quantiles of a sample of 8,192, or 65,536, holds its
		// share, give or take: 6 standard deviations of the sample's are 3e-3, or 5e-4.
		{false, 512, 64, 300},
		{true, 2048, 512, 100},
	} {
		testLargeReference(t, g.exact, g.cells, g.extremes, g.most)
	}
}

func testLargeReference(t *testing.T, exact bool, cells, extremes int, most int64) {
	r := rand.New(rand.NewPCG(1, 8))
	const n = 100_000
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Exp(r.NormFloat64() * 3)
	}
	rec := numberBatch("reference", "amount", x)
	o := profiletest.Options
	o.Exact = exact
	b := plan.NewPlanner(o)
	if err := b.Add(rec); err != nil {
		t.Fatal(err)
	}
	p, err := b.Plan()
	if err != nil {
		t.Fatal(err)
	}
	f := tally.New(p, view.Period{})
	if err := f.AddRows(rec); err != nil {
		t.Fatal(err)
	}
	c := column(t, f.View(), "amount")
	slices.Sort(x)
	if c.Number.Exact || len(c.Number.Edges) < cells || len(c.Number.Edges) > cells+2*extremes+10+1 {
		t.Fatalf("%d edges", len(c.Number.Edges))
	}
	e := c.Number.Edges
	if !slices.Equal(e[:extremes], x[:extremes]) || !slices.Equal(e[len(e)-extremes:], x[n-extremes:]) {
		t.Error("the extremes are not edges")
	}
	for i, k := range c.Number.Open {
		if k > n/int64(cells)+most {
			t.Errorf("cell %d holds %d of %d", i, k, n)
		}
	}
	for _, q := range []float64{0.01, 0.5, 0.99} {
		// By ranks: the interpolated quantile lies within a cell of the true one.
		got := c.Number.Quantile(q)
		at, _ := slices.BinarySearch(x, got)
		if math.Abs(float64(at)/n-q) > 2e-3 {
			t.Errorf("quantile %v is the %v one", q, float64(at)/n)
		}
	}
	if _, _, ok := c.Number.Values(); ok {
		t.Error("too many values were kept")
	}
}
