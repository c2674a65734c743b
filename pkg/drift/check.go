package drift

import (
	"math"
	"sort"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/say"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A check is a finding on its way to a level.
type check struct {
	verdict.Finding
	family policy.Family
	floors policy.Floors
	source string // raw column it belongs to, for the share of drifted features

	bothWays bool // a fall matters like a rise

	// unjudged, when set, is the verdict.Reason… why the question cannot be
	// answered: the level is insufficient and the test is in no family.
	unjudged string

	// ruleLevel, when set, is the level that a rule gave.
	ruleLevel string

	// shareLevel, when set, is the level that the share of drifted features takes
	// instead.
	shareLevel string

	// weight stands for effect over floor in the ranking when it is not NaN.
	weight float64

	// importance is that of the feature to the model, against the features' mean;
	// 1 for what is about no feature, and without a model.
	importance float64

	// mde returns the smallest effect seen at that alpha; nil when it has none.
	mde func(alpha float64) float64

	// say gives the finding's reason and its sentence once the level is known.
	say func(f *verdict.Finding) (reason, sentence string)
}

func newCheck(subject, role, kind, asked string) *check {
	return &check{
		Finding:    verdict.NewFinding(subject, role, kind, asked),
		source:     subject,
		weight:     math.NaN(),
		importance: 1,
	}
}

// judge gives each check its q within its family, its level and its sentence.
func judge(checks []*check, by policy.Policy) {
	for fam := policy.NoFamily + 1; fam < policy.Families; fam++ {
		var members []*check
		var p []float64
		for _, c := range checks {
			if c.family == fam && c.unjudged == "" && !math.IsNaN(c.P) {
				members = append(members, c)
				p = append(p, c.P)
			}
		}
		alpha := by.Alpha(fam)
		q := p
		if by == policy.Calibrated {
			if adjusted, err := stats.BenjaminiHochberg(p); err == nil {
				q = adjusted
			}
		}
		for i, c := range members {
			c.Alpha = alpha
			first := alpha
			if by == policy.Calibrated {
				c.Q = q[i]
				// The least p of k tests is held against alpha/k.
				first /= float64(len(members))
			}
			if c.mde != nil {
				c.MDE = c.mde(first)
			}
		}
	}
	for _, c := range checks {
		c.settle(by)
	}
}

// settle gives the check its level and its sentence, after its evidence is
// known.
func (c *check) settle(by policy.Policy) {
	if c.family != policy.NoFamily {
		c.Threshold, c.AlertThreshold = c.floors.Warn, c.floors.Alert
		c.ThresholdSource = by.String() + " policy"
	}
	c.Level = c.level(by)
	if c.say != nil {
		c.Reason, c.Sentence = c.say(&c.Finding)
		c.Sentence += say.Independent(&c.Finding)
	}
	c.Action = say.Action(&c.Finding)
}

// setEvidence takes over what a wing found.
func (c *check) setEvidence(e policy.Evidence) {
	c.Test, c.NRef, c.NCur = e.Test, e.NRef, e.NCur
	c.Statistic, c.StatisticMost, c.P, c.Effect, c.Direction = e.Statistic, e.Most, e.P, e.Effect, e.Direction
	c.unjudged, c.mde = e.Unjudged, e.MDE
	if e.EffRef > 0 && float64(e.NRef) > e.EffRef {
		c.EffRef = e.EffRef
	}
	if e.EffCur > 0 && float64(e.NCur) > e.EffCur {
		c.EffCur = e.EffCur
	}
	if e.Certain {
		c.ruleLevel = verdict.OK
	}
}

// setUnjudged sets why the question cannot be answered, as a reason and in words.
func (c *check) setUnjudged(reason, why string) {
	c.unjudged = reason
	c.say = func(f *verdict.Finding) (string, string) { return reason, words.Name(f.Subject) + ": " + why }
}

// size is the effect as the floors measure it: less than nothing is nothing,
// but for effects that matter in both directions.
func (c *check) size() float64 {
	if c.bothWays {
		return math.Abs(c.Effect)
	}
	return c.Effect
}

func (c *check) level(by policy.Policy) string {
	switch {
	case c.unjudged != "":
		return verdict.Insufficient
	case c.ruleLevel != "" || c.family == policy.NoFamily:
		return c.ruleLevel
	}
	size := c.size()
	evidence := c.Q
	if by == policy.Classic {
		evidence = c.P
	}
	significant := evidence <= c.Alpha
	if by == policy.Classic && c.Check == verdict.CheckDistribution {
		switch {
		case size >= c.floors.Alert:
			return verdict.Alert
		case size >= c.floors.Warn || significant:
			return verdict.Warn
		}
		return verdict.OK
	}
	switch {
	case significant && size >= c.floors.Alert:
		return verdict.Alert
	case significant && size >= c.floors.Warn:
		return verdict.Warn
	case !significant && by == policy.Calibrated && c.MDE > c.floors.Alert:
		return verdict.Insufficient
	}
	return verdict.OK
}

// setImportance gives the checks of single features their importance to the model: the
// feature's share of the gain over the mean share. A feature that the model does
// not read has none.
func (r *run) setImportance(checks []*check) {
	shares := r.options.Importance
	if len(shares) == 0 {
		return
	}
	features := map[string]bool{}
	for _, v := range []*view.View{&r.ref, &r.cur} {
		for i := range v.Columns {
			features[v.Columns[i].Name] = true
		}
	}
	for _, c := range checks {
		if c.Role == verdict.RoleFeature && features[c.source] {
			c.importance = shares[c.source] * float64(len(shares))
		}
	}
}

// rank orders checks by level and then by effect over floor times importance,
// never by a raw statistic, and numbers them.
func rank(checks []*check) {
	weight := func(c *check) float64 {
		w := c.weight
		if math.IsNaN(w) {
			w = c.size() / c.Threshold
		}
		if math.IsNaN(w) {
			return -1
		}
		return w * c.importance
	}
	sort.SliceStable(checks, func(i, j int) bool {
		a, b := checks[i], checks[j]
		if verdict.Severity(a.Level) != verdict.Severity(b.Level) {
			return verdict.Severity(a.Level) > verdict.Severity(b.Level)
		}
		return weight(a) > weight(b)
	})
	for i, c := range checks {
		c.Rank = int64(i + 1)
	}
}
