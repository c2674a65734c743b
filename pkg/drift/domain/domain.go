// Package domain asks a small classifier to tell production's rows from the
// reference's: whether the rows differ as a whole, though no column need differ
// by itself.
package domain

import (
	"math"
	"runtime"
	"slices"
	"sort"
	"sync"

	"gonum.org/v1/gonum/mathext"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

const (
	// mostRounds lets p reach the family's alpha: 1/400.
	mostRounds = 399
	// quietRounds are enough where the AUC is below the floor, so that no p
	// changes the level.
	quietRounds = 19
	// enoughReached ends the rounds: so many AUCs of shuffled labels as large as
	// the observed one say p as well as it need be known.
	enoughReached = 5
	// outOfReach ends them too, where none has reached the observed AUC and one
	// more would with this probability. Then the rest of 399 would hold one in
	// 4 of 10,000 cases.
	outOfReach = 1e-6

	importanceRounds = 5
)

// A Result is what a classifier makes of the two sides. Its effect is an AUC.
// Where it makes nothing of them it says why: ReasonRepetitive, with Repeats,
// ReasonTooFewRows, with Rows, or ReasonNoneVaries.
type Result struct {
	policy.Evidence
	Rows    [2]int64     // that there are of each side
	Repeats float64      // share of a side's rows that came before, of the side with more
	Telling []Importance // what gives the sides away, the largest first; none where the AUC is below its floor or chance explains it
}

// Options say how the rows of each side hang together, the reference's first.
type Options struct {
	Repeat [2]bool    // rows repeat earlier ones beyond chance, at other times: equal rows count once
	Thin   [2]float64 // rows to one that is independent in time: rows so far apart are drawn; 0 or 1: any
}

// Compare asks whether a classifier can tell production from reference by the
// features of a row: whether the rows differ as a whole, though no column need
// differ by itself.
//
// Rows: one row of each entity where rows say whom they belong to, entities of both
// sides left out, else the row samples; of both sides at most 512 a side and four to one, at
// least 50 a side; with more than 32 columns fewer, down to 256, as many as
// make 16,384 cells. More would show what is below the floor. Columns: the features that both sides hold, text by length
// and commas, never the score. Where at most a tenth of each side's rows came
// before, every distinct row counts once; else each counts as often as it came,
// which only samples that hold all rows can tell. Equal rows are in one fold.
//
// Classifier: boosted trees of depth three under logistic loss, on at most 15
// quantiles or categories a column. A tree's first split is not chosen but dealt
// to the columns in turn, so that two columns that merely go together in another
// way than before are found. Effect: the AUC over three folds, each ranked by
// trees trained on the other two.
//
// Evidence: the labels are dealt anew to the same rows, the trees are trained
// anew, and p is (b + 1)/400 for b AUCs at least as large in 399 rounds, which
// is valid at any size: without drift every dealing is as likely. Rounds that
// cannot change the level are spared. When b comes to five, p is Besag and
// Clifford's sequential one, b over the rounds until then; there are at most 19
// rounds where the AUC is below the warn floor; and where none of 19 rounds or
// more has reached the AUC, and by a normal prediction (Student's t on their
// mean and variance) another would with a probability below 1e-6, the rest of
// the 399 is taken not to reach it.
//
// outcome names a column that is no feature, or is empty. ok is false where there
// is nothing to ask: no feature that both sides hold, or no rows of the reference.
func Compare(ref, cur *view.View, outcome string, o Options) (res Result, ok bool) {
	inputs := inputsOf(ref, cur, outcome)
	if len(inputs) == 0 || len(ref.Sample) == 0 {
		return Result{}, false
	}
	t, res := rowsOf(ref, cur, inputs, o)
	if t == nil {
		return res, true
	}
	n, m := int64(t.ref), int64(len(t.labels)-t.ref)
	res.NRef, res.NCur, res.Direction = n, m, verdict.Changed
	res.MDE = func(alpha float64) float64 { return leastAUC(n, m, alpha) }

	var forests [folds][]tree
	b := newBooster(t)
	t.label(t.labels, b.ref, b.cur)
	res.Effect = b.auc(&forests)
	rounds := mostRounds
	if res.Effect < policy.AUCFloors.Warn {
		rounds = quietRounds
	}
	res.Statistic = res.Effect
	res.P = t.shuffled(res.Effect, rounds)
	if res.Effect >= policy.AUCFloors.Warn && res.P <= policy.Calibrated.Alpha(policy.MultivariateFamily) {
		t.label(t.labels, b.ref, b.cur)
		res.Telling = t.importances(b, &forests)
	}
	return res, true
}

// leastAUC returns the AUC seen at alpha with 80 % power: that far above 0.5 in
// standard deviations of the AUC of shuffled labels, which is 1.33 times that of
// a fixed score's,
//
//	√((n + m + 1) / 12nm),
//
// as simulated: training on other folds makes the folds' AUCs depend.
func leastAUC(n, m int64, alpha float64) float64 {
	a, b := float64(n), float64(m)
	sd := spreadOfFolds * math.Sqrt((a+b+1)/(12*a*b))
	return math.Min(1, 0.5+(stats.NormalQuantile(policy.Power)-stats.NormalQuantile(alpha))*sd)
}

const spreadOfFolds = 1.33

// shuffled returns the p-value of an AUC by dealing labels anew. The k-th
// dealing is the same whoever makes it, and they are counted in order, so that p
// is the same on any number of processors.
func (t *pool) shuffled(observed float64, rounds int) float64 {
	workers := min(runtime.GOMAXPROCS(0), rounds)
	boosters := make([]*booster, workers)
	labels := make([][]int32, workers)
	for w := range workers {
		boosters[w], labels[w] = newBooster(t), slices.Clone(t.labels)
	}
	aucs := make([]float64, workers)
	reached := 0
	var mean, square float64 // of the AUCs so far: their mean, and the sum of squares about it
	for from := 0; from < rounds; from += workers {
		now := min(workers, rounds-from)
		var wait sync.WaitGroup
		for w := range now {
			wait.Go(func() {
				l := labels[w]
				copy(l, t.labels)
				rng(seedLabels, uint64(from+w)).Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
				t.label(l, boosters[w].ref, boosters[w].cur)
				aucs[w] = boosters[w].auc(nil)
			})
		}
		wait.Wait()
		for w := range now {
			so := from + w + 1
			mean, square = mean+(aucs[w]-mean)/float64(so), square+float64((aucs[w]-mean)*(aucs[w]-mean))*float64(so-1)/float64(so)
			if aucs[w] >= observed {
				reached++
			}
			switch {
			case reached == enoughReached:
				return float64(reached) / float64(so)
			case reached == 0 && so >= quietRounds && beyond(observed, mean, square, so) < outOfReach:
				return 1 / float64(rounds+1)
			}
		}
	}
	return float64(reached+1) / float64(rounds+1)
}

// beyond returns the probability that one more of n normal values, of which the
// mean and the sum of squares about it are given, is x or more.
func beyond(x, mean, square float64, n int) float64 {
	df := float64(n - 1)
	sd := math.Sqrt(square / df * (1 + 1/float64(n)))
	if !(x > mean) || !(sd > 0) {
		return 1
	}
	t := (x - mean) / sd
	return mathext.RegIncBeta(df/2, 0.5, df/(df+float64(t*t))) / 2
}

// An Importance is what a column adds to telling the sides apart.
type Importance struct {
	Column string
	Share  float64 // of all columns', in [0, 1]
}

// importances returns each raw column's share of what the classifier knows, the
// largest first: how far the AUC falls when the column's values (of a text, both
// of its numbers) are dealt anew to the held-out rows of each fold, a rise
// counting nothing, over the sum of all falls. b holds the labels.
func (t *pool) importances(b *booster, forests *[folds][]tree) []Importance {
	var names []string
	var members [][]int
	for f, c := range t.columns {
		if k := len(names); k > 0 && names[k-1] == c.name {
			members[k-1] = append(members[k-1], f)
			continue
		}
		names, members = append(names, c.name), append(members, []int{f})
	}
	var held [folds][]int
	for i, f := range t.fold {
		held[f] = append(held[f], i)
	}
	row := make([]uint8, len(t.columns))
	// ranks returns the AUC with some columns taken from other rows.
	ranks := func(columns []int, from *[folds][]int) float64 {
		var twice, pairs int64
		for fold, is := range held {
			b.held = b.held[:0]
			for k, i := range is {
				copy(row, t.row(i))
				for _, f := range columns {
					row[f] = t.row(from[fold][k])[f]
				}
				var margin float64
				for j := range forests[fold] {
					tr := &forests[fold][j]
					margin += tr.leaf[tr.at(row)]
				}
				b.held = append(b.held, ranked{margin, b.ref[i], b.cur[i]})
			}
			x, y := rankedPairs(b.held)
			twice, pairs = twice+x, pairs+y
		}
		if pairs == 0 {
			return 0.5
		}
		return float64(twice) / float64(2*pairs)
	}
	whole := ranks(nil, nil)
	out := make([]Importance, len(names))
	var sum float64
	for k, columns := range members {
		out[k].Column = names[k]
		var fall float64
		for round := range importanceRounds {
			var from [folds][]int
			for fold := range held {
				from[fold] = slices.Clone(held[fold])
				rng := rng(seedImportance, uint64(round*folds+fold))
				rng.Shuffle(len(from[fold]), func(i, j int) { from[fold][i], from[fold][j] = from[fold][j], from[fold][i] })
			}
			fall += (whole - ranks(columns, &from)) / importanceRounds
		}
		out[k].Share = math.Max(0, fall)
		sum += out[k].Share
	}
	for k := range out {
		if sum > 0 {
			out[k].Share /= sum
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Share > out[j].Share })
	return out
}
