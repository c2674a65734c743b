package distribution

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

var shownQuantiles = []struct {
	name string
	q    float64
}{{"p05", 0.05}, {"p25", 0.25}, {"p50", 0.5}, {"p75", 0.75}, {"p95", 0.95}}

// numberStatistics are mean to p95 and the share of positives. Each is rounded by
// its own error, and null where fewer than K values lie beyond: a 5th percentile of
// twenty rows is one row's value. Mean and deviation of a column that fewer than K
// rows dominate are winsorised, on both sides, and have names of their own.
func numberStatistics(refCol, curCol *view.Column, o Options) []verdict.Statistic {
	ref, cur, name := refCol.Number, curCol.Number, curCol.Name
	n, m := refCol.Values(), curCol.Values()
	side := func(rows int64, beyond float64, x func() float64) float64 {
		if beyond*float64(rows) < float64(o.K) {
			return math.NaN()
		}
		return x()
	}
	scale := bins.Spread(ref)
	before, after, prefix := bins.MomentsOf(ref, o.K, false), bins.MomentsOf(cur, o.K, false), ""
	if before.Winsorised || after.Winsorised {
		before, after, prefix = bins.MomentsOf(ref, o.K, true), bins.MomentsOf(cur, o.K, true), "winsorised_"
	}
	of := func(x float64) func() float64 { return func() float64 { return x } }
	mean := bins.Statistic(name, prefix+"mean", side(n, 1, of(before.Mean)), side(m, 1, of(after.Mean)), "")
	if !math.IsNaN(mean.Cur) && m > 1 && after.Std >= 0 {
		mean.Lo, mean.Hi = after.Interval(m)
	}
	out := []verdict.Statistic{mean, bins.Statistic(name, prefix+"std", side(n, 1, of(before.Std)), side(m, 1, of(after.Std)), "")}
	for _, s := range shownQuantiles {
		beyond := math.Min(s.q, 1-s.q)
		quantile := func(c *view.Number, rows int64) float64 {
			return side(rows, beyond, func() float64 { return bins.PublicQuantile(c, s.q, rows, o.K, scale) })
		}
		out = append(out, bins.Statistic(name, s.name, quantile(ref, n), quantile(cur, m), ""))
	}
	out = append(out, bins.Statistic(name, "distinct", bins.Distinct(ref), bins.Distinct(cur), "1"))
	if t := o.Threshold; curCol.Role == "score" && t != 0 && !math.IsNaN(t) {
		all, hits := atLeast(ref, t)
		curAll, curHits := atLeast(cur, t)
		out = append(out, bins.Proportion(name, "positive_rate", hits, all, curHits, curAll))
	}
	return out
}

// atLeast counts a column's values and those at or above t. Values in the open
// cell around t go with the cell's mean once they are no longer kept one by one.
func atLeast(n *view.Number, t float64) (all, hits int64) {
	add := func(v float64, c int64) {
		all += c
		if v >= t {
			hits += c
		}
	}
	if n.Values != nil {
		if x, c, ok := n.Values(); ok && len(x) == len(c) {
			for i, v := range x {
				add(v, c[i])
			}
			return all, hits
		}
	}
	x, w := bins.Points(n)
	for i, v := range x {
		add(v, int64(w[i]))
	}
	return all, hits
}

// categoryStatistics are the number of categories and a label's share of
// positives.
func categoryStatistics(refCol, curCol *view.Column, o Options) []verdict.Statistic {
	ref, cur, name := refCol.Category, curCol.Category, curCol.Name
	out := []verdict.Statistic{bins.Statistic(name, "distinct", float64(bins.Held(ref)), float64(bins.Held(cur)), "1")}
	if curCol.Role == "label" && o.PositiveLabel != "" {
		before, n := positives(ref, refCol.Values(), o)
		after, m := positives(cur, curCol.Values(), o)
		out = append(out, bins.Proportion(name, "positive_rate", before, n, after, m))
	}
	return out
}

// positives are the rows of m with the positive label, none of none where that is
// not known.
func positives(c *view.Category, m int64, o Options) (n, of int64) {
	n, share := bins.Holding(c, o.PositiveLabel, m)
	if math.IsNaN(share) {
		return 0, 0
	}
	return n, m
}

// PositiveRate is the share of positives among the labels given at scoring, which
// the reference does not have; ok is false where there is none to count.
func PositiveRate(cur *view.Column, o Options) (rate verdict.Statistic, ok bool) {
	if cur.Category == nil || o.PositiveLabel == "" || cur.Values() <= 0 {
		return verdict.Statistic{}, false
	}
	n, m := positives(cur.Category, cur.Values(), o)
	return bins.Proportion(cur.Name, "positive_rate", 0, 0, n, m), m > 0
}

// distances are those of two distributions; ks is NaN without a KS test, and
// most the most that it can be, NaN where it is exact.
func distances(name string, psi float64, classes []bins.Bin, ks, most float64) []verdict.Statistic {
	nan := math.NaN()
	out := []verdict.Statistic{bins.Statistic(name, "psi", nan, psi, "nats")}
	if !math.IsNaN(ks) {
		s := bins.Statistic(name, "ks", nan, ks, "1")
		if most > ks {
			s.Lo, s.Hi = ks, most
		}
		out = append(out, s)
	}
	ref, cur := make([]float64, len(classes)), make([]float64, len(classes))
	for i, b := range classes {
		ref[i], cur[i] = float64(b.Ref), float64(b.Cur)
	}
	if js, err := stats.JensenShannon(ref, cur); err == nil {
		out = append(out, bins.Statistic(name, "jensen_shannon", nan, js.Distance, "sqrt(nats)"))
	}
	return out
}
