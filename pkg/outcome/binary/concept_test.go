package binary

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/outcome"
)

// Without concept drift the test rejects a share of about outcome.Alpha, also where the
// scores shift, the reference is small and no logistic curve fits the outcomes;
// with it, it rejects, also where as many are positive as before. Binomial bounds:
// 1,000 trials at 1 % give 2 to 24 rejections but for one in a thousand.
// pipelines/calibration has more populations.
func TestRecalibrationLevel(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	r := rand.New(rand.NewPCG(1, 2))
	same := func(s float64) float64 { return s }
	for _, truth := range []func(float64) float64{
		func(s float64) float64 { return s * s * s },
		func(s float64) float64 { return 0.05 + 0.9/(1+math.Exp(-12*(s-0.45))) },
	} {
		rejected := 0
		for range 1000 {
			if Recalibration(draw(r, 300, same, truth), draw(r, 600, math.Sqrt, truth)).P < outcome.Alpha {
				rejected++
			}
		}
		if rejected < 2 || rejected > 24 {
			t.Errorf("%d of 1000 rejected at %v", rejected, outcome.Alpha)
		}
	}
	mean := 0.5 // of s over uniform scores
	for what, changed := range map[string]func(float64) float64{
		"half of the positives lost": func(s float64) float64 { return s / 2 },
		"slope lost, mean kept":      func(s float64) float64 { return 0.2*s + 0.8*mean },
	} {
		found := 0
		for range 100 {
			if Recalibration(draw(r, 300, same, same), draw(r, 600, same, changed)).P < outcome.Alpha {
				found++
			}
		}
		if found < 95 {
			t.Errorf("%s: %d of 100 found", what, found)
		}
	}
}

// Any monotone change of all scores, and the order of the sides' positives and
// negatives, changes nothing.
func TestRecalibrationIsInvariant(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	same := func(s float64) float64 { return s }
	ref, cur := draw(r, 200, same, same), draw(r, 300, math.Sqrt, same)
	before := slices.Clone(cur)
	want := Recalibration(ref, cur)
	if !slices.Equal(cur, before) {
		t.Error("the rows were changed")
	}
	turned := func(ts []Tally, score func(float64) float64, pos func(Tally) int64) []Tally {
		out := slices.Clone(ts)
		for i, t := range ts {
			out[i] = Tally{score(t.Score), t.N, pos(t)}
		}
		slices.SortFunc(out, byScore)
		return out
	}
	keep := func(t Tally) int64 { return t.Pos }
	for what, change := range map[string]func([]Tally) []Tally{
		"cubed":       func(ts []Tally) []Tally { return turned(ts, func(s float64) float64 { return s * s * s }, keep) },
		"outcomes up": func(ts []Tally) []Tally { return turned(ts, same, func(t Tally) int64 { return t.N - t.Pos }) },
		"down":        func(ts []Tally) []Tally { return turned(ts, func(s float64) float64 { return -s }, keep) },
	} {
		got := Recalibration(change(ref), change(cur))
		if math.Abs(got.X2-want.X2) > 1e-9*want.X2 {
			t.Errorf("%s: X² %v, want %v", what, got.X2, want.X2)
		}
	}
	if sides := Recalibration(cur, ref); math.Abs(sides.X2-want.X2) > 1e-9*want.X2 {
		t.Errorf("sides turned: X² %v, want %v", sides.X2, want.X2)
	}
}

// By hand: one cell, 10 of 40 positive before and 30 of 60 now. 40 positives of 100
// are dealt to 60 rows: 24 expected, variance 60·40·40·60/(100²·99) = 5.8182.
func TestRecalibrationByHand(t *testing.T) {
	c := Recalibration([]Tally{{0.3, 40, 10}}, []Tally{{0.3, 60, 30}})
	if math.Abs(c.Weight-576./99) > 1e-12 || math.Abs(c.X2-36/(576./99)) > 1e-12 || c.DF != 1 || c.Expected != 0.25 || c.Observed != 0.5 || c.Left != 0 || c.Rarer != 30 {
		t.Errorf("%+v", c)
	}
	// Nothing but negatives where 15 positives were to be expected: said loudly.
	if c = Recalibration([]Tally{{0.3, 40, 10}}, []Tally{{0.3, 60, 0}}); !(c.P < 1e-4) || c.Rarer != 15 {
		t.Errorf("all negative: %+v", c)
	}
	// Scores that the reference lacks are left out.
	if c = Recalibration([]Tally{{0.3, 40, 10}}, []Tally{{0.3, 30, 15}, {0.9, 30, 0}}); c.Left != 0.5 || c.DF != 1 || c.Expected != 0.25 {
		t.Errorf("left out: %+v", c)
	}
	// One outcome on both sides tells nothing.
	if c = Recalibration([]Tally{{0.3, 40, 0}}, []Tally{{0.3, 60, 0}}); !math.IsNaN(c.P) || c.Rarer != 0 {
		t.Errorf("one outcome: %+v", c)
	}
}
