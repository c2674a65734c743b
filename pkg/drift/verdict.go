package drift

import (
	"fmt"
	"math"
	"strings"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/versions"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// verdict sums the findings up.
func (r *run) verdict() verdict.Run {
	o := r.options
	v := verdict.Run{
		Site: o.Site, Title: o.Title, PlanID: o.PlanID, Now: o.Now, Policy: o.Policy.String(), K: o.K,
		PeriodStart: r.cur.First, PeriodEnd: r.cur.Last,
		Rows: r.cur.Rows, ReferenceRows: r.ref.Rows, Requests: r.cur.Requests,
		SampleReference: o.SampleReference, Simulated: r.cur.Simulated, ModelVersion: r.cur.ModelVersion,
		Threshold: o.Threshold, PositiveLabel: o.PositiveLabel, Coverage: o.Coverage,
		DriftShare: math.NaN(),
	}
	if v.Now.IsZero() {
		v.Now = r.cur.Last
	}
	if v.Threshold == 0 {
		v.Threshold = math.NaN()
	}
	if !(v.Coverage > 0 && v.Coverage < 1) {
		v.Coverage = math.NaN()
	}
	moved := r.features(&v)
	v.ScoreLevel = areaLevel(r.checks, func(c *check) bool {
		return c.Check == verdict.CheckDistribution && (c.Role == verdict.RoleScore || c.Role == verdict.RoleLabel)
	})
	v.QualityLevel, v.LatencyLevel, v.APILevel = areaLevel(r.checks, isQuality), areaLevel(r.checks, isLatency), areaLevel(r.checks, isAPI)
	v.Level = verdict.Worst(v.ScoreLevel, v.FeatureLevel, v.QualityLevel, v.LatencyLevel, v.APILevel, segmentLevel(r.partitions), multivariateLevel(r.checks))
	v.Headline = r.headline(&v, moved)
	if v.Coverage < 1 { // what is missing may be what moved
		v.Level = verdict.Worst(v.Level, verdict.Insufficient)
		v.Headline += fmt.Sprintf("; only %s of the log's parts are in", words.Percent(v.Coverage))
	}
	if o.Asked > 0 {
		v.Headline += fmt.Sprintf("; judged the last %s, too little came in the last %s", words.Duration(o.Period), words.Duration(o.Asked))
	}
	scored := versions.Shares(r.cur.Sample, r.options.K)
	for _, s := range scored.Shares {
		r.report.Statistics = append(r.report.Statistics, bins.Statistic(verdict.SubjectVersions, s.Version, math.NaN(), s.Share, "1"))
	}
	if mixed := sayVersions(scored); mixed != "" {
		v.Headline += "; " + mixed
	}
	return v
}

// areaLevel returns the worst level of some checks; insufficient only when none of
// them could be judged.
func areaLevel(checks []*check, in func(*check) bool) string {
	level, weak := "", false
	for _, c := range checks {
		switch {
		case !in(c):
		case c.Level == verdict.Insufficient:
			weak = true
		default:
			level = verdict.Worst(level, c.Level)
		}
	}
	if level == "" && weak {
		return verdict.Insufficient
	}
	return level
}

// features counts the drifted features, gives their level, and returns their
// names by rank. A text column counts once, by its worst part. A feature or a
// pair at alert makes the level warn by itself.
func (r *run) features(v *verdict.Run) (moved []string) {
	levels := map[string]string{}
	alone := ""
	for _, c := range r.checks {
		if c.Role == verdict.RoleFeature && c.Check == verdict.CheckCorrelation && c.Level == verdict.Alert {
			alone = verdict.Warn
		}
		if c.Role != verdict.RoleFeature || c.Check != verdict.CheckDistribution {
			continue
		}
		before, known := levels[c.source]
		level := c.Level
		if c.shareLevel != "" {
			level = c.shareLevel
		}
		switch {
		case !known:
			levels[c.source] = level
		case before == verdict.Insufficient:
			levels[c.source] = level
		case level != verdict.Insufficient:
			levels[c.source] = verdict.Worst(before, level)
		}
		if (level == verdict.Warn || level == verdict.Alert) && before != verdict.Warn && before != verdict.Alert {
			moved = append(moved, words.Name(c.source))
		}
	}
	for _, level := range levels {
		v.Features++
		switch level {
		case verdict.Insufficient:
			v.Insufficient++
		case verdict.Alert:
			v.Alerted++
			v.Drifted++
			alone = verdict.Warn
		case verdict.Warn:
			v.Drifted++
		}
	}
	if judged := v.Features - v.Insufficient; judged > 0 {
		v.DriftShare = float64(v.Drifted) / float64(judged)
		v.FeatureLevel = verdict.OK
		if v.DriftShare >= r.options.Drifted.Warn {
			v.FeatureLevel = verdict.Warn
		}
		if v.DriftShare >= r.options.Drifted.Alert {
			v.FeatureLevel = verdict.Alert
		}
	} else if v.Features > 0 {
		v.FeatureLevel = verdict.Insufficient
	}
	v.FeatureLevel = verdict.Worst(v.FeatureLevel, alone)
	return moved
}

// headline says the run in one sentence: scores, features, then what else is at
// warn or alert.
func (r *run) headline(v *verdict.Run, moved []string) string {
	if v.Rows <= 0 {
		return "No predictions to judge"
	}
	// Checks are by rank: the first of an area is its worst.
	var trouble []string
	single := len(moved) > 0
	for _, in := range []func(*check) bool{isCorrelation, isQuality, isMultivariate, isLatency, isAPI} {
		c := first(r.checks, in)
		if c == nil || !verdict.Reaches(c.Level, verdict.Warn) || single && c.Check == verdict.CheckMultivariate {
			continue // what single columns show needs no classifier to tell
		}
		single = single || c.Role == verdict.RoleFeature
		trouble = append(trouble, headlinePart(c))
	}
	trouble = append(trouble, r.segmentTrouble()...)
	score := first(r.checks, func(c *check) bool { return c.Role == verdict.RoleScore && c.Check == verdict.CheckDistribution })
	var s string
	switch {
	case score != nil && verdict.Reaches(score.Level, verdict.Warn):
		s = r.scoreWords(score) + "; " + featureWords(v, moved)
	case len(moved) > 0:
		s = featureWords(v, moved) + ": " + words.List(moved)
		switch {
		case score == nil:
		case score.Level == verdict.OK:
			s += "; the scores stand"
		default:
			s += "; the scores could not be judged"
		}
	default:
		s = steadyHeadline(v, score, len(trouble) > 0)
	}
	if more := len(trouble) - shownTrouble; more > 1 {
		trouble = append(trouble[:shownTrouble:shownTrouble], fmt.Sprintf("and %d more warnings", more))
	}
	return strings.Join(append([]string{s}, trouble...), "; ")
}

// shownTrouble is how much a headline has room for besides scores and features.
const shownTrouble = 2

// headlinePart names what a check found in the few words that a headline has room
// for; the finding's own sentence has the numbers.
func headlinePart(c *check) string {
	for _, q := range soundness {
		if q.check == c.Check && q.headline != "" {
			return fmt.Sprintf(q.headline, c.Subject)
		}
	}
	switch c.Check {
	case verdict.CheckMissing:
		if c.Direction == verdict.Down {
			return c.Subject + " is missing less often"
		}
		return c.Subject + " is missing more often"
	case verdict.CheckDuplicates:
		return "rows repeat"
	case verdict.CheckCorrelation:
		return c.Subject + " go together in another way"
	case verdict.CheckMultivariate:
		return "taken together the features differ from the reference"
	case verdict.CheckLatency:
		return "answers are slow"
	case verdict.CheckSuccess:
		return "requests fail"
	case verdict.CheckTraffic:
		switch {
		case c.Test == "limit":
			return "fewer predictions than limits.min_rows"
		case c.Direction == verdict.Down:
			return "fewer predictions than before"
		}
		return "more predictions than before"
	}
	return c.Sentence
}

func isCorrelation(c *check) bool { return c.Check == verdict.CheckCorrelation }

func isQuality(c *check) bool {
	return c.family == policy.QualityFamily || c.Check == verdict.CheckVanished || c.Check == verdict.CheckNew
}

func isLatency(c *check) bool { return c.Check == verdict.CheckLatency }

func isAPI(c *check) bool { return c.Check == verdict.CheckSuccess || c.Check == verdict.CheckTraffic }

// first returns the check of the highest rank, nil of none.
func first(checks []*check, in func(*check) bool) *check {
	for _, c := range checks {
		if in(c) {
			return c
		}
	}
	return nil
}

func featureWords(v *verdict.Run, moved []string) string {
	switch {
	case v.Features == 0:
		return "no features to compare"
	case len(moved) == 0:
		return fmt.Sprintf("none of %s moved", words.Count(v.Features-v.Insufficient, "feature", "features"))
	}
	return fmt.Sprintf("%d of %s moved", v.Drifted, words.Count(v.Features-v.Insufficient, "feature", "features"))
}

// scoreWords says where the scores went.
func (r *run) scoreWords(c *check) string {
	ref, cur := r.ref.Column(c.Subject), (*view.Column)(nil)
	for i := range r.cur.Columns {
		if r.cur.Columns[i].Name == c.Subject {
			cur = &r.cur.Columns[i]
		}
	}
	if ref == nil || cur == nil || ref.Number == nil || cur.Number == nil {
		return "Scores have changed"
	}
	shift := cur.Number.Mean - ref.Number.Mean
	switch {
	case c.Direction == verdict.Up && shift > 0:
		return "Scores have shifted up: " + words.Signed(math.Round(shift*1000)/1000) + " on average"
	case c.Direction == verdict.Down && shift < 0:
		return "Scores have shifted down: " + words.Signed(math.Round(shift*1000)/1000) + " on average"
	}
	return "Scores have changed shape"
}

// steadyHeadline is the headline when neither scores nor features moved; troubled says
// that something else is amiss.
func steadyHeadline(v *verdict.Run, score *check, troubled bool) string {
	judged := v.Features - v.Insufficient
	features := fmt.Sprintf("all %d features", judged)
	switch {
	case v.Insufficient > 0:
		features = fmt.Sprintf("%d of %d features", judged, v.Features)
	case judged == 1:
		features = "the feature"
	}
	var stand, unjudged []string
	switch {
	case score == nil:
	case score.Level == verdict.OK:
		stand = append(stand, "the scores")
	default:
		unjudged = append(unjudged, "the scores")
	}
	if judged > 0 {
		stand = append(stand, features)
	}
	if v.Insufficient > 0 {
		unjudged = append(unjudged, words.Count(v.Insufficient, "feature", "features"))
	}
	if len(stand) == 0 {
		return fmt.Sprintf("Too little to judge: %s against %s of reference", words.Count(v.Rows, "prediction", "predictions"), words.Count(v.ReferenceRows, "row", "rows"))
	}
	s := strings.Join(stand, " and ") + " stand where the reference has them"
	if len(stand) == 1 && judged == 1 {
		s = features + " stands where the reference has it"
	}
	if len(unjudged) > 0 {
		s += "; " + strings.Join(unjudged, " and ") + " could not be judged"
	}
	if troubled {
		return strings.ToUpper(s[:1]) + s[1:]
	}
	return "Nothing moved: " + s
}
