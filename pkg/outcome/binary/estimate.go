package binary

import (
	"math"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// quality is the figures of a binary classifier that estimates and outcomes have
// in common. Those without a denominator are NaN.
type quality struct {
	N              int64
	AUC            float64 // area under the ROC curve, ties half
	AP             float64 // average precision
	PositiveRate   float64 // share of positive outcomes
	TP, FP, FN, TN float64 // confusion at the threshold; NaN without one, as all below
	Accuracy       float64
	Precision      float64
	Recall         float64
	Specificity    float64
	F1             float64
}

// metricNames are the names of the figures, in the order of Quality's values.
var metricNames = []string{"roc_auc", "average_precision", "accuracy", "precision", "recall", "specificity", "f1",
	"positive_rate", "true_positives", "false_positives", "false_negatives", "true_negatives"}

func (q quality) values() []float64 {
	return []float64{q.AUC, q.AP, q.Accuracy, q.Precision, q.Recall, q.Specificity, q.F1,
		q.PositiveRate, q.TP, q.FP, q.FN, q.TN}
}

// rates fills what follows from the confusion.
func (q *quality) rates() {
	q.Accuracy = (q.TP + q.TN) / (q.TP + q.TN + q.FP + q.FN)
	q.Precision = q.TP / (q.TP + q.FP)
	q.Recall = q.TP / (q.TP + q.FN)
	q.Specificity = q.TN / (q.TN + q.FP)
	q.F1 = 2 * q.TP / (2*q.TP + q.FP + q.FN)
}

// Estimates are those of rows by their scores, of which the outcomes are not read,
// and by the reference's scores and outcomes, as in the table. Both are ascending by
// score, scores lie in [0, 1], and the reference has ten rows of each outcome.
func Estimates(ref, cur []Tally, threshold float64) []verdict.Estimate {
	e := evaluation{Options: outcome.Options{Threshold: threshold}}
	e.learn(eachAlone(ref))
	return e.estimates("", cur, true)
}

// Figures are those that outcomes give, by name; those without a denominator are
// NaN. Rows are ascending by score.
func Figures(ts []Tally, threshold float64) map[string]float64 {
	out := make(map[string]float64)
	for i, v := range measure(ts, threshold).values() {
		out[metricNames[i]] = v
	}
	return out
}

// estimateQuality is confidence-based performance estimation: a row whose score
// stands for the probability p is p of a positive and 1-p of a negative. Of
// that the expected confusion at the threshold (scores from it on are called
// positive), and the expected ROC and precision-recall curves by falling score.
// It rests on two assumptions: the probabilities are right, and they still are
// (no concept drift).
//
// It agrees with NannyML's CBPE, which steps row by row through equal scores
// and rounds sums to five decimals. scores are ascending; their Pos is not read.
// Cost: O(len(scores)).
func estimateQuality(scores []Tally, c calibrator, threshold float64) quality {
	q := quality{AUC: math.NaN(), AP: math.NaN(), TP: math.NaN(), FP: math.NaN(), FN: math.NaN(), TN: math.NaN(), PositiveRate: math.NaN()}
	if !math.IsNaN(threshold) {
		q.TP, q.FP, q.FN, q.TN = 0, 0, 0, 0
	}
	var pos, rows, area, ap float64
	for i := len(scores) - 1; i >= 0; i-- {
		p, k := c.probability(scores[i].Score), float64(scores[i].N)
		if k == 0 {
			continue
		}
		q.N += scores[i].N
		area += (1 - p) * k * (pos + p*k/2)
		// Row by row the precision is (pos + j p)/(rows + j): p, and what the
		// rows before had more.
		if p > 0 {
			ap += p * (k*p + (pos-p*rows)*harmonic(rows, scores[i].N))
		}
		pos, rows = pos+p*k, rows+k
		switch {
		case math.IsNaN(threshold):
		case scores[i].Score >= threshold:
			q.TP, q.FP = q.TP+p*k, q.FP+(1-p)*k
		default:
			q.FN, q.TN = q.FN+p*k, q.TN+(1-p)*k
		}
	}
	if rows > 0 {
		q.PositiveRate = pos / rows
	}
	if neg := rows - pos; pos > 0 && neg > 0 {
		q.AUC = area / (pos * neg)
	}
	if pos > 0 {
		q.AP = ap / pos
	}
	q.rates()
	return q
}

// harmonic returns the sum of 1/(a+j) over j from 1 to k.
func harmonic(a float64, k int64) float64 {
	sum := 0.0
	for ; k > 0 && a < 32; k-- {
		a++
		sum += 1 / a
	}
	if k == 0 {
		return sum
	}
	// Euler-Maclaurin; the terms left out are below 1e-12 relative from 32 on.
	tail := func(x float64) float64 {
		x2 := x * x
		return math.Log(x) + 1/(2*x) - 1/(12*x2) + 1/(120*x2*x2) - 1/(252*x2*x2*x2)
	}
	if k <= 16 {
		for ; k > 0; k-- {
			a++
			sum += 1 / a
		}
		return sum
	}
	return sum + tail(a+float64(k)) - tail(a)
}

// samplingErrors returns the standard error by chance of each of Metrics on n
// rows: the reference's spread of the rows' parts in the figure over the root of
// how many rows take part. They are NannyML's, but for the average precision
// (NannyML draws random subsets): here sqrt(ap (1-ap) / positives).
func samplingErrors(ref []Tally, threshold float64, n int64) []float64 {
	q := measure(ref, threshold)
	rows, positives := sums(ref)
	share := func(part float64) float64 { return math.Sqrt(float64(n) * part / float64(rows)) }
	bernoulli := func(p float64) float64 { return math.Sqrt(p * (1 - p)) }
	pos, neg := float64(positives), float64(rows-positives)
	relevant := q.TP + q.FP + q.FN
	out := make([]float64, len(metricNames))
	for i, name := range metricNames {
		switch name {
		case "roc_auc":
			// The spread of the rarer class's placements among the other.
			d := newDeLong(ref)
			if pos > neg {
				out[i] = math.Sqrt(d.spread[0]) / share(neg)
			} else {
				out[i] = math.Sqrt(d.spread[1]) / share(pos)
			}
		case "average_precision":
			out[i] = bernoulli(q.AP) / share(pos)
		case "accuracy":
			out[i] = bernoulli(q.Accuracy) / share(float64(rows))
		case "precision":
			out[i] = bernoulli(q.Precision) / share(q.TP+q.FP)
		case "recall":
			out[i] = bernoulli(q.Recall) / share(pos)
		case "specificity":
			out[i] = bernoulli(q.Specificity) / share(neg)
		case "f1":
			out[i] = bernoulli(q.TP/relevant) * relevant / (q.TP + (q.FP+q.FN)/2) / share(relevant)
		case "positive_rate":
			out[i] = bernoulli(pos/float64(rows)) / share(float64(rows))
		default:
			// A count of n rows is binomial.
			x := [...]float64{q.TP, q.FP, q.FN, q.TN}[i-(len(metricNames)-4)] / float64(rows)
			out[i] = math.Sqrt(float64(n) * x * (1 - x))
		}
	}
	return out
}

// scoresOf returns the scores of a profile's column: exact while the profile
// holds every value, else one per cell of its grid, at the mean of its values.
func scoresOf(c *view.Column) (scores []Tally, exact bool) {
	if c.Number == nil {
		return nil, true
	}
	if x, n, ok := c.Number.Values(); ok {
		for i := range x {
			scores = append(scores, Tally{Score: x[i], N: n[i]})
		}
		return scores, true
	}
	for i, open := range c.Number.Open {
		if open > 0 {
			scores = append(scores, Tally{Score: c.Number.First[i], N: open})
		}
		if i < len(c.Number.At) && c.Number.At[i] > 0 {
			scores = append(scores, Tally{Score: c.Number.Edges[i], N: c.Number.At[i]})
		}
	}
	return scores, false
}

// An offset is how far the estimates of the reference's own scores are off what
// its outcomes gave. It is of the area under the curve and of the average
// precision only, which a calibration learned from the very rows overstates, and
// scores that are too timid understate.
type offset struct{ was, known quality }

// in returns how much of it an estimate has: all where the estimate is as far
// above chance as the reference's own or farther, and in proportion where it is
// nearer, so that scores that tell nothing are estimated to tell nothing.
// Average precision by chance is the share of positives.
func (o offset) in(is quality) (auc, ap float64) {
	auc = (o.was.AUC - o.known.AUC) * part(is.AUC-0.5, o.was.AUC-0.5)
	ap = (o.was.AP - o.known.AP) * part(is.AP-is.PositiveRate, o.was.AP-o.was.PositiveRate)
	return auc, ap
}

// part is a over b, held to [0, 1].
func part(a, b float64) float64 {
	if a >= b {
		return 1
	}
	return math.Max(0, a/b)
}
