package drift

import (
	"math"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func statisticOf(t *testing.T, r Report, subject, name string) verdict.Statistic {
	t.Helper()
	for _, s := range r.Statistics {
		if s.Subject == subject && s.Name == name {
			return s
		}
	}
	t.Fatalf("no statistic %s of %s", name, subject)
	return verdict.Statistic{}
}

// Counts by hand: 4 reference rows and 10 judged ones of three columns, the
// third of which is not logged any more.
func TestDataset(t *testing.T) {
	nan := math.NaN()
	x := []float64{1, 2, 3, nan}
	ref := viewOf(numberColumn("x", x, x), categoryColumn("c", []string{"a", "a", "a", "a"}, []string{"a", "a", "a", "a"}), numberColumn("gone", x, x))
	y := []float64{0.5, 1, 2, 3, 4, 4, nan, nan, nan, nan}
	c := []string{"", "", "", "", "", "", "", "", "", ""}
	cur := viewOf(numberColumn("x", x, y), categoryColumn("c", []string{"a"}, c))
	for _, v := range []*view.View{&ref, &cur} {
		v.Columns[0].Public = true
	}
	ref.Inputs, cur.Inputs = repeated(4, 0), repeated(10, 3)
	r := Compare(ref, cur, Options{K: -1})
	for _, want := range []verdict.Statistic{
		{Subject: verdict.SubjectRows, Name: "rows", Ref: 4, Cur: 10},
		{Subject: verdict.SubjectRows, Name: "columns", Ref: 3, Cur: 2},
		{Subject: verdict.SubjectRows, Name: "empty_columns", Ref: 0, Cur: 1},
		{Subject: verdict.SubjectRows, Name: "constant_columns", Ref: 1, Cur: 0},
		{Subject: verdict.SubjectRows, Name: "missing_cells_rate", Ref: 2. / 12, Cur: 14. / 20},
		{Subject: verdict.SubjectRows, Name: "duplicate_rate", Ref: 0, Cur: 0.3},
		{Subject: "x", Name: "out_of_range_rate", Ref: 0, Cur: 3. / 6},
		{Subject: "x", Name: "min", Ref: 1, Cur: 0.5},
		{Subject: "x", Name: "max", Ref: 3, Cur: 4},
		{Subject: "x", Name: "missing_rate", Ref: 0.25, Cur: 0.4},
		{Subject: "x", Name: "distinct", Ref: 3, Cur: 5},
	} {
		if got := statisticOf(t, r, want.Subject, want.Name); got.Ref != want.Ref || got.Cur != want.Cur {
			t.Errorf("%s %s: %v and %v, want %v and %v", want.Subject, want.Name, got.Ref, got.Cur, want.Ref, want.Cur)
		}
	}
	// Wilson's interval of 3 in 10, from SciPy 1.17: proportion_ci(method="wilson").
	if s := statisticOf(t, r, verdict.SubjectRows, "duplicate_rate"); math.Abs(s.Lo-0.10779126740630) > 1e-9 || math.Abs(s.Hi-0.60322185253885) > 1e-9 {
		t.Errorf("%v to %v", s.Lo, s.Hi)
	}
	for _, s := range r.Statistics {
		if s.Subject == "gone" && (s.Name == "min" || s.Name == "max") {
			t.Errorf("%s of a column that is not public", s.Name)
		}
	}
}

// A column's odd values are shares of its rows, each with an interval; where
// there are none, none are spoken of.
func TestFaultRates(t *testing.T) {
	x := seq(0, 100)
	odd := numberColumn("x", x, x)
	odd.Rows, odd.PosInf, odd.NaN, odd.TypeErrors = 104, 1, 1, 2
	b := categoryColumn("c", []string{"a", "b"}, []string{"a", "b", "new", "new"})
	r := Compare(viewOf(numberColumn("x", x, x), categoryColumn("c", []string{"a", "b"}, []string{"a", "b"})), viewOf(odd, b), Options{})
	for name, want := range map[string]float64{"nonfinite_rate": 2. / 104, "type_error_rate": 2. / 104} {
		if s := statisticOf(t, r, "x", name); s.Ref != 0 || s.Cur != want || !(s.Lo < want && want < s.Hi) {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if s := statisticOf(t, r, "c", "unseen_rate"); s.Cur != 0.5 {
		t.Errorf("%+v", s)
	}
	for _, s := range r.Statistics {
		if s.Subject == "c" && (s.Name == "nonfinite_rate" || s.Name == "type_error_rate") {
			t.Errorf("%+v", s)
		}
	}
}
