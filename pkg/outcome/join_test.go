package outcome

import (
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

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
	got := j.Between(time.Time{}, time.Time{})
	want := []Tally{{0.1, 1, 1}, {0.2, 1, 0}, {0.3, 1, 1}}
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
	if got := j.Between(time.Time{}, time.Time{}); len(got) != 2 {
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
		later := batch(t, map[table.Role]any{table.ID: []string{"a"}, table.Target: []string{"1"}})
		if missing := j.AddOutcomes(later); missing != "" || !j.HasOutcomes() {
			t.Errorf("%s, later: missing %q", name, missing)
		}
		j.AddRows(batch(t, map[table.Role]any{table.ID: []string{"a", "b"}, table.Timestamp: []int64{10, 20}, table.Score: []float64{0.1, 0.2}}))
		if got := j.Between(time.Time{}, time.Time{}); len(got) != 1 || got[0] != (Tally{0.1, 1, 1}) {
			t.Errorf("%s, later: %v", name, got)
		}
	}
	j := &Join{}
	if missing := j.AddOutcomes(batchOf(t, arrow.NewSchema(nil, nil), `[]`)); missing != "" {
		t.Errorf("no rows: missing %q", missing)
	}
	j.AddRows(batch(t, map[table.Role]any{table.ID: []string{"a"}, table.Timestamp: []int64{10}, table.Score: []float64{0.1}}))
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
