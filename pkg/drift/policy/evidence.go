package policy

import (
	"math"

	"github.com/leadsman/leadsman/pkg/stats"
)

// Evidence is what a wing found about one question: numbers, and no level.
type Evidence struct {
	Test       string  // that answered
	NRef, NCur int64   // rows that it is about
	EffRef     float64 // independent rows that those are worth
	EffCur     float64
	Statistic  float64 // NaN without a test
	Most       float64 // the most that it can be, where it is the least; NaN where it is exact
	P          float64 // NaN without a test
	Effect     float64 // size of the difference, NaN without one
	Direction  string  // verdict.Up, Down, Changed, or empty

	// Certain is set where nothing can be wrong: the level is ok whatever the
	// evidence.
	Certain bool

	// Unjudged is the verdict.Reason… why the question cannot be answered, empty
	// where it can.
	Unjudged string

	// MDE returns the smallest effect seen with the chance Power by a test at
	// alpha, NaN where there is none; nil where the question has none at all.
	MDE func(alpha float64) float64
}

// None is the evidence of a question that no test was asked.
func None(nRef, nCur int64) Evidence {
	nan := math.NaN()
	return Evidence{NRef: nRef, NCur: nCur, EffRef: float64(nRef), EffCur: float64(nCur), Statistic: nan, Most: nan, P: nan, Effect: nan}
}

// Shares is stats.Shares with the test's name.
func Shares(refHits, n, curHits, m int64) (test string, statistic, p float64, err error) {
	exact, statistic, p, err := stats.Shares(refHits, n, curHits, m)
	if exact {
		return "fisher", statistic, p, err
	}
	return "two proportions", statistic, p, err
}

// DetectablePoints returns the smallest detectable difference from an expected
// share of rows, in percentage points, with n and m independent rows, as a function
// of alpha; NaN where there is none.
func DetectablePoints(expected, n, m float64) func(alpha float64) float64 {
	return func(alpha float64) float64 {
		d, err := stats.DetectableProportion(math.Max(0, math.Min(1, expected)), int64(math.Round(n)), int64(math.Round(m)), alpha, Power)
		if err != nil {
			return math.NaN()
		}
		return 100 * d
	}
}
