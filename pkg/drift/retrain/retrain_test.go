package retrain

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/verdict"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func ptr[T any](x T) *T { return &x }

// asked is every reason to retrain, at thresholds that reasons reaches.
func asked() Rules {
	return Rules{
		DriftShare: ptr(0.5), ScoreP: ptr(0.01), PositiveRateDrop: ptr(0.05), EstimatedAUCDrop: ptr(0.05), RealisedAUCDrop: ptr(0.05),
		ModelAge: 90 * 24 * time.Hour, NewLabels: ptr(int64(500)), Trained: monday.Add(-90 * 24 * time.Hour),
	}
}

// askedNames are the names of those.
func askedNames() []string {
	return slices.DeleteFunc(slices.Clone(verdict.Triggers), func(name string) bool { return !asked().Asks(name) })
}

// A figure by outcomes fires where its interval lies beyond the limit as well, and what
// chance alone can do does not.
func TestLimitsOfFigures(t *testing.T) {
	figure := func(metric string, value, lo, hi float64) []verdict.Outcome {
		return []verdict.Outcome{{Kind: "metric", Metric: metric, Window: "w", N: 200, Value: 0.1, Lo: 0, Hi: 0.2}, {Kind: "metric", Metric: metric, N: 200, Value: value, Lo: lo, Hi: hi}}
	}
	for _, c := range []struct {
		name   string
		rules  Rules
		rows   []verdict.Outcome
		level  string
		reason string
	}{
		{verdict.TriggerLeastF1, Rules{LeastF1: ptr(0.6)}, figure("f1", 0.5, 0.45, 0.55), verdict.Warn, verdict.ReasonDue},
		{verdict.TriggerLeastF1, Rules{LeastF1: ptr(0.6)}, figure("f1", 0.58, 0.5, 0.66), verdict.OK, verdict.ReasonByChance},
		{verdict.TriggerLeastF1, Rules{LeastF1: ptr(0.6)}, figure("f1", 0.7, 0.65, 0.75), verdict.OK, verdict.ReasonNotDue},
		{verdict.TriggerLeastAUC, Rules{LeastAUC: ptr(0.6)}, figure("roc_auc", 0.5, 0.45, 0.55), verdict.Warn, verdict.ReasonDue},
		{verdict.TriggerLeastRecall, Rules{LeastRecall: ptr(0.6)}, figure("recall", 0.5, 0.45, 0.55), verdict.Warn, verdict.ReasonDue},
		{verdict.TriggerLeastPrecision, Rules{LeastPrecision: ptr(0.6)}, figure("precision", 0.5, 0.45, 0.55), verdict.Warn, verdict.ReasonDue},
		{verdict.TriggerLeastAccuracy, Rules{LeastAccuracy: ptr(0.6)}, figure("accuracy", 0.5, 0.45, 0.55), verdict.Warn, verdict.ReasonDue},
		{verdict.TriggerLowPositiveRate, Rules{LowPositiveRate: ptr(0.6)}, figure("positive_rate", 0.5, 0.45, 0.55), verdict.Warn, verdict.ReasonDue},
		{verdict.TriggerHighPositiveRate, Rules{HighPositiveRate: ptr(0.4)}, figure("positive_rate", 0.5, 0.45, 0.55), verdict.Warn, verdict.ReasonDue},
		{verdict.TriggerHighPositiveRate, Rules{HighPositiveRate: ptr(0.4)}, figure("positive_rate", 0.45, 0.38, 0.52), verdict.OK, verdict.ReasonByChance},
		{verdict.TriggerMostMAE, Rules{MostMAE: ptr(4.0)}, figure("mae", 5, 4.5, 5.5), verdict.Warn, verdict.ReasonDue},
		{verdict.TriggerMostMAE, Rules{MostMAE: ptr(4.0)}, figure("mae", 4.2, 3.9, 4.5), verdict.OK, verdict.ReasonByChance},
		{verdict.TriggerMostMAE, Rules{MostMAE: ptr(4.0)}, figure("mae", 3, 2.5, 3.5), verdict.OK, verdict.ReasonNotDue},
		{verdict.TriggerMostMAE, Rules{MostMAE: ptr(4.0)}, figure("accuracy", 0.5, 0.4, 0.6), verdict.Insufficient, verdict.ReasonNotMeasured},
		{verdict.TriggerMostRMSE, Rules{MostRMSE: ptr(4.0)}, figure("rmse", 5, 4.5, 5.5), verdict.Warn, verdict.ReasonDue},
		{verdict.TriggerHighPositiveRate, Rules{HighPositiveRate: ptr(0.4)}, nil, verdict.Insufficient, verdict.ReasonNotMeasured},
		{verdict.TriggerLeastF1, Rules{LeastF1: ptr(0.6)}, figure("recall", 0.5, 0.45, 0.55), verdict.Insufficient, verdict.ReasonNotMeasured},
	} {
		var r drift.Report
		Judge(&r, c.rules, Measured{Figures: c.rows})
		f := r.Findings[0]
		if len(r.Triggers) != 1 || f.Test != c.name || f.Level != c.level || f.Reason != c.reason || !c.rules.Asks(c.name) {
			t.Errorf("%s: %+v", c.name, f)
		}
		if c.reason == verdict.ReasonDue && strings.HasSuffix(r.Run.Headline, c.name) {
			t.Errorf("%s has no words: %s", c.name, r.Run.Headline)
		}
	}
	if err := (Rules{LowPositiveRate: ptr(0.6), HighPositiveRate: ptr(0.4)}).Check(); err == nil || !strings.Contains(err.Error(), "retrain.max_positive_rate") {
		t.Error(err)
	}
}

