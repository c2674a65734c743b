package multiclass

import (
	"testing"

	"github.com/leadsman/leadsman/pkg/outcome"
)

// A row with a score that is not finite is none, and the others are estimated of.
func TestRowsOfOddScores(t *testing.T) {
	pairs := []outcome.Pair{{Scores: "0.2 0.3 0.5", Value: -1, N: 2}}
	for _, odd := range []string{"NaN 0.5 0.5", "+Inf 0 0", "0.5 0.5", "0.5 0.5 0 0", "", "a b c"} {
		pairs = append(pairs, outcome.Pair{Scores: odd, Value: -1, N: 1})
	}
	if rows := rowsOf(pairs, 3); len(rows) != 1 || rows[0].n != 2 || rows[0].best != 2 {
		t.Errorf("%+v", rows)
	}
}

// What outcomes are of a selection of is marked so, whatever rows it is of.
func TestComparisonsOfASelection(t *testing.T) {
	var rows []row
	for i := range 600 {
		scores := []float64{0.2, 0.2, 0.2}
		scores[i%3] = 0.6
		rows = append(rows, row{scores, i % 3, (i + i/150) % 3, 1})
	}
	all := sample{rows, rows, 1}
	e := evaluation{Options: outcome.Options{Classes: []string{"a", "b", "c"}}, k: 3, ref: all, by: learn(rows, 3), selected: "selected: some", against: "held against the first"}
	compared := e.compared(all)
	if len(compared) == 0 {
		t.Fatal("nothing is compared")
	}
	for _, c := range compared {
		if !c.Selected || c.Against != e.against {
			t.Errorf("%s of %s: %+v", c.Metric, c.Class, c)
		}
	}
	for _, m := range e.metrics(all, compared, e.selected) {
		if m.Note != e.selected {
			t.Errorf("%s of %q: %q", m.Metric, m.Class, m.Note)
		}
	}
}
