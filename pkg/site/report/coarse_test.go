package report_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Of a single row a site tells the hour, the score to 0.1, two digits of its time, and
// no label; what is public is told as it is.
func TestSingleRowsAreCoarse(t *testing.T) {
	at := time.Date(2026, 1, 5, 8, 15, 43, 217654000, time.UTC)
	row := verdict.Recent{Row: 1, At: at, Score: 0.987654321, Label: "hot", MS: 12.3456, Column: "country", Value: "DE"}
	for _, c := range []struct {
		whole, want string
		scores      []float64
		std         float64
	}{
		{"", "08:00:00 1  12 DE", nil, 0},
		{"timestamp", "08:15:43.217654 1  12 DE", nil, 0},
		{"score,label", "08:00:00 0.987654321 hot 12 DE", nil, 0},
		{"timestamp,score,label,inference_ms", "08:15:43.217654 0.987654321 hot 12.3456 DE", nil, 0},
		{"", "08:00:00 0  12 DE", []float64{51234.56}, 9000},
		{"", "08:00:00 NaN  12 DE", []float64{51234.56}, 0},
	} {
		r := sitetest.Report()
		row.Whole = c.whole
		r.Recent, r.Statistics = []verdict.Recent{row}, nil
		for i, x := range c.scores {
			r.Recent = append(r.Recent, verdict.Recent{Row: int64(i + 2), Score: x})
			r.Statistics = append(r.Statistics, verdict.Statistic{Subject: "score", Name: "std", Ref: c.std})
		}
		r.Run.PeriodStart, r.Run.PeriodEnd, r.Run.Now = at.Add(-time.Minute), at, at
		got, err := report.Read(table.NewReader("in", sitetest.Stream(t, r)))
		if err != nil {
			t.Fatal(err)
		}
		one := got.Recent[0]
		if s := fmt.Sprintf("%s %v %s %v %s", one.At.Format("15:04:05.999999"), one.Score, one.Label, one.MS, one.Value); s != c.want {
			t.Errorf("whole %q: %s, want %s", c.whole, s, c.want)
		}
		if hour := at.Truncate(time.Hour); !got.Run.PeriodStart.Equal(hour) || !got.Run.PeriodEnd.Equal(hour) || !got.Run.Now.Equal(hour) {
			t.Errorf("the run is from %v to %v at %v", got.Run.PeriodStart, got.Run.PeriodEnd, got.Run.Now)
		}
		if len(c.scores) > 0 && c.std > 0 && got.Recent[1].Score != 50000 && !math.IsNaN(got.Recent[1].Score) {
			t.Errorf("a score that is no probability is told as %v", got.Recent[1].Score)
		}
	}
}

// A run that was given its time keeps it.
func TestTimeOfTheRun(t *testing.T) {
	r := sitetest.Report()
	r.Run.Now = r.Run.PeriodEnd.Add(time.Minute)
	got, err := report.Read(table.NewReader("in", sitetest.Stream(t, r)))
	if err != nil || !got.Run.Now.Equal(r.Run.Now) {
		t.Errorf("%v, %v", got.Run.Now, err)
	}
}
