package quality

import (
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// What no judged row has is gone, although earlier periods of the log had it and the
// rows of the judged one are worth hardly any independent ones. Where the reference
// lacks it at times, or a value was of another type, nothing of the kind is said.
func TestLostInTheJudgedPeriod(t *testing.T) {
	column := func(rows, missing, typeErrors int64) *view.Column {
		return &view.Column{Name: "x", Role: "feature", Kind: view.NumberKind, Rows: rows, Missing: missing, TypeErrors: typeErrors}
	}
	for _, c := range []struct {
		ref, cur *view.Column
		cluster  float64
		want     bool
	}{
		{column(1000, 0, 0), column(500, 500, 0), 400, true},
		{column(1000, 10, 0), column(500, 500, 0), 400, true},
		{column(1000, 11, 0), column(500, 500, 0), 400, false},
		{column(1000, 0, 0), column(500, 499, 0), 400, false},
		{column(1000, 0, 0), column(500, 500, 1), 400, false},
		{column(1000, 0, 0), column(500, 500, 0), 1, false}, // judged, as a share
	} {
		designs := policy.DesignOf{"x": {Missing: policy.Design{Cur: c.cluster}}}
		if r := Compare(c.ref, c.cur, Options{Designs: designs}); r.Vanished != c.want {
			t.Errorf("%d of %d before, %d of %d now: vanished %t", c.ref.Missing, c.ref.Rows, c.cur.Missing, c.cur.Rows, r.Vanished)
		}
	}
}
