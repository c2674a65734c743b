// Package policy says how evidence and effect make a level: the policies, how
// each spends its error, and the effects from which a difference matters.
package policy

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/words"
)

// Policy decides how evidence and effect make a level.
type Policy int

// The policies; the zero value is the default.
const (
	Calibrated Policy = iota // effect and evidence both, one α for the run
	Classic                  // each test by itself, without correction
	Evidently                // the verdicts of Evidently's DataDriftPreset
)

var policies = []string{Calibrated: "calibrated", Classic: "classic", Evidently: "evidently"}

func (p Policy) String() string {
	if !p.known() {
		return fmt.Sprintf("policy(%d)", int(p))
	}
	return policies[p]
}

func (p Policy) known() bool { return p >= 0 && int(p) < len(policies) }

// Names are those of the policies.
func Names() []string { return slices.Clone(policies) }

// Settled is p, or Calibrated where there is no such policy.
func (p Policy) Settled() Policy {
	if !p.known() {
		return Calibrated
	}
	return p
}

// Named returns the policy of that name; an empty name is the default.
func Named(name string) (Policy, error) {
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

// UnmarshalText reads a policy's name, as Named does.
func (p *Policy) UnmarshalText(name []byte) error {
	var err error
	if *p, err = Named(string(name)); err != nil {
		return errors.New(words.NotOneOf(string(name), policies))
	}
	return nil
}

// BesideEvidently is the policy of what Evidently has no verdict on.
func (p Policy) BesideEvidently() Policy {
	if p == Evidently {
		return Calibrated
	}
	return p
}

// A Family is a set of tests that share a part of the run's α.
type Family int

// The families.
const (
	NoFamily           Family = iota // a rule, not a test
	ScoreFamily                      // the scores' distribution
	FeatureFamily                    // the features' distributions
	QualityFamily                    // missing, mistyped, unseen values and the like
	CorrelationFamily                // pairs of columns
	SegmentFamily                    // everything in all segments, of which versions are some
	MultivariateFamily               // the classifier of all features together
	OutcomeFamily                    // quality by outcomes, what a score means, the share of positives
	Families                         // how many there are
)

// alphas is how the calibrated policy spends the run's 5 %. What an absent family
// would spend is not handed on: a log judges a column by the same α whatever else
// came with it.
var alphas = [Families]float64{
	NoFamily:           math.NaN(),
	ScoreFamily:        0.01,
	FeatureFamily:      0.02,
	QualityFamily:      0.005,
	CorrelationFamily:  0.0025,
	SegmentFamily:      0.0025,
	MultivariateFamily: 0.0025,
	OutcomeFamily:      0.0075,
}

const classicAlpha = 0.05

// Alpha is what a family's evidence is held against: its q under the calibrated
// policy, each p under the classic one.
func (p Policy) Alpha(fam Family) float64 {
	if p == Classic {
		return classicAlpha
	}
	return alphas[fam]
}

// Floors are the effects at which a level turns to warn and to alert.
type Floors struct{ Warn, Alert float64 }

// The floors of each kind of effect.
var (
	PSIFloors         = Floors{0.1, 0.25}
	PointFloors       = Floors{5, 10} // percentage points of rows
	CorrelationFloors = Floors{0.2, 0.3}
	// AUCFloors are what an ideal classifier reaches where one normal column
	// moves by 0.36 and 0.74 standard deviations: a PSI of 0.13 and 0.55.
	AUCFloors = Floors{0.6, 0.7}
)
