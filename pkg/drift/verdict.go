package drift

import (
	"cmp"
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/rollup"
	"github.com/leadsman/leadsman/pkg/drift/versions"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// verdict is the run, yet without levels and headline, and what Sum makes these of
// beside the findings.
func (r *run) verdict() (verdict.Run, rollup.Parts) {
	o := r.options
	v := verdict.Run{
		Site: o.Site, Title: o.Title, PlanID: o.PlanID, Now: o.Now, NowGiven: o.NowGiven, Last: math.NaN(), Window: o.Window.Seconds(), Configured: o.Configured, Policy: o.Policy.String(), K: o.K,
		PeriodStart: r.cur.First, PeriodEnd: r.cur.Last, Newest: newestOf(&r.cur, &o), Timezone: o.Timezone, Strays: o.Strays,
		Rows: r.cur.Rows, ReferenceRows: r.ref.Rows, Requests: r.cur.Requests,
		ReferenceFrom: o.Provenance, SampleReference: o.SampleReference, Simulated: r.cur.Simulated, ModelVersion: r.cur.ModelVersion,
		Threshold: o.Threshold, PositiveLabel: o.PositiveLabel, Coverage: o.Coverage,
	}
	if v.Now.IsZero() {
		v.Now = r.cur.Last
	}
	if last := cmp.Or(o.Asked, o.Period); last > 0 {
		v.Last = last.Seconds()
	}
	if v.Threshold == 0 {
		v.Threshold = math.NaN()
	}
	if !(v.Coverage > 0 && v.Coverage < 1) {
		v.Coverage = math.NaN()
	}
	parts := rollup.Parts{Warn: o.Drifted.Warn, Alert: o.Drifted.Alert, OfJudged: o.Policy == policy.Evidently, Source: map[string]string{}, Counted: map[string]string{}, Scores: map[string]string{}}
	for _, c := range r.checks {
		if c.Check != verdict.CheckDistribution {
			continue
		}
		if c.source != c.Subject {
			parts.Source[c.Subject] = c.source
		}
		if c.shareLevel != "" {
			parts.Counted[c.Subject] = c.shareLevel
		}
		if verdict.IsScore(c.Role) {
			parts.Scores[c.Subject] = r.scoreWords(c)
		}
	}
	for _, p := range r.partitions {
		if p.Split.Together > 0 {
			parts.Apart = append(parts.Apart, rollup.Apart{Column: p.Split.Column, Values: p.Split.Values, Together: p.Split.Together})
		}
	}
	if o.Asked > 0 {
		parts.Notes = append(parts.Notes, fmt.Sprintf("judged the last %s, too little came in the last %s", words.Duration(o.Period), words.Duration(o.Asked)))
	}
	scored := versions.Shares(r.cur.Versions, r.cur.OtherVersions, r.options.K)
	v.ModelVersion = scored.Newest(r.cur.ModelVersion)
	for _, s := range scored.Shares {
		r.report.Statistics = append(r.report.Statistics, bins.Statistic(verdict.SubjectVersions, s.Version, math.NaN(), s.Share, "1"))
	}
	if mixed := sayVersions(scored, len(o.Versions.Against.Parts) > 0); mixed != "" {
		parts.Notes = append(parts.Notes, mixed)
	}
	return v, parts
}

// Sum marks what is accepted, and gives the run the levels and the headline that all
// findings of the report make. Compare did so; whoever adds findings does it again.
func (r *Report) Sum() {
	r.accept()
	r.parts.Findings, r.parts.Segments = r.Findings, r.Segments
	r.parts.Sum(&r.Run)
}

// scoreWords says where the scores went, and what explains it where the average margin
// went the same way.
func (r *run) scoreWords(c *check) string {
	ref, cur := r.ref.Column(c.Subject), (*view.Column)(nil)
	for i := range r.cur.Columns {
		if r.cur.Columns[i].Name == c.Subject {
			cur = &r.cur.Columns[i]
		}
	}
	if ref == nil || cur == nil || ref.Number == nil || cur.Number == nil {
		return "scores have changed"
	}
	before, after := bins.MomentsOf(ref.Number, r.options.K, false), bins.MomentsOf(cur.Number, r.options.K, false)
	shift := after.Mean - before.Mean
	switch {
	case c.Direction == verdict.Up && shift > 0:
		return scoresMoved("rose", before.Mean, after.Mean) + r.cause(c, r.moved.Total.Change > 0)
	case c.Direction == verdict.Down && shift < 0:
		return scoresMoved("fell", before.Mean, after.Mean) + r.cause(c, r.moved.Total.Change < 0)
	}
	return "scores have changed shape"
}

// scoresMoved says from where to where the average score went.
func scoresMoved(verb string, before, after float64) string {
	from, to := words.Numbers(before, after)
	return fmt.Sprintf("scores %s from %s to %s on average", verb, from, to)
}

// cause continues the words about the score that shares are of, where they agree with it.
func (r *run) cause(c *check, agrees bool) string {
	cause := causeOf(r.moved.Movers)
	if cause == "" || !agrees || c.Role != verdict.RoleScore {
		return ""
	}
	return ", and " + cause
}

// causeOf says which feature moved the scores, where one explains half of it or more.
func causeOf(movers []verdict.Contribution) string {
	if len(movers) == 0 {
		return ""
	}
	name := words.Name(movers[0].Feature)
	switch share := movers[0].Share; {
	case share >= 1.1:
		return name + " explains all of it"
	case share >= 0.9:
		return name + " explains nearly all of it"
	case share >= 0.5:
		return name + " explains most of it"
	}
	return ""
}

// Brief is what a headline has room for of a finding whose sentence is long.
func (r *Report) Brief(f *verdict.Finding, text string) {
	if r.parts.Briefs == nil {
		r.parts.Briefs = map[string]string{}
	}
	r.parts.Briefs[rollup.Key(f)] = text
}
