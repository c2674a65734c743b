package profile_test

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

func column(t *testing.T, v view.View, name string) *view.Column {
	t.Helper()
	for i := range v.Columns {
		if v.Columns[i].Name == name {
			return &v.Columns[i]
		}
	}
	t.Fatalf("no column %s", name)
	return nil
}

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) && got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

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
		p := planOf(t, testOptions, randomRows(r, 200))
		rows := randomRows(r, 1500)
		v := profileOf(t, p, view.Period{}, rows, nil).View()
		c := column(t, v, "amount")
		var xs []float64
		var missing, nan, posInf, negInf int64
		for _, row := range rows {
			x, ok := row.amount.(float64)
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
	var rows []testRow
	for range 1000 {
		rows = append(rows, testRow{amount: r.NormFloat64()})
	}
	p := planOf(t, testOptions, rows)
	c := column(t, profileOf(t, p, view.Period{}, rows, nil).View(), "amount")
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

// TestLargeReference: beyond 65,536 distinct values the grid has quantiles and
// extremes, no cell holds much, and the least and greatest are edges.
func TestLargeReference(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	const n = 100_000
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Exp(r.NormFloat64() * 3)
	}
	rec := numberBatch("reference", "amount", x)
	b := plan.NewPlanner(testOptions)
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
	if c.Number.Exact || len(c.Number.Edges) < 2048 || len(c.Number.Edges) > 2048+2*512+10+1 {
		t.Fatalf("%d edges", len(c.Number.Edges))
	}
	e := c.Number.Edges
	const gridExtremes = 512
	if !slices.Equal(e[:gridExtremes], x[:gridExtremes]) || !slices.Equal(e[len(e)-gridExtremes:], x[n-gridExtremes:]) {
		t.Error("the extremes are not edges")
	}
	// A cell between neighbouring quantiles of a sample of 65,536 holds 1/2048 of
	// the values, give or take: 6 standard deviations of the sample's are 1e-3.
	for i, k := range c.Number.Open {
		if k > n/2048+n/1000 {
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

func numberBatch(name, col string, x []float64) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.Named(name, arrow.NewSchema([]arrow.Field{
		table.Field(col, arrow.PrimitiveTypes.Float64, table.Feature)}, nil)))
	defer b.Release()
	b.Field(0).(*array.Float64Builder).AppendValues(x, nil)
	return b.NewRecordBatch()
}

func TestCategories(t *testing.T) {
	ref := []testRow{{city: "b"}, {city: "a"}, {city: "a"}, {city: "c"}, {city: ""}, {city: nil}}
	long := strings.Repeat("z", 256+9)
	p := planOf(t, testOptions, ref)
	cur := []testRow{{city: "c"}, {city: "a"}, {city: "new"}, {city: "new"}, {city: long}, {city: "\xff"}, {city: ""}, {city: nil}}
	c := column(t, profileOf(t, p, view.Period{}, cur, nil).View(), "city")
	if got, want := fmt.Sprint(c.Category.Names, c.Category.Counts), "[a b c] [1 0 1]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	want := []view.Unseen{{Name: "new", Count: 2}, {Name: long[:256], Count: 1}, {Name: "\uFFFD", Count: 1}}
	if !slices.Equal(c.Category.Unseen, want) || c.Category.UnseenTotal != 4 || c.Category.UnseenDistinct != 3 {
		t.Errorf("unseen %v, %d, %d", c.Category.Unseen, c.Category.UnseenTotal, c.Category.UnseenDistinct)
	}
	if c.Missing != 2 || c.Values() != 6 || !slices.Equal(c.Classes, []int64{1, 0, 1, 4}) {
		t.Errorf("missing %d, values %d, classes %v", c.Missing, c.Values(), c.Classes)
	}
}

func TestText(t *testing.T) {
	p := planOf(t, testOptions, []testRow{{note: "häuser, hütten"}, {note: "x"}})
	c := column(t, profileOf(t, p, view.Period{}, []testRow{{note: "añb,,"}, {note: ""}, {note: nil}}, nil).View(), "note")
	if c.Kind != view.TextKind || len(c.Derived) != 2 || c.Missing != 2 {
		t.Fatalf("got %+v", c)
	}
	for i, want := range []struct {
		name string
		mean float64
	}{{"note (length)", 5}, {"note (commas)", 2}} {
		if d := c.Derived[i]; d.Name != want.name || d.Number.Mean != want.mean || d.Missing != 2 {
			t.Errorf("got %s with mean %v", d.Name, d.Number.Mean)
		}
	}
}

// TestPairs compares correlations with those of the raw rows, and tables with a
// count by hand.
func TestPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var rows []testRow
	var xs, ys []float64
	for i := range 4000 {
		x := r.NormFloat64()
		y := 0.6*x + 0.8*r.NormFloat64()
		row := testRow{score: 100 + x, amount: 5 - 3*y}
		if i%7 == 0 {
			row.amount = nil
		} else {
			xs, ys = append(xs, 100+x), append(ys, 5-3*y)
		}
		rows = append(rows, row)
	}
	p := planOf(t, testOptions, rows)
	v := profileOf(t, p, view.Period{}, rows, nil).View()
	pair := v.Pairs[slices.IndexFunc(v.Pairs, func(p view.Pair) bool { return p.A == "score" && p.B == "amount" })]
	var mx, my, sxx, syy, sxy float64
	for i := range xs {
		mx += xs[i] / float64(len(xs))
		my += ys[i] / float64(len(xs))
	}
	for i := range xs {
		sxx += (xs[i] - mx) * (xs[i] - mx)
		syy += (ys[i] - my) * (ys[i] - my)
		sxy += (xs[i] - mx) * (ys[i] - my)
	}
	if pair.N != int64(len(xs)) || pair.Table != nil {
		t.Errorf("%d rows, want %d", pair.N, len(xs))
	}
	near(t, "Pearson", pair.Pearson, sxy/math.Sqrt(sxx*syy), 1e-5) // steps of 2^-16 deviations
	// Both are normal, so their normal scores correlate as they do.
	if math.Abs(pair.Normal-pair.Pearson) > 0.01 {
		t.Errorf("normal scores correlate by %v, values by %v", pair.Normal, pair.Pearson)
	}

	few := []testRow{{few: 1.0, city: "a"}, {few: 1.0, city: "b"}, {few: 2.0, city: "a"}, {few: nil, city: "a"}, {few: 2.0, city: "a"}}
	v = profileOf(t, planOf(t, testOptions, few), view.Period{}, append(few, testRow{few: 3.0, city: "new"}), nil).View()
	pair = v.Pairs[slices.IndexFunc(v.Pairs, func(p view.Pair) bool { return p.A == "few" && p.B == "city" })]
	// Rows: under, [1, 1], (1, 2], over. Columns: a, b, others.
	if got, want := fmt.Sprint(pair.Table, pair.N), "[[0 0 0] [1 1 0] [2 0 0] [0 0 1]] 5"; got != want || !math.IsNaN(pair.Pearson) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestGiantsDoNotOverflow: products of the greatest steps, many of them.
func TestGiantsDoNotOverflow(t *testing.T) {
	p := planOf(t, testOptions, []testRow{{score: 0.0, amount: 0.0}, {score: 1.0, amount: 1.0}})
	var rows []testRow
	for range 3000 {
		rows = append(rows, testRow{score: math.MaxFloat64, amount: math.MaxFloat64}, testRow{score: -math.MaxFloat64, amount: -math.MaxFloat64})
	}
	v := profileOf(t, p, view.Period{}, rows, nil).View()
	pair := v.Pairs[slices.IndexFunc(v.Pairs, func(p view.Pair) bool { return p.A == "score" && p.B == "amount" })]
	if pair.Pearson != 1 {
		t.Errorf("correlation %v, want 1", pair.Pearson)
	}
	if c := column(t, v, "amount"); c.Number.Mean != 0 || !(c.Number.Std > 1e308) {
		t.Errorf("mean %v, std %v", c.Number.Mean, c.Number.Std)
	}
}

// TestWindows: the windows are the views of their days, on the deciles.
func TestWindows(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	p := planOf(t, testOptions, randomRows(r, 300))
	rows := randomRows(r, 3000)
	whole := profileOf(t, p, view.Period{From: day.Add(48 * time.Hour)}, rows, nil).View()
	if len(whole.Windows) != 10 {
		t.Fatalf("%d windows, want 10", len(whole.Windows))
	}
	for i, w := range whole.Windows {
		start := day.Add(time.Duration(i) * 24 * time.Hour)
		var of []testRow
		for _, row := range rows {
			if at, ok := row.at.(time.Time); ok && !at.Before(start) && at.Before(start.Add(24*time.Hour)) {
				of = append(of, row)
			}
		}
		want := profileOf(t, p, view.Period{}, of, nil).View()
		if !w.Start.Equal(start) || w.Length != 24*time.Hour || w.View.Rows != want.Rows || w.View.First != want.First || w.View.Last != want.Last {
			t.Errorf("window %d: got %v, %d rows", i, w.Start, w.View.Rows)
		}
		for j := range p.Columns {
			got, want := w.View.Columns[j], want.Columns[j]
			if !slices.Equal(got.Classes, want.Classes) || got.Missing != want.Missing || got.Values() != want.Values() {
				t.Errorf("window %d: %s: classes %v, want %v", i, got.Name, got.Classes, want.Classes)
			}
			if got.Number == nil || got.Name == "amount" {
				continue // its odd values are beyond the steps
			}
			var sum int64
			for _, n := range append(slices.Clone(got.Number.At), got.Number.Open...) {
				sum += n
			}
			if sum != got.Values() {
				t.Errorf("window %d: %s: %d values on the grid, want %d", i, got.Name, sum, got.Values())
			}
			near(t, "mean of "+got.Name, got.Number.Mean, want.Number.Mean, 1e-4)
		}
		near(t, "median latency", w.View.Inference.Quantile(0.5), want.Inference.Quantile(0.5), 0.02)
	}
	judgedRows := int64(0)
	for _, row := range rows {
		if at, ok := row.at.(time.Time); !ok || at.After(day.Add(48*time.Hour)) {
			judgedRows++
		}
	}
	if whole.Rows != judgedRows {
		t.Errorf("%d rows judged, want %d", whole.Rows, judgedRows)
	}
}

// TestNewestWindows: of more windows and slots than are kept the newest stay, in
// whatever order they come, and none loses a row.
func TestNewestWindows(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	p := planOf(t, testOptions, []testRow{{amount: 1.0}})
	var rows []testRow
	var requests []testRequest
	for i := range 1300 {
		rows = append(rows, testRow{at: day.Add(time.Duration(i%650) * 24 * time.Hour), amount: float64(i)})
	}
	for i := range 5000 {
		requests = append(requests, testRequest{day.Add(time.Duration(i%2500) * 5 * time.Minute), "/a", 200, 1})
	}
	first := profileOf(t, p, view.Period{}, rows, requests)
	for range 3 {
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		r.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
		half := profileOf(t, p, view.Period{}, rows[:700], requests[:2000])
		if err := half.Merge(profileOf(t, p, view.Period{}, rows[700:], requests[2000:])); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(bytesOf(t, half), bytesOf(t, first)) {
			t.Fatal("another order gives other bytes")
		}
	}
	const maxWindows, maxSlots = 400, 7 * 24 * 12
	v := first.View()
	if len(v.Windows) != maxWindows || !v.Windows[0].Start.Equal(day.Add(250*24*time.Hour)) {
		t.Errorf("%d windows from %v", len(v.Windows), v.Windows[0].Start)
	}
	for _, w := range v.Windows {
		if w.View.Rows != 2 {
			t.Errorf("%v has %d rows, want 2", w.Start, w.View.Rows)
		}
	}
	slots := 0
	for _, s := range v.Traffic {
		if s.Status == 0 && !s.Start.IsZero() {
			slots++
			if s.Requests != 2 || s.Start.Before(day.Add((2500-maxSlots)*5*time.Minute)) {
				t.Errorf("%v has %d requests", s.Start, s.Requests)
			}
		}
	}
	if slots != maxSlots {
		t.Errorf("%d slots, want %d", slots, maxSlots)
	}
}

func TestTraffic(t *testing.T) {
	p := planOf(t, testOptions, []testRow{{amount: 1.0}})
	v := profileOf(t, p, view.Period{}, nil, []testRequest{
		{day, "/a", 200, 1}, {day.Add(4 * time.Minute), "/a", 500, 3}, {day.Add(5 * time.Minute), "/b", 0, math.NaN()},
	}).View()
	var got []string
	for _, r := range v.Traffic {
		start := "total"
		if !r.Start.IsZero() {
			start = r.Start.Format("15:04")
		}
		got = append(got, fmt.Sprintf("%s %s %d: %d of %d", start, r.Endpoint, r.Status, r.Succeeded, r.Requests))
	}
	want := []string{
		"total  0: 1 of 3", "total /a 200: 1 of 1", "total /a 500: 0 of 1", "total /b 0: 0 of 1",
		"00:00  0: 1 of 2", "00:00 /a 200: 1 of 1", "00:00 /a 500: 0 of 1", "00:05  0: 0 of 1", "00:05 /b 0: 0 of 1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if v.Requests != 3 || v.Response.N != 2 || v.Response.Missing != 1 || !v.Newest.Equal(day.Add(5*time.Minute)) {
		t.Errorf("got %d, %+v, %v", v.Requests, v.Response, v.Newest)
	}
}

func TestRows(t *testing.T) {
	p := planOf(t, testOptions, []testRow{{score: 0.5, amount: 1.0, city: "a"}})
	var rows []testRow
	for i := range 30 {
		rows = append(rows, testRow{at: day.Add(time.Duration(i) * time.Hour), score: 0.25, label: "yes", ms: 1.5, version: fmt.Sprint("v", i), amount: float64(i), city: "x"})
	}
	rows[3].amount = math.NaN()
	rows = append(rows, rows[29], rows[29], rows[0])
	v := profileOf(t, p, view.Period{}, rows, nil).View()
	if v.SampleRows != 33 || v.Duplicates != 3 || len(v.Sample) != 30 {
		t.Errorf("%d rows in the sample, %d of them again", v.SampleRows, v.Duplicates)
	}
	if len(v.Recent) != 20 || !v.Recent[0].At.Equal(day.Add(29*time.Hour)) || !v.Recent[19].At.Equal(day.Add(10*time.Hour)) {
		t.Errorf("%d recent rows from %v", len(v.Recent), v.Recent[0].At)
	}
	if got := v.Recent[0]; got.Score != 0.25 || got.Label != "yes" || got.MS != 1.5 || got.Version != "v29" || v.ModelVersion != "v29" {
		t.Errorf("got %+v", got)
	}
	at := slices.Index(v.Names, "amount")
	if got := v.Recent[0].Cells[at]; got != (view.Cell{Num: 29}) {
		t.Errorf("got %+v", got)
	}
	if got := v.Recent[0].Cells[slices.Index(v.Names, "note")]; !got.Null {
		t.Errorf("got %+v", got)
	}
}

// TestPeriod: rows after From up to and with Until are judged, and those without
// a timestamp.
func TestPeriod(t *testing.T) {
	p := planOf(t, testOptions, []testRow{{amount: 1.0}})
	us := time.Microsecond
	rows := []testRow{{at: day}, {at: day.Add(us)}, {at: day.Add(time.Hour)}, {at: day.Add(time.Hour + us)}, {}}
	period := view.Period{From: day, Until: day.Add(time.Hour)}
	f := profileOf(t, p, period, rows, []testRequest{{at: day}, {at: day.Add(time.Hour)}, {at: day.Add(time.Hour + us)}})
	if f.Period() != period || period.Length() != time.Hour || tally.New(p, view.Period{}).Period().Length() != 0 {
		t.Errorf("period %v", f.Period())
	}
	v := f.View()
	if v.Rows != 3 || v.Untimed != 1 || v.Requests != 1 || !v.First.Equal(day.Add(us)) || !v.Last.Equal(day.Add(time.Hour)) {
		t.Errorf("%d rows, %d requests from %v to %v", v.Rows, v.Requests, v.First, v.Last)
	}
	if v.Windows[0].View.Rows != 4 || v.Windows[0].View.Requests != 3 {
		t.Errorf("%d rows, %d requests in the window", v.Windows[0].View.Rows, v.Windows[0].View.Requests)
	}
}

// TestSimulated: one simulated part makes the whole simulated.
func TestSimulated(t *testing.T) {
	p := planOf(t, testOptions, []testRow{{amount: 1.0}})
	rec := numberBatch("predictions", "amount", []float64{1})
	marked := array.NewRecordBatch(table.WithMeta(rec.Schema(), table.KeySimulated, "true"), rec.Columns(), rec.NumRows())
	for i, order := range [][]arrow.RecordBatch{{rec, marked}, {marked, rec}, {rec, rec}} {
		f, g := tally.New(p, view.Period{}), tally.New(p, view.Period{})
		for _, err := range []error{f.AddRows(order[0]), g.AddRows(order[1]), f.Merge(g)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		again := decoded(t, p, bytesOf(t, f))
		if want := i < 2; f.View().Simulated != want || again.View().Simulated != want {
			t.Errorf("order %d: simulated %v, want %v", i, f.View().Simulated, want)
		}
	}
}

// TestTies: of rows of one timestamp the same ones are recent, and the same
// version is the newest, in any order.
func TestTies(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	p := planOf(t, testOptions, []testRow{{amount: 1.0}})
	var rows []testRow
	for i := range 60 {
		rows = append(rows, testRow{at: day, amount: float64(i), version: fmt.Sprint("v", i%7)})
	}
	first := profileOf(t, p, view.Period{}, rows, nil)
	for range 5 {
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		half := profileOf(t, p, view.Period{}, rows[:30], nil)
		if err := half.Merge(profileOf(t, p, view.Period{}, rows[30:], nil)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(bytesOf(t, half), bytesOf(t, first)) {
			t.Fatal("another order gives other bytes")
		}
	}
	if v := first.View(); v.ModelVersion != "v6" {
		t.Errorf("newest version %s, want v6", v.ModelVersion)
	}
}

// TestColumnsComeAndGo: a column that a table lacks is one of nulls, and one
// that the plan lacks is named.
func TestColumnsComeAndGo(t *testing.T) {
	p := planOf(t, testOptions, []testRow{{amount: 1.0, city: "a"}})
	f := tally.New(p, view.Period{})
	for _, rec := range []arrow.RecordBatch{numberBatch("predictions", "extra", []float64{1, 2, math.NaN()}), numberBatch("predictions", "amount", []float64{7})} {
		if err := f.AddRows(rec); err != nil {
			t.Fatal(err)
		}
	}
	v := f.View()
	if c := column(t, v, "amount"); c.Rows != 4 || c.Missing != 3 || c.Absent != 3 || c.Vanished || c.Number.Mean != 7 {
		t.Errorf("got %+v", c)
	}
	if c := column(t, v, "city"); c.Absent != 4 || !c.Vanished {
		t.Errorf("got %+v", c)
	}
	if c := column(t, v, "extra"); !c.New || c.Rows != 4 || c.Missing != 1 {
		t.Errorf("got %+v", c)
	}
}

// TestTypesOfColumns: a string in a number column is a number when it reads as
// one; a number in a category column is its shortest text.
func TestTypesOfColumns(t *testing.T) {
	p := planOf(t, testOptions, []testRow{{amount: 1.0, city: "1.5"}})
	schema := arrow.NewSchema([]arrow.Field{
		table.Field("amount", arrow.BinaryTypes.String, table.Feature),
		table.Field("city", arrow.PrimitiveTypes.Float64, table.Feature),
		table.Field("few", arrow.FixedWidthTypes.Boolean, table.Feature),
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.Named("predictions", schema))
	defer b.Release()
	for _, s := range []string{" 2.5 ", "1e3", "x", "", "NaN", "0x10", "1e999"} {
		b.Field(0).(*array.StringBuilder).Append(s)
		b.Field(1).(*array.Float64Builder).Append(1.5)
		b.Field(2).(*array.BooleanBuilder).Append(true)
	}
	f := tally.New(p, view.Period{})
	if err := f.AddRows(b.NewRecordBatch()); err != nil {
		t.Fatal(err)
	}
	v := f.View()
	if c := column(t, v, "amount"); c.TypeErrors != 4 || c.Missing != 1 || c.Values() != 2 || c.Number.Max != 1000 {
		t.Errorf("got %+v", c)
	}
	if c := column(t, v, "city"); c.Category.Counts[0] != 7 {
		t.Errorf("got %+v", c.Category)
	}
	if c := column(t, v, "few"); c.TypeErrors != 7 && c.Missing != 7 {
		t.Errorf("got %+v", c)
	}
}

// TestOddReferences: references of no rows, one value, nulls, giants and
// infinities make plans by which anything can be counted.
func TestOddReferences(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	references := map[string][]testRow{
		"none": {}, "nulls": {{}, {}}, "one": {{score: 0.5, amount: 3.0, few: 1.0, city: "a", note: "x"}},
		"tied":       slices.Repeat([]testRow{{amount: 2.0, score: 0.1}}, 50),
		"giants":     {{amount: math.MaxFloat64}, {amount: -math.MaxFloat64}, {amount: 0.0}, {amount: math.SmallestNonzeroFloat64}},
		"no numbers": {{amount: math.NaN()}, {amount: math.Inf(1)}, {amount: math.Inf(-1)}},
		"subnormal":  {{amount: 5e-324}, {amount: 1e-323}, {amount: 1.5e-323}},
	}
	for name, rows := range references {
		p := planOf(t, testOptions, rows)
		for _, log := range [][]testRow{nil, rows, randomRows(r, 500)} {
			f := profileOf(t, p, view.Period{}, log, nil)
			bundle := bytesOf(t, f)
			g := decoded(t, p, bundle)
			if !bytes.Equal(bytesOf(t, g), bundle) {
				t.Errorf("%s: other bytes after a trip over the wire", name)
			}
			v := g.View()
			for _, c := range v.Columns {
				if c.Number == nil {
					continue
				}
				for _, q := range []float64{0, 0.3, 1} {
					x := c.Number.Quantile(q)
					if c.Values() == 0 != math.IsNaN(x) {
						t.Errorf("%s: %s: quantile %v of %d values is %v", name, c.Name, q, c.Values(), x)
					}
				}
			}
		}
	}
}