func reasons() (drift.Report, Measured) {
	r := drift.Report{
		Run: verdict.Run{Level: verdict.OK, Headline: "Nothing moved", Now: monday, Rows: 100, ReferenceRows: 50, DriftShare: 0.5, Drifted: 2, Features: 5, Insufficient: 1},
		Findings: []verdict.Finding{
			{Rank: 1, Subject: "score", Role: verdict.RoleScore, Check: verdict.CheckDistribution, Level: verdict.Warn, P: 0.01},
			{Rank: 2, Subject: "a", Role: verdict.RoleFeature, Check: verdict.CheckDistribution, Level: verdict.OK, P: 0.5},
		},
	}
	down := outcome.Drop{Ref: 0.8, Cur: 0.74, Lo: 0.01, Hi: 0.11, NRef: 50, N: 100}
	return r, Measured{Drops: outcome.Drops{EstimatedAUC: down, RealisedAUC: down, PositiveRate: down}, Labels: 500}
}

// Everything fires on its threshold, and nothing just before it.
func TestRetrainFiresOnTheThreshold(t *testing.T) {
	r, m := reasons()
	for _, d := range []*outcome.Drop{&m.EstimatedAUC, &m.RealisedAUC, &m.PositiveRate} {
		d.Ref, d.Cur = 0.05, 0 // floats make 0.8 less 0.75 less than that
	}
	Judge(&r, asked(), m)
	if len(r.Triggers) != len(askedNames()) || len(r.Thresholds) != len(askedNames()) || len(r.Findings) != 2+len(askedNames()) {
		t.Fatalf("%d triggers, %d thresholds, %d findings", len(r.Triggers), len(r.Thresholds), len(r.Findings))
	}
	for i, got := range r.Triggers {
		f := r.Findings[1+i] // after the score's, which is at warn as well
		if got.Name != askedNames()[i] || !got.Fired || got.Level != verdict.Warn || got.Action == "" || got.Measured != got.Threshold ||
			f.Subject != verdict.SubjectRetraining || f.Check != verdict.CheckRetrain || f.Test != got.Name || f.Level != verdict.Warn || f.Sentence != got.Sentence {
			t.Errorf("got %+v, finding %+v", got, f)
		}
		if !strings.HasPrefix(got.Sentence, "Retraining is due: ") || strings.Contains(got.Sentence, "none") {
			t.Errorf("%s", got.Sentence)
		}
	}
	for i, f := range r.Findings {
		if f.Rank != int64(i+1) {
			t.Errorf("finding %d has rank %d", i, f.Rank)
		}
	}
	if r.Run.Level != verdict.Warn || !strings.Contains(r.Run.Headline, "etraining is due: many features have drifted, the scores have drifted") {
		t.Errorf("the run is at %s: %s", r.Run.Level, r.Run.Headline)
	}

	r, m = reasons()
	r.Findings[0].Level = verdict.OK
	r.Run.DriftShare, r.Findings[0].P, m.Labels = 0.49, 0.011, 499
	m.PositiveRate.Cur, m.EstimatedAUC.Cur, m.RealisedAUC.Lo = 0.76, 0.81, -0.001
	rules := asked()
	rules.ModelAge += time.Second
	Judge(&r, rules, m)
	for _, got := range r.Triggers {
		if got.Fired || got.Level != verdict.OK || got.Action != "" {
			t.Errorf("got %+v", got)
		}
	}
	if r.Run.Level != verdict.OK || strings.Contains(r.Run.Headline, "due") {
		t.Errorf("the run is at %s: %s", r.Run.Level, r.Run.Headline)
	}
}

