package plan_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/profiletest"
)

// TestPairsByImportance: where not all pairs are counted, the columns come by their
// importance to the model, and else by how many rows hold another value than the
// commonest; the score is always there, and the order of columns does not matter.
// Amount has most rows that differ, then city of 40 values, then few of four.
func TestPairsByImportance(t *testing.T) {
	lower := func(c *caps.Cap, to int) {
		was := c.N
		c.N = to
		t.Cleanup(func() { c.N = was })
	}
	lower(caps.Pairs, 2)
	lower(caps.SampledPairs, 3)
	rows := profiletest.RandomRows(rand.New(rand.NewPCG(7, 7)), 1000)
	names := func(p *plan.Plan, pairs [][2]int) []string {
		var out []string
		for _, ab := range pairs {
			out = append(out, p.Columns[ab[0]].Name+" "+p.Columns[ab[1]].Name)
		}
		return out
	}
	for _, c := range []struct {
		importance       map[string]float64
		counted, sampled []string
	}{
		{nil, []string{"score amount"}, []string{"score city", "amount city"}},
		{map[string]float64{"few": 0.9, "city": 0.1}, []string{"score few"}, []string{"score city", "few city"}},
	} {
		b := plan.NewPlanner(profiletest.Options)
		if err := b.Add(profiletest.Batch("reference", rows)); err != nil {
			t.Fatal(err)
		}
		if !b.Wide() {
			t.Error("not wide")
		}
		b.SetImportance(c.importance)
		p, err := b.Plan()
		if err != nil {
			t.Fatal(err)
		}
		if got := names(p, p.Pairs); !slices.Equal(got, c.counted) {
			t.Errorf("%v: counted %v, want %v", c.importance, got, c.counted)
		}
		if got := names(p, p.SampledPairs()); !slices.Equal(got, c.sampled) {
			t.Errorf("%v: looked at %v, want %v", c.importance, got, c.sampled)
		}
		id := p.ID()
		p.Columns[0].Line++
		if err := p.Complete(); err != nil || p.ID() == id {
			t.Errorf("the line is not in the plan's name: %v", err)
		}
	}
	lower(caps.Pairs, 32)
	if p := profiletest.Plan(t, profiletest.Options, rows); slices.ContainsFunc(p.Columns, func(c plan.Column) bool { return c.Line != 0 }) {
		t.Errorf("a line where all pairs are counted: %+v", p.Columns)
	}
}
