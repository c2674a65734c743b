package drift

import (
	"cmp"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/attribution"
	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/correlation"
	"github.com/leadsman/leadsman/pkg/drift/dependence"
	"github.com/leadsman/leadsman/pkg/drift/distribution"
	"github.com/leadsman/leadsman/pkg/drift/domain"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/quality"
	"github.com/leadsman/leadsman/pkg/drift/rollup"
	"github.com/leadsman/leadsman/pkg/drift/segments"
	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/drift/strata"
	"github.com/leadsman/leadsman/pkg/drift/trend"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Report is everything a comparison has to say, as rows of its tables.
type Report struct {
	Run          verdict.Run
	Findings     []verdict.Finding  // by rank
	Bins         []verdict.Bin      // in plan order of the subjects
	ScoreBins    []verdict.ScoreBin // of scores in [0, 1]
	Statistics   []verdict.Statistic
	Correlations []verdict.Correlation
	Trend        []verdict.Trend
	TrendLeftOut int // features without a trend, which would have too many rows
	Latency      []verdict.Latency
	Traffic      []verdict.Traffic
	Recent       []verdict.Recent

	Contributions []verdict.Contribution // by rank; none without Options.Explained
	Segments      []verdict.Segment      // none without Options.Segments
	Skew          []verdict.SkewRow      // first rows whose logged score is not the model's
	Triggers      []verdict.Trigger      // as retrain.Judge finds them
	Thresholds    []verdict.Threshold

	parts rollup.Parts // of Run
	known []Known
}

// A run is one comparison under way.
type run struct {
	options  Options
	ref, cur view.View
	outcome  string // column taken for the reference's outcome, or ""
	checks   []*check
	report   Report
	known    policy.Noncentralities
	designs  policy.DesignOf // how the rows hang together

	partitions []*partition
	moved      attribution.Result // what moved the scores
}

// Compare judges cur against ref. It always returns: a column, or a whole side,
// that cannot be judged has the level insufficient and a reason in words. It
// keeps no part of the views and changes nothing in them.
func Compare(ref, cur view.View, o Options) Report {
	r := &run{options: o.settled(), ref: ref, cur: cur, known: policy.Noncentralities{}}
	if o.Target == "" {
		r.outcome = quality.Outcome(&ref, &cur)
	}
	var hanging dependence.Result
	if r.options.Policy == policy.Calibrated { // the others take every row for one, of whatever day
		week := strata.Weigh(&ref, &cur)
		hanging = dependence.Compare(&ref, &cur, week.Worth)
		r.designs, ref = hanging.Designs, week.Reference
	}
	var unknown []segments.Column
	if o.Encoded != nil {
		r.checks = append(r.checks, encodedCheck(o.Encoded, ref.Rows, cur.Rows, r.options.Policy))
	}
	for _, c := range segments.Columns(&ref, &cur, r.outcome, r.distributions()) {
		if o.Encoded.names(c.Name) {
			continue
		}
		if c.New {
			unknown = append(unknown, c)
			continue
		}
		r.column(c)
	}
	r.checks = append(r.checks, newColumns(unknown, r.options.Policy, r.options.K)...)
	r.report.Statistics = append(r.report.Statistics, quality.Whole(&ref, &cur)...)
	r.checks = append(r.checks, repeatsChecks(quality.Repeats(&ref, &cur), quality.Resent(&ref, &cur))...)
	var tested []*check
	pairs := correlation.Compare(&ref, &cur, r.outcome, r.known, r.designs)
	if r.options.Policy != policy.Evidently { // which does not look at them
		tested = pairChecks(&pairs)
	}
	for i, p := range pairs.Pairs {
		r.report.Correlations = append(r.report.Correlations, p.Row)
		if tested != nil && tested[i] != nil {
			r.checks = append(r.checks, tested[i])
		}
	}
	served := serving.Measure(&r.cur, serving.Options{Limits: o.Limits, Period: o.Period, K: r.options.K, Public: o.Public})
	r.checks = append(r.checks, servingChecks(&served, r.options.Policy)...)
	r.checks = append(r.checks, linesChecks(&r.options)...)
	r.checks = append(r.checks, clockChecks(&r.cur, &r.options)...)
	if o.Skew != nil {
		r.report.Skew = o.Skew.Differing
		r.checks = append(r.checks, skewCheck(o.Skew, r.options.Policy))
	}
	if o.Explained != nil {
		moved := attribution.Attribute(o.Explained, r.options.K)
		r.report.Contributions, r.moved = moved.Contributions, moved
		r.sharesOfScore()
		r.checks = append(r.checks, attributionChecks(&moved, &ref, &r.options)...)
	}
	if r.options.Policy == policy.Calibrated {
		if res, ok := domain.Compare(&ref, &cur, cmp.Or(o.Target, r.outcome), domain.Options{Repeat: hanging.Repeats, Thin: hanging.Thin}); ok {
			for _, i := range res.Telling {
				r.report.Statistics = append(r.report.Statistics, bins.Statistic(i.Column, "domain_importance", math.NaN(), i.Share, "1"))
			}
			r.checks = append(r.checks, domainCheck(&res, r.checks))
		}
	}
	judge(r.checks, r.options.Policy.BesideEvidently())
	r.checks = keptPairs(r.checks, tested, &pairs, r.report.Correlations)
	r.setImportance(r.checks)
	rank(r.checks)
	for _, c := range r.checks {
		r.report.Findings = append(r.report.Findings, c.Finding)
	}
	r.trend()
	r.report.Latency, r.report.Traffic, r.report.Recent = served.Latency, served.Traffic, served.Recent
	r.report.Statistics = append(r.report.Statistics, served.Statistics...)
	r.segments()
	r.report.Thresholds = Thresholds(o)
	r.report.Run, r.report.parts = r.verdict()
	r.report.known = r.options.Known
	r.report.Sum()
	r.report.finite()
	return r.report
}

// trend tabulates the windows; where there are too many columns, those whose
// findings stand first.
func (r *run) trend() {
	var urgent []string
	for _, c := range r.checks {
		urgent = append(urgent, c.source)
	}
	t := trend.Windows(&r.ref, &r.cur, r.options.PositiveLabel, r.options.K, urgent)
	r.report.Trend, r.report.TrendLeftOut = t.Rows, t.Features-t.Shown
}

// finite leaves no infinite number in the report.
func (r *Report) finite() {
	verdict.Null(&r.Run.DriftShare, &r.Run.Coverage, &r.Run.Threshold)
	for i := range r.Findings {
		f := &r.Findings[i]
		verdict.Null(&f.Statistic, &f.P, &f.Q, &f.Effect, &f.Threshold, &f.AlertThreshold, &f.Alpha, &f.MDE)
	}
	for i := range r.Bins {
		b := &r.Bins[i]
		verdict.Null(&b.Lo, &b.Hi, &b.PSIShare)
	}
	for i := range r.Statistics {
		s := &r.Statistics[i]
		verdict.Null(&s.Ref, &s.Cur, &s.Lo, &s.Hi)
	}
	for i := range r.Correlations {
		c := &r.Correlations[i]
		verdict.Null(&c.Ref, &c.Cur, &c.P, &c.Q)
	}
	for i := range r.Contributions {
		c := &r.Contributions[i]
		verdict.Null(&c.Ref, &c.Cur, &c.Change, &c.Lo, &c.Hi, &c.Share, &c.InScore, &c.Gain)
	}
	for i := range r.Segments {
		s := &r.Segments[i]
		verdict.Null(&s.ShareRef, &s.ShareCur, &s.ScoreRef, &s.ScoreCur, &s.Mix, &s.Within, &s.P, &s.Q)
	}
	for i := range r.Trend {
		verdict.Null(&r.Trend[i].Value)
	}
	for i := range r.Latency {
		l := &r.Latency[i]
		verdict.Null(&l.Lo, &l.Hi, &l.Value)
	}
	for i := range r.Traffic {
		verdict.Null(&r.Traffic[i].P50MS, &r.Traffic[i].P95MS)
	}
	for i := range r.Thresholds {
		t := &r.Thresholds[i]
		verdict.Null(&t.Warn, &t.Alert, &t.Alpha)
	}
	for i := range r.Recent {
		verdict.Null(&r.Recent[i].Score, &r.Recent[i].MS)
	}
}

// column adds what the wings found about a column.
func (r *run) column(c segments.Column) {
	r.report.Statistics = append(r.report.Statistics, c.Statistics...)
	for _, v := range c.Values {
		r.report.Bins = append(r.report.Bins, v.Distribution.Bins...)
		if c.Role == verdict.RoleScore && v.Ref != nil && v.Cur != nil && r.report.ScoreBins == nil {
			r.report.ScoreBins = bins.Even(c.Name, v.Ref.Number, v.Cur.Number, r.options.K)
		}
	}
	r.checks = append(r.checks, columnChecks(c, r.options.Policy, r.options.Evidently)...)
}

// distributions are the options of the wing distribution.
func (r *run) distributions() distribution.Options {
	o := r.options
	return distribution.Options{Policy: o.Policy, K: o.K, Threshold: o.Threshold, PositiveLabel: o.PositiveLabel, Known: r.known, Designs: r.designs}
}
