package drift

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Retrain is the reasons to retrain that somebody asks for. What is nil or zero
// is not asked for; a threshold of 0 is one like any other.
type Retrain struct {
	DriftShare       *float64      `yaml:"drift_share" range:"0,1"`        // fires at this share of drifted features
	ScoreP           *float64      `yaml:"score_p" range:"0,1"`            // fires at this p-value of the score's drift or below
	EngagementDrop   *float64      `yaml:"engagement_drop" range:"0,1"`    // fires when the share of positive outcomes is so far below the reference's: 0.05 is five points
	EstimatedAUCDrop *float64      `yaml:"estimated_auc_drop" range:"0,1"` // fires when the estimated area under the ROC curve is so far below the reference's
	RealisedAUCDrop  *float64      `yaml:"realised_auc_drop" range:"0,1"`  // the same of the area that outcomes gave
	ModelAge         time.Duration `yaml:"model_age"`                      // fires so long after Trained
	NewLabels        *int64        `yaml:"new_labels" range:"0,"`          // fires at so many outcomes of predictions since Trained
	Trained          time.Time     `yaml:"trained"`                        // when the model was trained; zero: not known
	Level            string        `yaml:"level"`                          // of the run when one fires: OK, Warn or Alert; empty is Warn
}

// Check says what is wrong with the rules: a level that is none, or the age of a
// model without its beginning.
func (r Retrain) Check() error {
	var faults []error
	if levels := []string{verdict.OK, verdict.Warn, verdict.Alert}; r.Level != "" && !slices.Contains(levels, r.Level) {
		faults = append(faults, policy.BadOption("retrain.level", words.NotOneOf(r.Level, levels)))
	}
	if r.ModelAge > 0 && r.Trained.IsZero() {
		faults = append(faults, policy.BadOption("retrain.trained", "is missing: retrain.model_age counts from the day on which the model was trained"))
	}
	return errors.Join(faults...)
}

// Asks says whether the rules ask for the reason to retrain of that name.
func (r Retrain) Asks(name string) bool {
	return map[string]bool{
		"drift_share": r.DriftShare != nil, "score_p": r.ScoreP != nil, "engagement_drop": r.EngagementDrop != nil,
		"estimated_auc_drop": r.EstimatedAUCDrop != nil, "realised_auc_drop": r.RealisedAUCDrop != nil,
		"model_age": r.ModelAge != 0, "new_labels": r.NewLabels != nil,
	}[name]
}

// Drop is a figure on both sides, and the 95 % interval of Ref less Cur.
type Drop struct {
	Ref, Cur, Lo, Hi float64
	NRef, N          int64  // rows that they rest on
	Reason           string // why there is none; empty when there is
}

// Measured is what Retrain needs and a comparison does not know.
type Measured struct {
	EstimatedAUC Drop
	RealisedAUC  Drop
	PositiveRate Drop
	Expected     bool   // PositiveRate is what the scores let expect, for want of outcomes
	Labels       int64  // outcomes that met a prediction since Trained
	Unlabelled   string // why Labels could not be counted; empty when they were
}

// TriggerNames are the names of the reasons to retrain, as in monitor.yaml.
var TriggerNames = []string{"drift_share", "score_p", "engagement_drop", "estimated_auc_drop", "realised_auc_drop", "model_age", "new_labels"}

// actions are what to do when a trigger fires.
var actions = map[string]string{
	"drift_share":        "See which features moved and why; if they stay so, retrain on rows that are like the new ones.",
	"score_p":            "See which features moved the scores; if they stay so, retrain on rows that are like the new ones.",
	"engagement_drop":    "Ask those who act on the scores what changed, and look at the precision of the highest scores before you retrain.",
	"estimated_auc_drop": "Collect outcomes of recent rows to confirm it, then retrain on them.",
	"realised_auc_drop":  "Retrain on rows with recent outcomes, and hold the new model against this one on outcomes that neither has seen.",
	"model_age":          "Retrain on the newest outcomes; where the model's quality stands, allow it more days in monitor.yaml.",
	"new_labels":         "There are enough new outcomes to retrain: hold the new model against this one on the newest of them.",
}

