package strata

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

type line struct {
	At time.Time `table:"timestamp"`
	A  float64   `table:"a,null"`
	B  float64   `table:"b,null"`
	C  string    `table:"c"`
}

// monday is a Monday.
var monday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// draw draws rows a day over some days; on weekends numbers are higher by one and the
// category is nearly always another; a twentieth of a is missing on weekdays.
func draw(r *rand.Rand, from time.Time, days, rows int) []line {
	var out []line
	for d := range days {
		day := from.AddDate(0, 0, d)
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		for i := range rows {
			l := line{At: day.Add(time.Duration(i) * time.Minute), A: r.NormFloat64(), B: r.NormFloat64(), C: "office"}
			switch {
			case weekend:
				l.A, l.B = l.A+1, l.B+1
				if r.Float64() < 0.9 {
					l.C = "home"
				}
			case r.IntN(20) == 0:
				l.A = math.NaN()
			}
			out = append(out, l)
		}
	}
	return out
}

func planOf(t *testing.T, ref []line) *plan.Plan {
	t.Helper()
	b := plan.NewPlanner(plan.Options{Threshold: math.NaN(), Window: 24 * time.Hour})
	if err := b.Add(table.Encode("reference", ref)); err != nil {
		t.Fatal(err)
	}
	p, err := b.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func counted(t *testing.T, p *plan.Plan, name string, rows []line) view.View {
	t.Helper()
	f := tally.New(p, view.Period{})
	if err := f.AddRows(table.Encode(name, rows)); err != nil {
		t.Fatal(err)
	}
	return f.View()
}

// A night of the reference's own mix of days leaves it as it is; a Saturday makes it
// its weekends.
func TestWeigh(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	rows := draw(r, monday, 28, 30)
	p := planOf(t, rows)
	if p.Parts != view.Weekends {
		t.Fatalf("28 days of 30 rows have the parts %v", p.Parts)
	}
	ref := counted(t, p, "reference", rows)
	same := Weigh(&ref, ptr(counted(t, p, "predictions", rows)))
	if math.Abs(same.Worth-1) > 1e-12 {
		t.Errorf("a sample of the same days is worth %v", same.Worth)
	}
	for i, c := range same.Reference.Columns {
		plain := &ref.Columns[i]
		if c.Missing != plain.Missing || c.Number != nil && !slices.Equal(c.Number.At, plain.Number.At) || c.Category != nil && !slices.Equal(c.Category.Counts, plain.Category.Counts) {
			t.Errorf("%s: the same mix of days changes the counts", c.Name)
		}
	}

	saturday := counted(t, p, "predictions", draw(r, monday.AddDate(0, 0, 33), 1, 400))
	got := Weigh(&ref, &saturday)
	// 240 weekend rows of 840 are all that counts.
	if math.Abs(got.Worth-840.0/240) > 1e-9 {
		t.Errorf("840 rows of which 240 count are worth one in %v, want %v", got.Worth, 840.0/240)
	}
	var weekend []float64
	home := 0.0
	for _, l := range rows {
		if d := l.At.Weekday(); d == time.Saturday || d == time.Sunday {
			weekend = append(weekend, l.A)
			if l.C == "home" {
				home++
			}
		}
	}
	a, c := column(t, &got.Reference, "a"), column(t, &got.Reference, "c")
	if a.Missing != 0 || a.Values() != 840 {
		t.Errorf("a: %d of %d missing; no weekend row is", a.Missing, a.Rows)
	}
	slices.Sort(weekend)
	upTo := int64(0)
	for i, e := range a.Number.Edges {
		upTo += a.Number.At[i]
		below, _ := slices.BinarySearch(weekend, e+1e-12)
		if d := math.Abs(float64(upTo)/840 - float64(below)/240); d > 0.5/840+1e-9 {
			t.Fatalf("up to %v: %d of 840, %d of the 240 weekend rows", e, upTo, below)
		}
	}
	mean := 0.0
	for _, v := range weekend {
		mean += v / 240
	}
	if math.Abs(a.Number.Mean-mean) > 0.01 || math.Abs(a.Number.Quantile(0.5)-weekend[120]) > 0.05 {
		t.Errorf("mean %v and median %v, want %v and %v", a.Number.Mean, a.Number.Quantile(0.5), mean, weekend[120])
	}
	at := slices.Index(c.Category.Names, "home")
	if share := float64(c.Category.Counts[at]) / 840; math.Abs(share-home/240) > 1.0/840 {
		t.Errorf("home in %v of the rows, want %v", share, home/240)
	}
	for _, row := range got.Reference.Sample {
		if d := row.At.Weekday(); d != time.Saturday && d != time.Sunday {
			t.Fatalf("the sample has a row of a %s", d)
		}
	}
	if ref.Columns[0].Plain != nil || got.Reference.Columns[0].Plain == nil {
		t.Error("the views were changed")
	}
	// a and b go together only because both are higher on weekends.
	if before, after := ref.Pairs[len(ref.Pairs)-1], got.Reference.Pairs[len(ref.Pairs)-1]; before.Table == nil && (before.Normal < 0.1 || math.Abs(after.Normal) > 0.08) {
		t.Errorf("the correlation was %v, is %v on weekends", before.Normal, after.Normal)
	}
}

func ptr(v view.View) *view.View { return &v }

func column(t *testing.T, v *view.View, name string) *view.Column {
	t.Helper()
	c := v.Column(name)
	if c == nil {
		t.Fatalf("no column %s", name)
	}
	return c
}

// The parts are fixed by the reference: every day from eight weeks on, where each has
// 150 rows, else weekends from two weeks on, else none.
func TestParts(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, c := range []struct {
		days, rows int
		want       view.WeekParts
		thin       bool
	}{{56, 20, view.EachDay, false}, {56, 15, view.Weekends, false}, {28, 20, view.Weekends, false}, {28, 3, view.WholeWeek, true}, {9, 100, view.WholeWeek, false}} {
		p := planOf(t, draw(r, monday, c.days, c.rows))
		if p.Parts != c.want || p.Week.Thin() != c.thin {
			t.Errorf("%d days of %d rows: %v, too thin: %v", c.days, c.rows, p.Parts, p.Week.Thin())
		}
	}
}

// Counts sum to what is shared out, and none is off by a whole one.
func TestApportion(t *testing.T) {
	got := apportion([]float64{0.2, 0.2, 0.2, 0, 0.4}, 7)
	if !slices.Equal(got, []int64{1, 2, 1, 0, 3}) {
		t.Errorf("%v", got)
	}
	if got := apportion([]float64{0, 0}, 5); !slices.Equal(got, []int64{0, 0}) {
		t.Errorf("%v", got)
	}
}
