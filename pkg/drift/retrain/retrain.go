package retrain

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Measured is what Judge needs and a comparison does not know.
type Measured struct {
	outcome.Drops
	Figures    []verdict.Outcome // rows of the table outcomes; none without
	Labels     int64             // outcomes that met a prediction since Trained
	Unlabelled string            // why Labels could not be counted; empty when they were
}

// Judge judges every reason to retrain that rules ask for: it fills Triggers,
// adds a finding (subject "(retraining)", check "retrain", test the trigger's
// name) and a threshold for each, and sums the run up again. A drop fires when it reaches its threshold and its 95 % interval
// lies above 0, so that chance alone does not retrain a model; score_p, which is
// evidence itself, fires as it is asked for. It is called once, on what
// drift.Compare returned.
func Judge(r *drift.Report, rules Rules, m Measured) {
	if rules.Level == "" {
		rules.Level = verdict.Warn
	}
	j := retraining{report: r, rules: rules}
	j.features()
	j.score()
	what := "the share of positive outcomes"
	if m.Expected {
		what = "the share of positive outcomes that the scores let expect"
	}
	j.drop(verdict.TriggerPositiveRateDrop, what, rules.PositiveRateDrop, m.PositiveRate, words.Percents, sharePoints)
	j.drop(verdict.TriggerEstimatedAUCDrop, "the estimated ROC AUC", rules.EstimatedAUCDrop, m.EstimatedAUC, words.Numbers, words.Number)
	j.drop(verdict.TriggerRealisedAUCDrop, "the ROC AUC by outcomes", rules.RealisedAUCDrop, m.RealisedAUC, words.Numbers, words.Number)
	for _, l := range rules.limits() {
		j.limit(l, m)
	}
	j.age()
	j.labels(m)
	for i := range r.Findings {
		r.Findings[i].Rank = int64(i + 1)
	}
	r.Sum()
}

// retraining is the reasons under judgement.
type retraining struct {
	report *drift.Report
	rules  Rules
}

// trigger is one on its way to a level.
type trigger struct {
	verdict.Trigger
	nRef, nCur int64
	p          float64
	unmeasured string // why it could not be, in words
	says       string // what was measured, in words
	bar        string // the threshold, in words
	doubt      bool   // the threshold was reached, which no fall at all may do by chance
	meaning    string // for the table of thresholds
}

func (j *retraining) features() {
	if j.rules.DriftShare == nil {
		return
	}
	run := &j.report.Run
	t := trigger{Trigger: verdict.Trigger{Name: verdict.TriggerDriftShare, Threshold: *j.rules.DriftShare, Measured: run.DriftShare, Unit: "1"},
		nRef: run.ReferenceRows, nCur: run.Rows, p: math.NaN(), meaning: "drifted features over all"}
	switch {
	case math.IsNaN(run.DriftShare):
		t.unmeasured = "no feature could be judged"
	case t.Measured < t.Threshold && run.Insufficient > 0 && 2*run.Insufficient >= run.Features:
		t.unmeasured = fmt.Sprintf("%d of %s could not be judged", run.Insufficient, words.Count(run.Features, "feature", "features"))
	}
	all := words.Count(run.Features, "feature", "features")
	have := "have"
	if run.Drifted == 1 {
		have = "has"
	}
	t.says = fmt.Sprintf("%d of %s %s drifted", run.Drifted, all, have)
	t.bar = words.Percent(t.Threshold)
	t.Fired = t.Measured >= t.Threshold
	j.add(t)
}

func (j *retraining) score() {
	if j.rules.ScoreP == nil {
		return
	}
	t := trigger{Trigger: verdict.Trigger{Name: verdict.TriggerScoreP, Threshold: *j.rules.ScoreP, Measured: math.NaN(), Unit: "1"},
		p: math.NaN(), unmeasured: "there are no scores to compare", meaning: "p-value of the score's drift, which falls with the number of rows; fires at it or below"}
	for _, f := range j.report.Findings {
		if f.Role != verdict.RoleScore || f.Check != verdict.CheckDistribution || f.Segment != "" {
			continue
		}
		t.nRef, t.nCur, t.p, t.Measured, t.unmeasured = f.NRef, f.NCur, f.P, f.P, ""
		if math.IsNaN(f.P) {
			t.unmeasured = "the drift of the scores has no p-value here"
		}
		t.says = "the drift of the scores has p = " + words.Number(f.P)
		break
	}
	t.bar = words.Number(t.Threshold)
	t.Fired = t.Measured <= t.Threshold
	j.add(t)
}

