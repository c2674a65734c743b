package tally_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/read"
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

func numberBatch(name, col string, x []float64) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.Named(name, arrow.NewSchema([]arrow.Field{
		table.Field(col, arrow.PrimitiveTypes.Float64, table.Feature)}, nil)))
	defer b.Release()
	b.Field(0).(*array.Float64Builder).AppendValues(x, nil)
	return b.NewRecordBatch()
}

func TestCategories(t *testing.T) {
	ref := []profiletest.Row{{City: "b"}, {City: "a"}, {City: "a"}, {City: "c"}, {City: ""}, {City: nil}}
	long := strings.Repeat("z", 256+9)
	p := profiletest.Plan(t, profiletest.Options, ref)
	cur := []profiletest.Row{{City: "c"}, {City: "a"}, {City: "new"}, {City: "new"}, {City: long}, {City: "\xff"}, {City: ""}, {City: nil}}
	c := column(t, profiletest.Profile(t, p, view.Period{}, cur, nil).View(), "city")
	if got, want := fmt.Sprint(c.Category.Names, c.Category.Counts), "[a b c] [1 0 1]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	// A long name is known by its beginning and the hash of the whole.
	want := []view.Unseen{{Name: "new", Count: 2, Exact: true}, {Name: read.Name(long, 256), Count: 1, Exact: true}, {Name: "\uFFFD", Count: 1, Exact: true}}
	if !slices.Equal(c.Category.Unseen, want) || c.Category.UnseenTotal != 4 || c.Category.UnseenDistinct != 3 {
		t.Errorf("unseen %v, %d, %d", c.Category.Unseen, c.Category.UnseenTotal, c.Category.UnseenDistinct)
	}
	if c.Missing != 2 || c.Values() != 6 || !slices.Equal(c.Classes, []int64{1, 0, 1, 4}) {
		t.Errorf("missing %d, values %d, classes %v", c.Missing, c.Values(), c.Classes)
	}
}

