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