// Of a model of several classes score_p goes by the highest score; neither the scores of
// one class nor a feature of such a name are it.
func TestScorePGoesByTheScore(t *testing.T) {
	p := 0.05
	r := drift.Report{Findings: []verdict.Finding{
		{Rank: 1, Subject: "score_a", Role: verdict.RoleClassScore, Check: verdict.CheckDistribution, P: 1e-9},
		{Rank: 2, Subject: "score_x", Role: verdict.RoleFeature, Check: verdict.CheckDistribution, P: 1e-9},
	}}
	none := r
	Judge(&none, Rules{ScoreP: &p}, Measured{})
	if got := none.Triggers[0]; got.Fired || got.Level != verdict.Insufficient {
		t.Errorf("without a score: %+v", got)
	}
	r.Findings = append(r.Findings, verdict.Finding{Rank: 3, Subject: "score", Role: verdict.RoleScore, Check: verdict.CheckDistribution, P: 0.5})
	Judge(&r, Rules{ScoreP: &p}, Measured{})
	if got := r.Triggers[0]; got.Fired || got.Measured != 0.5 {
		t.Errorf("with a score: %+v", got)
	}
}

func TestRetrainLevels(t *testing.T) {
	for _, c := range []struct {
		asked, was, want string
		said             bool
	}{
		{"", verdict.OK, verdict.Warn, true}, {verdict.Alert, verdict.OK, verdict.Alert, true}, {verdict.OK, verdict.OK, verdict.OK, false}, {verdict.Warn, verdict.Alert, verdict.Alert, true}, {verdict.Alert, verdict.Insufficient, verdict.Alert, true},
	} {
		r, m := reasons()
		r.Findings[0].Level = c.was
		Judge(&r, Rules{ModelAge: time.Hour, Trained: monday.Add(-time.Hour), Level: c.asked}, m)
		if len(r.Triggers) != 1 || !r.Triggers[0].Fired || r.Run.Level != c.want || strings.Contains(r.Run.Headline, "due") != c.said {
			t.Errorf("%+v: the run is at %s: %s; %+v", c, r.Run.Level, r.Run.Headline, r.Triggers)
		}
	}
	r, m := reasons()
	r.Findings[0].Level = verdict.OK
	if Judge(&r, Rules{}, m); len(r.Triggers)+len(r.Thresholds) > 0 || len(r.Findings) != 2 || r.Run.Level != verdict.OK {
		t.Errorf("nothing was asked for: %+v", r)
	}
}

// A threshold of 0 is reached by a share of 0, and by no fall that chance makes.
func TestRetrainAtZero(t *testing.T) {
	r, m := reasons()
	r.Run.DriftShare, m.RealisedAUC = 0, outcome.Drop{Ref: 0.8, Cur: 0.8, Lo: -0.1, Hi: 0.1}
	Judge(&r, Rules{DriftShare: ptr(0.), RealisedAUCDrop: ptr(0.)}, m)
	if !r.Triggers[0].Fired || r.Triggers[1].Fired {
		t.Errorf("got %+v", r.Triggers)
	}
}

// What cannot be measured is insufficient, with the reason, and changes nothing.
func TestRetrainUnmeasured(t *testing.T) {
	rules := asked()
	rules.Trained = time.Time{}
	none := outcome.Drop{Reason: "there are no outcomes"}
	r := drift.Report{Run: verdict.Run{Level: verdict.OK, DriftShare: math.NaN()}}
	Judge(&r, rules, Measured{Drops: outcome.Drops{EstimatedAUC: none, RealisedAUC: none, PositiveRate: none}, Unlabelled: "there are no outcomes"})
	for _, got := range r.Triggers {
		if got.Fired || got.Level != verdict.Insufficient || !math.IsNaN(got.Measured) || !strings.HasPrefix(got.Sentence, "Whether to retrain cannot be told by "+got.Name+": ") {
			t.Errorf("got %+v", got)
		}
	}
	if len(r.Triggers) != len(askedNames()) || r.Run.Level != verdict.Insufficient {
		t.Errorf("%d triggers, the run is at %s", len(r.Triggers), r.Run.Level)
	}
	r.Triggers = nil
	r.Run.Now = monday
	Judge(&r, Rules{ModelAge: time.Hour, Trained: monday.Add(time.Hour)}, Measured{})
	if got := r.Triggers[0]; got.Level != verdict.Insufficient || !strings.Contains(got.Sentence, "the log ends before 2026-03-02") {
		t.Errorf("got %+v", got)
	}
}

