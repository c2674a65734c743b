package drift

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// sane fails on a report that a page or a gate could not use.
func sane(t *testing.T, r Report) {
	t.Helper()
	for _, f := range r.Findings {
		if verdict.Severity(f.Level) == 0 && f.Level != "" || f.Sentence == "" {
			t.Fatalf("%s %s: level %q, sentence %q", f.Subject, f.Check, f.Level, f.Sentence)
		}
		if math.IsInf(f.Effect, 0) || math.IsInf(f.Statistic, 0) {
			t.Fatalf("infinite: %+v", f)
		}
	}
	if r.Run.Headline == "" {
		t.Fatal("no headline")
	}
}

// No odd column stops a run or the columns beside it.
func TestOddColumns(t *testing.T) {
	nan := math.NaN()
	x := seq(0, 300)
	for name, pair := range map[string][2][]float64{
		"all missing now":    {x, times(300, nan)},
		"all missing before": {times(300, nan), x},
		"all missing":        {times(300, nan), times(300, nan)},
		"one reference row":  {{1}, x},
		"one row":            {x, {1}},
		"one row each":       {{1}, {1}},
		"no rows":            {x, nil},
		"no reference":       {nil, x},
		"nothing":            {nil, nil},
		"constant both":      {times(300, 1.0), times(300, 1.0)},
		"constant elsewhere": {times(300, 1.0), times(300, 2.0)},
		"huge":               {{-math.MaxFloat64, 0, math.MaxFloat64}, {-math.MaxFloat64, math.MaxFloat64}},
		"tiny":               {{0, 5e-324, 1e-323}, {5e-324}},
	} {
		for _, by := range []policy.Policy{policy.Calibrated, policy.Classic, policy.Evidently} {
			ref := viewOf(numberColumn("odd", pair[0], pair[0]), numberColumn("sound", x, x))
			cur := viewOf(numberColumn("odd", pair[0], pair[1]), numberColumn("sound", x, x))
			r := Compare(ref, cur, Options{Policy: by})
			sane(t, r)
			find(t, r, "odd", verdict.CheckDistribution)
			if f := find(t, r, "sound", verdict.CheckDistribution); f.Level != verdict.OK || f.Statistic != 0 {
				t.Errorf("%s, %v: the column beside it is %+v", name, by, f)
			}
		}
	}
	for name, pair := range map[string][2][]string{
		"all missing now": {times(300, "a"), times(300, "")},
		"all missing":     {times(300, ""), times(300, "")},
		"no rows":         {times(300, "a"), nil},
		"no reference":    {nil, times(300, "a")},
		"all unseen":      {times(300, "a"), times(300, "b")},
		"one row":         {times(300, "a"), {"b"}},
	} {
		for _, by := range []policy.Policy{policy.Calibrated, policy.Classic, policy.Evidently} {
			r := Compare(viewOf(categoryColumn("odd", pair[0], pair[0])), viewOf(categoryColumn("odd", pair[0], pair[1])), Options{Policy: by})
			sane(t, r)
			if len(r.Findings) == 0 {
				t.Errorf("%s: no finding", name)
			}
			find(t, r, "odd", verdict.CheckDistribution)
		}
	}
	// Every value its own category: nothing can be said of them one by one.
	var ids []string
	for i := range 300 {
		ids = append(ids, fmt.Sprint("id", i))
	}
	r := Compare(viewOf(categoryColumn("id", ids, ids)), viewOf(categoryColumn("id", ids, ids)), Options{})
	if f := find(t, r, "id", verdict.CheckDistribution); f.Level != verdict.Insufficient {
		t.Errorf("%+v", f)
	}
	sane(t, Compare(view.View{}, view.View{}, Options{}))
}

