package site

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/docs"
)

// A calibrated row is how often the default policy raised its voice where nothing
// had drifted, at those sizes.
type calibratedRow struct {
	columns, reference, night float64
	loud, interval            string // percent
}

const calibrationHead = "| columns | reference rows | rows a night | at warn or above, % | interval |"

// calibration reads the table of false alarms of docs/calibration.md.
func calibration() []calibratedRow {
	_, table, _ := strings.Cut(string(docs.Calibration), calibrationHead)
	table, _, _ = strings.Cut(table, "\n\n")
	var rows []calibratedRow
	for _, line := range strings.Split(table, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 7 {
			continue
		}
		var r calibratedRow
		sizes := []*float64{&r.columns, &r.reference, &r.night}
		known := true
		for i, size := range sizes {
			words := strings.Fields(cells[i+1]) // "19 raw"
			if len(words) == 0 {
				known = false
				break
			}
			var err error
			*size, err = strconv.ParseFloat(words[0], 64)
			known = known && err == nil && *size > 0
		}
		r.loud, r.interval = strings.TrimSpace(cells[4]), strings.TrimSpace(cells[5])
		if known {
			rows = append(rows, r)
		}
	}
	return rows
}

// falseAlarms says how often the policy was wrong at the sizes nearest to the
// report's, in Markdown; "" under another policy than the calibrated one.
func (b *builder) falseAlarms() string {
	run := b.r.Run
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
	return fmt.Sprintf("\nHow often is a warning false? In the [simulations](calibration.md) of nights on which nothing had drifted, %s %% were at warning or above (95 %% interval %s %%), with references of %s rows, nights of %s and %s columns. Of the sizes that were simulated these are the nearest to this report's %s, %s and %s. The rows were drawn from the population of the sample, not from yours.\n",
		best.loud, best.interval, count(int64(best.reference)), count(int64(best.night)), count(int64(best.columns)), count(run.ReferenceRows), count(run.Rows), count(run.Features))
}