func TestText(t *testing.T) {
	p := profiletest.Plan(t, profiletest.Options, []profiletest.Row{{Note: "häuser, hütten"}, {Note: "x"}})
	c := column(t, profiletest.Profile(t, p, view.Period{}, []profiletest.Row{{Note: "añb,,"}, {Note: ""}, {Note: nil}}, nil).View(), "note")
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
	var rows []profiletest.Row
	var xs, ys []float64
	for i := range 4000 {
		x := r.NormFloat64()
		y := 0.6*x + 0.8*r.NormFloat64()
		row := profiletest.Row{Score: 100 + x, Amount: 5 - 3*y}
		if i%7 == 0 {
			row.Amount = nil
		} else {
			xs, ys = append(xs, 100+x), append(ys, 5-3*y)
		}
		rows = append(rows, row)
	}
	p := profiletest.Plan(t, profiletest.Options, rows)
	v := profiletest.Profile(t, p, view.Period{}, rows, nil).View()
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

	few := []profiletest.Row{{Few: 1.0, City: "a"}, {Few: 1.0, City: "b"}, {Few: 2.0, City: "a"}, {Few: nil, City: "a"}, {Few: 2.0, City: "a"}}
	v = profiletest.Profile(t, profiletest.Plan(t, profiletest.Options, few), view.Period{}, append(few, profiletest.Row{Few: 3.0, City: "new"}), nil).View()
	pair = v.Pairs[slices.IndexFunc(v.Pairs, func(p view.Pair) bool { return p.A == "few" && p.B == "city" })]
	// Rows: under, [1, 1], (1, 2], over. Columns: a, b, others.
	if got, want := fmt.Sprint(pair.Table, pair.N), "[[0 0 0] [1 1 0] [2 0 0] [0 0 1]] 5"; got != want || !math.IsNaN(pair.Pearson) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestGiantsDoNotOverflow: products of the greatest steps, many of them.
func TestGiantsDoNotOverflow(t *testing.T) {
	p := profiletest.Plan(t, profiletest.Options, []profiletest.Row{{Score: 0.0, Amount: 0.0}, {Score: 1.0, Amount: 1.0}})
	var rows []profiletest.Row
	for range 3000 {
		rows = append(rows, profiletest.Row{Score: math.MaxFloat64, Amount: math.MaxFloat64}, profiletest.Row{Score: -math.MaxFloat64, Amount: -math.MaxFloat64})
	}
	v := profiletest.Profile(t, p, view.Period{}, rows, nil).View()
	pair := v.Pairs[slices.IndexFunc(v.Pairs, func(p view.Pair) bool { return p.A == "score" && p.B == "amount" })]
	if pair.Pearson != 1 {
		t.Errorf("correlation %v, want 1", pair.Pearson)
	}
	if c := column(t, v, "amount"); c.Number.Mean != 0 || !(c.Number.Std > 1e308) {
		t.Errorf("mean %v, std %v", c.Number.Mean, c.Number.Std)
	}
}

func TestRows(t *testing.T) {
	p := profiletest.Plan(t, profiletest.Options, []profiletest.Row{{Score: 0.5, Amount: 1.0, City: "a"}})
	var rows []profiletest.Row
	for i := range 30 {
		rows = append(rows, profiletest.Row{At: profiletest.Day.Add(time.Duration(i) * time.Hour), Score: 0.25, Label: "yes", MS: 1.5, Version: fmt.Sprint("v", i), Amount: float64(i), City: "x"})
	}
	rows[3].Amount = math.NaN()
	rows = append(rows, rows[29], rows[29], rows[0])
	v := profiletest.Profile(t, p, view.Period{}, rows, nil).View()
	if v.SampleRows != 33 || len(v.Sample) != 30 || !v.Lines.Exact || v.Lines.Rows != 33 || v.Lines.Distinct != 30 {
		t.Errorf("%d rows in the sample, %d different ones; lines %+v", v.SampleRows, len(v.Sample), v.Lines)
	}
	if len(v.Recent) != 20 || !v.Recent[0].At.Equal(profiletest.Day.Add(29*time.Hour)) || !v.Recent[19].At.Equal(profiletest.Day.Add(10*time.Hour)) {
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
	p := profiletest.Plan(t, profiletest.Options, []profiletest.Row{{Amount: 1.0}})
	us := time.Microsecond
	rows := []profiletest.Row{{At: profiletest.Day}, {At: profiletest.Day.Add(us)}, {At: profiletest.Day.Add(time.Hour)}, {At: profiletest.Day.Add(time.Hour + us)}, {}}
	period := view.Period{From: profiletest.Day, Until: profiletest.Day.Add(time.Hour)}
	f := profiletest.Profile(t, p, period, rows, []profiletest.Request{{At: profiletest.Day}, {At: profiletest.Day.Add(time.Hour)}, {At: profiletest.Day.Add(time.Hour + us)}})
	if f.Period() != period || period.Length() != time.Hour || tally.New(p, view.Period{}).Period().Length() != 0 {
		t.Errorf("period %v", f.Period())
	}
	v := f.View()
	if v.Rows != 3 || v.Untimed != 1 || v.Requests != 1 || !v.First.Equal(profiletest.Day.Add(us)) || !v.Last.Equal(profiletest.Day.Add(time.Hour)) {
		t.Errorf("%d rows, %d requests from %v to %v", v.Rows, v.Requests, v.First, v.Last)
	}
	if v.Windows[0].View.Rows != 4 || v.Windows[0].View.Requests != 3 {
		t.Errorf("%d rows, %d requests in the window", v.Windows[0].View.Rows, v.Windows[0].View.Requests)
	}
}

// TestSimulated: one simulated part makes the whole simulated.
func TestSimulated(t *testing.T) {
	p := profiletest.Plan(t, profiletest.Options, []profiletest.Row{{Amount: 1.0}})
	rec := numberBatch("predictions", "amount", []float64{1})
	marked := array.NewRecordBatch(table.WithMeta(rec.Schema(), table.KeySimulated, "true"), rec.Columns(), rec.NumRows())
	for i, order := range [][]arrow.RecordBatch{{rec, marked}, {marked, rec}, {rec, rec}} {
		f, g := tally.New(p, view.Period{}), tally.New(p, view.Period{})
		for _, err := range []error{f.AddRows(order[0]), g.AddRows(order[1]), f.Merge(g)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		again := profiletest.Decode(t, p, profiletest.Bytes(t, f))
		if want := i < 2; f.View().Simulated != want || again.View().Simulated != want {
			t.Errorf("order %d: simulated %v, want %v", i, f.View().Simulated, want)
		}
	}
}

// TestTies: of rows of one timestamp the same ones are recent, and the same
// version is the newest, in any order.
func TestTies(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	p := profiletest.Plan(t, profiletest.Options, []profiletest.Row{{Amount: 1.0}})
	var rows []profiletest.Row
	for i := range 60 {
		rows = append(rows, profiletest.Row{At: profiletest.Day, Amount: float64(i), Version: fmt.Sprint("v", i%7)})
	}
	first := profiletest.Profile(t, p, view.Period{}, rows, nil)
	for range 5 {
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		half := profiletest.Profile(t, p, view.Period{}, rows[:30], nil)
		if err := half.Merge(profiletest.Profile(t, p, view.Period{}, rows[30:], nil)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(profiletest.Bytes(t, half), profiletest.Bytes(t, first)) {
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
	p := profiletest.Plan(t, profiletest.Options, []profiletest.Row{{Amount: 1.0, City: "a"}})
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
// one, and missing where it is blank or NaN; a number in a category column is its shortest text.
func TestTypesOfColumns(t *testing.T) {
	p := profiletest.Plan(t, profiletest.Options, []profiletest.Row{{Amount: 1.0, City: "1.5"}})
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
	if c := column(t, v, "amount"); c.TypeErrors != 3 || c.Missing != 2 || c.Values() != 2 || c.Number.Max != 1000 {
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
	references := map[string][]profiletest.Row{
		"none": {}, "nulls": {{}, {}}, "one": {{Score: 0.5, Amount: 3.0, Few: 1.0, City: "a", Note: "x"}},
		"tied":       slices.Repeat([]profiletest.Row{{Amount: 2.0, Score: 0.1}}, 50),
		"giants":     {{Amount: math.MaxFloat64}, {Amount: -math.MaxFloat64}, {Amount: 0.0}, {Amount: math.SmallestNonzeroFloat64}},
		"no numbers": {{Amount: math.NaN()}, {Amount: math.Inf(1)}, {Amount: math.Inf(-1)}},
		"subnormal":  {{Amount: 5e-324}, {Amount: 1e-323}, {Amount: 1.5e-323}},
	}
	for name, rows := range references {
		p := profiletest.Plan(t, profiletest.Options, rows)
		for _, log := range [][]profiletest.Row{nil, rows, profiletest.RandomRows(r, 500)} {
			f := profiletest.Profile(t, p, view.Period{}, log, nil)
			bundle := profiletest.Bytes(t, f)
			g := profiletest.Decode(t, p, bundle)
			if !bytes.Equal(profiletest.Bytes(t, g), bundle) {
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

// TestThresholdIsAnEdge: so that the share above it is exact.
func TestThresholdIsAnEdge(t *testing.T) {
	rows := []profiletest.Row{{Score: 0.2}, {Score: 0.4}, {Score: 0.9}}
	v := tally.New(profiletest.Plan(t, profiletest.Options, rows), view.Period{}).View()
	c := column(t, v, "score")
	if len(c.Number.Edges) != 4 || c.Number.Edges[2] != 0.5 {
		t.Errorf("edges %v", c.Number.Edges)
	}
	// Outside the reference's range it would move that range.
	o := profiletest.Options
	o.Threshold = 0.95
	if c := column(t, tally.New(profiletest.Plan(t, o, rows), view.Period{}).View(), "score"); len(c.Number.Edges) != 3 {
		t.Errorf("edges %v", c.Number.Edges)
	}
}
