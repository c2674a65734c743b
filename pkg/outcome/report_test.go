package outcome

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// batch makes rows of columns by role: strings, numbers or times.
func batch(t *testing.T, columns map[table.Role]any) arrow.RecordBatch {
	t.Helper()
	var fields []arrow.Field
	var data []arrow.Array
	rows := int64(0)
	for _, role := range []table.Role{table.ID, table.Timestamp, table.Score, table.Target} {
		switch v := columns[role].(type) {
		case []string:
			b := array.NewStringBuilder(memory.DefaultAllocator)
			for _, s := range v {
				if s == "" {
					b.AppendNull()
				} else {
					b.Append(s)
				}
			}
			fields, data = append(fields, table.Field(string(role), arrow.BinaryTypes.String, role)), append(data, b.NewArray())
			rows = int64(len(v))
		case []float64:
			b := array.NewFloat64Builder(memory.DefaultAllocator)
			b.AppendValues(v, nil)
			fields, data = append(fields, table.Field(string(role), arrow.PrimitiveTypes.Float64, role)), append(data, b.NewArray())
			rows = int64(len(v))
		case []int64:
			b := array.NewTimestampBuilder(memory.DefaultAllocator, table.Micros)
			for _, x := range v {
				b.Append(arrow.Timestamp(x))
			}
			fields, data = append(fields, table.Field(string(role), table.Micros, role)), append(data, b.NewArray())
			rows = int64(len(v))
		}
	}
	return array.NewRecordBatch(arrow.NewSchema(fields, nil), data, rows)
}

func counts(j *Join) map[string]int64 {
	out := map[string]int64{}
	for _, o := range j.tally() {
		out[o.Metric] = o.N
	}
	return out
}

// Five outcomes: a is scored twice (its newest prediction counts), b once, c is
// not known yet, d disagrees with itself, e was never scored.
func TestJoinByID(t *testing.T) {
	outcomes := batch(t, map[table.Role]any{table.ID: []string{"a", "b", "c", "d", "d", "e", ""}, table.Target: []string{"1", "0", "", "1", "0", "1", "1"}})
	rows := []arrow.RecordBatch{
		batch(t, map[table.Role]any{table.ID: []string{"a", "b", "z"}, table.Timestamp: []int64{10, 20, 30}, table.Score: []float64{0.1, 0.2, 0.3}}),
		batch(t, map[table.Role]any{table.ID: []string{"a", "c", "d"}, table.Timestamp: []int64{40, 50, 60}, table.Score: []float64{0.7, 0.5, 0.6}}),
	}
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		j := &Join{Threshold: 0.5}
		if missing := j.AddOutcomes(outcomes); missing != "" {
			t.Fatal(missing)
		}
		for _, i := range order {
			j.AddRows(rows[i])
		}
		got := j.Between(time.Time{}, time.Time{})
		if len(got) != 2 || got[0] != (Tally{0.2, 1, 0}) || got[1] != (Tally{0.7, 1, 1}) {
			t.Errorf("joined %v", got)
		}
		if got := j.Between(time.UnixMicro(40), time.Time{}); len(got) != 1 || got[0].Score != 0.7 {
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
	j.AddOutcomes(batch(t, map[table.Role]any{table.Timestamp: []int64{1, 2}, table.Target: []string{"yes", "no"}}))
	j.AddRows(batch(t, map[table.Role]any{table.Timestamp: []int64{1, 2, 2}, table.Score: []float64{0.9, 0.1, 0.2}}))
	if got := j.Between(time.Time{}, time.Time{}); len(got) != 1 || got[0] != (Tally{0.9, 1, 1}) {
		t.Errorf("joined %v", got)
	}
	if c := counts(j); c["ambiguous"] != 1 || c["unmatched"] != 0 {
		t.Errorf("counts %v", c)
	}
	if missing := (&Join{}).AddOutcomes(batch(t, map[table.Role]any{table.Target: []string{"1"}})); missing != "id or timestamp" {
		t.Errorf("missing %q", missing)
	}
}

func draw(r *rand.Rand, n int, score func(float64) float64, truth func(float64) float64) []Tally {
	var t tallies
	for range n {
		s := score(r.Float64())
		t.add(s, r.Float64() < truth(s))
	}
	return t.sorted()
}

func TestDeclines(t *testing.T) {
	good := func() *Truth {
		truth := &Truth{target: true, score: true}
		for i := range 40 {
			truth.rows.add(0, 0, float64(i)/40, i%2 == 0)
		}
		return truth
	}
	for _, c := range []struct {
		why   string
		truth *Truth
	}{
		{"no outcomes", &Truth{score: true}},
		{"no scores", &Truth{target: true}},
		{"in sample", func() *Truth { g := good(); g.inSample = true; return g }()},
		{"no probabilities", func() *Truth { g := good(); g.outside = true; return g }()},
		{"too few", &Truth{target: true, score: true}},
	} {
		x := view.Column{Number: &view.Number{Values: func() ([]float64, []int64, bool) { return []float64{0.5}, []int64{10}, true }}}
		got := Evaluate(c.truth, &x, nil, Options{Threshold: 0.5}).Estimates
		if len(got) != 1 || got[0].Metric != "" || got[0].Note == "" || !math.IsNaN(got[0].Value) {
			t.Errorf("%s: %+v", c.why, got)
		}
		if got := Evaluate(good(), &x, nil, Options{Threshold: 0.5}).Estimates; len(got) != len(metricNames) {
			t.Errorf("good: %d estimates", len(got))
		}
	}
}

// Odd rows give figures or none, never a panic.
func TestOddRows(t *testing.T) {
	for _, ts := range [][]Tally{nil, {{0.5, 1, 1}}, {{0.5, 5, 0}}, {{0, 3, 3}, {1, 3, 0}}, {{-2, 1, 0}, {7, 1, 1}}} {
		e := evaluation{Options: Options{Threshold: 0.5}, ref: ts}
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
