package dependence

import (
	"math"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// By hand: 200 rows of 40 different ones, of which as many rows of the other side are
// all different, are worth 40: five rows to one. Where the other side repeats as
// much, it is chance.
func TestAgain(t *testing.T) {
	times := func(n int, each int64) view.Repeats {
		r := view.Repeats{Rows: int64(n) * each, Distinct: float64(n), Exact: true}
		for range n {
			r.Times = append(r.Times, each)
		}
		return r
	}
	once, five := times(600, 1), times(40, 5)
	if got := again(&five, &once); got != 5 {
		t.Errorf("%v rows to one, want 5", got)
	}
	if got := again(&once, &five); got != 1 {
		t.Errorf("rows that are all different count as one in %v", got)
	}
	// 47 different rows in 2,000 of either side, as three columns of few categories have them.
	few := times(50, 40)
	if got := again(&few, &few); got != 1 {
		t.Errorf("what both sides repeat counts as one in %v", got)
	}
	if got := again(&view.Repeats{}, &once); got != 1 {
		t.Errorf("no rows: %v", got)
	}
}

// days are windows of so many rows, all of one column.
func days(rows ...int64) []*view.Window {
	var out []*view.Window
	for d, n := range rows {
		c := view.Column{Name: "a", Kind: view.NumberKind, Rows: n, Classes: []int64{0, n / 2, n - n/2, 0}}
		out = append(out, &view.Window{
			Start: time.Date(2026, 1, 5+d, 0, 0, 0, 0, time.UTC), Length: 24 * time.Hour, View: view.View{Rows: n, Columns: []view.Column{c}},
		})
	}
	return out
}

func repeat(n int, rows int64) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = rows
	}
	return out
}

// Days are compared with the next one, from two weeks on with the same weekday, and
// pooled until they hold twenty rows.
func TestSeries(t *testing.T) {
	for _, c := range []struct {
		rows          []int64
		groups, steps int
		ok            bool
	}{
		{repeat(7, 500), 7, 6, true},
		{repeat(5, 500), 5, 4, true},
		{repeat(4, 500), 0, 0, false},
		{repeat(27, 500), 27, 20, true},
		{repeat(56, 6), 8, 7, true},             // 42 rows a week
		{repeat(10, 12), 5, 4, true},            // two days each
		{repeat(10, 1), 0, 0, false},            // never twenty
		{append(repeat(7, 500), 3), 7, 6, true}, // a day that hardly began
	} {
		s, ok := seriesOf(days(c.rows...))
		if ok != c.ok || len(s.groups) != c.groups || ok && len(s.steps) != c.steps {
			t.Errorf("%d days of %d rows: %v, %d groups and %d steps, want %v, %d and %d", len(c.rows), c.rows[0], ok, len(s.groups), len(s.steps), c.ok, c.groups, c.steps)
		}
	}
}

// The judged rows' own windows are not among the earlier ones.
func TestEarlier(t *testing.T) {
	var v view.View
	for _, w := range days(repeat(8, 500)...) {
		v.Windows = append(v.Windows, *w)
	}
	v.First = v.Windows[7].Start.Add(time.Hour)
	if got := earlier(&v); len(got) != 7 {
		t.Errorf("%d windows end before the eighth day", len(got))
	}
	v.First = v.Windows[7].Start.Add(-time.Hour) // within the seventh day
	if got := earlier(&v); len(got) != 6 {
		t.Errorf("%d windows end before the evening of the seventh day", len(got))
	}
	v.First = time.Time{}
	if got := earlier(&v); got != nil {
		t.Errorf("rows without times have %d earlier windows", len(got))
	}
}

// Cells are pooled with the next ones until a window holds five rows on average, and
// what is left with the last.
func TestPooled(t *testing.T) {
	got := pooled([][]int64{{0, 4, 9, 1, 1}, {0, 8, 9, 1, 1}})
	want := [][]int64{{4, 11}, {8, 11}} // 6 a window, then 9 and what is left
	for w := range want {
		for c := range want[w] {
			if len(got[w]) != len(want[w]) || got[w][c] != want[w][c] {
				t.Fatalf("%v, want %v", got, want)
			}
		}
	}
}

// A column counts as much as the one in the middle at least, and the greater of what
// is known counts.
func TestDesign(t *testing.T) {
	c := comparison{weight: 2, again: [2]float64{1, 3}, unique: [2]bool{true, true}}
	for _, effect := range []float64{1, 4, 9} {
		col := &view.Column{Name: "a", Kind: view.NumberKind}
		c.columns = append(c.columns, pair{ref: col, cur: col, whole: col})
		var v variation
		v.values.Effect, v.values.Differences, v.values.Cells = effect, 6, 10
		c.windows[1] = append(c.windows[1], v)
	}
	for i, want := range []policy.Design{{Ref: 1, Cur: 4, Weight: 2, Below: 54}, {Ref: 1, Cur: 4, Weight: 2, Below: 54}, {Ref: 1, Cur: 9, Weight: 2, Below: 54}} {
		if got := c.design(i).Values; got != want {
			t.Errorf("column %d: %+v, want %+v", i, got, want)
		}
	}
	if got := c.design(0).Missing; got != (policy.Design{Ref: 1, Cur: 3, Weight: 2}) {
		t.Errorf("%+v", got)
	}
	if got := middle(nil); got != 0 || math.IsNaN(got) {
		t.Errorf("%v", got)
	}
}
