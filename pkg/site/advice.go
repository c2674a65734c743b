package site

import (
	"fmt"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// adviceOf is what the findings ask for, most urgent first. A text with a place for
// them names the subjects.
var advice = []struct{ action, text string }{
	{verdict.ActionFindColumn, "Find out why the log no longer holds %s: the model now sees a default in its place."},
	{verdict.ActionAddColumn, "Check what %s is: the reference does not know it."},
	{verdict.ActionCheckSource, "Check the source of %s: it holds one value only."},
	{verdict.ActionFindMissing, "Find out why values are missing more or less often than before: %s."},
	{verdict.ActionCheckTypes, "Check how the values of %s are written: some are of another type than the column's."},
	{verdict.ActionCheckUnits, "Check units and formats of %s: values lie outside what the model was trained on."},
	{verdict.ActionCheckValues, "Check new category values in %s: the model was never trained on them."},
	{verdict.ActionCheckClock, "Check the clocks of the hosts that log: some rows are dated wrongly."},
	{verdict.ActionCheckLines, "Look at the lines that cannot be read: the table rejects of ingest counts them by reason, with the first of each."},
	{verdict.ActionCheckRepeats, "Check whether rows are logged twice."},
	{verdict.ActionAskUpstream, "Ask what changed upstream of %s: a new source, a campaign, a form, a mapping?"},
	{verdict.ActionCheckOutcomes, "Check how outcomes come in: more or fewer of them are positive than in the reference."},
	{verdict.ActionJoinOutcomes, "Let outcomes meet their predictions: driftcalc says on stderr which keys met nothing, and the table unmet of its bundle has the first of them."},
	{verdict.ActionNewModel, "Train a new model on rows with recent outcomes, and hold it against this one on outcomes that neither has seen."},
	{verdict.ActionSameColumns, "Give the reference and the log in the same columns: raw rows, as features.json takes them, or both as the model reads them."},
	{verdict.ActionCompareVersions, "Compare the versions of the model, by outcomes where there are some, and decide which one is to score. A difference that is meant can be accepted."},
	{verdict.ActionCheckModel, "Find out what made the logged scores: a host that still serves another model, or features that are made otherwise than at training."},
	{verdict.ActionCompareScores, "Compare recent outcomes with the scores before anyone acts on them; retrain when the inputs moved for good."},
	{verdict.ActionCheckSpeed, "Look at the service: it answers more slowly."},
	{verdict.ActionCheckFailures, "Look at failed requests: the success rate is low."},
	{verdict.ActionCheckTraffic, "Check whether all clients still call the API: traffic changed."},
	{verdict.ActionScoreReference, "Give the reference scores of rows that the model was not trained on: without them score drift cannot be judged."},
	{verdict.ActionWait, "Wait for more rows, or judge a longer period with --last."},
}

// maxAdvice bounds the list of what to do.
const maxAdvice = 6

// A step is one thing to do, with the pages of what it is about.
type step struct {
	Text  string
	Links []view.Link
}

// adviceOf is what to do without its links.
func adviceOf(from *view.View) []string {
	var out []string
	for _, s := range stepsOf(from) {
		out = append(out, s.Text)
	}
	return out
}

// stepsOf says what to do, most urgent first.
func stepsOf(from *view.View) []step {
	run := from.Report.Run
	asking := map[string][]string{}
	for _, s := range from.Subjects {
		for _, f := range s.Findings {
			if f.Action != "" && f.Accepted == "" && !slices.Contains(asking[f.Action], s.Name) {
				asking[f.Action] = append(asking[f.Action], s.Name)
			}
		}
	}
	if !unjudged(from) || run.Rows == 0 {
		delete(asking, verdict.ActionWait) // single columns can wait
	}
	var out []step
	for _, text := range firedActions(from.Report) {
		var links []view.Link
		for _, s := range from.Subjects {
			if s.Asked(verdict.CheckRetrain) && s.Href != "" && links == nil {
				links = []view.Link{{Href: s.Href, Text: "reasons to retrain"}}
			}
		}
		out = append(out, step{text, links})
	}
	if h := from.Report.NewestHealth(); h != nil && !h.OK {
		out = append([]step{{"Look at the API first: it did not answer well when its health was asked.", []view.Link{{Href: "api.html", Text: "API"}}}}, out...)
	}
	if run.Rows == 0 {
		out = append(out, step{Text: "Look whether the API is up, and whether this is its log: no prediction came.", Links: linksTo(from, asking[verdict.ActionCheckTraffic])})
		delete(asking, verdict.ActionCheckTraffic)
	}
	for _, a := range advice {
		names := columnsFirst(asking[a.action])
		switch {
		case len(names) == 0:
		case strings.Contains(a.text, "%s"):
			out = append(out, step{fmt.Sprintf(a.text, wording.Listed(names)), linksTo(from, names)})
		case a.action == verdict.ActionWait: // of whatever column
			out = append(out, step{Text: a.text})
		default:
			out = append(out, step{a.text, linksTo(from, names)})
		}
		if a.action == verdict.ActionAskUpstream && len(names) > 0 && run.ScoreLevel == verdict.OK && !slices.ContainsFunc(from.Report.Findings, func(f verdict.Finding) bool { return f.Level == verdict.Alert && f.Accepted == "" }) {
			out = append(out, step{Text: "No hurry: the scores themselves have not moved."})
		}
	}
	if run.SampleReference {
		out = append(out, step{Text: "Give driftcalc --reference your own training data: this report compares with the built-in sample."})
	}
	switch {
	case len(out) > 0:
	case from.Report.AboveOK():
		out = append(out, step{Text: "Look at what changed."})
	default:
		out = append(out, step{Text: "Nothing today."})
	}
	if more := len(out) - maxAdvice; more > 0 {
		out = append(out[:maxAdvice:maxAdvice], step{Text: fmt.Sprintf("And %d more, by the findings.", more)})
	}
	return out
}

// stepLinks bounds the links of a step: a sentence names as many.
const stepLinks = 4

// linksTo are the pages of the subjects, each once.
func linksTo(from *view.View, names []string) []view.Link {
	var out []view.Link
	for _, name := range names {
		href := from.HrefOf(name)
		if href == "" || len(out) == stepLinks || slices.ContainsFunc(out, func(l view.Link) bool { return l.Href == href }) {
			continue
		}
		out = append(out, view.Link{Href: href, Text: wording.Subject(name)})
	}
	return out
}

// columnsFirst leaves out what is no column where columns are named.
func columnsFirst(subjects []string) []string {
	columns := slices.DeleteFunc(slices.Clone(subjects), func(s string) bool {
		return s == verdict.SubjectFeatures || s == verdict.SubjectCorrelations
	})
	if len(columns) == 0 {
		return subjects
	}
	return columns
}

// unjudged tells whether scores, features or the whole run could not be judged,
// for want of rows.
func unjudged(from *view.View) bool {
	run := from.Report.Run
	if from.Score != nil && unscored(from.Score.Main) != "" {
		return run.FeatureLevel == verdict.Insufficient
	}
	return slices.Contains([]string{run.ScoreLevel, run.FeatureLevel, run.Level}, verdict.Insufficient)
}
