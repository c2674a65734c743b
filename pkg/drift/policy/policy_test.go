package policy

import (
	"math"
	"testing"

	"github.com/leadsman/leadsman/pkg/stats"
)

// The families together spend no more than the run's 5 %.
func TestAlphasSpendFivePercent(t *testing.T) {
	spent := 0.0
	for fam := NoFamily + 1; fam < Families; fam++ {
		spent += Calibrated.Alpha(fam)
	}
	if spent > 0.05+1e-12 {
		t.Errorf("%v", spent)
	}
}

func TestUnknownPolicy(t *testing.T) {
	for _, p := range []Policy{-1, Policy(len(policies))} {
		if p.Settled() != Calibrated || p.String() == "" {
			t.Errorf("%d: %v, %q", int(p), p.Settled(), p.String())
		}
	}
}

// What is remembered is what stats finds anew, and a test without freedom has
// nothing to find.
func TestNoncentralities(t *testing.T) {
	known := Noncentralities{}
	want, err := stats.DetectablePSI(2, 2, 4, 0.01, Power)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := known.Least(3, 0.01); got != want {
			t.Errorf("Least(3, 0.01) = %v, want %v", got, want)
		}
	}
	if got := known.Least(0, 0.01); !math.IsNaN(got) {
		t.Errorf("Least(0, 0.01) = %v, want NaN", got)
	}
}

// The least expected count is that of the rarer answer on the smaller side; 5 is
// not below 5.
func TestSharesAreExactBelowFive(t *testing.T) {
	for _, c := range []struct {
		refHits, n, curHits, m int64
		want                   string
	}{
		{5, 10, 5, 10, "two proportions"},   // 10·10/20
		{5, 10, 4, 10, "fisher"},            // 9·10/20
		{5, 10, 6, 10, "fisher"},            // 9 that are not
		{50, 100, 5, 10, "two proportions"}, // 55·10/110
		{50, 100, 4, 10, "fisher"},          // 54·10/110
		{5, 10, 50, 100, "two proportions"},
		{4, 10, 50, 100, "fisher"},
	} {
		if test, _, p, err := Shares(c.refHits, c.n, c.curHits, c.m); err != nil || test != c.want || !(p > 0 && p <= 1) {
			t.Errorf("%d of %d, %d of %d: %s, p %v, %v; want %s", c.refHits, c.n, c.curHits, c.m, test, p, err, c.want)
		}
	}
}
