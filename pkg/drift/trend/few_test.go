package trend_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/trend"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// A window of fewer than k rows says how many came, and so does a column with fewer than
// k values in it; of a mean there are the digits that its error leaves.
func TestFewRowsAreAGap(t *testing.T) {
	scores := func(rows, missing int64, mean float64) view.Column {
		return view.Column{Name: "score", Role: "score", Kind: view.NumberKind, Rows: rows, Missing: missing, Number: &view.Number{Mean: mean, Std: 0.2}}
	}
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	window := func(i int, c view.Column) view.Window {
		w := view.Window{Start: day.AddDate(0, 0, i), Length: 24 * time.Hour, View: view.View{Rows: c.Rows, Columns: []view.Column{c}}}
		w.View.Inference = view.Latency{N: c.Rows, Mean: 3, Min: 3, Max: 3, Buckets: []view.Bucket{{Lo: 2.9, Hi: 3.1, Count: c.Rows}}}
		return w
	}
	ref := view.View{Columns: []view.Column{scores(500, 0, 0.5)}}
	cur := view.View{Windows: []view.Window{window(0, scores(1, 0, 0.987654321)), window(1, scores(400, 397, 0.987654321)), window(2, scores(400, 0, 0.487654321))}}
	got := ""
	for _, r := range trend.Windows(&ref, &cur, "", 5, nil).Rows {
		if !math.IsNaN(r.Value) {
			got += fmt.Sprintf("%d %s %s %d %g\n", r.Start.Day(), r.Subject, r.Metric, r.N, r.Value)
		}
	}
	if want := `5 (rows) rows 1 1
6 (rows) rows 400 400
6 inference_ms p50_ms 400 3
6 inference_ms p95_ms 400 3
6 inference_ms p99_ms 400 3
7 (rows) rows 400 400
7 score mean 400 0.49
7 inference_ms p50_ms 400 3
7 inference_ms p95_ms 400 3
7 inference_ms p99_ms 400 3
`; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
