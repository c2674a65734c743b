package tally_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// TestSampleRows: a plan sets how many distinct rows a profile keeps; whatever
// that is, the shards' sample is the whole's, and a smaller one is part of a
// greater.
func TestSampleRows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	reference, log := profiletest.RandomRows(r, 50), profiletest.RandomRows(r, 3000)
	distinct := map[string]bool{}
	for _, row := range log {
		distinct[fmt.Sprintf("%+v", row)] = true
	}
	var greater view.View
	for _, c := range []struct {
		rows int64
		want int
	}{{plan.AllRows, len(distinct)}, {0, 2048}, {2048, 2048}, {7, 7}} {
		o := profiletest.Options
		o.SampleRows = c.rows
		p := profiletest.Plan(t, o, reference)
		whole := profiletest.Profile(t, p, view.Period{}, log, nil)
		v := whole.View()
		if len(v.Sample) != c.want {
			t.Errorf("%d rows: the sample has %d, want %d", c.rows, len(v.Sample), c.want)
		}
		if c.rows == plan.AllRows && v.SampleRows != int64(len(log)) {
			t.Errorf("all rows: %d were counted of %d", v.SampleRows, len(log))
		}
		for i, row := range v.Sample {
			if len(greater.Sample) > 0 && fmt.Sprint(greater.Sample[i]) != fmt.Sprint(row) {
				t.Fatalf("%d rows: row %d is not that of the greater sample", c.rows, i)
			}
		}
		greater = v
		parts := profiletest.Profile(t, p, view.Period{}, log[2000:], nil)
		if err := parts.Merge(profiletest.Profile(t, p, view.Period{}, log[:2000], nil)); err != nil {
			t.Fatal(err)
		}
		if string(profiletest.Bytes(t, parts)) != string(profiletest.Bytes(t, whole)) {
			t.Errorf("%d rows: the shards' profile has other bytes than the whole's", c.rows)
		}
		again := profiletest.Decode(t, p, profiletest.Bytes(t, whole))
		if string(profiletest.Bytes(t, again)) != string(profiletest.Bytes(t, whole)) {
			t.Errorf("%d rows: was read as other bytes", c.rows)
		}
	}
}