// Like all of the report, the reasons to retrain hold no infinite numbers.
func TestRetrainIsFinite(t *testing.T) {
	inf := math.Inf(1)
	for _, d := range []outcome.Drop{{Ref: inf, Cur: 0.5, Lo: 0.1, Hi: 0.2}, {Ref: 0.8, Cur: 0.5, Lo: -inf, Hi: inf}, {Ref: 0.8, Cur: 0.5, Lo: 0.1, Hi: inf}} {
		r, m := reasons()
		m.EstimatedAUC = d
		r.Findings[0].P = inf
		Judge(&r, Rules{DriftShare: ptr(inf), ScoreP: ptr(inf), EstimatedAUCDrop: ptr(0.05), RealisedAUCDrop: ptr(-inf)}, m)
		for _, got := range r.Triggers {
			if math.IsInf(got.Threshold, 0) || math.IsInf(got.Measured, 0) {
				t.Errorf("got %+v", got)
			}
			if got.Name == "estimated_auc_drop" && (got.Fired || got.Level != verdict.Insufficient) {
				t.Errorf("%+v was measured: %+v", d, got)
			}
		}
		for _, f := range r.Findings[1:] {
			if math.IsInf(f.P, 0) || math.IsInf(f.Effect, 0) || math.IsInf(f.Threshold, 0) {
				t.Errorf("got %+v", f)
			}
		}
		for _, bar := range r.Thresholds {
			if math.IsInf(bar.Warn, 0) || math.IsInf(bar.Alert, 0) {
				t.Errorf("got %+v", bar)
			}
		}
	}
}

// One of something is said so.
func TestRetrainSaysOne(t *testing.T) {
	r, m := reasons()
	r.Run.Drifted = 1
	m.PositiveRate = outcome.Drop{Ref: 0.8, Cur: 0.79, Lo: 0.01, Hi: 0.02, NRef: 50, N: 100}
	m.Labels = 1
	day := 24 * time.Hour
	Judge(&r, Rules{DriftShare: ptr(0.5), PositiveRateDrop: ptr(0.01), ModelAge: day, NewLabels: ptr(int64(1)), Trained: monday.Add(-day)}, m)
	for i, want := range []string{
		"1 of 5 features has drifted",
		"by 1 point (95 % interval of the fall 1 to 2 points); the threshold is 1 point.",
		", 1 day ago; the threshold is 1 day.",
		"1 outcome met a prediction",
	} {
		if got := r.Triggers[i].Sentence; !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}

func TestNamed(t *testing.T) {
	old := []verdict.Trigger{{Name: "engagement_drop", Fired: true}} // of a bundle of an older version
	if got, err := Named(old, "positive_rate_drop"); err != nil || !got.Fired {
		t.Errorf("got %+v, %v", got, err)
	}
	triggers := []verdict.Trigger{{Name: "model_age", Fired: true}}
	if got, err := Named(triggers, "model_age"); err != nil || !got.Fired {
		t.Errorf("got %+v, %v", got, err)
	}
	for name, want := range map[string]string{
		"score_p": "monitor.yaml does not ask for score_p under retrain",
		"age":     `"age" is no reason to retrain: want one of drift_share, score_p, positive_rate_drop, estimated_auc_drop, realised_auc_drop, min_auc, min_f1, min_precision, min_recall, min_accuracy, min_positive_rate, max_positive_rate, max_mae, max_rmse, model_age, new_labels`,
	} {
		if _, err := Named(triggers, name); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Each reason to retrain is asked for by an option of its own.
func TestAsks(t *testing.T) {
	share, labels := 0.0, int64(0)
	for name, r := range map[string]Rules{
		"drift_share": {DriftShare: &share}, "score_p": {ScoreP: &share}, "positive_rate_drop": {PositiveRateDrop: &share},
		"estimated_auc_drop": {EstimatedAUCDrop: &share}, "realised_auc_drop": {RealisedAUCDrop: &share},
		"model_age": {ModelAge: time.Hour}, "new_labels": {NewLabels: &labels},
	} {
		for _, other := range verdict.Triggers {
			if r.Asks(other) != (other == name) {
				t.Errorf("rules for %s: asks for %s: %t", name, other, r.Asks(other))
			}
		}
	}
}

// The keys of monitor.yaml are the names of the reasons.
func TestKeys(t *testing.T) {
	var keys []string
	for i := range reflect.TypeFor[Rules]().NumField() {
		keys = append(keys, reflect.TypeFor[Rules]().Field(i).Tag.Get("yaml"))
	}
	for _, name := range verdict.Triggers {
		if !slices.Contains(keys, name) {
			t.Errorf("%s is no key of %v", name, keys)
		}
	}
}
