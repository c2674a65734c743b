package multiclass

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/binary"
)

// A row is rows of the same scores and the same outcome.
type row struct {
	scores []float64 // of each class
	best   int       // the class of the highest score, of several the first
	class  int       // of the outcome; -1 without one
	n      float64
}

// rowsOf are those of pairs with k classes; what is none is left out.
func rowsOf(ps []outcome.Pair, k int) []row {
	out := make([]row, 0, len(ps))
	all := make([]float64, k*len(ps))
	for _, p := range ps {
		scores := all[:k:k]
		if !outcome.ScoresOf(p.Scores, scores) || p.Value >= float64(k) {
			continue
		}
		all = all[k:]
		out = append(out, row{scores, bestOf(scores), int(p.Value), float64(p.N)})
	}
	return out
}

func bestOf(scores []float64) int {
	best := 0
	for i, s := range scores {
		if s > scores[best] {
			best = i
		}
	}
	return best
}

func count(rows []row) (n float64) {
	for _, r := range rows {
		n += r.n
	}
	return n
}

// counts are the rows of each class by outcome.
func counts(rows []row, k int) []float64 {
	out := make([]float64, k)
	for _, r := range rows {
		out[r.class] += r.n
	}
	return out
}

// A sample is outcome.Sample by class.
type sample struct {
	rows   []row
	apart  []row // one of each entity
	spread float64
}

func sampled(s outcome.Sample, k int) sample {
	return sample{rowsOf(s.Rows, k), rowsOf(s.Apart, k), s.Spread}
}

// against are the rows as class k or not, by score.
func against(rows []row, k int) []binary.Tally {
	out := make([]binary.Tally, 0, len(rows))
	for _, r := range rows {
		one := binary.Tally{Score: r.scores[k], N: int64(r.n)}
		if r.class == k {
			one.Pos = one.N
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b binary.Tally) int { return cmp.Compare(a.Score, b.Score) })
	merged := out[:0]
	for _, t := range out {
		if n := len(merged); n > 0 && merged[n-1].Score == t.Score {
			merged[n-1].N, merged[n-1].Pos = merged[n-1].N+t.N, merged[n-1].Pos+t.Pos
		} else {
			merged = append(merged, t)
		}
	}
	return merged
}

// probabilities says that all scores lie between 0 and 1.
func probabilities(rows []row) bool {
	for _, r := range rows {
		for _, s := range r.scores {
			if !(s >= 0 && s <= 1) {
				return false
			}
		}
	}
	return len(rows) > 0
}

// off is how far from 1 the scores of a row may sum up before that is said: farther than
// scores of two decimals are by rounding.
const off = 0.005

// notOne are the rows whose scores do not sum to 1, and the sum that is farthest from it.
func notOne(rows []row) (n, worst float64) {
	worst = 1
	for _, r := range rows {
		sum := 0.0
		for _, s := range r.scores {
			sum += s
		}
		if d := math.Abs(sum - 1); d > off*float64(len(r.scores))+1e-9 {
			n += r.n
			if d > math.Abs(worst-1) {
				worst = sum
			}
		}
	}
	return n, worst
}

// pooled are the rows with some classes taken together: to[k] is the new place of class
// k. The scores of classes that become one are added up.
func pooled(rows []row, to []int, k int) []row {
	out := make([]row, len(rows))
	for i, r := range rows {
		scores := make([]float64, k)
		for c, s := range r.scores {
			scores[to[c]] += s
		}
		out[i] = row{scores, to[r.best], -1, r.n}
		if r.class >= 0 {
			out[i].class = to[r.class]
		}
	}
	return out
}
