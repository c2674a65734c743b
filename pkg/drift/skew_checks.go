package drift

import (
	"fmt"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/skew"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// skewFloors are shares of rows whose logged score is another than the model's; fewer
// than skewRows rows are never a warning.
var skewFloors = policy.Floors{Warn: 0.01, Alert: 0.05}

const skewRows = 3

// skewCheck asks whether the logged scores are those of the model at hand.
func skewCheck(r *skew.Result, by policy.Policy) *check {
	c := operation(verdict.SubjectSkew, verdict.CheckSkew, "1", "rule", by.String()+" policy")
	c.NCur, c.unjudged, c.ruleLevel = r.Rows, r.Unjudged, verdict.OK
	c.Effect, c.Threshold, c.AlertThreshold = r.Share(), skewFloors.Warn, skewFloors.Alert
	switch share := r.Share(); {
	case r.Differ < skewRows:
	case share >= skewFloors.Alert:
		c.ruleLevel = verdict.Alert
	case share >= skewFloors.Warn:
		c.ruleLevel = verdict.Warn
	}
	c.say = func(f *verdict.Finding) (string, string) {
		switch {
		case r.Unjudged != "":
			return r.Unjudged, sayTooFewScored(r)
		case f.Level == verdict.OK:
			return verdict.ReasonAsModel, sayAsModel(r)
		}
		return verdict.ReasonSkewed, saySkewed(r)
	}
	return c
}

func sayTooFewScored(r *skew.Result) string {
	return "logged scores: too few rows with a score that the model at hand can give too" + setApart(r)
}

func sayAsModel(r *skew.Result) string {
	rows := words.Count(r.Rows, "sampled row", "sampled rows")
	if r.Differ == 0 {
		return fmt.Sprintf("logged scores: all of %s have the score that the model at hand gives%s", rows, setApart(r))
	}
	return fmt.Sprintf("logged scores: %d of %s have another score than the model at hand gives, at most by %s%s", r.Differ, rows, words.Number(r.Most), setApart(r))
}

func saySkewed(r *skew.Result) string {
	s := fmt.Sprintf("logged scores: %s of %s have another score than the model at hand gives: median difference %s, largest %s",
		words.Percent(r.Share()), words.Count(r.Rows, "sampled row", "sampled rows"), words.Number(r.Median), words.Number(r.Most))
	if !r.First.IsZero() {
		s += "; the first of them in the hour of " + words.Stamp(r.First.UTC().Truncate(time.Hour))
	}
	return s + inCommon(r) + setApart(r)
}

// inCommon says what the rows that differ have in common.
func inCommon(r *skew.Result) string {
	var told []string
	for _, c := range r.Common {
		value := words.Name(c.Column) + "=" + words.Name(c.Value)
		if c.Value == "" {
			value = "no " + words.Name(c.Column)
		}
		before, after := words.Percents(c.Differ, c.Others)
		told = append(told, fmt.Sprintf("%s (%s, of the others %s)", value, before, after))
	}
	if len(told) == 0 {
		return ""
	}
	return "; what they have in common: " + words.List(told)
}

// setApart says which rows were not compared.
func setApart(r *skew.Result) string {
	s := ""
	if r.Unread > 0 {
		s += "; the model cannot read " + words.Count(r.Unread, "row", "rows")
	}
	if r.Others > 0 {
		s += fmt.Sprintf("; %s of other versions than %s are left out", words.Count(r.Others, "row", "rows"), words.Name(r.Version))
	}
	return s
}

// skew is the bar of that check.
func (t *thresholds) skew() {
	t.add(verdict.AreaSkew, verdict.CheckSkew, "share of rows whose logged score is another than the model's", "1", skewFloors, t.policy.String()+" policy",
		fmt.Sprintf("logged scores are not those of the model at hand: %d rows or more", skewRows))
}