// due says in a headline what fired.
var due = map[string]string{
	"drift_share":        "many features have drifted",
	"score_p":            "the scores have drifted",
	"engagement_drop":    "fewer outcomes are positive",
	"estimated_auc_drop": "the estimated ROC AUC fell",
	"realised_auc_drop":  "the ROC AUC fell",
	"model_age":          "the model is old",
	"new_labels":         "there are enough new outcomes",
}

// Retrain judges every reason to retrain that rules ask for: it fills Triggers,
// adds a finding (subject "(retraining)", check "retrain", test the trigger's
// name) and a threshold for each, and lifts the run's level to that of those
// that fired. A drop fires when it reaches its threshold and its 95 % interval
// lies above 0, so that chance alone does not retrain a model; score_p, which is
// evidence itself, fires as it is asked for. It is called once, on what Compare
// returned.
func (r *Report) Retrain(rules Retrain, m Measured) {
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
	j.drop("engagement_drop", what, rules.EngagementDrop, m.PositiveRate, words.Percents, sharePoints)
	j.drop("estimated_auc_drop", "the estimated ROC AUC", rules.EstimatedAUCDrop, m.EstimatedAUC, words.Numbers, words.Number)
	j.drop("realised_auc_drop", "the ROC AUC by outcomes", rules.RealisedAUCDrop, m.RealisedAUC, words.Numbers, words.Number)
	j.age()
	j.labels(m)
	var fired []string
	for _, t := range r.Triggers {
		if t.Fired && t.Level != verdict.OK {
			r.Run.Level = verdict.Worst(r.Run.Level, t.Level)
			fired = append(fired, due[t.Name])
		}
	}
	if len(fired) > 0 {
		r.Run.Headline += "; retraining is due: " + strings.Join(fired, ", ")
	}
	for i := range r.Findings {
		r.Findings[i].Rank = int64(i + 1)
	}
}

// TriggerNamed returns the trigger of that name, of those that monitor.yaml asks
// for.
func TriggerNamed(triggers []verdict.Trigger, name string) (*verdict.Trigger, error) {
	for i := range triggers {
		if triggers[i].Name == name {
			return &triggers[i], nil
		}
	}
	if !slices.Contains(TriggerNames, name) {
		return nil, fmt.Errorf("%q is no reason to retrain: want one of %s", name, strings.Join(TriggerNames, ", "))
	}
	return nil, fmt.Errorf("monitor.yaml does not ask for %s under retrain", name)
}

// retraining is the reasons under judgement.
type retraining struct {
	report *Report
	rules  Retrain
}

// trigger is one on its way to a level.
type trigger struct {
	verdict.Trigger
	nRef, nCur int64
	p          float64
	reason     string // why it could not be measured
	says       string // what was measured, in words
	bar        string // the threshold, in words
	doubt      string // why a threshold that was reached does not count
	meaning    string // for the table of thresholds
}

func (j *retraining) features() {
	if j.rules.DriftShare == nil {
		return
	}
	run := &j.report.Run
	t := trigger{Trigger: verdict.Trigger{Name: "drift_share", Threshold: *j.rules.DriftShare, Measured: run.DriftShare, Unit: "1"},
		nRef: run.ReferenceRows, nCur: run.Rows, p: math.NaN(), meaning: "drifted features over those that could be judged"}
	if math.IsNaN(run.DriftShare) {
		t.reason = "no feature could be judged"
	}
	judged := words.Count(run.Features-run.Insufficient, "judged feature", "judged features")
	have := "have"
	if run.Drifted == 1 {
		have = "has"
	}
	t.says = fmt.Sprintf("%d of %s %s drifted", run.Drifted, judged, have)
	t.bar = words.Percent(t.Threshold)
	t.Fired = t.Measured >= t.Threshold
	j.add(t)
}

