package history_test

import (
	"math"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Outcomes that come in later put right the figures of the nights whose predictions they
// are of: a night has those of its own windows, by whatever run.
func TestLateOutcomes(t *testing.T) {
	day := func(d, hour int) time.Time { return time.Date(2026, 3, d, hour, 0, 0, 0, time.UTC) }
	run := func(d int, figures map[int]float64) *report.Tables {
		r := &report.Tables{Run: verdict.Run{Site: "harbour", Now: day(d, 6), NowGiven: true, PeriodEnd: day(d, 5), Last: 86400, Window: 86400}}
		for w, v := range figures {
			r.Outcomes = append(r.Outcomes, verdict.Outcome{Window: day(w, 0).Format(time.RFC3339), Kind: "metric", Metric: "roc_auc", N: int64(100 * w), Value: v},
				verdict.Outcome{Window: day(w, 0).Format(time.RFC3339), Kind: "metric", Metric: "roc_auc", Class: "a", N: 1, Value: 0.1})
		}
		// That of the period whose outcomes are judged is no night's own.
		r.Outcomes = append(r.Outcomes, verdict.Outcome{Kind: "metric", Metric: "roc_auc", N: 900, Value: 0.5})
		return r
	}
	var nights []verdict.Night
	add := func(r *report.Tables) {
		nights = history.Add(history.Late(nights, r), history.Tonight(r), 0)
	}
	// The night that ends on the 2nd at six is of the window whose middle is the noon of the 1st.
	add(run(2, nil))
	add(run(3, map[int]float64{1: 0.8}))
	add(run(4, map[int]float64{1: 0.7, 2: 0.75}))
	// Of two windows of one night the mean by outcomes, and the interval of independent ones:
	// (100*0.9 + 300*0.7)/400 = 0.75; half of it is the root of (100*0.06)² + (300*0.02)²
	// over 400, 0.0212.
	two := run(2, nil)
	two.Run.Window = 12 * 3600
	for h, o := range map[int]verdict.Outcome{0: {N: 100, Value: 0.9, Lo: 0.84, Hi: 0.96}, 12: {N: 300, Value: 0.7, Lo: 0.68, Hi: 0.72}} {
		o.Window, o.Kind, o.Metric = day(1, h+6).Format(time.RFC3339), "metric", "roc_auc"
		two.Outcomes = append(two.Outcomes, o)
	}
	if n := history.Tonight(two)[0]; n.AUC != 0.75 || n.FigureLo != 0.729 || n.FigureHi != 0.771 || n.Labels != 400 {
		t.Errorf("%v from %v to %v by %d", n.AUC, n.FigureLo, n.FigureHi, n.Labels)
	}
	type own struct {
		auc    float64
		labels int64
	}
	want := []own{{0.7, 100}, {0.75, 200}, {math.NaN(), 0}}
	got := history.Nightly(nights, "harbour")
	if len(got) != 3 {
		t.Fatalf("%d nights", len(got))
	}
	for i, n := range got {
		if w := want[i]; n.Labels != w.labels || !(n.AUC == w.auc || math.IsNaN(n.AUC) && math.IsNaN(w.auc)) {
			t.Errorf("night %d: AUC %v of %d outcomes, want %v of %d", i, n.AUC, n.Labels, w.auc, w.labels)
		}
	}
	// Another site's nights, and what was known of a night that no window is of, stay.
	other := run(5, map[int]float64{1: 0.2})
	other.Run.Site = "pier"
	if again := history.Nightly(history.Late(nights, other), "harbour"); again[0].AUC != 0.7 {
		t.Errorf("%+v", again[0])
	}
	if again := history.Nightly(history.Late(nights, run(5, nil)), "harbour"); again[0].AUC != 0.7 || again[1].Labels != 200 {
		t.Errorf("%+v", again[0])
	}
	// Numbers have their mean absolute error, of windows shorter than a night their mean.
	r := run(3, nil)
	r.Run.Window = 43200
	r.Outcomes = []verdict.Outcome{{Window: day(2, 12).Format(time.RFC3339), Kind: "metric", Metric: "mae", N: 30, Value: 2}, {Window: day(3, 0).Format(time.RFC3339), Kind: "metric", Metric: "mae", N: 90, Value: 4}}
	if n := history.Tonight(r)[0]; n.MAE != 3.5 || n.Labels != 120 || !math.IsNaN(n.AUC) {
		t.Errorf("%+v", n)
	}
}
