package drift

import (
	"cmp"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/say"
	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/verdict"
)

const (
	slower         = 1.5  // times the earlier median p95: warn
	muchSlower     = 2.0  // alert; also times a limit
	tooManyFold    = 2.0  // times the earlier traffic, or its half: warn
	farTooManyFold = 10.0 // alert
	successAlpha   = 0.001
	limitAlpha     = 0.05 // of a 95th percentile above its limit
)

// lostFloors are points of requests that fail beyond those of earlier windows.
var lostFloors = policy.Floors{Warn: 1, Alert: 5}

// farBelow is the success rate with twice the failures that a limit allows.
func farBelow(limit float64) float64 { return 1 - 2*(1-limit) }

// servingChecks judge the service by limits and by earlier windows. Where there
// is neither, what was measured is shown without a level.
func servingChecks(r *serving.Result, by policy.Policy) []*check {
	var out []*check
	for i := range r.Speeds {
		out = append(out, speedChecks(&r.Speeds[i], by)...)
	}
	for i := range r.Answers {
		out = append(out, answerChecks(&r.Answers[i], by)...)
	}
	return append(out, volumeChecks(&r.Volume, by)...)
}

// operation is a check of the run's operation, by a limit, by earlier windows or,
// with an empty test, by nothing.
func operation(subject, asked, unit, test, source string) *check {
	c := newCheck(subject, verdict.RoleRun, "", asked)
	c.EffectUnit, c.Test, c.ThresholdSource = unit, test, source
	return c
}

const (
	byLimit   = "limit"
	byEarlier = "earlier windows"
)

func speedChecks(s *serving.Speed, by policy.Policy) []*check {
	var out []*check
	speed := func(test, source string) *check {
		c := operation(cmp.Or(s.Endpoint, verdict.SubjectLatency), verdict.CheckLatency, "ms", test, source)
		c.NCur, c.Statistic, c.Effect = s.N, s.P95, s.P95
		out = append(out, c)
		return c
	}
	for i := range s.Limits {
		l := &s.Limits[i]
		c := speed(byLimit, "monitor.yaml "+l.Key)
		c.ruleLevel, c.Statistic, c.Effect = verdict.OK, l.Value, l.Value
		if l.Few {
			c.unjudged = verdict.ReasonTooFewRows
		}
		c.Threshold, c.AlertThreshold = l.MS, muchSlower*l.MS
		if l.Value > l.MS && !l.Few {
			c.Direction, c.P, c.Alpha = verdict.Up, l.P, limitAlpha
			switch {
			case !(c.P <= limitAlpha):
			case l.Value > c.AlertThreshold:
				c.ruleLevel = verdict.Alert
			default:
				c.ruleLevel = verdict.Warn
			}
		}
		c.say = func(f *verdict.Finding) (string, string) {
			switch {
			case l.Few:
				return verdict.ReasonTooFewRows, say.TooFewDurations(s, l.Percent)
			case !(l.Value > l.MS):
				return verdict.ReasonWithinLimit, say.FastEnough(s, l)
			case f.Level == verdict.OK:
				return verdict.ReasonLimitChance, say.SlowByChance(s, l)
			}
			return verdict.ReasonBeyondLimit, say.TooSlow(s, l)
		}
	}
	if s.Usual != nil {
		c := speed(byEarlier, by.String()+" policy")
		c.unjudged, c.ruleLevel = s.Unjudged, verdict.OK
		c.Threshold, c.AlertThreshold = slower*s.Usual.Median, muchSlower*s.Usual.Median
		switch {
		case s.P95 > s.Usual.Most && s.P95 >= c.AlertThreshold:
			c.ruleLevel = verdict.Alert
		case s.P95 > s.Usual.Most && s.P95 >= c.Threshold:
			c.ruleLevel = verdict.Warn
		}
		if s.P95 > s.Usual.Median {
			c.Direction = verdict.Up
		} else if s.P95 < s.Usual.Median {
			c.Direction = verdict.Down
		}
		c.say = func(f *verdict.Finding) (string, string) {
			if s.Unjudged != "" {
				return s.Unjudged, say.TooFewDurations(s, 95)
			}
			return asBefore(f), say.SpeedBefore(s)
		}
	}
	if len(out) == 0 && s.Endpoint == "" {
		speed("", "").say = func(*verdict.Finding) (string, string) { return verdict.ReasonNoYardstick, say.Speed(s) }
	}
	return out
}

// asBefore is the reason of what is held against earlier windows.
func asBefore(f *verdict.Finding) string {
	if f.Level == verdict.OK {
		return verdict.ReasonAsBefore
	}
	return verdict.ReasonNotAsBefore
}

