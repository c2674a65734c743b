package drift

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// Policy decides how evidence and effect make a level.
type Policy int

// The policies; the zero value is the default.
const (
	Calibrated Policy = iota
	Classic
	Evidently
)

var policies = []string{Calibrated: "calibrated", Classic: "classic", Evidently: "evidently"}

func (p Policy) String() string {
	if p < 0 || int(p) >= len(policies) {
		return fmt.Sprintf("policy(%d)", int(p))
	}
	return policies[p]
}

// PolicyNamed returns the policy of that name; an empty name is the default.
func PolicyNamed(name string) (Policy, error) {
	if name == "" {
		return Calibrated, nil
	}
	for i, known := range policies {
		if name == known {
			return Policy(i), nil
		}
	}
	return 0, fmt.Errorf("policy: unknown %q (known: %s)", name, strings.Join(policies, ", "))
}

// elsewhere is the policy of what Evidently has no verdict on.
func (p Policy) elsewhere() Policy {
	if p == Evidently {
		return Calibrated
	}
	return p
}

// A family is a set of tests that share a part of the run's alpha.
type family int

const (
	noFamily family = iota // a rule, not a test
	scoreFamily
	featureFamily
	qualityFamily
	correlationFamily
	segmentFamily // of all segments; judgeSegments spends it
	multivariateFamily
	families
)

// alphas is how the calibrated policy spends the run's 5 %.
var alphas = [families]float64{
	noFamily:           math.NaN(),
	scoreFamily:        0.01,
	featureFamily:      0.025,
	qualityFamily:      0.005,
	correlationFamily:  0.005,
	segmentFamily:      0.0025,
	multivariateFamily: 0.0025,
}

// alpha is what a family's evidence is held against: its q under the calibrated
// policy, each p under the classic one.
func (p Policy) alpha(fam family) float64 {
	if p == Classic {
		return classicAlpha
	}
	return alphas[fam]
}

const (
	classicAlpha = 0.05
	power        = 0.8 // of the smallest detectable effect
	sparse       = 5   // expected count below which a category is pooled and a 2x2 table is tested exactly
)

// floors are the effects at which a level turns to warn and to alert.
type floors struct{ warn, alert float64 }

var (
	psiFloors         = floors{0.1, 0.25}
	pointFloors       = floors{5, 10} // percentage points of rows
	correlationFloors = floors{0.2, 0.3}
	// aucFloors are what an ideal classifier reaches where one normal column
	// moves by 0.36 and 0.74 standard deviations: a PSI of 0.13 and 0.55.
	aucFloors = floors{0.6, 0.7}
)

// Options says how to compare. The zero value is the calibrated policy without
// limits, labels or windows.
type Options struct {
	Policy        Policy
	K             int64   // a category with fewer rows on both sides is pooled; 0 means 5, negative 1
	Threshold     float64 // score from which a row counts as positive; 0 or NaN: none
	PositiveLabel string  // label that counts as positive; empty: none
	Target        string  // column with the outcome, which the views do not have; empty: it may be guessed
	Drifted       Shares
	Limits        Limits
	Evidently     EvidentlyOptions // of the policy of that name
	Asked         time.Duration    // length that was asked for, where Period is a longer one because it held too few rows; else 0
	Period        time.Duration    // length of the judged period; 0: the whole log, whose traffic is not judged

	Segments []view.Split // parts of the rows that are judged on their own

	Explained  *Explained         // what the model says about rows of both sides; nil without a model
	Importance map[string]float64 // each raw feature's share of the model's total gain; nil: as Explained tells

	// The rest is copied into the run.
	Site, Title, PlanID string
	Now                 time.Time // zero: the newest judged timestamp
	SampleReference     bool
	Coverage            float64 // 0 or NaN: complete
}

// Shares are the shares of drifted features at which the features' level turns
// to warn and alert; a zero field means 0.2 and 0.5.
type Shares struct{ Warn, Alert float64 }

// Limits are what latency and traffic are judged by. Zero or NaN: no limit.
type Limits struct {
	P95MS       float64 // 95th percentile of response_ms, or of inference_ms without requests
	SuccessRate float64 // share of requests with a status below 400
	MinRows     int64   // predictions in the judged period
}

func (o Options) settled() Options {
	switch {
	case o.K == 0:
		o.K = 5
	case o.K < 0:
		o.K = 1
	}
	if o.Policy < 0 || int(o.Policy) >= len(policies) {
		o.Policy = Calibrated
	}
	if !(o.Drifted.Alert > 0) {
		o.Drifted.Alert = 0.5
	}
	if !(o.Drifted.Warn > 0) {
		o.Drifted.Warn = min(0.2, o.Drifted.Alert)
		if o.Policy == Evidently {
			o.Drifted.Warn = o.Drifted.Alert // a data set has drifted or not
		}
	}
	if o.Importance == nil && o.Explained != nil {
		o.Importance = o.Explained.importance()
	}
	return o
}
