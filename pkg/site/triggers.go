package site

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// triggerRow is one reason to retrain, ready for the page.
type triggerRow struct {
	verdict.Trigger
	Reason, Bar, Value string
}

// triggerRows are the reasons to retrain that are asked for, those that fired first.
func triggerRows(r *report.Tables) []triggerRow {
	var out []triggerRow
	for _, t := range r.Triggers {
		row := triggerRow{Trigger: t, Reason: wording.Trigger(t.Name), Bar: triggerValue(t, t.Threshold), Value: triggerValue(t, t.Measured)}
		if strings.HasSuffix(t.Name, "_drop") && t.Measured < 0 {
			row.Value = "rose by " + triggerValue(t, -t.Measured)
		}
		if !t.Since.IsZero() {
			row.Value += " since " + words.Day(t.Since)
		}
		out = append(out, row)
	}
	slices.SortStableFunc(out, func(a, b triggerRow) int {
		fired := map[bool]int{true: 1}
		return cmp.Or(cmp.Compare(fired[b.Fired], fired[a.Fired]), cmp.Compare(verdict.Severity(b.Level), verdict.Severity(a.Level)))
	})
	return out[:min(len(out), shownRows)]
}

// firedActions are what the triggers that fired ask for: their sentences, which say why
// as well.
func firedActions(r *report.Tables) []string {
	var out []string
	for _, t := range triggerRows(r) {
		text := wording.Sentence(t.Sentence)
		if text == "" {
			text = wording.Sentence(t.Action)
		}
		if t.Fired && text != "" {
			out = append(out, text)
		}
	}
	return out
}

// triggerValue writes what a trigger measures, or its threshold.
func triggerValue(t verdict.Trigger, v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return words.None
	case t.Name == verdict.TriggerScoreP:
		return words.Number(v)
	case t.Name == verdict.TriggerDriftShare:
		return words.Percent(v)
	case verdict.TriggerNow(t.Name) == verdict.TriggerPositiveRateDrop:
		return words.Number(100*v) + " points"
	case t.Unit == "days":
		return words.Number(math.Floor(v)) + " days"
	case t.Unit == "labels":
		return words.Number(v)
	}
	return words.Number(v)
}

// togetherOf is the verdict on all features at once: what no single one shows.
type together struct {
	verdict.Finding
	Columns []togetherColumn // that tell both sides apart, most first
}

type togetherColumn struct {
	Name, Href string
	Share      float64
	Level      string // of the column on its own
}

// shownTelling bounds the columns that give a difference away.
const shownTelling = 10

// togetherOf is nil without the check.
func togetherOf(from *view.View) *together {
	var v *together
	for _, s := range from.Subjects {
		for _, f := range s.Findings {
			if f.Check == verdict.CheckMultivariate && v == nil {
				v = &together{Finding: f}
			}
		}
	}
	if v == nil {
		return nil
	}
	for _, s := range from.Subjects {
		if part, ok := s.Stat("domain_importance"); ok && part.Cur > 0 && !math.IsInf(part.Cur, 0) {
			v.Columns = append(v.Columns, togetherColumn{Name: s.Name, Href: s.Href, Share: part.Cur, Level: s.Level})
		}
	}
	slices.SortStableFunc(v.Columns, func(a, b togetherColumn) int { return cmp.Compare(b.Share, a.Share) })
	v.Columns = v.Columns[:min(len(v.Columns), shownTelling)]
	return v
}
