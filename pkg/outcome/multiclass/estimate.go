package multiclass

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/outcome/binary"
)

// An estimator is what a reference knows of its classes' scores.
type estimator struct {
	calibrate []func(score float64) float64 // by class
	names     []string                      // isotonic or none
}

// learn calibrates the scores of each class against all others, where that lowers the
// calibration error, as for two kinds of outcomes.
func learn(ref []row, k int) estimator {
	var e estimator
	for c := range k {
		calibrate, name := binary.Calibrated(against(ref, c))
		e.calibrate, e.names = append(e.calibrate, calibrate), append(e.names, name)
	}
	return e
}

// name is isotonic where it is so of any class.
func (e *estimator) name() string {
	if slices.Contains(e.names, "isotonic") {
		return "isotonic"
	}
	return "none"
}

// chances are what each row is by the estimator: the calibrated scores over their sum,
// alike where it is 0. These are probabilities of its outcome; the row's own scores stay.
func (e *estimator) chances(rows []row) [][]float64 {
	out := make([][]float64, len(rows))
	for i, r := range rows {
		p := make([]float64, len(r.scores))
		sum := 0.0
		for c, s := range r.scores {
			p[c] = e.calibrate[c](s)
			sum += p[c]
		}
		for c := range p {
			if sum != 0 {
				p[c] /= sum
			} else {
				p[c] = 1 / float64(len(p))
			}
		}
		out[i] = p
	}
	return out
}

// An expectation is the figures to be expected of rows.
type expectation struct {
	n     float64
	auc   float64   // mean over classes
	areas []float64 // by class
	table [][]float64
	share []float64 // of each class among the outcomes
	loss  float64   // NaN where scores are no probabilities
	means map[string]float64
}

// expect is confidence-based performance estimation: a row is as much of each class as
// its chances say. It agrees with NannyML's CBPE of several classes, which steps row by
// row through equal scores and rounds sums to five decimals.
func expect(rows []row, chances [][]float64, k int) expectation {
	q := expectation{n: count(rows), table: make([][]float64, k), share: make([]float64, k), loss: math.NaN(), means: map[string]float64{}}
	for y := range k {
		q.table[y] = make([]float64, k)
	}
	for i, r := range rows {
		for y, p := range chances[i] {
			q.table[y][r.best] += r.n * p
			q.share[y] += r.n * p / q.n
		}
	}
	for c := range k {
		a := expectedArea(rows, chances, c)
		q.areas = append(q.areas, a)
		q.auc += a / float64(k)
	}
	classes := float64(k)
	for c := range k {
		came, called := q.share[c]*q.n, 0.0
		for y := range k {
			called += q.table[y][c]
		}
		hit := q.table[c][c]
		q.means[precision] += hit / called / classes
		q.means[recall] += hit / came / classes
		q.means[specific] += (q.n - came - called + hit) / (q.n - came) / classes
		q.means[f1] += 2 * hit / (came + called) / classes
		q.means[accuracy] += hit / q.n
	}
	q.means[auc] = q.auc
	if probabilities(rows) {
		q.loss = 0
		for i, r := range rows {
			for y, p := range chances[i] {
				q.loss += r.n * p * lossOf(r.scores[y]) / q.n
			}
		}
	}
	q.means[logLoss] = q.loss
	return q
}

// expectedArea is that of class k, by falling score.
func expectedArea(rows []row, chances [][]float64, k int) float64 {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(rows[b].scores[k], rows[a].scores[k]), cmp.Compare(a, b))
	})
	var pos, neg, sum float64
	for i := 0; i < len(order); {
		here, all := 0.0, 0.0
		j := i
		for ; j < len(order) && rows[order[j]].scores[k] == rows[order[i]].scores[k]; j++ {
			r := rows[order[j]]
			here, all = here+r.n*chances[order[j]][k], all+r.n
		}
		sum += (all - here) * (pos + here/2)
		pos, neg, i = pos+here, neg+all-here, j
	}
	return sum / (pos * neg)
}

// samplingErrors are the standard errors by chance of the figures over all classes, on n
// rows like the reference's: NannyML's, but for ties, which it breaks at random.
func samplingErrors(ref []row, k int, n float64) map[string]float64 {
	all := count(ref)
	t := table(ref, k)
	sums := map[string]float64{} // of the classes' variances
	spread := func(hits, of float64) float64 { return hits / of * (1 - hits/of) }
	right := 0.0
	for c := range k {
		came, called, hit := 0.0, 0.0, t[c][c]
		right += hit
		for o := range k {
			came, called = came+t[c][o], called+t[o][c]
		}
		add := func(metric string, variance, relevant float64) { sums[metric] += variance / (n * relevant / all) }
		add(precision, spread(hit, called), called)
		add(recall, spread(hit, came), came)
		add(specific, spread(all-came-called+hit, all-came), all-came)
		add(f1, spread(hit, came+called-hit), came+called-hit)
		variance, fraction := placements(ref, c)
		sums[auc] += variance / (n * fraction)
	}
	out := map[string]float64{accuracy: math.Sqrt(spread(right, all) / n)}
	for metric, v := range sums {
		out[metric] = math.Sqrt(v) / float64(k)
	}
	out[auc] *= 1.2 // which NannyML found to be lacking
	return out
}

// placements are the variance of the rarer kind's places among the other of class k, and
// the kind's share.
func placements(ref []row, k int) (variance, fraction float64) {
	ts := against(ref, k)
	var pos, rows float64
	for _, t := range ts {
		pos, rows = pos+float64(t.Pos), rows+float64(t.N)
	}
	neg := rows - pos
	flip := pos > neg
	if flip {
		pos, neg = neg, pos
	}
	below, sum, square := 0.0, 0.0, 0.0
	for _, t := range ts {
		here, others := float64(t.Pos), float64(t.N-t.Pos)
		if flip {
			here, others = others, here
		}
		place := (below + others/2) / neg
		sum, square = sum+here*place, square+here*place*place
		below += others
	}
	mean := sum / pos
	return square/pos - mean*mean, pos / rows
}
