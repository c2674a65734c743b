package tally_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// TestSampledPairs: where the sample holds all rows, each once, the pairs that are
// looked at in it are those that would have been counted.
func TestSampledPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	rows := profiletest.RandomRows(r, 1500)
	for i := range rows {
		rows[i].MS = float64(i) // no two are equal
	}
	counted := profiletest.Profile(t, profiletest.Plan(t, profiletest.Options, rows), view.Period{}, rows, nil).View()
	was := caps.Pairs.N
	caps.Pairs.N = 2
	t.Cleanup(func() { caps.Pairs.N = was })
	sampled := profiletest.Profile(t, profiletest.Plan(t, profiletest.Options, rows), view.Period{}, rows, nil).View()
	if len(sampled.Pairs) != len(counted.Pairs) || sampled.Pairable != 4 || sampled.Pairs[0].Sampled || !sampled.Pairs[1].Sampled {
		t.Fatalf("%d pairs of %d columns, want %d", len(sampled.Pairs), sampled.Pairable, len(counted.Pairs))
	}
	for _, want := range counted.Pairs {
		found := false
		for _, got := range sampled.Pairs {
			if got.A == want.A && got.B == want.B {
				found = true
				same := func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) }
				if got.N != want.N || !same(got.Normal, want.Normal) || !same(got.Spread, want.Spread) {
					t.Errorf("%s and %s: %d rows, %v, want %d, %v", got.A, got.B, got.N, got.Normal, want.N, want.Normal)
				}
			}
		}
		if !found {
			t.Errorf("%s and %s were not looked at", want.A, want.B)
		}
	}
}