// FuzzView feeds views that no profile would make: lengths that do not agree,
// negative and huge counts, NaN, missing parts. The report must still come, and
// come the same again.
func FuzzView(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed, seed%2 == 0)
	}
	f.Fuzz(func(t *testing.T, seed uint64, classic bool) {
		rng := rand.New(rand.NewPCG(seed, 7))
		ref, cur := oddView(rng), oddView(rng)
		o := Options{Period: time.Duration(rng.IntN(3)) * 24 * time.Hour, Threshold: oddFloat(rng), PositiveLabel: "v1",
			Limits: serving.Limits{P95MS: oddFloat(rng), SuccessRate: oddFloat(rng), MinRows: oddCount(rng)}, Drifted: Shares{Warn: oddFloat(rng), Alert: oddFloat(rng)}}
		if classic {
			o.Policy = policy.Classic
		}
		for range rng.IntN(3) {
			o.Segments = append(o.Segments, oddSplit(rng))
		}
		r := Compare(ref, cur, o)
		sane(t, r)
		if a, b := fmt.Sprintf("%+v", r), fmt.Sprintf("%+v", Compare(ref, cur, o)); a != b {
			t.Fatalf("two reports of the same views differ:\n%s\n%s", a, b)
		}
		if len(r.Bins) > 0 && reflect.ValueOf(r.Bins[0]).IsZero() {
			t.Fatal("an empty bin")
		}
	})
}

func oddFloat(rng *rand.Rand) float64 {
	odd := []float64{0, 1, -1, 0.5, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, 5e-324, 1e-9, 1e9}
	if rng.IntN(2) == 0 {
		return odd[rng.IntN(len(odd))]
	}
	return rng.NormFloat64()
}

func oddCount(rng *rand.Rand) int64 {
	switch rng.IntN(12) {
	case 0:
		return -int64(rng.IntN(5))
	case 1:
		return []int64{math.MaxInt64, math.MaxInt64 / 2, 1 << 20, 5000}[rng.IntN(4)]
	}
	return int64(rng.IntN(200))
}

func oddCounts(rng *rand.Rand, n int) []int64 {
	out := make([]int64, n)
	tame := rng.IntN(2) == 0
	for i := range out {
		if out[i] = oddCount(rng); tame {
			out[i] = int64(rng.IntN(50))
		}
	}
	return out
}

func oddFloats(rng *rand.Rand, n int) []float64 {
	out := make([]float64, n)
	tame := rng.IntN(3) > 0
	for i := range out {
		if out[i] = oddFloat(rng); tame {
			out[i] = float64(i)
		}
	}
	return out
}

func oddColumn(rng *rand.Rand, depth int) view.Column {
	c := view.Column{
		Name:    fmt.Sprint("c", rng.IntN(6)),
		Role:    []table.Role{table.Score, table.Label, table.Feature, ""}[rng.IntN(4)],
		Kind:    []view.Kind{view.NumberKind, view.CategoryKind, view.TextKind}[rng.IntN(3)],
		Rows:    oddCount(rng),
		Classes: oddCounts(rng, rng.IntN(4)),
		New:     rng.IntN(9) == 0, Vanished: rng.IntN(9) == 0, InSample: rng.IntN(9) == 0, Public: rng.IntN(2) == 0,
	}
	if rng.IntN(3) == 0 {
		c.Rejected = oddCount(rng)
		c.Missing, c.NaN, c.PosInf, c.TypeErrors = oddCount(rng), oddCount(rng), oddCount(rng), oddCount(rng)
	}
	edges := rng.IntN(6)
	slip := func() int { return max(0, edges+rng.IntN(9)/8) }
	if rng.IntN(2) == 0 {
		c.Number = &view.Number{
			Edges: oddFloats(rng, edges), At: oddCounts(rng, slip()), Open: oddCounts(rng, slip()+1), First: oddFloats(rng, slip()+1),
			Min: oddFloat(rng), Max: oddFloat(rng), Mean: oddFloat(rng), Std: oddFloat(rng), Exact: rng.IntN(2) == 0,
		}
		c.Number.Bins = oddFloats(rng, rng.IntN(edges+1))
		if x := oddFloat(rng); rng.IntN(2) == 0 {
			c.Number.Quantile = func(q float64) float64 { return x + q }
			values, n := oddFloats(rng, 3), oddCounts(rng, 3)
			c.Number.Values = func() ([]float64, []int64, bool) { return values, n, true }
		}
	}
	if rng.IntN(2) == 0 {
		k := &view.Category{Counts: oddCounts(rng, slip()), UnseenTotal: oddCount(rng), UnseenDistinct: oddCount(rng)}
		for i := range edges {
			k.Names = append(k.Names, fmt.Sprint("v", i*rng.IntN(3)))
		}
		for range rng.IntN(4) {
			k.Unseen = append(k.Unseen, view.Unseen{Name: fmt.Sprint("u", rng.IntN(3)), Count: oddCount(rng)})
		}
		c.Category = k
	}
	if depth > 0 {
		for range rng.IntN(3) {
			c.Derived = append(c.Derived, oddColumn(rng, 0))
		}
	}
	return c
}

