package outcome

import (
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// Over returns a figure over a period, of rows of the table outcomes by windows of that
// length: the mean of the windows whose middle lies in (from, until], weighted by their
// outcomes, the 95 % interval of such a mean of independent windows, and how many outcomes
// these are; NaN and 0 where there are none. Windows without the figure and figures of one
// class are left out. Of a mean error the figure is exact; of a ROC AUC it is the mean of
// those within windows, as pairs across windows are not ranked.
func Over(rows []verdict.Outcome, metric string, window time.Duration, from, until time.Time) (value, lo, hi float64, n int64) {
	var sum, below, above float64 // by outcomes: of values, and of the squares of how far ends of intervals are off
	for _, o := range rows {
		if o.Kind != "metric" || o.Metric != metric || o.Class != "" || o.Window == "" || math.IsNaN(o.Value) {
			continue
		}
		start, err := time.Parse(time.RFC3339, o.Window)
		if middle := start.Add(window / 2); err == nil && middle.After(from) && !middle.After(until) {
			k := float64(o.N)
			down, up := k*(o.Value-o.Lo), k*(o.Hi-o.Value)
			sum, below, above, n = sum+k*o.Value, below+down*down, above+up*up, n+o.N
		}
	}
	k := float64(n)
	value = sum / k
	return value, value - math.Sqrt(below)/k, value + math.Sqrt(above)/k, n
}
