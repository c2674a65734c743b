package skew

import (
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func rows(n int, version string, logged, own float64) []Row {
	out := make([]Row, n)
	for i := range out {
		out[i] = Row{At: time.Unix(int64(i), 0), Version: version, N: 1, Logged: logged, Own: own}
	}
	return out
}

func TestCompare(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		what string
		rows []Row
		want Result
	}{
		{"rounded to four places", rows(100, "", 0.1235, 0.12346), Result{Rows: 100, Tolerance: 0.5e-4 * (1 + 1e-6), Median: nan, Most: nan}},
		{"one place off", rows(100, "", 0.1236, 0.12346), Result{Rows: 100, Differ: 100, Tolerance: 0.5e-4 * (1 + 1e-6), Median: 0.00014, Most: 0.00014, First: time.Unix(0, 0)}},
		{"five of a hundred", append(rows(95, "", 0.25, 0.25), rows(5, "", 0.5, 0.25)...), Result{Rows: 100, Differ: 5, Tolerance: 0.5e-2 * (1 + 1e-6), Median: 0.25, Most: 0.25, First: time.Unix(0, 0)}},
		{"too few", rows(29, "", 0.5, 0.5), Result{Tolerance: 0.05 * (1 + 1e-6), Median: nan, Most: nan, Unjudged: verdict.ReasonTooFewRows}},
		{"unread", append(rows(50, "", 0.5, 0.5), rows(7, "", 0.5, nan)...), Result{Rows: 50, Unread: 7, Tolerance: 0.05 * (1 + 1e-6), Median: nan, Most: nan}},
		{"its own version", append(rows(50, "7", 0.5, 0.9), rows(40, "8", 0.5, 0.5)...), Result{Rows: 40, Others: 50, Version: "8", Tolerance: 0.05 * (1 + 1e-6), Median: nan, Most: nan}},
	} {
		got := Compare(c.rows, nil, 5)
		near := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-12 }
		if !near(got.Median, c.want.Median) || !near(got.Most, c.want.Most) || !near(got.Tolerance, c.want.Tolerance) || !got.First.Equal(c.want.First) {
			t.Errorf("%s: %+v, want %+v", c.what, got, c.want)
		}
		got.Median, got.Most, got.Tolerance, got.First = 0, 0, 0, time.Time{}
		c.want.Median, c.want.Most, c.want.Tolerance, c.want.First = 0, 0, 0, time.Time{}
		differing := int64(len(got.Differing))
		if want := min(got.Differ, 20); differing != want {
			t.Errorf("%s: %d rows that differ, want %d", c.what, differing, want)
		}
		got.Differing = nil
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.what, got, c.want)
		}
	}
}

// The rows that differ are told by name, the first by time, and what they have in
// common, where k rows hold it: 6 of 100 rows differ, all of them of plan pro and
// without a region; of the others every second is of plan pro, and each has an own note, which is never told.
func TestRowsThatDiffer(t *testing.T) {
	all := rows(100, "", 0.25, 0.25)
	for i := range all {
		row := &all[i]
		plan, region := view.Cell{String: true, Str: "pro"}, view.Cell{Null: true}
		if i < 6 {
			row.Own = 0.5
		} else {
			region = view.Cell{Num: 7}
			if i%2 == 0 {
				plan.Str = "free"
			}
		}
		row.ID, row.At = fmt.Sprint("r", i), time.Unix(int64(1000-i), 0)
		row.Cells = []view.Cell{plan, region, {String: true, Str: "secret"}}
	}
	got := Compare(all, []string{"plan", "region", ""}, 5)
	if len(got.Differing) != 6 || got.Differing[0].ID != "r5" || got.Differing[0].Logged != 0.25 || got.Differing[0].Own != 0.5 || got.Differing[5].ID != "r0" {
		t.Errorf("rows: %+v", got.Differing)
	}
	if want := []Shared{{"region", "", 1, 0}, {"plan", "pro", 1, 0.5}}; !reflect.DeepEqual(got.Common, want) {
		t.Errorf("in common: %+v, want %+v", got.Common, want)
	}
	if got := Compare(all, []string{"plan", "region", ""}, 7); got.Common != nil {
		t.Errorf("of fewer than k rows: %+v", got.Common)
	}
}