// A latency's buckets are its profile's own; only their sizes are odd.
func oddLatency(rng *rand.Rand) view.Latency {
	l := view.Latency{Mean: oddFloat(rng), Min: oddFloat(rng), Max: oddFloat(rng)}
	for i := range rng.IntN(4) {
		n := int64(1 + rng.IntN(200))
		l.N += n
		l.Buckets = append(l.Buckets, view.Bucket{Lo: float64(i), Hi: float64(i + 1), Count: n})
	}
	return l
}

func oddSplit(rng *rand.Rand) view.Split {
	s := view.Split{Column: fmt.Sprint("c", rng.IntN(6)), RefRows: oddCount(rng), CurRows: oddCount(rng)}
	for range rng.IntN(4) {
		s.Parts = append(s.Parts, view.Part{
			Name: fmt.Sprint("v", rng.IntN(3)), RefRows: oddCount(rng), CurRows: oddCount(rng),
			Ref: oddView(rng), Cur: oddView(rng), Clustered: rng.IntN(5) == 0,
		})
	}
	return s
}

func oddView(rng *rand.Rand) view.View {
	day := func() time.Time { return time.Unix(86400*int64(rng.IntN(20)), 0).UTC() }
	v := view.View{
		Rows: oddCount(rng), First: day(), Last: day(), Requests: oddCount(rng), SampleRows: oddCount(rng),
		Inputs:    view.Repeats{Rows: oddCount(rng), Distinct: oddFloat(rng), Error: oddFloat(rng), Exact: rng.IntN(2) == 0, Times: oddCounts(rng, 0)},
		Inference: oddLatency(rng), Response: oddLatency(rng), Names: []string{"c0", "c1", "c2"},
	}
	for range rng.IntN(8) {
		v.Columns = append(v.Columns, oddColumn(rng, 1))
	}
	for range rng.IntN(4) {
		v.Pairs = append(v.Pairs, view.Pair{A: "c0", B: fmt.Sprint("c", rng.IntN(3)), N: oddCount(rng), Normal: oddFloat(rng), Pearson: oddFloat(rng)})
	}
	for range rng.IntN(6) {
		v.Traffic = append(v.Traffic, view.Traffic{Start: day(), Slot: 5 * time.Minute, Requests: oddCount(rng), Succeeded: oddCount(rng), P50: oddFloat(rng), P95: oddFloat(rng)})
	}
	if rng.IntN(2) == 0 && len(v.Traffic) > 0 {
		v.Traffic[0].Start = time.Time{}
	}
	for range rng.IntN(3) {
		v.Recent = append(v.Recent, view.Row{At: day(), Score: oddFloat(rng), Cells: make([]view.Cell, rng.IntN(4))})
	}
	for range rng.IntN(9) {
		w := view.Window{Start: day(), Length: 24 * time.Hour, View: view.View{Rows: oddCount(rng), Inference: oddLatency(rng), Response: oddLatency(rng), Traffic: v.Traffic}}
		for range rng.IntN(4) {
			w.View.Columns = append(w.View.Columns, oddColumn(rng, 1))
		}
		v.Windows = append(v.Windows, w)
	}
	return v
}
