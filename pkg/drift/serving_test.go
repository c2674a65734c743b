package drift

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// durations makes a latency of which 90 % are in (0, ms/2] and 10 % in (ms-1, ms],
// so that its 95th percentile is in the upper bucket.
func durations(n int64, ms float64) view.Latency {
	return view.Latency{N: n, Mean: ms / 2, Min: 0.1, Max: ms, Buckets: []view.Bucket{
		{Lo: 0, Hi: ms / 2, Count: n - n/10}, {Lo: ms - 1, Hi: ms, Count: n / 10}}}
}

func total(requests, succeeded int64) view.Traffic {
	return view.Traffic{Requests: requests, Succeeded: succeeded}
}

// weeks makes a view of the day after eight days of the given rows, p95 and
// requests.
func afterAWeek(rows int64, ms float64, good int64) view.View {
	v := view.View{Rows: rows, First: monday.Add(8*day + time.Hour), Last: monday.Add(9*day - time.Hour), Requests: rows,
		Inference: durations(rows, ms), Traffic: []view.Traffic{total(rows, good)}}
	for i := range 8 {
		w := view.View{Rows: 1000, Inference: durations(1000, 20), Traffic: []view.Traffic{total(1000, 995)}}
		v.Windows = append(v.Windows, view.Window{Start: monday.Add(time.Duration(i) * day), Length: day, View: w})
	}
	v.Windows = append(v.Windows, view.Window{Start: monday.Add(8 * day), Length: day, View: view.View{Rows: rows, Inference: v.Inference, Traffic: v.Traffic}})
	return v
}

func TestWithoutLimitsOrPastNothingIsJudged(t *testing.T) {
	v := view.View{Rows: 100, Inference: durations(100, 20), Traffic: []view.Traffic{total(100, 50)}}
	r := Compare(view.View{}, v, Options{})
	if r.Run.LatencyLevel != "" || r.Run.APILevel != "" {
		t.Errorf("latency %q, API %q", r.Run.LatencyLevel, r.Run.APILevel)
	}
	for _, c := range []string{"(latency) latency", "(api) success", "(traffic) traffic"} {
		subject, check, _ := strings.Cut(c, " ")
		if f := find(t, r, subject, check); f.Level != "" || f.Sentence == "" {
			t.Errorf("%+v", f)
		}
	}
}

func TestLimits(t *testing.T) {
	v := view.View{Rows: 100, Inference: durations(100, 20), Response: durations(100, 40), Traffic: []view.Traffic{total(1000, 985)}}
	for _, c := range []struct {
		limits         serving.Limits
		subject, check string
		level          string
	}{
		// Requests have durations, so p95_ms is theirs: between 39 and 40 ms.
		{serving.Limits{P95MS: 50}, verdict.SubjectLatency, verdict.CheckLatency, verdict.OK},
		{serving.Limits{P95MS: 30}, verdict.SubjectLatency, verdict.CheckLatency, verdict.Warn},
		{serving.Limits{P95MS: 15}, verdict.SubjectLatency, verdict.CheckLatency, verdict.Alert},
		// 1.5 % fail: within 2 %, above 1 %, twice 0.5 % and more.
		{serving.Limits{SuccessRate: 0.98}, verdict.SubjectAPI, verdict.CheckSuccess, verdict.OK},
		{serving.Limits{SuccessRate: 0.99}, verdict.SubjectAPI, verdict.CheckSuccess, verdict.Warn},
		{serving.Limits{SuccessRate: 0.995}, verdict.SubjectAPI, verdict.CheckSuccess, verdict.Alert},
		{serving.Limits{MinRows: 100}, verdict.SubjectTraffic, verdict.CheckTraffic, verdict.OK},
		{serving.Limits{MinRows: 101}, verdict.SubjectTraffic, verdict.CheckTraffic, verdict.Warn},
	} {
		r := Compare(view.View{}, v, Options{Limits: c.limits})
		var f verdict.Finding
		for _, g := range r.Findings { // inference_ms is shown beside the limited response_ms
			if g.Subject == c.subject && g.Check == c.check && !strings.HasPrefix(g.Sentence, "inference_ms") {
				f = g
			}
		}
		if f.Level != c.level {
			t.Errorf("%+v: %s: %s", c.limits, f.Level, f.Sentence)
		}
		if !strings.HasPrefix(f.ThresholdSource, "monitor.yaml limits.") {
			t.Errorf("source %q", f.ThresholdSource)
		}
	}
	if r := Compare(view.View{}, view.View{}, Options{Limits: serving.Limits{MinRows: 1}}); r.Run.Level != verdict.Alert || r.Run.Headline != "No predictions to judge" {
		t.Errorf("%+v", r.Run)
	}
}

// Of 50 durations, 5 or more are above the true 95th percentile with a
// probability of 10.4 %, 6 or more with 3.8 % (binomial, by hand).
func TestLimitOfFewDurations(t *testing.T) {
	for slow, level := range map[int64]string{2: verdict.OK, 3: verdict.OK, 5: verdict.OK, 6: verdict.Alert, 20: verdict.Alert} {
		v := view.View{Rows: 50, Inference: view.Latency{N: 50, Min: 1, Max: 408, Buckets: []view.Bucket{{Lo: 1, Hi: 2, Count: 50 - slow}, {Lo: 400, Hi: 408, Count: slow}}}}
		f := find(t, Compare(view.View{}, v, Options{Limits: serving.Limits{P95MS: 50}}), verdict.SubjectLatency, verdict.CheckLatency)
		above := v.Inference.Quantile(0.95) > 50
		if f.Level != level || strings.Contains(f.Sentence, "chance") != (above && level == verdict.OK) {
			t.Errorf("%d of 50 slow: %s: %s", slow, f.Level, f.Sentence)
		}
	}
}

