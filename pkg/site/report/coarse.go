package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// grain is to what moments of single rows are published.
const grain = time.Hour

// coarsen leaves of the newest rows, and of the two that bound the period, what may be
// told of a single row: verdict.Recent.Whole says of what all.
func (t *Tables) coarsen() {
	run := &t.Run
	if run.Now.Equal(run.PeriodEnd) { // by default it is the newest row's
		run.Now = run.Now.Truncate(grain)
	}
	run.PeriodStart, run.PeriodEnd = run.PeriodStart.Truncate(grain), run.PeriodEnd.Truncate(grain)
	step := t.scoreStep()
	for i := range t.Recent {
		r := &t.Recent[i]
		whole := func(name string) bool { return strings.Contains(","+r.Whole+",", ","+name+",") }
		if !whole("timestamp") {
			r.At = r.At.Truncate(grain)
		}
		if !whole("score") {
			r.Score = rounded(r.Score, step)
		}
		if !whole("label") {
			r.Label = ""
		}
		if !whole("inference_ms") {
			r.MS = twoDigits(r.MS)
		}
	}
}

// scoreStep is what scores of single rows are rounded to: 0.1, and half a standard
// deviation, up to a power of ten, where some are no probabilities. NaN where it is not
// known.
func (t *Tables) scoreStep() float64 {
	probabilities := true
	for _, r := range t.Recent {
		probabilities = probabilities && !(r.Score < 0 || r.Score > 1)
	}
	if probabilities {
		return 0.1
	}
	for _, f := range t.Findings {
		for _, s := range t.Statistics {
			if f.Role == verdict.RoleScore && s.Subject == f.Subject && s.Name == "std" && s.Window == "" && s.Segment == "" && s.Ref > 0 {
				return math.Pow10(int(math.Ceil(math.Log10(s.Ref / 2))))
			}
		}
	}
	return math.NaN()
}

// rounded rounds x to a multiple of a power of ten.
func rounded(x, step float64) float64 {
	if step < 1 {
		return math.Round(x*math.Round(1/step)) / math.Round(1/step)
	}
	return math.Round(x/step) * step
}

// twoDigits rounds x to two digits.
func twoDigits(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 2, 64), 64)
	if err != nil {
		return math.NaN()
	}
	return y
}