func answerChecks(a *serving.Answers, by policy.Policy) []*check {
	rate := bins.Share(a.Succeeded, a.Requests)
	var out []*check
	success := func(unit, test, source string) *check {
		c := operation(cmp.Or(a.Endpoint, verdict.SubjectAPI), verdict.CheckSuccess, unit, test, source)
		c.NCur, c.Statistic, c.Effect = a.Requests, rate, rate
		out = append(out, c)
		return c
	}
	if !math.IsNaN(a.Limit) {
		c := success("1", byLimit, "monitor.yaml "+a.Key)
		c.Threshold, c.AlertThreshold = a.Limit, farBelow(a.Limit)
		c.weight = (1 - rate) / math.Max(1e-6, 1-a.Limit)
		c.ruleLevel = verdict.OK
		switch {
		case rate < c.AlertThreshold:
			c.ruleLevel = verdict.Alert
		case rate < a.Limit:
			c.ruleLevel = verdict.Warn
		}
		if rate < a.Limit {
			c.Direction = verdict.Down
		}
		c.say = func(*verdict.Finding) (string, string) {
			if rate < a.Limit {
				return verdict.ReasonBeyondLimit, say.TooFewSucceed(a)
			}
			return verdict.ReasonWithinLimit, say.EnoughSucceed(a)
		}
	}
	if a.Before != nil {
		c := success("points", byEarlier, by.String()+" policy")
		lost := 100 * (bins.Share(a.Before.Succeeded, a.Before.Requests) - rate)
		c.NRef, c.Statistic, c.P, c.Effect, c.Alpha = a.Before.Requests, a.Before.Statistic, a.Before.P, lost, successAlpha
		c.Threshold, c.AlertThreshold = lostFloors.Warn, lostFloors.Alert
		c.ruleLevel = verdict.OK
		switch {
		case c.P <= successAlpha && lost >= c.AlertThreshold:
			c.ruleLevel = verdict.Alert
		case c.P <= successAlpha && lost >= c.Threshold:
			c.ruleLevel = verdict.Warn
		}
		if lost > 0 {
			c.Direction = verdict.Down
		} else if lost < 0 {
			c.Direction = verdict.Up
		}
		c.say = func(f *verdict.Finding) (string, string) { return asBefore(f), say.SuccessBefore(a) }
	}
	if len(out) == 0 && a.Endpoint == "" {
		success("1", "", "").say = func(*verdict.Finding) (string, string) { return verdict.ReasonNoYardstick, say.Success(a) }
	}
	return out
}

func volumeChecks(v *serving.Volume, by policy.Policy) []*check {
	var out []*check
	rows := float64(v.Rows)
	volume := func(unit, test, source string) *check {
		c := operation(verdict.SubjectTraffic, verdict.CheckTraffic, unit, test, source)
		c.NCur, c.Statistic, c.Effect = v.Rows, rows, rows
		out = append(out, c)
		return c
	}
	if v.Limit > 0 {
		c := volume("rows", byLimit, "monitor.yaml limits.min_rows")
		c.Threshold, c.AlertThreshold = float64(v.Limit), 0
		c.weight = float64(v.Limit) / math.Max(1, rows)
		c.ruleLevel = verdict.OK
		if v.Rows < v.Limit {
			c.ruleLevel, c.Direction = verdict.Warn, verdict.Down
		}
		if v.Rows <= 0 {
			c.ruleLevel = verdict.Alert
		}
		c.say = func(*verdict.Finding) (string, string) {
			if v.Rows < v.Limit {
				return verdict.ReasonBeyondLimit, say.TooFewCame(v)
			}
			return verdict.ReasonWithinLimit, say.EnoughCame(v)
		}
	}
	if v.Limit <= 0 && v.Rows <= 0 && (v.Requests > 0 || v.Earlier > 0) {
		c := volume("rows", "rule", by.String()+" policy")
		c.NCur, c.Statistic, c.Effect = 0, 0, 0
		c.weight, c.ruleLevel, c.Direction = farTooManyFold, verdict.Alert, verdict.Down
		c.say = func(*verdict.Finding) (string, string) { return verdict.ReasonNoneCame, say.NoneCame(v) }
		return out
	}
	if v.Usual != nil {
		c := volume("times", byEarlier, by.String()+" policy")
		times := rows / v.Usual.Median
		fold := math.Max(times, 1/times)
		// A quiet Sunday is as quiet as the last one.
		beyond := rows > v.Usual.Most || rows < v.Usual.Least
		c.Effect, c.Threshold, c.AlertThreshold, c.weight = times, tooManyFold, farTooManyFold, fold/tooManyFold
		c.ruleLevel = verdict.OK
		switch {
		case beyond && fold >= farTooManyFold:
			c.ruleLevel = verdict.Alert
		case beyond && fold >= tooManyFold:
			c.ruleLevel = verdict.Warn
		}
		switch {
		case times > 1:
			c.Direction = verdict.Up
		case times < 1:
			c.Direction = verdict.Down
		}
		c.say = func(f *verdict.Finding) (string, string) { return asBefore(f), say.VolumeBefore(v) }
	}
	if len(out) == 0 {
		volume("rows", "", "").say = func(*verdict.Finding) (string, string) { return verdict.ReasonNoYardstick, say.Volume(v) }
	}
	return out
}