func TestEarlierWindows(t *testing.T) {
	o := Options{Period: day}
	for _, c := range []struct {
		view               view.View
		latency, ok, count string
	}{
		{afterAWeek(1000, 20, 995), verdict.OK, verdict.OK, verdict.OK},
		{afterAWeek(1000, 35, 995), verdict.Warn, verdict.OK, verdict.OK},  // about 1.75 times as slow
		{afterAWeek(1000, 90, 995), verdict.Alert, verdict.OK, verdict.OK}, // 4.5 times
		{afterAWeek(1000, 20, 970), verdict.OK, verdict.Warn, verdict.OK},  // 2.5 points fewer succeed
		{afterAWeek(1000, 20, 600), verdict.OK, verdict.Alert, verdict.OK},
		{afterAWeek(400, 20, 399), verdict.OK, verdict.OK, verdict.Warn},
		{afterAWeek(90, 20, 90), verdict.OK, verdict.OK, verdict.Alert},
		{afterAWeek(3000, 20, 2990), verdict.OK, verdict.OK, verdict.Warn},
	} {
		r := Compare(view.View{}, c.view, o)
		got := []string{find(t, r, verdict.SubjectLatency, verdict.CheckLatency).Level, find(t, r, verdict.SubjectAPI, verdict.CheckSuccess).Level, find(t, r, verdict.SubjectTraffic, verdict.CheckTraffic).Level}
		if !slices.Equal(got, []string{c.latency, c.ok, c.count}) {
			t.Errorf("%d rows: got %q, want %q %q %q\n%s", c.view.Rows, got, c.latency, c.ok, c.count, sentencesOf(r))
		}
		if r.Run.LatencyLevel != c.latency || r.Run.APILevel != verdict.Worst(c.ok, c.count) {
			t.Errorf("%+v", r.Run)
		}
	}
	// As slow as one of the seven windows before is no news; as slow as the eighth is.
	for i, want := range []string{verdict.Warn, verdict.OK} {
		v := afterAWeek(1000, 35, 995)
		v.Windows[i].View.Inference = durations(1000, 36)
		if f := find(t, Compare(view.View{}, v, o), verdict.SubjectLatency, verdict.CheckLatency); f.Level != want {
			t.Errorf("window %d was slow: %+v, want %s", i, f, want)
		}
	}
	// Nor is a day as quiet as one of the seven.
	sunday := afterAWeek(400, 20, 399)
	sunday.Windows[3].View.Rows = 380
	if f := find(t, Compare(view.View{}, sunday, o), verdict.SubjectTraffic, verdict.CheckTraffic); f.Level != verdict.OK {
		t.Errorf("%+v", f)
	}
	// The first window of a log is short and does not count.
	short := afterAWeek(1000, 20, 995)
	short.Windows = short.Windows[4:]
	if f := find(t, Compare(view.View{}, short, o), verdict.SubjectTraffic, verdict.CheckTraffic); !strings.Contains(f.Sentence, "the 3 windows before") {
		t.Errorf("%q", f.Sentence)
	}
	// Two windows say nothing.
	v := afterAWeek(1000, 90, 500)
	v.Windows = v.Windows[6:]
	if r := Compare(view.View{}, v, o); r.Run.LatencyLevel != "" || r.Run.APILevel != "" {
		t.Errorf("%+v", r.Run)
	}
}

func TestTrend(t *testing.T) {
	ref := numberColumn("x", seq(0, 100), seq(0, 100))
	ref.Classes = []int64{0, 50, 50, 0}
	cur := numberColumn("x", seq(0, 100), seq(0, 100))
	cur.Classes = []int64{0, 50, 50, 0}
	cur.Rows, cur.Missing = 125, 25
	label := categoryColumn("label", nil, append(times(30, "hot"), times(10, "cold")...))
	label.Role = table.Label
	v := view.View{Rows: 125, Windows: []view.Window{{Start: monday, Length: day,
		View: view.View{Rows: 125, Columns: []view.Column{label, cur}, Inference: durations(100, 20), Traffic: []view.Traffic{total(1440, 1368)}}}}}
	r := Compare(viewOf(as(table.Label, categoryColumn("label", nil, nil)), ref), v, Options{PositiveLabel: "hot"})
	got := map[string]float64{}
	for _, row := range r.Trend {
		if row.Window != "2026-03-02T00:00:00Z" || !row.Start.Equal(monday) {
			t.Errorf("%+v", row)
		}
		got[row.Subject+" "+row.Metric] = row.Value
	}
	for name, want := range map[string]float64{
		"(rows) rows": 125, "x missing_rate": 0.2, "(rows) missing_rate": 0.2, "label positive_rate": 0.75,
		"x psi":                     -0.02, // no difference, less (1/100 + 1/100)(2-1)
		"(api) requests_per_minute": 1, "(api) success_rate": 0.95,
	} {
		if x, ok := got[name]; !ok || x < want-1e-12 || x > want+1e-12 {
			t.Errorf("%s = %v, want %v", name, x, want)
		}
	}
	if p := got["inference_ms p95_ms"]; p < 19 || p > 20 {
		t.Errorf("p95 %v", p)
	}
}