func (j *retraining) drop(name, what string, threshold *float64, d outcome.Drop, write func(a, b float64) (string, string), size func(float64) string) {
	if threshold == nil {
		return
	}
	t := trigger{Trigger: verdict.Trigger{Name: name, Threshold: *threshold, Measured: d.Ref - d.Cur, Unit: "1"},
		nRef: d.NRef, nCur: d.N, p: math.NaN(), unmeasured: d.Reason, meaning: "how far " + what + " is below the reference's; its 95 % interval must lie above 0"}
	verdict.Null(&t.Measured, &d.Lo, &d.Hi)
	if t.unmeasured == "" && (math.IsNaN(t.Measured) || math.IsNaN(d.Lo) || math.IsNaN(d.Hi)) {
		t.unmeasured = what + " could not be measured on both sides"
	}
	if t.unmeasured != "" {
		t.Measured = math.NaN()
	}
	before, now := write(d.Ref, d.Cur)
	verb := "fell from " + before + " to " + now + ", by " + size(t.Measured)
	switch {
	case d.Cur > d.Ref:
		verb = "rose from " + before + " to " + now + ", by " + size(-t.Measured)
	case d.Cur == d.Ref:
		verb = "is " + now + " as it was"
	}
	lo, _, _ := strings.Cut(size(d.Lo), " ") // the unit is said once
	t.says = fmt.Sprintf("%s %s (95 %% interval of the fall %s to %s)", what, verb, lo, size(d.Hi))
	t.bar = size(t.Threshold)
	if t.Measured >= t.Threshold {
		t.Fired = d.Lo > 0
		t.doubt = !t.Fired
	}
	j.add(t)
}

// limit judges a figure by outcomes against a limit: it fires where the figure and its
// 95 % interval lie beyond.
func (j *retraining) limit(l limit, m Measured) {
	if l.at == nil {
		return
	}
	t := trigger{Trigger: verdict.Trigger{Name: l.name, Threshold: *l.at, Measured: math.NaN(), Unit: "1"}, p: math.NaN(),
		unmeasured: "there are no outcomes", meaning: l.words + " is below it; so must be its 95 % interval"}
	if l.most {
		t.meaning = l.words + " is above it; so must be its 95 % interval"
	}
	if m.Figures != nil {
		t.unmeasured = l.words + " could not be measured"
	}
	for _, o := range m.Figures {
		if o.Window != "" || o.Class != "" || o.Kind != "metric" || o.Metric != l.metric || math.IsNaN(o.Value) || math.IsNaN(o.Lo) || math.IsNaN(o.Hi) {
			continue
		}
		if o.N < outcome.Fewest {
			t.unmeasured = fmt.Sprintf("there are %d outcomes to measure %s by: want %d", o.N, l.words, outcome.Fewest)
			continue
		}
		beyond, sure := o.Value < *l.at, o.Hi < *l.at
		if l.most {
			beyond, sure = o.Value > *l.at, o.Lo > *l.at
		}
		t.nCur, t.Measured, t.unmeasured = o.N, o.Value, ""
		t.Fired, t.doubt = beyond && sure, beyond && !sure
		value, bar := words.Numbers(o.Value, *l.at)
		t.says = fmt.Sprintf("%s is %s, by %s (95 %% interval %s)", l.words, value, words.Count(o.N, "outcome", "outcomes"), words.Interval(o.Lo, o.Hi))
		t.bar = bar
	}
	j.add(t)
}

