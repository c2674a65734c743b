package outcome

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/outcome/outcometest"
	"github.com/leadsman/leadsman/pkg/table"
)

// Without an id, rows of one moment are told apart by the inputs that the
// outcomes repeat; a number is the same as its text.
func TestJoinByInputs(t *testing.T) {
	at := table.Field("timestamp", table.Micros, table.Timestamp)
	outcomes := batchOf(t, arrow.NewSchema([]arrow.Field{
		at,
		table.Field("size", arrow.BinaryTypes.String, table.Feature),
		table.Field("price", arrow.BinaryTypes.String, table.Feature),
		table.Field("noted", arrow.BinaryTypes.String, table.Feature),
		table.Field("outcome", arrow.PrimitiveTypes.Float64, table.Target),
	}, nil), `[
		{"timestamp": 5, "size": "small", "price": "2.5", "noted": "x", "outcome": 1},
		{"timestamp": 5, "size": "small", "price": "3", "noted": "y", "outcome": 0},
		{"timestamp": 5, "size": null, "price": "3", "noted": "z", "outcome": 1},
		{"timestamp": 6, "size": "", "price": "3", "outcome": 0},
		{"timestamp": 7, "size": "s", "price": "mall", "outcome": 0}]`)
	rows := batchOf(t, arrow.NewSchema([]arrow.Field{
		table.Field("price", arrow.PrimitiveTypes.Float64, table.Feature),
		table.Field("score", arrow.PrimitiveTypes.Float64, table.Score),
		table.Field("size", arrow.BinaryTypes.String, table.Feature),
		at,
	}, nil), `[
		{"timestamp": 5, "size": "small", "price": 2.5, "score": 0.1},
		{"timestamp": 5, "size": "small", "price": 3, "score": 0.2},
		{"timestamp": 5, "size": null, "price": 3, "score": 0.3},
		{"timestamp": 6, "size": "other", "price": 3, "score": 0.4},
		{"timestamp": 7, "size": "sm", "price": 3, "score": 0.5}]`)
	j := &Join{Inputs: []string{"price", "size"}}
	if missing := j.AddOutcomes(outcomes); missing != "" {
		t.Fatal(missing)
	}
	j.AddRows(rows)
	got := rowsOf(j, time.Time{})
	want := []scored{{0.1, 1}, {0.2, 0}, {0.3, 1}}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %v, want %v", got[i], want[i])
		}
	}
	// By the moment alone none of the first three could be told.
	j = &Join{}
	j.AddOutcomes(outcomes)
	j.AddRows(rows)
	if got := rowsOf(j, time.Time{}); len(got) != 2 {
		t.Errorf("by timestamp alone: %v", got)
	}
}

// A column in which nothing is known yet is left out by readers, or has no type:
// its rows are pending. No rows are no outcomes, whatever the columns.
func TestJoinPending(t *testing.T) {
	id := table.Field("lead", arrow.BinaryTypes.String, table.ID)
	rows := `[{"lead": "a"}, {"lead": "b"}]`
	for name, c := range map[string]struct {
		rec  arrow.RecordBatch
		told bool
	}{
		"left out": {batchOf(t, arrow.NewSchema([]arrow.Field{id}, nil), rows), false},
		"null":     {batchOf(t, arrow.NewSchema([]arrow.Field{id, table.Field("won", arrow.Null, table.Target)}, nil), rows), true},
	} {
		j := &Join{Threshold: 0.5}
		if missing := j.AddOutcomes(c.rec); missing != "" || j.HasOutcomes() != c.told {
			t.Errorf("%s: missing %q, told %v", name, missing, j.HasOutcomes())
		}
		if got := counts(j); got["outcomes"] != 2 || got["pending"] != 2 {
			t.Errorf("%s: %v", name, got)
		}
		// What is known later counts.
		later := outcometest.Batch(t, map[table.Role]any{table.ID: []string{"a"}, table.Target: []string{"1"}})
		if missing := j.AddOutcomes(later); missing != "" || !j.HasOutcomes() {
			t.Errorf("%s, later: missing %q", name, missing)
		}
		j.AddRows(outcometest.Batch(t, map[table.Role]any{table.ID: []string{"a", "b"}, table.Timestamp: []int64{10, 20}, table.Score: []float64{0.1, 0.2}}))
		if got := rowsOf(j, time.Time{}); len(got) != 1 || got[0] != (scored{0.1, 1}) {
			t.Errorf("%s, later: %v", name, got)
		}
	}
	j := &Join{}
	if missing := j.AddOutcomes(batchOf(t, arrow.NewSchema(nil, nil), `[]`)); missing != "" {
		t.Errorf("no rows: missing %q", missing)
	}
	j.AddRows(outcometest.Batch(t, map[table.Role]any{table.ID: []string{"a"}, table.Timestamp: []int64{10}, table.Score: []float64{0.1}}))
	if got := counts(j); got["outcomes"] != 0 || got["pending"] != 0 {
		t.Errorf("no rows: %v", got)
	}
}

