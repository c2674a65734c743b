package performance

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Levels are how much worse than the reference a figure by outcomes may be, under
// levels.outcomes in monitor.yaml. A zero field has its default.
type Levels struct {
	AUC    Floors `yaml:"auc"`    // fall of the area under the ROC curve, and of R²: 0.05 and 0.10
	Losses Floors `yaml:"losses"` // rise of Brier score, log loss and of the errors of predicted numbers, as a share: 0.10 and 0.25
	Rates  Floors `yaml:"rates"`  // fall of accuracy, precision, recall and specificity, change of the share of positives: 0.05 and 0.10
	Means  Floors `yaml:"means"`  // of predicted numbers: rise of the bias, change of the mean outcome, in the reference's standard deviations of errors and of outcomes: 0.1 and 0.25
}

// Floors are a change that is a warning, and one that is an alert.
type Floors struct {
	Warn  float64 `yaml:"warn" range:"0,1" zero:"the default"`
	Alert float64 `yaml:"alert" range:"0,1" zero:"the default"`
}

// The floors of each kind of figure.
var (
	aucFloors  = Floors{0.05, 0.10}
	lossFloors = Floors{0.10, 0.25}
	rateFloors = Floors{0.05, 0.10}
	meanFloors = Floors{0.10, 0.25}
	// conceptFloors are of the log-odds along the scores, or of predicted numbers of the
	// standard deviations of their errors: around one half they are 5
	// and 10 points of the share of positives, and of rare ones a fifth and a half more.
	conceptFloors = Floors{0.2, 0.4}
)

func (l Levels) settled() Levels {
	return Levels{l.AUC.settled(aucFloors), l.Losses.settled(lossFloors), l.Rates.settled(rateFloors), l.Means.settled(meanFloors)}
}

func (f Floors) settled(by Floors) Floors {
	if !(f.Alert > 0) {
		f.Alert = math.Max(by.Alert, f.Warn)
	}
	if !(f.Warn > 0) {
		f.Warn = math.Min(by.Warn, f.Alert)
	}
	return f
}

// Check says what is wrong with the levels: an alert before the warning.
func (l Levels) Check() error {
	for _, f := range []struct {
		key string
		Floors
	}{{"auc", l.AUC}, {"losses", l.Losses}, {"rates", l.Rates}, {"means", l.Means}} {
		if f.Alert > 0 && f.Warn > f.Alert {
			return policy.BadOption("levels.outcomes."+f.key+".alert", fmt.Sprintf("want levels.outcomes.%s.warn (%g) or more, got %g", f.key, f.Warn, f.Alert))
		}
	}
	return nil
}

// floors are those of a figure, in the unit of the finding's effect.
func (l Levels) floors(metric string) (policy.Floors, string) {
	switch metric {
	case "recalibration":
		return policy.Floors{Warn: conceptFloors.Warn, Alert: conceptFloors.Alert}, "log-odds"
	case "roc_auc":
		return policy.Floors{Warn: l.AUC.Warn, Alert: l.AUC.Alert}, "AUC"
	case "r2":
		return policy.Floors{Warn: l.AUC.Warn, Alert: l.AUC.Alert}, "R²"
	case "bias", "outcome_mean":
		return policy.Floors{Warn: l.Means.Warn, Alert: l.Means.Alert}, inDeviations
	case "brier", "log_loss", "mae", "rmse":
		return policy.Floors{Warn: 1 + l.Losses.Warn, Alert: 1 + l.Losses.Alert}, "times"
	}
	return policy.Floors{Warn: 100 * l.Rates.Warn, Alert: 100 * l.Rates.Alert}, "points"
}

// set tells whether monitor.yaml sets a figure's floors.
func (l Levels) set(metric string) bool {
	switch metric {
	case "recalibration":
		return false
	case "roc_auc", "r2":
		return l.AUC != aucFloors
	case "bias", "outcome_mean":
		return l.Means != meanFloors
	case "brier", "log_loss", "mae", "rmse":
		return l.Losses != lossFloors
	}
	return l.Rates != rateFloors
}

// inDeviations is the unit of a change of numbers in an owner's own unit.
const inDeviations = "standard deviations"

// A bar is what the change of a figure is called, and what it means.
type bar struct{ metric, effect, meaning string }

// Thresholds are the bars that outcomes are judged by: numbers, or those of two kinds.
func Thresholds(by policy.Policy, levels Levels, numbers bool) []verdict.Threshold {
	if numbers {
		return ofNumbers(by, levels)
	}
	return ofTwoKinds(by, levels)
}

func ofTwoKinds(by policy.Policy, levels Levels) []verdict.Threshold {
	return thresholds(by, levels, []bar{
		{"roc_auc", "fall of the ROC AUC", "the model ranks worse than in the reference"},
		{"brier", "Brier score or log loss over the reference's", "the scores are farther from the outcomes than in the reference"},
		{"recall", "fall of accuracy, precision, recall or specificity", "the model classifies worse than in the reference"},
		{"positive_rate", "change of the share of positive outcomes, either way", "more or fewer outcomes are positive than in the reference"},
		{"recalibration", "root mean square of the change of the log-odds along the scores", "a score does not mean what it meant (concept drift); a warning at most"},
	})
}

func ofNumbers(by policy.Policy, levels Levels) []verdict.Threshold {
	out := thresholds(by, levels, []bar{
		{"mae", "mean absolute or root mean squared error over the reference's", "the predictions are farther from the outcomes than in the reference"},
		{"r2", "fall of R²", "the predictions explain less of the outcomes than in the reference"},
		{"bias", "rise of the bias, over the standard deviation of the reference's errors", "the predictions lie above the outcomes, or below, by more than in the reference"},
		{"outcome_mean", "change of the mean outcome, over the reference's standard deviation, either way", "outcomes are larger or smaller than in the reference"},
		{"recalibration", "root mean square of the change of the mean outcome along the predictions, over the standard deviation of the reference's errors", "a prediction does not mean what it meant (concept drift); a warning at most"},
	})
	out[len(out)-1].Unit = inDeviations
	return out
}

func thresholds(by policy.Policy, levels Levels, bars []bar) []verdict.Threshold {
	by, levels = by.BesideEvidently(), levels.settled()
	var out []verdict.Threshold
	for _, t := range bars {
		f, unit := levels.floors(t.metric)
		row := verdict.Threshold{Area: verdict.AreaModel, Check: checkOf(t.metric), Effect: t.effect, Unit: unit, Warn: f.Warn, Alert: f.Alert,
			Alpha: by.Alpha(policy.OutcomeFamily), Source: by.String() + " policy", Meaning: t.meaning}
		if levels.set(t.metric) {
			row.Source = "monitor.yaml levels.outcomes"
		}
		if t.metric == "recalibration" {
			row.Alert = math.NaN()
		}
		out = append(out, row)
	}
	return out
}