func (j *retraining) age() {
	if j.rules.ModelAge == 0 {
		return
	}
	limit := j.rules.ModelAge.Hours() / 24
	run := &j.report.Run
	t := trigger{Trigger: verdict.Trigger{Name: verdict.TriggerModelAge, Threshold: limit, Measured: math.NaN(), Unit: "days", Since: j.rules.Trained},
		nCur: run.Rows, p: math.NaN(), meaning: "days from the model's training to the newest prediction, or --now"}
	switch {
	case j.rules.Trained.IsZero():
		t.unmeasured = "when the model was trained is not known"
	case run.Now.IsZero():
		t.unmeasured = "the log has no times"
	case run.Now.Before(j.rules.Trained):
		t.unmeasured = "the log ends before " + j.rules.Trained.UTC().Format(time.DateOnly) + ", when the model was trained"
	default:
		t.Measured = run.Now.Sub(j.rules.Trained).Hours() / 24
	}
	t.says = fmt.Sprintf("the model was trained on %s, %s ago", j.rules.Trained.UTC().Format(time.DateOnly), amount(math.Floor(t.Measured), "day", "days"))
	t.bar = amount(limit, "day", "days")
	t.Fired = t.Measured >= limit
	j.add(t)
}

func (j *retraining) labels(m Measured) {
	if j.rules.NewLabels == nil {
		return
	}
	t := trigger{Trigger: verdict.Trigger{Name: verdict.TriggerNewLabels, Threshold: float64(*j.rules.NewLabels), Measured: float64(m.Labels), Unit: "labels", Since: j.rules.Trained},
		nCur: m.Labels, p: math.NaN(), unmeasured: m.Unlabelled, meaning: "outcomes that met a prediction made since the model was trained"}
	if t.unmeasured != "" {
		t.Measured = math.NaN()
	}
	t.says = words.Count(m.Labels, "outcome", "outcomes") + " met a prediction"
	if !t.Since.IsZero() {
		t.says += " made since " + t.Since.UTC().Format(time.DateOnly)
	}
	t.bar = words.Number(t.Threshold)
	t.Fired = t.Measured >= t.Threshold
	j.add(t)
}

// add gives the trigger its level and its words, and files it.
func (j *retraining) add(t trigger) {
	source := "monitor.yaml retrain." + t.Name
	verdict.Null(&t.Threshold, &t.Measured, &t.p)
	f := verdict.NewFinding(verdict.SubjectRetraining, verdict.RoleRun, "", verdict.CheckRetrain)
	switch {
	case t.unmeasured != "":
		t.Fired, t.Level = false, verdict.Insufficient
		f.Reason, t.Sentence = verdict.ReasonNotMeasured, sayNotMeasured(&t)
	case t.Fired:
		t.Level, t.Action = j.rules.Level, advice[t.Name]
		f.Reason, f.Action, t.Sentence = verdict.ReasonDue, verdict.ActionRetrain, sayDue(&t)
	case t.doubt:
		t.Level = verdict.OK
		f.Reason, t.Sentence = verdict.ReasonByChance, sayDoubtful(&t)
	default:
		t.Level = verdict.OK
		f.Reason, t.Sentence = verdict.ReasonNotDue, sayNotDue(&t)
	}
	r := j.report
	r.Triggers = append(r.Triggers, t.Trigger)
	f.Test, f.Level, f.NRef, f.NCur, f.P = t.Name, t.Level, t.nRef, t.nCur, t.p
	f.Effect, f.EffectUnit, f.Threshold, f.ThresholdSource, f.Sentence = t.Measured, t.Unit, t.Threshold, source, t.Sentence
	// After all that is as grave: what moved comes before what to do.
	at := len(r.Findings)
	for at > 0 && verdict.Severity(r.Findings[at-1].Level) < verdict.Severity(f.Level) {
		at--
	}
	r.Findings = slices.Insert(r.Findings, at, f)
	bar := verdict.Threshold{Area: "retraining", Check: t.Name, Effect: t.Name, Unit: t.Unit, Warn: math.NaN(), Alert: math.NaN(), Alpha: math.NaN(), Source: source, Meaning: t.meaning}
	switch j.rules.Level {
	case verdict.Warn:
		bar.Warn = t.Threshold
	case verdict.Alert:
		bar.Alert = t.Threshold
	default:
		bar.Meaning += "; it leaves the run's level as it is"
	}
	r.Thresholds = append(r.Thresholds, bar)
}
