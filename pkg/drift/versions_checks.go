package drift

import (
	"cmp"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/segments"
	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A versionPair is a version of the model held against the one that scored most, with
// one check: whether both score alike.
type versionPair struct {
	*segment
	routed []string // features that they were given otherwise
}

// byVersion is the test of a figure by the version that scored most.
const byVersion = "other version"

// versionPairs compares the versions with each other. Their features are compared too,
// for what they tell of the scores: a version that is given other rows scores
// otherwise though the model be the same.
func (r *run) versionPairs(by policy.Policy) []*versionPair {
	between := &r.options.Versions.Between
	o := segments.Options{Distribution: r.distributions(), Skip: r.outcome, Least: r.options.Limits.MinRows}
	o.Distribution.Policy = by
	o.Distribution.Designs = policy.DesignOf{}
	for name, d := range r.designs { // both sides are judged rows
		d.Values.Ref, d.Values.Weight = d.Values.Cur, 0
		d.Missing.Ref, d.Missing.Weight = d.Missing.Cur, 0
		o.Distribution.Designs[name] = d
	}
	var out []*versionPair
	for _, s := range newPartition(segments.Compare(between, &r.cur, &r.cur, o), by).segments {
		if s.Unjudged == verdict.SegmentPooled {
			continue
		}
		pair := &versionPair{segment: s}
		var scores *check
		var features []*check
		for _, c := range s.checks {
			switch {
			case c.Check != verdict.CheckDistribution:
			case c.Role == verdict.RoleScore && scores == nil:
				scores = c
			case c.Role == verdict.RoleFeature:
				features = append(features, c)
			}
		}
		if scores == nil {
			continue
		}
		pair.routed = differing(features, by)
		pair.compare(scores, r.options.Versions.Most)
		s.checks = []*check{scores}
		out = append(out, pair)
	}
	return out
}

// differing names the features, of one family, that are certain to be distributed
// otherwise, and by enough to matter.
func differing(features []*check, by policy.Policy) []string {
	var tested []*check
	var p []float64
	for _, c := range features {
		if c.unjudged == "" && !math.IsNaN(c.P) {
			tested, p = append(tested, c), append(p, c.P)
		}
	}
	q, err := stats.BenjaminiHochberg(p)
	if err != nil {
		return nil
	}
	var out []*check
	for i, c := range tested {
		if q[i] <= by.Alpha(policy.FeatureFamily) && c.Effect >= c.floors.Warn {
			out = append(out, c)
		}
	}
	return sources(out)
}

// compare makes the comparison of two distributions of scores one of two versions.
func (p *versionPair) compare(c *check, most string) {
	shown := c.say
	c.Check, c.floors = verdict.CheckVersions, policy.PSIFloors
	c.say = func(f *verdict.Finding) (string, string) {
		switch {
		case f.Level == verdict.Insufficient:
			return cmp.Or(c.unjudged, verdict.ReasonFewRows), sayVersionsUnjudged(p, most)
		case !verdict.Reaches(f.Level, verdict.Warn):
			return verdict.ReasonVersionsAlike, sayVersionsAlike(f, p, most)
		}
		_, moved := shown(f)
		if len(p.routed) > 0 {
			return verdict.ReasonVersionsRouted, sayVersionsRouted(moved, p, most)
		}
		return verdict.ReasonVersionsDiffer, sayVersionsDiffer(moved, p, most)
	}
}

// speeds judge how long each version takes, by the limits of predictions, or, without
// one, by the version that scored most. p may be of a split that was asked for, which
// knows no durations.
func (r *run) speeds(p *partition) {
	durations := map[string]*view.Latency{}
	for i := range r.options.Versions.Against.Parts {
		part := &r.options.Versions.Against.Parts[i]
		durations[part.Name] = &part.Cur.Inference
	}
	most := durations[r.options.Versions.Most]
	for _, s := range p.segments {
		l := durations[s.Part.Name]
		if l == nil || l.N < r.options.K || s.Unjudged != "" {
			continue
		}
		for _, q := range []struct {
			name string
			q    float64
		}{{"p50_ms", 0.5}, {"p95_ms", 0.95}} {
			row := bins.Statistic(verdict.SubjectVersions, q.name, math.NaN(), l.Quantile(q.q), "ms")
			row.Segment = s.key()
			r.report.Statistics = append(r.report.Statistics, row)
		}
		limits := r.options.Limits.Of("inference", "")
		speed := serving.SpeedOf("inference_ms", "", l, limits)
		if len(limits) > 0 {
			for _, c := range speedChecks(&speed, r.options.Policy) {
				c.source = speed.Subject
				s.checks = append(s.checks, c)
			}
			continue
		}
		if l == most || speed.Unjudged != "" || serving.SpeedOf("inference_ms", "", most, nil).Unjudged != "" {
			continue
		}
		usual := most.Quantile(0.95)
		c := operation(verdict.SubjectLatency, verdict.CheckLatency, "ms", byVersion, r.options.Policy.String()+" policy")
		c.source = speed.Subject
		c.NRef, c.NCur, c.Statistic, c.Effect = most.N, l.N, speed.P95, speed.P95
		c.Threshold, c.AlertThreshold, c.ruleLevel = slower*usual, muchSlower*usual, verdict.OK
		c.P, c.Alpha = serving.ChanceAbove(l, usual, 0.05), successAlpha
		switch certain := c.P <= c.Alpha; {
		case certain && speed.P95 >= c.AlertThreshold:
			c.ruleLevel = verdict.Alert
		case certain && speed.P95 >= c.Threshold:
			c.ruleLevel = verdict.Warn
		}
		if speed.P95 > usual {
			c.Direction = verdict.Up
		}
		c.say = func(f *verdict.Finding) (string, string) {
			if f.Level == verdict.OK {
				return verdict.ReasonAsBefore, sayVersionSpeed(&speed, usual, r.options.Versions.Most)
			}
			return verdict.ReasonVersionSlower, sayVersionSpeed(&speed, usual, r.options.Versions.Most)
		}
		s.checks = append(s.checks, c)
	}
}
