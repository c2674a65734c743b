package outcome

import (
	"math"
	"slices"
	"testing"
)

// One row an entity is kept whatever the order, and where each row is of another
// entity, or of nobody known, nothing is left out.
func TestSample(t *testing.T) {
	var forth, back, alone Truth
	type given struct {
		entity       uint64
		score, value float64
	}
	rows := []given{{7, 0.1, 1}, {7, 0.2, 0}, {7, 0.3, 1}, {8, 0.4, 1}, {0, 0.5, 0}, {0, 0.5, 1}}
	for i := range rows {
		a, b := rows[i], rows[len(rows)-1-i]
		forth.put(a.entity, pair{a.score, a.value, ""})
		back.put(b.entity, pair{b.score, b.value, ""})
		alone.put(uint64(i+1), pair{a.score, a.value, ""})
	}
	got, again := forth.Sample(), back.Sample()
	if len(got.Apart) != 4 || !slices.Equal(got.Apart, again.Apart) || !slices.Equal(got.Rows, again.Rows) {
		t.Errorf("one row each: %v and %v", got.Apart, again.Apart)
	}
	for _, p := range []Pair{{0.4, 1, 1, ""}, {0.5, 0, 1, ""}, {0.5, 1, 1, ""}} {
		if !slices.Contains(got.Apart, p) {
			t.Errorf("one row each: %v lacks %v", got.Apart, p)
		}
	}
	// Weights 3, 1, 1, 1: four entities, Σw² = 12, Σw = 6.
	if spread := math.Sqrt(4*12.) / 6; math.Abs(got.Spread-spread) > 1e-15 {
		t.Errorf("spread %v, want %v", got.Spread, spread)
	}
	if s := alone.Sample(); len(s.Apart) != 6 || s.Spread != 1 {
		t.Errorf("six entities: %+v", s)
	}
	// The same of rows that met their outcome, in the order of entity.
	of := []row{{Score: 0.5}, {Score: 0.5, Value: 1}, {Entity: 7, Score: 0.2}, {Entity: 7, Score: 0.1, Value: 1}, {Entity: 7, Score: 0.3, Value: 1}, {Entity: 8, Score: 0.4, Value: 1}}
	if s := sampleOf(of); !slices.Equal(s.Rows, got.Rows) || math.Abs(s.Spread-got.Spread) > 1e-15 || len(s.Apart) != 4 {
		t.Errorf("of rows: %+v", s)
	}
}

// Beyond the limit the pairs of smallest hash are kept, in whatever order they come.
func TestPairsBeyond(t *testing.T) {
	up, down := pairs{sampling: true}, pairs{sampling: true}
	const n = 3 * pairLimit
	for i := range n {
		up.add(pair{float64(i), 1, ""}, 1)
		down.add(pair{float64(n - 1 - i), 1, ""}, 1)
	}
	a, b := up.sorted(), down.sorted()
	if len(a) != pairLimit || !slices.Equal(a, b) || !up.sampled {
		t.Errorf("%d and %d pairs", len(a), len(b))
	}
}
