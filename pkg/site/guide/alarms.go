package guide

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"

	"github.com/leadsman/leadsman/docs"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/words"
)

// A calibrated row is how often the default policy raised its voice where nothing
// had drifted, at those sizes.
type calibratedRow struct {
	columns, reference, night float64
	loud, low, high           string // percent, and its 95 % interval
}

// calibration reads the table of false alarms.
func calibration() []calibratedRow {
	lines, err := csv.NewReader(bytes.NewReader(docs.FalseAlarms)).ReadAll()
	if err != nil {
		panic(err) // embedded: a broken one is a bug
	}
	var rows []calibratedRow
	for _, cells := range lines[1:] {
		r := calibratedRow{loud: cells[3], low: cells[4], high: cells[5]}
		for i, size := range []*float64{&r.columns, &r.reference, &r.night} {
			if *size, err = strconv.ParseFloat(cells[i], 64); err != nil {
				panic(err)
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// falseAlarms says how often the policy was wrong at the sizes nearest to the
// report's, in Markdown; "" under another policy than the calibrated one.
func falseAlarms(r *report.Tables) string {
	run := r.Run
	if run.Policy != "calibrated" || run.ReferenceRows <= 0 || run.Rows <= 0 {
		return ""
	}
	apart := func(a, b float64) float64 { return math.Abs(math.Log(a / b)) }
	var best calibratedRow
	least := math.Inf(1)
	for _, r := range calibration() {
		d := apart(r.reference, float64(run.ReferenceRows)) + apart(r.night, float64(run.Rows)) + apart(r.columns, float64(max(1, run.Features)))
		if d < least {
			best, least = r, d
		}
	}
	if math.IsInf(least, 1) {
		return ""
	}
	return fmt.Sprintf("\nHow often is a warning false? In the [simulations](calibration.md) of nights on which nothing had drifted, %s %% were at warning or above (95 %% interval %s–%s %%), with references of %s rows, nights of %s and %s columns. Of the sizes that were simulated these are the nearest to this report's %s, %s and %s. The rows were drawn from the population of the sample, not from yours.\n",
		best.loud, best.low, best.high, words.Whole(int64(best.reference)), words.Whole(int64(best.night)), words.Whole(int64(best.columns)), words.Whole(run.ReferenceRows), words.Whole(run.Rows), words.Whole(run.Features))
}
