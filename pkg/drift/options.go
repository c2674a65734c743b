package drift

import (
	"fmt"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/attribution"
	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/drift/skew"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// Options says how to compare. The zero value is the calibrated policy without
// limits, labels or windows.
type Options struct {
	Policy        policy.Policy
	K             int64   // a category with fewer rows on both sides is pooled; 0 means view.K, negative 1
	Threshold     float64 // score from which a row counts as positive; 0 or NaN: none
	PositiveLabel string  // label that counts as positive; empty: none
	Target        string  // column with the outcome, which the views do not have; empty: it may be guessed
	Drifted       Shares
	Known         []Known // changes that are accepted
	Limits        serving.Limits
	Public        []string          // as serving.Options.Public
	Evidently     evidently.Options // of the policy of that name
	Asked         time.Duration     // length that was asked for, where Period is a longer one because it held too few rows; else 0
	Period        time.Duration     // length of the judged period; 0: the whole log, whose traffic is not judged

	Encoded  *Encoded      // one side is in the model's own columns; nil: neither is, or both
	Segments []view.Split  // parts of the rows that are judged on their own
	Versions view.Versions // of the model, which are judged on their own and against each other; without parts where there are fewer than two

	Skew       *skew.Result           // logged scores against the model's; nil without a model
	Explained  *attribution.Explained // what the model says about rows of both sides; nil without a model
	Importance map[string]float64     // each raw feature's share of the model's total gain; nil: as Explained tells

	// The rest is copied into the run.
	Site, Title, PlanID string
	Now                 time.Time     // zero: the newest judged timestamp
	NowGiven            bool          // Now is no timestamp of the log
	Window              time.Duration // length of the trend's windows
	Configured          bool          // there is a monitor.yaml
	SampleReference     bool
	Provenance          string  // of the reference, in words
	Coverage            float64 // share of the log's parts that are in; 0, 1 or NaN: all
	Strays              int64   // rows and requests that a wrong clock put outside the period
	Left                []Left  // of each log, what could not be read
	Timezone            string  // IANA name of the zone whose days are nights; empty: UTC
}

// Encoded says that one side is in the columns that the model reads, such as one for
// each category, and the other in those that they are made of.
type Encoded struct {
	Reference   bool     // it is the reference that is in the model's columns, else the log
	Lost, Found []string // columns that only the reference has, and only the log; none of them is judged
}

// Shares are the shares of drifted features at which the features' level turns
// to warn and alert; a zero field means 0.2 and 0.5.
type Shares struct {
	Warn  float64 `yaml:"warn" range:"0,1" zero:"the default"`
	Alert float64 `yaml:"alert" range:"0,1" zero:"the default"`
}

// Check says what is wrong with the shares: an alert before the warning.
func (s Shares) Check() error {
	switch alert := s.settled().Alert; {
	case !(s.Warn > alert):
		return nil
	case s.Alert > 0:
		return policy.BadOption("levels.alert", fmt.Sprintf("want levels.warn (%g) or more, got %g", s.Warn, s.Alert))
	default:
		return policy.BadOption("levels.alert", fmt.Sprintf("want levels.warn (%g) or more; it is %g when it is not set", s.Warn, alert))
	}
}

// settled fills in the defaults.
func (s Shares) settled() Shares {
	if !(s.Alert > 0) {
		s.Alert = 0.5
	}
	if !(s.Warn > 0) {
		s.Warn = min(0.2, s.Alert)
	}
	return s
}

func (o Options) settled() Options {
	switch {
	case o.K == 0:
		o.K = view.K
	case o.K < 0:
		o.K = 1
	}
	o.Policy = o.Policy.Settled()
	drifted := o.Drifted.settled()
	if o.Policy == policy.Evidently && !(o.Drifted.Warn > 0) {
		drifted.Warn = drifted.Alert // a data set has drifted or not
	}
	o.Drifted = drifted
	if o.Importance == nil && o.Explained != nil {
		o.Importance = o.Explained.Importance()
	}
	return o
}
