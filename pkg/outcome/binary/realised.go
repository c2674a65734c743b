package binary

import (
	"math"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/stats"
)

// measure returns the figures that outcomes give. ts are ascending by score.
// They agree with scikit-learn's roc_auc_score, average_precision_score and the
// scores of a confusion matrix.
func measure(ts []Tally, threshold float64) quality {
	n, pos := sums(ts)
	q := quality{N: n, AUC: newDeLong(ts).auc, AP: math.NaN(), PositiveRate: float64(pos) / float64(n),
		TP: math.NaN(), FP: math.NaN(), FN: math.NaN(), TN: math.NaN()}
	if !math.IsNaN(threshold) {
		q.TP, q.FP, q.FN, q.TN = 0, 0, 0, 0
	}
	var seen, hits, ap float64
	for i := len(ts) - 1; i >= 0; i-- {
		k, y := float64(ts[i].N), float64(ts[i].Pos)
		seen, hits = seen+k, hits+y
		if y > 0 {
			ap += y * hits / seen
		}
		switch {
		case math.IsNaN(threshold):
		case ts[i].Score >= threshold:
			q.TP, q.FP = q.TP+y, q.FP+k-y
		default:
			q.FN, q.TN = q.FN+y, q.TN+k-y
		}
	}
	if pos > 0 {
		q.AP = ap / float64(pos)
	}
	q.rates()
	return q
}

// deLong is the area under the ROC curve with DeLong's variance (1988), from the
// midranks of Sun and Xu (2014).
type deLong struct {
	auc      float64
	variance float64
	spread   [2]float64 // variance, over n, of the negatives' and the positives' placements
}

func newDeLong(ts []Tally) deLong {
	rows, positives := sums(ts)
	pos, neg := float64(positives), float64(rows-positives)
	if pos == 0 || neg == 0 {
		return deLong{math.NaN(), math.NaN(), [2]float64{math.NaN(), math.NaN()}}
	}
	var d deLong
	each := func(use func(y, other, below, above float64)) {
		below, above := 0.0, pos
		for _, t := range ts {
			y, other := float64(t.Pos), float64(t.N-t.Pos)
			above -= y
			use(y, other, (below+other/2)/neg, (above+y/2)/pos)
			below += other
		}
	}
	each(func(y, _, below, _ float64) { d.auc += y * below })
	d.auc /= pos
	var of0, of1 float64
	each(func(y, other, below, above float64) {
		of1 += y * (below - d.auc) * (below - d.auc)
		of0 += other * (above - d.auc) * (above - d.auc)
	})
	d.spread = [2]float64{of0 / neg, of1 / pos}
	d.variance = of1/(pos-1)/pos + of0/(neg-1)/neg // NaN for a class of one row
	return d
}

// AUC returns the area under the ROC curve and its standard error by DeLong,
// NaN where a class has fewer than two rows.
func AUC(ts []Tally) (auc, se float64) {
	d := newDeLong(ts)
	return d.auc, math.Sqrt(d.variance)
}

// losses are the mean log loss and the Brier score with their standard errors,
// and what the Brier score is made of: reliability - resolution + uncertainty,
// over Curve's bins. Resolution is the generalised one of Stephenson, Coelho and
// Jolliffe (2008), which takes in the spread within bins, so that the sum is
// exact.
type losses struct {
	Log, LogSE                           float64
	Brier, BrierSE                       float64
	Reliability, Resolution, Uncertainty float64
}

// lossesOf returns the losses of scores as probabilities.
func lossesOf(ts []Tally) losses {
	rows, positives := sums(ts)
	n := float64(rows)
	var l losses
	mean := func(loss func(p, y float64) float64) (m, se float64) {
		each := func(use func(v, k float64)) {
			for _, t := range ts {
				use(loss(t.Score, 1), float64(t.Pos))
				use(loss(t.Score, 0), float64(t.N-t.Pos))
			}
		}
		each(func(v, k float64) { m += v * k })
		m /= n
		each(func(v, k float64) { se += k * (v - m) * (v - m) })
		return m, math.Sqrt(se / (n - 1) / n)
	}
	l.Log, l.LogSE = mean(func(p, y float64) float64 {
		p = math.Min(math.Max(p, outcome.LogFloor), 1-outcome.LogFloor)
		if y == 0 {
			return -math.Log1p(-p)
		}
		return -math.Log(p)
	})
	l.Brier, l.BrierSE = mean(func(p, y float64) float64 { return (p - y) * (p - y) })
	base := float64(positives) / n
	l.Uncertainty = base * (1 - base)
	for _, b := range calibrationCurve(ts) {
		l.Reliability += float64(b.N) / n * (b.Score - b.Rate) * (b.Score - b.Rate)
	}
	l.Resolution = l.Reliability + l.Uncertainty - l.Brier
	return l
}

// curveBin is one point of a calibration curve.
type curveBin struct {
	N, Pos int64
	Score  float64 // mean score
	Rate   float64 // share of positive outcomes
}

const curveBins = 10

// calibrationCurve is the calibration curve over ten bins between the scores' deciles
// (type 7); empty bins are left out. It agrees with scikit-learn's
// calibration_curve(strategy="quantile", n_bins=10).
func calibrationCurve(ts []Tally) []curveBin {
	var x, p []float64
	var n []int64
	for _, t := range ts {
		x, n = append(x, t.Score), append(n, t.N)
	}
	for i := 1; i < curveBins; i++ {
		p = append(p, float64(i)/curveBins)
	}
	edges, err := stats.QuantilesWeighted(x, n, p...)
	if err != nil {
		return nil
	}
	bins := make([]curveBin, curveBins)
	at := 0
	for _, t := range ts {
		for at < len(edges) && t.Score > edges[at] {
			at++
		}
		b := &bins[at]
		b.N, b.Pos, b.Score = b.N+t.N, b.Pos+t.Pos, b.Score+float64(t.N)*t.Score
	}
	out := bins[:0]
	for _, b := range bins {
		if b.N > 0 {
			b.Score, b.Rate = b.Score/float64(b.N), float64(b.Pos)/float64(b.N)
			out = append(out, b)
		}
	}
	return out
}

// topPrecision returns how many rows the highest-scored share of ts is, at least one, and
// their precision: the share of positive outcomes. Of rows with the score at
// the cut, as many count as there is room for, with their mean outcome.
func topPrecision(ts []Tally, share float64) (k int64, precision float64) {
	n, _ := sums(ts)
	k = max(1, int64(math.Round(share*float64(n))))
	room, hits := k, 0.0
	for i := len(ts) - 1; i >= 0 && room > 0; i-- {
		take := min(room, ts[i].N)
		hits += float64(take) * float64(ts[i].Pos) / float64(ts[i].N)
		room -= take
	}
	return k, hits / float64(k)
}
