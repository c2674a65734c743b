package binary

import (
	"math"
	"sort"

	"github.com/leadsman/leadsman/pkg/stats"
)

// realisedErrors returns the standard error of each of metricNames as an estimate of
// what the outcomes of these very rows will give, and apart from it the part of the
// calibration, which an estimate of the population has as well.
//
// Given the scores, the outcomes are independent, and a figure f moves by df/dy with
// each: its variance is Σ p(1-p)(df/dy)². A reference of n rows knows the
// probability of a cell of scores to p(1-p)/n, by which a figure moves as by the
// outcomes of all rows of the cell together. Where rows belong to entities, each with
// one outcome, both variances are as many times as large as Options.Together and
// sample.together say.
func (e *evaluation) realisedErrors(scores []Tally, q quality) (both, calibration []float64) {
	moves := influences(scores, e.calibrator, e.Threshold, q)
	known := knowledgeOf(e.ref)
	mine, theirs := math.Max(1, e.Together), math.Max(1, e.learned.together())
	both, calibration = make([]float64, len(metricNames)), make([]float64, len(metricNames))
	for i, move := range moves {
		together := make([]float64, len(known))
		chance := 0.0
		for k, t := range scores {
			c := known.at(t.Score)
			together[c] += float64(t.N) * move[k]
			p := e.calibrator.probability(t.Score)
			v := p * (1 - p)
			if v == 0 { // a block of one outcome, which is not certain of the next
				v = known[c].variance
			}
			chance += float64(t.N) * v * move[k] * move[k]
		}
		learned := 0.0
		for c, h := range together {
			learned += h * h * known[c].variance / known[c].rows
		}
		chance, learned = mine*chance, theirs*learned
		both[i], calibration[i] = math.Sqrt(chance+learned), math.Sqrt(learned)
	}
	return both, calibration
}

// knowledge is what the reference knows of cells of scores, by rising scores.
type knowledge []struct{ upTo, rows, variance float64 }

// knowledgeOf cuts the reference into at most 20 cells of equally many rows. A
// cell's variance is that of one outcome, of half a row more of each kind, so that
// none is certain.
func knowledgeOf(ref []Tally) knowledge {
	var known knowledge
	var n, pos, before int64
	rows := rowsOf(ref)
	for i, t := range ref {
		n, pos, before = n+t.N, pos+t.Pos, before+t.N
		if before*conceptCells < int64(len(known)+1)*rows && i < len(ref)-1 {
			continue
		}
		p := (float64(pos) + 0.5) / (float64(n) + 1)
		known = append(known, struct{ upTo, rows, variance float64 }{t.Score, float64(n), p * (1 - p)})
		n, pos = 0, 0
	}
	return known
}

// at returns the cell of a score; those beyond the reference's are in the outermost.
func (k knowledge) at(score float64) int {
	return min(len(k)-1, sort.Search(len(k), func(i int) bool { return score <= k[i].upTo }))
}

// influences are, by metric and score, how far a figure moves when one row of the
// score turns from negative to positive.
func influences(scores []Tally, c calibrator, threshold float64, q quality) [][]float64 {
	out := make([][]float64, len(metricNames))
	for i := range out {
		out[i] = make([]float64, len(scores))
	}
	var pos, rows float64
	for _, t := range scores {
		pos, rows = pos+float64(t.N)*c.probability(t.Score), rows+float64(t.N)
	}
	neg := rows - pos
	called := q.TP + q.FP
	// Of average precision a row moves its own precision and that of all below it.
	var above, rank float64 // positives and rows above
	later := make([]float64, len(scores))
	for k := len(scores) - 1; k >= 0; k-- {
		p, n := c.probability(scores[k].Score), float64(scores[k].N)
		out[0][k] = -(above + n*p/2) // negatives below come on the way up
		out[1][k] = (above + n*p/2) / (rank + (n+1)/2)
		later[k] = n * p / (rank + (n+1)/2)
		above, rank = above+n*p, rank+n
	}
	var below, under float64 // negatives, and what later positives lose, below
	for k, t := range scores {
		p, n := c.probability(t.Score), float64(t.N)
		out[0][k] = (out[0][k]+below+n*(1-p)/2)/(pos*neg) - q.AUC*(1/pos-1/neg)
		out[1][k] = (out[1][k] + under + later[k]/2 - q.AP) / pos
		below, under = below+n*(1-p), under+later[k]
		hit := 0.
		if t.Score >= threshold {
			hit = 1
		}
		miss := 1 - hit
		for i, move := range []float64{
			(hit - miss) / rows, hit / called, (hit - q.Recall) / pos, (q.Specificity - miss) / neg,
			(2*hit - q.F1) / (called + pos), 1 / rows, hit, -hit, miss, -miss,
		} {
			out[2+i][k] = move
		}
	}
	return out
}

// populationErrors are the standard errors by chance of figures of n rows as figures of
// the population that they are from: samplingErrors, and of the area both parts of
// DeLong's variance, those of the reference's placements over the rows of each class.
func populationErrors(ref []Tally, threshold float64, n int64) []float64 {
	out := samplingErrors(ref, threshold, n)
	rows, pos := sums(ref)
	d := newDeLong(ref)
	share := float64(n) / float64(rows)
	out[0] = math.Sqrt(d.spread[0]/(share*float64(rows-pos)) + d.spread[1]/(share*float64(pos)))
	return out
}

// bounds are the ends of a 95 % interval within [0, top]. One of a rate is never
// without width: where nothing varies it is Wilson's, of the rows that the rate is of.
func bounds(value, se, top, of float64) (lo, hi float64) {
	lo, hi = around(value, se)
	lo, hi = math.Max(0, lo), math.Min(top, hi)
	if hi-lo > 0 || math.IsNaN(of) {
		return lo, hi
	}
	n := int64(math.Max(1, math.Round(of)))
	i, err := stats.Wilson(int64(math.Round(value*float64(n))), n, 0.95)
	if err != nil {
		return lo, hi
	}
	return i.Lo, i.Hi
}

// denominators are how many rows each rate is of; NaN for what is no rate.
func (q quality) denominators() []float64 {
	nan := math.NaN()
	rows := float64(q.N)
	pos := q.PositiveRate * rows
	return []float64{rows, pos, rows, q.TP + q.FP, pos, rows - pos, pos, rows, nan, nan, nan, nan}
}
