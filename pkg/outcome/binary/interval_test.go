package binary

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The influences are the derivatives of the expected figures: by finite differences of
// the rows' probabilities, one row a score.
func TestInfluencesAreDerivatives(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	var rows []Tally
	c := calibrator{}
	for i := range 60 {
		rows = append(rows, Tally{Score: (float64(i) + 0.5) / 60, N: 1})
		c.x, c.y = append(c.x, rows[i].Score), append(c.y, 0.1+0.8*r.Float64())
	}
	const threshold, step = 0.5, 1e-6
	q := estimateQuality(rows, c, threshold)
	moves := influences(rows, c, threshold, q)
	was := q.values()
	for k := range rows {
		moved := calibrator{c.x, append([]float64(nil), c.y...)}
		moved.y[k] += step
		for i, v := range estimateQuality(rows, moved, threshold).values() {
			// CBPE's average precision has each row's own probability in its precision.
			tolerance := 1e-4
			if metricNames[i] == "average_precision" {
				tolerance = 0.03
			}
			if want := (v - was[i]) / step; math.Abs(moves[i][k]-want) > tolerance*math.Max(1, math.Abs(want)) {
				t.Errorf("%s, score %v: %v, want %v", metricNames[i], rows[k].Score, moves[i][k], want)
			}
		}
	}
}

// 95 % intervals hold what the outcomes of the same rows then give, also where the
// scores shift. Binomial bounds: of 200, fewer than 178 have a chance of 0.1 %;
// pipelines/calibration has more populations.
func TestEstimatesHold(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	r := rand.New(rand.NewPCG(10, 11))
	same := func(s float64) float64 { return s }
	truth := func(s float64) float64 { return s * s }
	const trials = 200 // 1,000 rows of reference, 500 of the log
	held := map[string]int{}
	for range trials {
		ref, cur := draw(r, 1000, same, truth), draw(r, 500, math.Sqrt, truth)
		got := Figures(cur, 0.5)
		for _, x := range Estimates(ref, cur, 0.5) {
			if !(x.Hi > x.Lo) {
				t.Fatalf("no width: %+v", x)
			}
			if x.Lo <= got[x.Metric] && got[x.Metric] <= x.Hi {
				held[x.Metric]++
			}
		}
	}
	for metric, n := range held {
		if n < 178 {
			t.Errorf("%s: %d of %d hold", metric, n, trials)
		}
	}
}

// No rate is certain: where no row is called and the reference knows one outcome of
// half of its scores, intervals have a width.
func TestNoIntervalWithoutWidth(t *testing.T) {
	ref := []Tally{{0.1, 50, 0}, {0.2, 50, 0}, {0.8, 50, 50}, {0.9, 50, 50}}
	for _, cur := range [][]Tally{{{0.1, 20, 0}}, {{0.1, 20, 0}, {0.9, 20, 0}}, {{0.9, 20, 0}}} {
		for _, x := range Estimates(ref, cur, 0.95) {
			if x.PopulationHi == x.PopulationHi && !(x.Hi > x.Lo) { // no count
				t.Errorf("%v: %+v", cur, x)
			}
		}
	}
}