func batchOf(t *testing.T, s *arrow.Schema, rows string) arrow.RecordBatch {
	t.Helper()
	rec, _, err := array.RecordFromJSON(memory.DefaultAllocator, s, strings.NewReader(rows))
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// Five outcomes: a is scored twice (its newest prediction counts), b once, c is
// not known yet, d disagrees with itself, e was never scored.
func TestJoinByID(t *testing.T) {
	outcomes := outcometest.Batch(t, map[table.Role]any{table.ID: []string{"a", "b", "c", "d", "d", "e", ""}, table.Target: []string{"1", "0", "", "1", "0", "1", "1"}})
	rows := []arrow.RecordBatch{
		outcometest.Batch(t, map[table.Role]any{table.ID: []string{"a", "b", "z"}, table.Timestamp: []int64{10, 20, 30}, table.Score: []float64{0.1, 0.2, 0.3}}),
		outcometest.Batch(t, map[table.Role]any{table.ID: []string{"a", "c", "d"}, table.Timestamp: []int64{40, 50, 60}, table.Score: []float64{0.7, 0.5, 0.6}}),
	}
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		j := &Join{Threshold: 0.5}
		if missing := j.AddOutcomes(outcomes); missing != "" {
			t.Fatal(missing)
		}
		for _, i := range order {
			j.AddRows(rows[i])
		}
		got := rowsOf(j, time.Time{})
		if len(got) != 2 || got[0] != (scored{0.2, 0}) || got[1] != (scored{0.7, 1}) {
			t.Errorf("joined %v", got)
		}
		if got := rowsOf(j, time.UnixMicro(40)); len(got) != 1 || got[0].score != 0.7 {
			t.Errorf("from 40 on: %v", got)
		}
		c := counts(j)
		for name, want := range map[string]int64{"outcomes": 7, "pending": 1, "keyless": 1, "contested": 1, "ambiguous": 0, "unmatched": 1, "joined_share": 3} {
			if c[name] != want {
				t.Errorf("%s: got %d, want %d", name, c[name], want)
			}
		}
	}
}

// Two predictions of one moment: nothing says whose outcome it is.
func TestJoinByTime(t *testing.T) {
	j := &Join{Threshold: math.NaN()}
	j.AddOutcomes(outcometest.Batch(t, map[table.Role]any{table.Timestamp: []int64{1, 2}, table.Target: []string{"yes", "no"}}))
	j.AddRows(outcometest.Batch(t, map[table.Role]any{table.Timestamp: []int64{1, 2, 2}, table.Score: []float64{0.9, 0.1, 0.2}}))
	if got := rowsOf(j, time.Time{}); len(got) != 1 || got[0] != (scored{0.9, 1}) {
		t.Errorf("joined %v", got)
	}
	if c := counts(j); c["ambiguous"] != 1 || c["unmatched"] != 0 {
		t.Errorf("counts %v", c)
	}
	if missing := (&Join{}).AddOutcomes(outcometest.Batch(t, map[table.Role]any{table.Target: []string{"1"}})); missing != "id or timestamp" {
		t.Errorf("missing %q", missing)
	}
}

// scored is the score of a row that met its outcome, and the outcome.
type scored struct{ score, value float64 }

// rowsOf are those of predictions made at from or later, by score.
func rowsOf(j *Join, from time.Time) []scored {
	var out []scored
	for _, r := range MetOf(j.Set(), j.Threshold, j.Window).between(from, time.Time{}) {
		out = append(out, scored{r.Score, r.Value})
	}
	slices.SortFunc(out, func(a, b scored) int { return cmp.Compare(a.score, b.score) })
	return out
}

func counts(j *Join) map[string]int64 {
	out := map[string]int64{}
	for _, o := range MetOf(j.Set(), j.Threshold, j.Window).counts() {
		out[o.Metric] = o.N
	}
	return out
}
