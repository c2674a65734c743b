package drift

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"

	"gonum.org/v1/gonum/mathext"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
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

	// giveaway is the share of the importance from which a column is named.
	giveaway = 0.15
)

// domain asks whether a classifier can tell production from reference by the
// features of a row: whether the rows differ as a whole, though no column need
// differ by itself.
//
// Rows: the row samples of both sides, at most 512 a side and four to one, at
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
func (r *run) domain() {
	if r.options.Policy != policy.Calibrated {
		return
	}
	inputs := r.domainInputs()
	if len(inputs) == 0 || len(r.ref.Sample) == 0 {
		return
	}
	c := newCheck(verdict.SubjectFeatures, verdict.RoleRun, "", verdict.CheckMultivariate)
	c.family, c.floors, c.EffectUnit, c.Test = policy.MultivariateFamily, policy.AUCFloors, "AUC", "domain_classifier"
	r.checks = append(r.checks, c)
	t, reason := r.domainRows(inputs)
	if t == nil {
		c.cannot(verdict.ReasonNotMeasured, reason)
		return
	}
	n, m := int64(t.ref), int64(len(t.labels)-t.ref)
	c.NRef, c.NCur, c.Direction = n, m, verdict.Changed
	c.mde = func(alpha float64) float64 { return leastAUC(n, m, alpha) }

	var forests [domainFolds][]tree
	b := newBooster(t)
	t.label(t.labels, b.ref, b.cur)
	auc := b.auc(&forests)
	rounds := mostRounds
	if auc < c.floors.Warn {
		rounds = quietRounds
	}
	c.P = t.shuffled(auc, rounds)
	c.Statistic, c.Effect = auc, auc
	c.weight = (auc - 0.5) / (c.floors.Warn - 0.5)
	var telling []importance
	if auc >= c.floors.Warn && c.P <= policy.Calibrated.Alpha(policy.MultivariateFamily) {
		t.label(t.labels, b.ref, b.cur)
		telling = t.importances(b, &forests)
		for _, i := range telling {
			r.statistic(i.column, "domain_importance", math.NaN(), i.share, "1")
		}
	}
	c.say = func(f *verdict.Finding) (string, string) { return "", r.domainSentence(f, telling) }
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
func (t *domainTable) shuffled(observed float64, rounds int) float64 {
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
				dealer(seedLabels, uint64(from+w)).Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
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

// An importance is what a column adds to telling the sides apart.
type importance struct {
	column string
	share  float64
}

// importances returns each raw column's share of what the classifier knows, the
// largest first: how far the AUC falls when the column's values (of a text, both
// of its numbers) are dealt anew to the held-out rows of each fold, a rise
// counting nothing, over the sum of all falls. b holds the labels.
func (t *domainTable) importances(b *booster, forests *[domainFolds][]tree) []importance {
	var names []string
	var members [][]int
	for f, c := range t.columns {
		if k := len(names); k > 0 && names[k-1] == c.name {
			members[k-1] = append(members[k-1], f)
			continue
		}
		names, members = append(names, c.name), append(members, []int{f})
	}
	var held [domainFolds][]int
	for i, f := range t.fold {
		held[f] = append(held[f], i)
	}
	row := make([]uint8, len(t.columns))
	// ranks returns the AUC with some columns taken from other rows.
	ranks := func(columns []int, from *[domainFolds][]int) float64 {
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
	out := make([]importance, len(names))
	var sum float64
	for k, columns := range members {
		out[k].column = names[k]
		var fall float64
		for round := range importanceRounds {
			var from [domainFolds][]int
			for fold := range held {
				from[fold] = slices.Clone(held[fold])
				rng := dealer(seedImportance, uint64(round*domainFolds+fold))
				rng.Shuffle(len(from[fold]), func(i, j int) { from[fold][i], from[fold][j] = from[fold][j], from[fold][i] })
			}
			fall += (whole - ranks(columns, &from)) / importanceRounds
		}
		out[k].share = math.Max(0, fall)
		sum += out[k].share
	}
	for k := range out {
		if sum > 0 {
			out[k].share /= sum
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].share > out[j].share })
	return out
}

func (r *run) domainSentence(f *verdict.Finding, telling []importance) string {
	auc := fmt.Sprintf("AUC %.2f (0.5 is chance)", f.Effect)
	switch {
	case f.Level == verdict.Insufficient:
		return fmt.Sprintf("(features): too few rows to judge (%d against %d): a classifier's AUC below %.2f would go unseen", f.NCur, f.NRef, f.MDE)
	case f.Level == verdict.OK && f.Q <= f.Alpha:
		return "(features): a classifier tells production from reference, but hardly; " + auc
	case f.Level == verdict.OK && f.Effect >= f.Threshold:
		return fmt.Sprintf("(features): a classifier tells production from reference no better than chance explains; %s, p %s", auc, words.Number(f.P))
	case f.Level == verdict.OK:
		return "(features): a classifier cannot tell production from reference; " + auc
	}
	anyMoved, moved := false, map[string]bool{}
	for _, c := range r.checks {
		if verdict.Reaches(c.Level, verdict.Warn) && c.Role == verdict.RoleFeature && c.Check != verdict.CheckCorrelation {
			anyMoved, moved[c.source] = true, true
		}
	}
	var named, movers []string
	for i, t := range telling {
		if i > 0 && t.share < giveaway || i == 3 {
			break
		}
		named = append(named, words.Name(t.column))
		if moved[t.column] {
			movers = append(movers, words.Name(t.column))
		}
	}
	s := "(features): a classifier tells production from reference with " + auc
	switch {
	case len(named) == 0:
		return s
	case len(movers) == 0 && !anyMoved:
		give := " give it away"
		if len(named) == 1 {
			give = " gives it away"
		}
		return s + " where no single column shows it; " + and(named) + give
	case len(movers) == 0:
		return s + "; by " + and(named) + ", not by what moved by itself"
	case len(movers) == len(named) && len(named) == 1:
		return s + "; most of it is " + named[0] + ", which moved by itself"
	case len(movers) == len(named):
		return s + "; most of it is " + and(named) + ", which moved by themselves"
	}
	return s + "; by " + and(named) + ", of which " + and(movers) + " moved by itself"
}

// and joins names as a sentence does.
func and(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

func isMultivariate(c *check) bool { return c.Check == verdict.CheckMultivariate }

// multivariate is the run's level by the rows as a whole: at most warn, and
// nothing unless the rows differ.
func (r *run) multivariate() string {
	if c := r.first(isMultivariate); c != nil && verdict.Reaches(c.Level, verdict.Warn) {
		return verdict.Warn
	}
	return ""
}
