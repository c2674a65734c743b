package multiclass

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/stats"
)

// Names of figures.
const (
	auc       = "roc_auc"
	accuracy  = "accuracy"
	precision = "precision"
	recall    = "recall"
	specific  = "specificity"
	f1        = "f1"
	logLoss   = "log_loss"
	share     = "positive_rate"
	confusion = "confusion"
)

// A figure is one of rows with outcomes.
type figure struct {
	metric string
	class  int // -1: of all classes
	n      float64
	value  float64
	se     float64 // NaN where lo and hi are known otherwise, or nothing is
	lo, hi float64
}

// area is the area under the ROC curve of class k against all others, ties half, and the
// part of each row in it: the share of the others that a row of the class outranks, less
// the area, over the class's share of the rows; likewise for the others. Their mean
// square over n is DeLong's variance but for n over n-1 in each kind. NaN where a kind
// has no row.
func area(rows []row, k int, influence []float64) float64 {
	order := make([]int, len(rows))
	pos, neg := 0.0, 0.0
	for i, r := range rows {
		order[i] = i
		if r.class == k {
			pos += r.n
		} else {
			neg += r.n
		}
	}
	if pos == 0 || neg == 0 {
		return math.NaN()
	}
	slices.SortFunc(order, func(a, b int) int {
		switch x, y := rows[a].scores[k], rows[b].scores[k]; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return a - b
	})
	placed := make([]float64, len(rows)) // share of the other kind below, or above
	sum, below, above := 0.0, 0.0, pos
	for i := 0; i < len(order); {
		j, here, others := i, 0.0, 0.0
		for ; j < len(order) && rows[order[j]].scores[k] == rows[order[i]].scores[k]; j++ {
			if r := rows[order[j]]; r.class == k {
				here += r.n
			} else {
				others += r.n
			}
		}
		above -= here
		sum += here * (below + others/2)
		for ; i < j; i++ {
			if rows[order[i]].class == k {
				placed[order[i]] = (below + others/2) / neg
			} else {
				placed[order[i]] = (above + here/2) / pos
			}
		}
		below += others
	}
	a := sum / (pos * neg)
	if influence != nil {
		n := pos + neg
		for i, r := range rows {
			if r.class == k {
				influence[i] += (placed[i] - a) * n / pos
			} else {
				influence[i] += (placed[i] - a) * n / neg
			}
		}
	}
	return a
}

// spreadOf is the standard error of a mean of parts.
func spreadOf(rows []row, part func(i int) float64) float64 {
	n, sum, square := 0.0, 0.0, 0.0
	for i, r := range rows {
		n, sum = n+r.n, sum+r.n*part(i)
	}
	mean := sum / n
	for i, r := range rows {
		d := part(i) - mean
		square += r.n * d * d
	}
	return math.Sqrt(square / (n - 1) / n)
}

// table is how often each class came (first) and was predicted.
func table(rows []row, k int) [][]float64 {
	out := make([][]float64, k)
	for i := range out {
		out[i] = make([]float64, k)
	}
	for _, r := range rows {
		out[r.class][r.best] += r.n
	}
	return out
}

// figures are those of rows with k classes, none of no rows. Over all classes:
//
//	roc_auc     the mean of the classes' areas, each against all others
//	accuracy    the share of rows whose class has the highest score
//	precision, recall, specificity, f1   the means of the classes' own
//	log_loss    the mean of -ln of the score of the class that came
//
// and for each class its area, precision, recall and share of the outcomes. A figure
// of which some class has none is none. They agree with scikit-learn's roc_auc_score
// (multi_class="ovr", average="macro"), precision_score, recall_score and f1_score
// (average="macro"), and log_loss of scores that sum to 1. Intervals are 95 %:
// Wilson's of shares, by influence functions of means over classes.
func figures(rows []row, k int) []figure {
	n := count(rows)
	if n == 0 {
		return nil
	}
	nan := math.NaN()
	var out []figure
	wilson := func(metric string, class int, hits, of float64) {
		if i, err := stats.Wilson(int64(hits), int64(of), 0.95); err == nil {
			out = append(out, figure{metric, class, of, hits / of, nan, i.Lo, i.Hi})
		}
	}
	within := func(metric string, class int, value float64, part func(i int) float64) {
		if math.IsNaN(value) {
			return
		}
		se := spreadOf(rows, part)
		f := figure{metric, class, n, value, se, math.Max(0, value-outcome.Z95*se), math.Min(1, value+outcome.Z95*se)}
		if metric == logLoss {
			f.hi = value + outcome.Z95*se
		}
		out = append(out, f)
	}
	classes := float64(k)
	moves := make([]float64, len(rows))
	areas := make([]float64, k)
	mean := 0.0
	for c := range k {
		areas[c] = area(rows, c, moves)
		mean += areas[c] / classes
	}
	within(auc, -1, mean, func(i int) float64 { return moves[i] / classes })
	came, called := make([]float64, k), make([]float64, k)
	t := table(rows, k)
	right := 0.0
	for y := range k {
		right += t[y][y]
		for p, m := range t[y] {
			came[y] += m
			called[p] += m
		}
	}
	wilson(accuracy, -1, right, n)
	var prec, rec, spec, both float64
	for c := range k {
		prec += t[c][c] / called[c] / classes
		rec += t[c][c] / came[c] / classes
		spec += (n - came[c] - called[c] + t[c][c]) / (n - came[c]) / classes
		both += 2 * t[c][c] / (came[c] + called[c]) / classes
	}
	within(precision, -1, prec, func(i int) float64 {
		p := rows[i].best
		return (truth(rows[i].class == p) - t[p][p]/called[p]) * n / called[p] / classes
	})
	within(recall, -1, rec, func(i int) float64 {
		y := rows[i].class
		return (truth(rows[i].best == y) - t[y][y]/came[y]) * n / came[y] / classes
	})
	within(specific, -1, spec, func(i int) float64 {
		sum := 0.0
		for c := range k {
			if rows[i].class != c {
				others := n - came[c]
				sum += (truth(rows[i].best != c) - (others-called[c]+t[c][c])/others) * n / others / classes
			}
		}
		return sum
	})
	within(f1, -1, both, func(i int) float64 {
		y, p := rows[i].class, rows[i].best
		sum := 0.0
		for _, c := range []int{y, p} { // of its class as one that came, and of that as one that was predicted
			all := came[c] + called[c]
			sum += (truth(y == p) - 2*t[c][c]/all) * n / all / classes
		}
		return sum
	})
	if probabilities(rows) {
		loss := func(i int) float64 { return lossOf(rows[i].scores[rows[i].class]) }
		sum := 0.0
		for i, r := range rows {
			sum += r.n * loss(i)
		}
		within(logLoss, -1, sum/n, loss)
	}
	for c := range k {
		if !math.IsNaN(areas[c]) {
			clear(moves)
			area(rows, c, moves)
			within(auc, c, areas[c], func(i int) float64 { return moves[i] })
		}
		wilson(precision, c, t[c][c], called[c])
		wilson(recall, c, t[c][c], came[c])
		wilson(share, c, came[c], n)
	}
	return out
}

func lossOf(score float64) float64 {
	return -math.Log(math.Min(math.Max(score, outcome.LogFloor), 1-outcome.LogFloor))
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
