package binary

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/outcometest"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// The example of Newcombe (1998), table II a: 56 of 70 against 48 of 80.
func TestRateDropIsNewcombes(t *testing.T) {
	ref, cur := eachAlone([]Tally{{0.5, 70, 56}}), eachAlone([]Tally{{0.2, 30, 20}, {0.5, 50, 28}})
	d := rateDrop(&ref, &cur)
	if math.Abs(d.Lo-0.0524) > 5e-5 || math.Abs(d.Hi-0.3339) > 5e-5 || math.Abs(d.Ref-d.Cur-0.2) > 1e-12 || d.NRef != 70 || d.N != 80 {
		t.Errorf("got %+v", d)
	}
}

// Of a calibration learned from 303 rows the interval of an estimated drop holds
// the true one, 0, 0.178 and 0.272 by a million rows, about as often as it says; with no
// drop it seldom lies above 0. Binomial bounds: at 95 % fewer than 47 of 60 have a
// chance of 1e-5, at 2.5 % more than 8.
func TestEstimatedDropsHold(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	r := rand.New(rand.NewPCG(5, 6))
	same := func(s float64) float64 { return s }
	narrow := func(s float64) float64 { return 0.3 + 0.4*s }
	flat := func(float64) float64 { return 0.5 }
	truth := func(s float64) float64 { return 1 / (1 + math.Exp(-(0.5 + 0.7*logOdds(s)))) }
	for _, c := range []struct {
		name  string
		cur   func(float64) float64
		want  float64
		found bool
	}{{"none", same, 0, false}, {"narrow", narrow, 0.178, true}, {"flat", flat, 0.272, true}} {
		covered, above := 0, 0
		const trials = 60
		for range trials {
			area, rate := estimatedDrops(draw(r, 303, same, truth), draw(r, 600, c.cur, truth), 1)
			if area.Lo <= c.want && c.want <= area.Hi {
				covered++
			}
			if area.Lo > 0 {
				above++
			}
			if area.Cur < 0.5-1e-12 {
				t.Fatalf("%s: below chance: %+v", c.name, area)
			}
			if !(rate.Lo < rate.Ref-rate.Cur && rate.Ref-rate.Cur < rate.Hi) {
				t.Fatalf("%s: %+v", c.name, rate)
			}
		}
		if covered < 47 || c.found && above != trials || !c.found && above > 8 {
			t.Errorf("%s: %d of %d hold %v, %d lie above 0", c.name, covered, trials, c.want, above)
		}
	}
}

// What cannot be measured says why.
func TestDropsDecline(t *testing.T) {
	truth := half(t)
	score := &view.Column{Number: &view.Number{Values: func() ([]float64, []int64, bool) { return []float64{0.2, 0.5}, []int64{30, 20}, true }}}
	d := FindDrops(truth, score, nil, outcome.Options{})
	if d.EstimatedAUC.Reason != "" || d.PositiveRate.Reason != "" || !d.Expected || d.RealisedAUC.Reason == "" {
		t.Errorf("without outcomes: %+v", d)
	}
	if again := FindDrops(truth, score, nil, outcome.Options{}); again != d {
		t.Errorf("again: %+v, before %+v", again, d)
	}
	if d := FindDrops(truth, nil, nil, outcome.Options{}); d.EstimatedAUC.Reason == "" || d.PositiveRate.Reason == "" {
		t.Errorf("without scores: %+v", d)
	}
	one := &view.Column{Number: &view.Number{Values: func() ([]float64, []int64, bool) { return []float64{0.2}, []int64{49}, true }}}
	if d := FindDrops(truth, one, nil, outcome.Options{}); d.EstimatedAUC.Reason != "there are 49 scores: want 50" || d.PositiveRate.Reason == "" {
		t.Errorf("with few scores: %+v", d)
	}
	single := &view.Column{Number: &view.Number{Values: func() ([]float64, []int64, bool) { return []float64{0.2}, []int64{1}, true }}}
	if d := FindDrops(truth, single, nil, outcome.Options{}); d.EstimatedAUC.Reason != "there is 1 score: want 50" {
		t.Errorf("with one score: %+v", d)
	}
	if d := FindDrops(&outcome.Truth{}, score, nil, outcome.Options{}); d.EstimatedAUC.Reason == "" || d.PositiveRate.Reason == "" || d.RealisedAUC.Reason == "" {
		t.Errorf("without the reference's outcomes: %+v", d)
	}
	j := &outcome.Join{Threshold: math.NaN()}
	j.AddOutcomes(outcometest.Batch(t, map[table.Role]any{table.ID: []string{"a", "b"}, table.Target: []string{"1", "0"}}))
	j.AddRows(outcometest.Batch(t, map[table.Role]any{table.ID: []string{"a", "b"}, table.Timestamp: []int64{10, 20}, table.Score: []float64{0.1, 0.2}}))
	if d := FindDrops(truth, score, met(j), outcome.Options{}); d.EstimatedAUC.Reason != "" || d.RealisedAUC.Reason == "" || d.PositiveRate.Reason != "the judged rows have 1 positive and 1 negative outcome: want 10 of each" || d.Expected {
		t.Errorf("two outcomes: %+v", d)
	}
	if n := met(j).Labels(time.UnixMicro(20)); n != 1 {
		t.Errorf("%d labels from 20 on", n)
	}
	if n := met(j).Labels(time.Time{}); n != 2 {
		t.Errorf("%d labels", n)
	}
}

func logOdds(p float64) float64 { return math.Log(p / (1 - p)) }
