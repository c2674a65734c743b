package binary

import (
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/outcometest"
	"github.com/leadsman/leadsman/pkg/table"
)

// met is what a join has found.
func met(j *outcome.Join) *outcome.Met { return outcome.MetOf(j.Set(), j.Threshold, j.Window) }

// knowing is a reference of these scores and outcomes.
func knowing(t *testing.T, scores []float64, positive []bool) *outcome.Truth {
	t.Helper()
	known := make([]string, len(positive))
	for i, p := range positive {
		if known[i] = "0"; p {
			known[i] = "1"
		}
	}
	truth := &outcome.Truth{}
	truth.Add(outcometest.Batch(t, map[table.Role]any{table.Score: scores, table.Target: known}))
	return truth
}

// half is a reference of 40 scores of which every second is positive.
func half(t *testing.T) *outcome.Truth {
	t.Helper()
	scores, positive := make([]float64, 40), make([]bool, 40)
	for i := range scores {
		scores[i], positive[i] = float64(i)/40, i%2 == 0
	}
	return knowing(t, scores, positive)
}

// inSample is a reference with scores of training rows.
func inSample(t *testing.T) *outcome.Truth {
	t.Helper()
	rec := outcometest.Batch(t, map[table.Role]any{table.Score: []float64{0.5}, table.Target: []string{"1"}})
	fields := rec.Schema().Fields()
	for i, f := range fields {
		if table.RoleOf(f) == table.Score {
			fields[i].Metadata = arrow.NewMetadata([]string{table.KeyRole, table.KeySample}, []string{string(table.Score), "in_sample"})
		}
	}
	truth := &outcome.Truth{}
	truth.Add(array.NewRecordBatch(arrow.NewSchema(fields, nil), rec.Columns(), 1))
	return truth
}

// of is a reference of these rows.
func of(t *testing.T, ts []Tally) *outcome.Truth {
	t.Helper()
	var scores []float64
	var positive []bool
	for _, x := range ts {
		for k := range x.N {
			scores, positive = append(scores, x.Score), append(positive, k < x.Pos)
		}
	}
	return knowing(t, scores, positive)
}
