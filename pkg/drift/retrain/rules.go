// Package retrain says whether it is time to retrain the model: it judges the
// reasons that somebody asks for, by what a comparison found and by what outcomes
// measured.
package retrain

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Rules are the reasons to retrain that somebody asks for. What is nil or zero
// is not asked for; a threshold of 0 is one like any other.
type Rules struct {
	DriftShare       *float64      `yaml:"drift_share" range:"0,1"`                                 // fires at this share of drifted features
	ScoreP           *float64      `yaml:"score_p" range:"0,1"`                                     // fires at this p-value of the score's drift or below
	PositiveRateDrop *float64      `yaml:"positive_rate_drop" former:"engagement_drop" range:"0,1"` // fires when the share of positive outcomes is so far below the reference's: 0.05 is five points
	EstimatedAUCDrop *float64      `yaml:"estimated_auc_drop" range:"0,1"`                          // fires when the estimated area under the ROC curve is so far below the reference's
	RealisedAUCDrop  *float64      `yaml:"realised_auc_drop" range:"0,1"`                           // the same of the area that outcomes gave
	LeastAUC         *float64      `yaml:"min_auc" range:"0,1"`                                     // fires when the area that outcomes gave is below it
	LeastF1          *float64      `yaml:"min_f1" range:"0,1"`                                      // the same of F1, and so on
	LeastPrecision   *float64      `yaml:"min_precision" range:"0,1"`
	LeastRecall      *float64      `yaml:"min_recall" range:"0,1"`
	LeastAccuracy    *float64      `yaml:"min_accuracy" range:"0,1"`
	LowPositiveRate  *float64      `yaml:"min_positive_rate" range:"0,1"` // fires when fewer outcomes than this share are positive
	HighPositiveRate *float64      `yaml:"max_positive_rate" range:"0,1"` // fires when more are
	MostMAE          *float64      `yaml:"max_mae" range:"0,"`            // fires when the mean absolute error of a predicted number is above it, in the number's own unit
	MostRMSE         *float64      `yaml:"max_rmse" range:"0,"`           // the same of the root mean squared error
	ModelAge         time.Duration `yaml:"model_age"`                     // fires so long after Trained
	NewLabels        *int64        `yaml:"new_labels" range:"0,"`         // fires at so many outcomes of predictions since Trained
	Trained          time.Time     `yaml:"trained"`                       // when the model was trained; zero: not known
	Level            string        `yaml:"level"`                         // of the run when one fires: OK, Warn or Alert; empty is Warn
}

// Check says what is wrong with the rules: a level that is none, or the age of a
// model without its beginning.
func (r Rules) Check() error {
	var faults []error
	if levels := []string{verdict.OK, verdict.Warn, verdict.Alert}; r.Level != "" && !slices.Contains(levels, r.Level) {
		faults = append(faults, policy.BadOption("retrain.level", words.NotOneOf(r.Level, levels)))
	}
	if r.ModelAge > 0 && r.Trained.IsZero() {
		faults = append(faults, policy.BadOption("retrain.trained", "is missing: retrain.model_age counts from the day on which the model was trained"))
	}
	if low, high := r.LowPositiveRate, r.HighPositiveRate; low != nil && high != nil && *low > *high {
		faults = append(faults, policy.BadOption("retrain.max_positive_rate", fmt.Sprintf("want retrain.min_positive_rate (%g) or more, got %g", *low, *high)))
	}
	return errors.Join(faults...)
}

// A limit is one of a figure by outcomes.
type limit struct {
	name, metric, words string
	at                  *float64
	most                bool // more of the figure is too much
}

func (r Rules) limits() []limit {
	return []limit{
		{verdict.TriggerLeastAUC, "roc_auc", "the ROC AUC by outcomes", r.LeastAUC, false},
		{verdict.TriggerLeastF1, "f1", "F1", r.LeastF1, false},
		{verdict.TriggerLeastPrecision, "precision", "precision", r.LeastPrecision, false},
		{verdict.TriggerLeastRecall, "recall", "recall", r.LeastRecall, false},
		{verdict.TriggerLeastAccuracy, "accuracy", "accuracy", r.LeastAccuracy, false},
		{verdict.TriggerLowPositiveRate, "positive_rate", "the share of positive outcomes", r.LowPositiveRate, false},
		{verdict.TriggerHighPositiveRate, "positive_rate", "the share of positive outcomes", r.HighPositiveRate, true},
		{verdict.TriggerMostMAE, "mae", "the mean absolute error", r.MostMAE, true},
		{verdict.TriggerMostRMSE, "rmse", "the root mean squared error", r.MostRMSE, true},
	}
}

// Asks says whether the rules ask for the reason to retrain of that name.
func (r Rules) Asks(name string) bool {
	for _, l := range r.limits() {
		if l.name == name {
			return l.at != nil
		}
	}
	return map[string]bool{
		verdict.TriggerDriftShare: r.DriftShare != nil, verdict.TriggerScoreP: r.ScoreP != nil, verdict.TriggerPositiveRateDrop: r.PositiveRateDrop != nil,
		verdict.TriggerEstimatedAUCDrop: r.EstimatedAUCDrop != nil, verdict.TriggerRealisedAUCDrop: r.RealisedAUCDrop != nil,
		verdict.TriggerModelAge: r.ModelAge != 0, verdict.TriggerNewLabels: r.NewLabels != nil,
	}[name]
}

// Named returns the trigger of that name, of those that monitor.yaml asks
// for.
func Named(triggers []verdict.Trigger, name string) (*verdict.Trigger, error) {
	for i := range triggers {
		if verdict.TriggerNow(triggers[i].Name) == name {
			return &triggers[i], nil
		}
	}
	if !slices.Contains(verdict.Triggers, name) {
		return nil, fmt.Errorf("%q is no reason to retrain: want one of %s", name, strings.Join(verdict.Triggers, ", "))
	}
	return nil, fmt.Errorf("monitor.yaml does not ask for %s under retrain", name)
}
