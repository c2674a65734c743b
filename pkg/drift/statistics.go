package drift

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func (r *run) statistic(subject, name string, ref, cur float64, unit string) {
	r.report.Statistics = append(r.report.Statistics, bins.Statistic(subject, name, ref, cur, unit))
}

// proportion adds a share with the interval of its current side.
func (r *run) proportion(subject, name string, refHits, n, curHits, m int64) {
	r.report.Statistics = append(r.report.Statistics, bins.Proportion(subject, name, refHits, n, curHits, m))
}

var shownQuantiles = []struct {
	name string
	q    float64
}{{"p05", 0.05}, {"p25", 0.25}, {"p50", 0.5}, {"p75", 0.75}, {"p95", 0.95}}

// numberStatistics adds mean to p95 and the share of positives. They are rounded
// by the reference's spread, and null where fewer than K values lie beyond: a 5th
// percentile of twenty rows is one row's value.
func (r *run) numberStatistics(c *check, refCol, curCol *view.Column) {
	ref, cur := refCol.Number, curCol.Number
	side := func(rows int64, beyond, x, scale float64) float64 {
		if beyond*float64(rows) < float64(r.options.K) {
			return math.NaN()
		}
		return bins.Rounded(x, scale)
	}
	scale := bins.Spread(ref)
	fine := scale / 100 // of means, which no one row gives away
	r.statistic(c.Subject, "mean", side(c.NRef, 1, ref.Mean, fine), side(c.NCur, 1, cur.Mean, fine), "")
	if mean := &r.report.Statistics[len(r.report.Statistics)-1]; !math.IsNaN(mean.Cur) && c.NCur > 1 && cur.Std >= 0 {
		half := -stats.NormalQuantile((1-bins.Confidence)/2) * cur.Std / math.Sqrt(float64(c.NCur))
		mean.Lo, mean.Hi = bins.Rounded(mean.Cur-half, fine), bins.Rounded(mean.Cur+half, fine)
	}
	r.statistic(c.Subject, "std", side(c.NRef, 1, ref.Std, fine), side(c.NCur, 1, cur.Std, fine), "")
	for _, s := range shownQuantiles {
		beyond := math.Min(s.q, 1-s.q)
		r.statistic(c.Subject, s.name, side(c.NRef, beyond, bins.Quantile(ref, s.q), scale), side(c.NCur, beyond, bins.Quantile(cur, s.q), scale), "")
	}
	r.statistic(c.Subject, "distinct", bins.Distinct(ref), bins.Distinct(cur), "1")
	if t := r.options.Threshold; c.Role == verdict.RoleScore && t != 0 && !math.IsNaN(t) {
		n, refHits := atLeast(ref, t)
		m, curHits := atLeast(cur, t)
		r.proportion(c.Subject, "positive_rate", refHits, n, curHits, m)
	}
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

func (r *run) categoryStatistics(c *check, refCol, curCol *view.Column) {
	ref, cur := refCol.Category, curCol.Category
	r.statistic(c.Subject, "distinct", float64(bins.Held(ref)), float64(bins.Held(cur)), "1")
	positive := r.options.PositiveLabel
	if c.Role != verdict.RoleLabel || positive == "" {
		return
	}
	r.proportion(c.Subject, "positive_rate", bins.Holding(ref, positive), c.NRef, bins.Holding(cur, positive), c.NCur)
}

// distances adds the distances of a distribution; d is NaN without a KS test.
func (r *run) distances(c *check, classes []bins.Bin, index stats.PSIResult, d float64) {
	nan := math.NaN()
	r.statistic(c.Subject, "psi", nan, c.Effect, "nats")
	if !math.IsNaN(d) {
		r.statistic(c.Subject, "ks", nan, d, "1")
	}
	ref, cur := make([]float64, len(classes)), make([]float64, len(classes))
	for i, b := range classes {
		ref[i], cur[i] = float64(b.Ref), float64(b.Cur)
	}
	if js, err := stats.JensenShannon(ref, cur); err == nil {
		r.statistic(c.Subject, "jensen_shannon", nan, js.Distance, "sqrt(nats)")
	}
}