func (j *retraining) score() {
	if j.rules.ScoreP == nil {
		return
	}
	t := trigger{Trigger: verdict.Trigger{Name: "score_p", Threshold: *j.rules.ScoreP, Measured: math.NaN(), Unit: "1"},
		p: math.NaN(), reason: "there are no scores to compare", meaning: "p-value of the score's drift, which falls with the number of rows; fires at it or below"}
	for _, f := range j.report.Findings {
		if f.Role != verdict.RoleScore || f.Check != verdict.CheckDistribution || f.Segment != "" {
			continue
		}
		t.nRef, t.nCur, t.p, t.Measured, t.reason = f.NRef, f.NCur, f.P, f.P, ""
		if math.IsNaN(f.P) {
			t.reason = "the drift of the scores has no p-value here"
		}
		t.says = "the drift of the scores has p = " + words.Number(f.P)
		break
	}
	t.bar = words.Number(t.Threshold)
	t.Fired = t.Measured <= t.Threshold
	j.add(t)
}

func (j *retraining) drop(name, what string, threshold *float64, d Drop, write func(a, b float64) (string, string), size func(float64) string) {
	if threshold == nil {
		return
	}
	t := trigger{Trigger: verdict.Trigger{Name: name, Threshold: *threshold, Measured: d.Ref - d.Cur, Unit: "1"},
		nRef: d.NRef, nCur: d.N, p: math.NaN(), reason: d.Reason, meaning: "how far " + what + " is below the reference's; its 95 % interval must lie above 0"}
	null(&t.Measured, &d.Lo, &d.Hi)
	if t.reason == "" && (math.IsNaN(t.Measured) || math.IsNaN(d.Lo) || math.IsNaN(d.Hi)) {
		t.reason = what + " could not be measured on both sides"
	}
	if t.reason != "" {
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
		if t.Fired = d.Lo > 0; !t.Fired {
			t.doubt = "no fall at all cannot be ruled out"
		}
	}
	j.add(t)
}

// sharePoints writes a difference of shares.
func sharePoints(x float64) string { return amount(math.Round(1e4*x)/100, "point", "points") }

// amount writes a number of something.
func amount(x float64, one, many string) string {
	s := words.Number(x)
	if s == "1" {
		return s + " " + one
	}
	return s + " " + many
}

func (j *retraining) age() {
	if j.rules.ModelAge == 0 {
		return
	}
	limit := j.rules.ModelAge.Hours() / 24
	run := &j.report.Run
	t := trigger{Trigger: verdict.Trigger{Name: "model_age", Threshold: limit, Measured: math.NaN(), Unit: "days", Since: j.rules.Trained},
		nCur: run.Rows, p: math.NaN(), meaning: "days from the model's training to the newest prediction, or --now"}
	switch {
	case j.rules.Trained.IsZero():
		t.reason = "when the model was trained is not known"
	case run.Now.IsZero():
		t.reason = "the log has no times"
	case run.Now.Before(j.rules.Trained):
		t.reason = "the log ends before " + j.rules.Trained.UTC().Format(time.DateOnly) + ", when the model was trained"
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
	t := trigger{Trigger: verdict.Trigger{Name: "new_labels", Threshold: float64(*j.rules.NewLabels), Measured: float64(m.Labels), Unit: "labels", Since: j.rules.Trained},
		nCur: m.Labels, p: math.NaN(), reason: m.Unlabelled, meaning: "outcomes that met a prediction made since the model was trained"}
	if t.reason != "" {
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
	null(&t.Threshold, &t.Measured, &t.p)
	switch {
	case t.reason != "":
		t.Fired, t.Level = false, verdict.Insufficient
		t.Sentence = "Whether to retrain cannot be told by " + t.Name + ": " + t.reason + "."
	case t.Fired:
		t.Level, t.Action = j.rules.Level, actions[t.Name]
		t.Sentence = fmt.Sprintf("Retraining is due: %s; the threshold is %s. %s", t.says, t.bar, t.Action)
	default:
		t.Level = verdict.OK
		t.Sentence = strings.ToUpper(t.says[:1]) + t.says[1:]
		if t.doubt != "" {
			t.Sentence += ": beyond the threshold of " + t.bar + ", but " + t.doubt + ", so it is no reason to retrain."
		} else {
			t.Sentence += ": no reason to retrain, the threshold is " + t.bar + "."
		}
	}
	r := j.report
	r.Triggers = append(r.Triggers, t.Trigger)
	f := newCheck(verdict.SubjectRetraining, verdict.RoleRun, "", verdict.CheckRetrain).Finding
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
