package binary

import (
	"math"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestHarmonicIsTheSum(t *testing.T) {
	for _, a := range []float64{0, 1, 31, 32, 1000, 1e7} {
		for _, k := range []int64{0, 1, 16, 17, 100, 100_000} {
			want := 0.0
			for j := k; j > 0; j-- {
				want += 1 / (a + float64(j))
			}
			if got := harmonic(a, k); math.Abs(got-want) > 1e-11*math.Max(want, 1e-3) {
				t.Errorf("from %v, %d terms: got %v, want %v", a, k, got, want)
			}
		}
	}
}

// A score of 0.8 in four rows and of 0.4 in six: expected are 3.2 and 2.4
// positives, 0.8 and 3.6 negatives.
func TestEstimateByHand(t *testing.T) {
	q := estimateQuality([]Tally{{0.4, 6, 0}, {0.8, 4, 0}}, calibrator{}, 0.8)
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"true positives", q.TP, 3.2}, {"false positives", q.FP, 0.8}, {"false negatives", q.FN, 2.4}, {"true negatives", q.TN, 3.6},
		{"precision", q.Precision, 0.8}, {"recall", q.Recall, 3.2 / 5.6}, {"accuracy", q.Accuracy, 0.68}, {"positive rate", q.PositiveRate, 0.56},
		// pairs won, and half of those tied, over 5.6 x 4.4
		{"AUC", q.AUC, (3.2*3.6 + (3.2*0.8+2.4*3.6)/2) / (5.6 * 4.4)},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s: got %v, want %v", c.what, c.got, c.want)
		}
	}
	if q := estimateQuality([]Tally{{0.4, 6, 0}}, calibrator{}, math.NaN()); !math.IsNaN(q.TP) || !math.IsNaN(q.F1) || math.IsNaN(q.AUC) {
		t.Errorf("without a threshold: %+v", q)
	}
}

// Scores that are all one are estimated at chance, whatever the reference's own
// estimate is off by, much or little. The
// reference's own scores are estimated at what its outcomes gave.
func TestEstimateOfChance(t *testing.T) {
	var much, little tallies
	for i := range 400 { // outcomes of every third and seventh row, and those of the upper half
		s := float64(i) / 400
		much.add(s, i%3 == 0 || i > 200 && i%7 > 2)
		little.add(0.4+0.2*s, i > 200 != (i%10 == 0))
	}
	for name, rows := range map[string]tallies{"much": much, "little": little} {
		ref := rows.sorted()
		truth := of(t, ref)
		off, _ := offset{estimateQuality(ref, calibrate(ref), math.NaN()), measure(ref, math.NaN())}.in(estimateQuality(ref, calibrate(ref), math.NaN()))
		if math.Abs(off) < 0.002 {
			t.Errorf("%s: the reference's estimate is off by %v only", name, off)
		}
		column := func(x []float64, n []int64) *view.Column {
			return &view.Column{Number: &view.Number{Values: func() ([]float64, []int64, bool) { return x, n, true }}}
		}
		var x []float64
		var n []int64
		for _, one := range ref {
			x, n = append(x, one.Score), append(n, one.N)
		}
		for what, score := range map[string]*view.Column{"chance": column([]float64{0.5}, []int64{200}), "the reference": column(x, n)} {
			got := map[string]verdict.Estimate{}
			for _, e := range Evaluate(truth, score, nil, outcome.Options{Threshold: math.NaN()}).Estimates {
				got[e.Metric] = e
			}
			area, ap := got["roc_auc"].Reference, got["average_precision"].Reference
			if what == "chance" {
				area, ap = 0.5, got["positive_rate"].Value
			}
			near(t, name+": area of "+what, got["roc_auc"].Value, area, 1e-12)
			near(t, name+": average precision of "+what, got["average_precision"].Value, ap, 1e-12)
			d := FindDrops(truth, score, nil, outcome.Options{}).EstimatedAUC
			near(t, name+": fall to "+what, d.Cur, area, 1e-12)
		}
	}
}

// A profile that holds too many values gives its cells at their means.
func TestScoresOfASaturatedProfile(t *testing.T) {
	n := &view.Number{
		Edges: []float64{0.2, 0.6}, At: []int64{3, 0}, Open: []int64{1, 5, 0}, First: []float64{0.1, 0.45, math.NaN()},
		Values: func() ([]float64, []int64, bool) { return nil, nil, false },
	}
	got, exact := scoresOf(&view.Column{Number: n})
	if want := []Tally{{0.1, 1, 0}, {0.2, 3, 0}, {0.45, 5, 0}}; exact || !slices.Equal(got, want) {
		t.Errorf("got %v, exact %v; want %v", got, exact, want)
	}
}

// The best 20 % of ten rows are two: the positive of the highest score, and one
// of the three at the cut, of which two are positive.
func TestTopSharesTheCut(t *testing.T) {
	ts := []Tally{{0.1, 6, 1}, {0.5, 3, 2}, {0.9, 1, 1}}
	if k, p := topPrecision(ts, 0.2); k != 2 || math.Abs(p-(1+2./3)/2) > 1e-12 {
		t.Errorf("got %d, %v", k, p)
	}
	if k, p := topPrecision(ts, 0.001); k != 1 || p != 1 {
		t.Errorf("got %d, %v", k, p)
	}
}
