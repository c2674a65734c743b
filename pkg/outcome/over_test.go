package outcome_test

import (
	"math"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Windows of a day, whose middles are noons: from eleven of the 2nd to noon of the 4th
// there are three, (30*0.6 + 10*0.8 + 20*0.9) / 60; from noon on the first is left out.
func TestOver(t *testing.T) {
	nan := math.NaN()
	row := func(day int, metric, class string, value float64, n int64) verdict.Outcome {
		return verdict.Outcome{Window: time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC).Format(time.RFC3339), Kind: "metric", Metric: metric, Class: class, Value: value, Lo: value - 0.1, Hi: value + 0.2, N: n}
	}
	rows := []verdict.Outcome{
		row(1, "roc_auc", "", 0.1, 99), row(2, "roc_auc", "", 0.6, 30), row(3, "roc_auc", "", 0.8, 10), row(4, "roc_auc", "", 0.9, 20), row(5, "roc_auc", "", 0.1, 99),
		row(3, "roc_auc", "hot", 0.1, 99), row(3, "mae", "", 7, 4), row(4, "roc_auc", "", nan, 99), {Kind: "metric", Metric: "roc_auc", Value: 0.1, N: 99},
	}
	at := func(day, hour int) time.Time { return time.Date(2026, 1, day, hour, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		metric      string
		from, until time.Time
		want        float64
		n           int64
	}{
		{"roc_auc", at(2, 11), at(4, 12), 44.0 / 60, 60},
		{"roc_auc", at(2, 12), at(4, 12), 26.0 / 30, 30},
		{"roc_auc", at(2, 12), at(4, 11), 0.8, 10},
		{"mae", at(1, 0), at(9, 0), 7, 4},
		{"roc_auc", at(6, 0), at(9, 0), nan, 0},
	} {
		got, lo, hi, n := outcome.Over(rows, c.metric, 24*time.Hour, c.from, c.until)
		// Independent windows: their half widths add up in squares, by their outcomes.
		if c.n == 30 && !(math.Abs(got-lo-math.Hypot(10, 20)*0.1/30) < 1e-12 && math.Abs(hi-got-math.Hypot(10, 20)*0.2/30) < 1e-12) {
			t.Errorf("%s: %v to %v around %v", c.metric, lo, hi, got)
		}
		if n != c.n || !(math.Abs(got-c.want) < 1e-12 || math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s from %s to %s: %v of %d, want %v of %d", c.metric, c.from, c.until, got, n, c.want, c.n)
		}
	}
}
