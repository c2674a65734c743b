package binary

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/outcometest"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

func draw(r *rand.Rand, n int, score func(float64) float64, truth func(float64) float64) []Tally {
	var t tallies
	for range n {
		s := score(r.Float64())
		t.add(s, r.Float64() < truth(s))
	}
	return t.sorted()
}

func TestDeclines(t *testing.T) {
	none := func(role table.Role, v any) *outcome.Truth {
		truth := &outcome.Truth{}
		truth.Add(outcometest.Batch(t, map[table.Role]any{role: v}))
		return truth
	}
	for _, c := range []struct {
		why   string
		truth *outcome.Truth
	}{
		{"no outcomes", none(table.Score, []float64{0.5})},
		{"no scores", none(table.Target, []string{"1"})},
		{"training rows", inSample(t)},
		{"no probabilities", knowing(t, []float64{0.1, 7}, []bool{true, false})},
		{"want 10 of each", knowing(t, []float64{0.1, 0.7}, []bool{true, false})},
	} {
		x := view.Column{Number: &view.Number{Values: func() ([]float64, []int64, bool) { return []float64{0.5}, []int64{10}, true }}}
		got := Evaluate(c.truth, &x, nil, outcome.Options{Threshold: 0.5}).Estimates
		if len(got) != 1 || got[0].Metric != "" || !strings.Contains(got[0].Note, c.why) || !math.IsNaN(got[0].Value) {
			t.Errorf("%s: %+v", c.why, got)
		}
		if got := Evaluate(half(t), &x, nil, outcome.Options{Threshold: 0.5}).Estimates; len(got) != len(metricNames) {
			t.Errorf("good: %d estimates", len(got))
		}
	}
}

// Odd rows give figures or none, never a panic.
func TestOddRows(t *testing.T) {
	for _, ts := range [][]Tally{nil, {{0.5, 1, 1}}, {{0.5, 5, 0}}, {{0, 3, 3}, {1, 3, 0}}, {{-2, 1, 0}, {7, 1, 1}}} {
		e := evaluation{Options: outcome.Options{Threshold: 0.5}, ref: ts}
		e.figures(ts)
		if len(ts) > 0 {
			e.metrics(eachAlone(ts), e.compared(eachAlone(ts), eachAlone(ts)))
			e.tops(ts, ts)
			e.tests(ts, e.compared(eachAlone(ts), eachAlone(ts)))
		}
		calibrate(ts)
		q := estimateQuality(ts, calibrator{}, 0.5)
		for i, v := range q.values()[:8] {
			if v < 0 || v > 1 {
				t.Errorf("%s of %v is %v", metricNames[i], ts, v)
			}
		}
	}
}

// Beyond the limit scores are rounded, whatever the order.
func TestTalliesRound(t *testing.T) {
	var up, down tallies
	const n = tallyLimit + 10
	for i := range n {
		up.add(float64(i)/n, i%3 == 0)
		down.add(float64(n-1-i)/n, (n-1-i)%3 == 0)
	}
	a, b := up.sorted(), down.sorted()
	if len(a) != len(b) || len(a) > 1<<16+1 {
		t.Fatalf("%d and %d tallies", len(a), len(b))
	}
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("%v and %v", a[i], b[i])
		}
	}
	if rows, pos := sums(a); rows != n || pos != (n+2)/3 {
		t.Errorf("%d rows, %d positive", rows, pos)
	}
}

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

// add counts a row.
func (t *tallies) add(score float64, positive bool) {
	one := Tally{Score: score, N: 1}
	if positive {
		one.Pos = 1
	}
	t.put(one)
}
