package site

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/service"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestADownAPIIsAnAlert(t *testing.T) {
	r := sitetest.Report()
	find := func(ts []tile, name string) tile {
		return ts[slices.IndexFunc(ts, func(t tile) bool { return t.Name == name })]
	}
	if got := find(tilesOf(newBuilder(r, Options{}).View, nil), "API"); got.Value != "up" || got.Level != "" || got.Note != "answered in 3.2 ms" {
		t.Errorf("an API that is up: %+v", got)
	}
	r.Health = append(r.Health, verdict.Health{URL: "http://localhost/health", CheckedAt: sitetest.LastNight.Add(time.Minute), StatusCode: 503, ResponseMS: 1})
	b := newBuilder(r, Options{})
	if got := find(tilesOf(b.View, nil), "API"); got.Value != "status 503" || got.Level != verdict.Alert {
		t.Errorf("an API that is ill: %+v", got)
	}
	if !strings.HasPrefix(adviceOf(b.View)[0], "Look at the API first") {
		t.Errorf("first advice: %q", adviceOf(b.View)[0])
	}
	if v := service.API(b.service()); v.Well != 0.5 || v.Level != verdict.Alert {
		t.Errorf("well %v, level %s; want one of two, alert", v.Well, v.Level)
	}
}

func TestAdviceFollowsFromFindings(t *testing.T) {
	quiet := &report.Tables{Run: verdict.Run{Rows: 10, Level: verdict.OK, ScoreLevel: verdict.OK}}
	if got := adviceOf(newBuilder(quiet, Options{}).View); !slices.Equal(got, []string{"Nothing today."}) {
		t.Errorf("a quiet night: %q", got)
	}
	r := &report.Tables{Run: verdict.Run{Rows: 10, Level: verdict.Warn, ScoreLevel: verdict.OK, FeatureLevel: verdict.Insufficient, SampleReference: true}}
	for _, s := range []string{"a", "b", "c", "d", "e"} {
		r.Findings = append(r.Findings, verdict.Finding{Subject: s, Role: verdict.RoleFeature, Check: verdict.CheckUnseen, Level: verdict.Warn, Action: verdict.ActionCheckValues})
	}
	r.Findings = append(r.Findings, verdict.Finding{Subject: verdict.SubjectLatency, Role: verdict.RoleRun, Check: verdict.CheckLatency, Level: verdict.Alert, Action: verdict.ActionCheckSpeed}, verdict.Finding{Subject: "f", Role: verdict.RoleFeature, Check: verdict.CheckDistribution, Level: verdict.Insufficient, Action: verdict.ActionWait}, verdict.Finding{Subject: "a", Role: verdict.RoleFeature, Check: verdict.CheckMissing, Level: verdict.OK})
	want := []string{
		"Check new category values in a, b, c and 2 more: the model was never trained on them.",
		"Look at the service: it answers more slowly.",
		"Wait for more rows, or judge a longer period with --last.",
		"Give driftcalc --reference your own training data: this report compares with the built-in sample.",
	}
	if got := adviceOf(newBuilder(r, Options{}).View); !slices.Equal(got, want) {
		t.Errorf("advice:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Waiting does not help where nothing came.
func TestAdviceOnANightWithoutPredictions(t *testing.T) {
	r := &report.Tables{Run: verdict.Run{Level: verdict.Insufficient}}
	r.Findings = []verdict.Finding{{Subject: "f", Role: verdict.RoleFeature, Check: verdict.CheckDistribution, Level: verdict.Insufficient, Action: verdict.ActionWait}}
	if got := strings.Join(adviceOf(newBuilder(r, Options{}).View), " "); !strings.Contains(got, "whether the API is up") || strings.Contains(got, "Wait") {
		t.Errorf("advice: %s", got)
	}
}

// Of missing values the share of each window tells: the reference misses 2 %,
// and 5 points more are a warning.
// The score's PSI passes 0.1 on 17 November, by the windows of the fixture.
func TestSinceWhenScoresDrift(t *testing.T) {
	for _, c := range []struct {
		change func(r *report.Tables)
		want   string
	}{
		{func(*report.Tables) {}, "The scores have drifted since 17 Nov 2026."},
		{func(r *report.Tables) { r.Trend = nil }, ""},
		{func(r *report.Tables) {
			for i, f := range r.Findings {
				if f.Role == verdict.RoleScore {
					r.Findings[i].Level = verdict.OK
				}
			}
		}, ""},
	} {
		r := sitetest.Report()
		c.change(r)
		b := newBuilder(r, Options{})
		if got := drifting(b.View); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if got := headline(b.View); got != r.Run.Headline+"." {
			t.Errorf("headline %q", got)
		}
	}
}

func TestSinceWhenValuesAreMissing(t *testing.T) {
	r := sitetest.Report()
	for i, v := range []float64{0.02, 0.08, 0.03, 0.08, 0.09} {
		r.Trend = append(r.Trend, verdict.Trend{Start: sitetest.LastNight.Truncate(24*time.Hour).AddDate(0, 0, i-4), Subject: "industry", Metric: "missing_rate", Value: v})
	}
	b := newBuilder(r, Options{})
	i := slices.IndexFunc(b.Subjects, func(s *view.Subject) bool { return s.Name == "industry" })
	if got, want := since(b.View, b.Subjects[i]), "since 21 Nov 2026"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if f := featurePage(b.View, i, b.Subjects[i]).Missing; f == nil || !strings.Contains(f.Picture.Alt, "the newest 9 %") {
		t.Errorf("figure %+v", f)
	}
}

func TestSinceWhen(t *testing.T) {
	r := sitetest.Report()
	size := func(b *builder) *view.Subject { return b.Subjects[0] } // companysize has rank 1
	quiet := func(n int) []verdict.Night {
		calm := *r
		calm.Findings = slices.Clone(r.Findings)
		for i := range calm.Findings {
			calm.Findings[i].Level = verdict.OK
		}
		return sitetest.Nights(&calm, n)
	}
	night := func(daysAgo int) []verdict.Night {
		old := *r
		old.Run.PeriodEnd = r.Run.PeriodEnd.AddDate(0, 0, -daysAgo)
		return history.Tonight(&old)
	}
	for _, c := range []struct {
		name    string
		history []verdict.Night
		want    string
	}{
		{"first seen tonight", history.Add(quiet(3), night(0), 0), "new"},
		{"seen for two nights", history.Add(history.Add(quiet(3), night(1), 0), night(0), 0), "since 21 Nov 2026"},
		{"seen every night", history.Add(night(1), night(0), 0), "since 21 Nov 2026 or before"},
		{"a quiet night between", history.Add(history.Add(night(9), quiet(3), 0), night(0), 0), "new"},
		{"no history and no trend", nil, ""},
	} {
		b := newBuilder(r, Options{History: c.history})
		if got := since(b.View, size(b)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	// Without a history the trend tells: the fixture's score PSI is 0.01 + 0.012 a
	// day, which reaches 0.1 on the ninth day, 17 November.
	b := newBuilder(r, Options{})
	if got, want := since(b.View, b.Score), "since 17 Nov 2026"; got != want {
		t.Errorf("by the trend: %q, want %q", got, want)
	}
	// So it does where the history does not reach back to the first day.
	beyond := newBuilder(r, Options{History: history.Add(night(1), night(0), 0)})
	if got, want := since(beyond.View, beyond.Score), "since 17 Nov 2026"; got != want {
		t.Errorf("by the trend, beyond the history: %q, want %q", got, want)
	}
	// A longer history knows better than windows of the newest log.
	longer := newBuilder(r, Options{History: history.Add(night(30), night(0), 0)})
	if got, want := since(longer.View, longer.Score), "since 23 Oct 2026 or before; 3 nights not judged"; got != want {
		t.Errorf("by the history: %q, want %q", got, want)
	}
	// A warning that only the whole period shows has no first window.
	for i := range r.Trend {
		if r.Trend[i].Subject == "score" && r.Trend[i].Start.Equal(sitetest.LastNight.Truncate(24*time.Hour)) {
			r.Trend[i].Value = 0.01
		}
	}
	if got := since(b.View, b.Score); got != "" {
		t.Errorf("after a quiet window: %q", got)
	}
}

func TestListedNamesFour(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{wording.Listed([]string{"a"}), "a"}, {wording.Listed([]string{"a", "b", "c"}), "a, b and c"}, {wording.Listed([]string{"a", "b", "c", "d", "e"}), "a, b, c and 2 more"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// A log whose timestamps name no zone says what they were taken for, and by whose days
// nights go.
func TestZonesAreSaid(t *testing.T) {
	for _, c := range []struct {
		none       int64
		zone, want string
	}{
		{0, "", ""}, {0, "Europe/Berlin", "Europe/Berlin"}, {1, "", "1 timestamp names none: taken as UTC"},
		{4800, "Europe/Berlin", "4800 timestamps name none: taken as UTC; nights are days of Europe/Berlin"},
	} {
		r := sitetest.Report()
		r.Run.NoZone, r.Run.Timezone = c.none, c.zone
		got := ""
		for _, line := range restsOn(newBuilder(r, Options{}).View) {
			if line[0] == "Time zone" {
				got = line[1]
			}
		}
		if got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
