package site

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestOnlyTheJudgedPeriodIsTold(t *testing.T) {
	r := fixture()
	for _, f := range []verdict.Finding{
		{Window: "2026-11-01T00:00:00Z", Subject: "old", Role: verdict.RoleFeature, Check: verdict.CheckDistribution, Level: verdict.Alert, Rank: 1},
		{Segment: "geography=EU", Subject: "part", Role: verdict.RoleFeature, Check: verdict.CheckDistribution, Level: verdict.Alert, Rank: 1},
	} {
		r.Findings = append(r.Findings, f)
		r.Bins = append(r.Bins, verdict.Bin{Window: f.Window, Segment: f.Segment, Subject: "companysize", Kind: "category", Name: "stray", NRef: 1, NCur: 1})
	}
	for _, s := range r.subjects() {
		if s.Name == "old" || s.Name == "part" {
			t.Errorf("%s is a subject of the judged period", s.Name)
		}
		if s.Name == "companysize" && slices.ContainsFunc(s.Dist.Classes, func(c class) bool { return c.Name == "stray" }) {
			t.Error("a bin of another window is in the picture")
		}
	}
}

// A column whose values stand is OK even when a lesser check had too few rows;
// a check that warns makes it warn.
func TestLevelOfASubject(t *testing.T) {
	finding := func(check, level string) verdict.Finding {
		return verdict.Finding{Subject: "x", Role: verdict.RoleFeature, Check: check, Level: level}
	}
	for _, c := range []struct {
		levels [3]string // of distribution, missing, unseen
		want   string
	}{
		{[3]string{verdict.OK, verdict.Insufficient, verdict.OK}, verdict.OK},
		{[3]string{verdict.OK, verdict.Insufficient, verdict.Warn}, verdict.Warn},
		{[3]string{verdict.Insufficient, verdict.OK, verdict.OK}, verdict.Insufficient},
		{[3]string{verdict.Warn, verdict.OK, verdict.Alert}, verdict.Alert},
		{[3]string{verdict.Alert, verdict.Warn, verdict.OK}, verdict.Alert},
	} {
		r := &Report{Findings: []verdict.Finding{finding(verdict.CheckMissing, c.levels[1]), finding(verdict.CheckDistribution, c.levels[0]), finding(verdict.CheckUnseen, c.levels[2])}}
		if got := r.subjects()[0].Level; got != c.want {
			t.Errorf("%v: %s, want %s", c.levels, got, c.want)
		}
	}
}

func TestSinceWhen(t *testing.T) {
	r := fixture()
	size := func(b *builder) *subject { return b.subjects[0] } // companysize has rank 1
	quiet := func(n int) []verdict.Night {
		calm := *r
		calm.Findings = slices.Clone(r.Findings)
		for i := range calm.Findings {
			calm.Findings[i].Level = verdict.OK
		}
		return nights(&calm, n)
	}
	night := func(daysAgo int) []verdict.Night {
		old := *r
		old.Run.PeriodEnd = r.Run.PeriodEnd.AddDate(0, 0, -daysAgo)
		return old.Tonight()
	}
	for _, c := range []struct {
		name    string
		history []verdict.Night
		want    string
	}{
		{"first seen tonight", MergeHistory(quiet(3), night(0)), "new"},
		{"seen for two nights", MergeHistory(MergeHistory(quiet(3), night(1)), night(0)), "since 21 Nov 2026"},
		{"seen every night", MergeHistory(night(1), night(0)), "since 21 Nov 2026 or before"},
		{"a quiet night between", MergeHistory(MergeHistory(night(9), quiet(3)), night(0)), "new"},
		{"no history and no trend", nil, ""},
	} {
		b := newBuilder(r, Options{History: c.history})
		if got := b.since(size(b)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	// Without a history the trend tells: the fixture's score PSI is 0.01 + 0.012 a
	// day, which reaches 0.1 on the ninth day, 17 November.
	b := newBuilder(r, Options{})
	if got, want := b.since(b.score), "since 17 Nov 2026"; got != want {
		t.Errorf("by the trend: %q, want %q", got, want)
	}
	// So it does where the history does not reach back to the first day.
	beyond := newBuilder(r, Options{History: MergeHistory(night(1), night(0))})
	if got, want := beyond.since(beyond.score), "since 17 Nov 2026"; got != want {
		t.Errorf("by the trend, beyond the history: %q, want %q", got, want)
	}
	// A longer history knows better than windows of the newest log.
	longer := newBuilder(r, Options{History: MergeHistory(night(30), night(0))})
	if got, want := longer.since(longer.score), "since 23 Oct 2026 or before"; got != want {
		t.Errorf("by the history: %q, want %q", got, want)
	}
	// A warning that only the whole period shows has no first window.
	for i := range r.Trend {
		if r.Trend[i].Subject == "score" && r.Trend[i].Start.Equal(lastNight.Truncate(24*time.Hour)) {
			r.Trend[i].Value = 0.01
		}
	}
	if got := b.since(b.score); got != "" {
		t.Errorf("after a quiet window: %q", got)
	}
}

func TestADownAPIIsAnAlert(t *testing.T) {
	r := fixture()
	find := func(ts []tile, name string) tile {
		return ts[slices.IndexFunc(ts, func(t tile) bool { return t.Name == name })]
	}
	if got := find(newBuilder(r, Options{}).tiles(nil), "API"); got.Value != "up" || got.Level != "" || got.Note != "answered in 3.2 ms" {
		t.Errorf("an API that is up: %+v", got)
	}
	r.Health = append(r.Health, verdict.Health{URL: "http://localhost/health", CheckedAt: lastNight.Add(time.Minute), StatusCode: 503, ResponseMS: 1})
	b := newBuilder(r, Options{})
	if got := find(b.tiles(nil), "API"); got.Value != "status 503" || got.Level != verdict.Alert {
		t.Errorf("an API that is ill: %+v", got)
	}
	if !strings.HasPrefix(b.advice()[0], "Look at the API first") {
		t.Errorf("first advice: %q", b.advice()[0])
	}
	if v := b.api(); v.Uptime != 0.5 || v.Level != verdict.Alert {
		t.Errorf("uptime %v, level %s; want one of two, alert", v.Uptime, v.Level)
	}
}

func TestAdviceFollowsFromFindings(t *testing.T) {
	quiet := &Report{Run: verdict.Run{Level: verdict.OK, ScoreLevel: verdict.OK}}
	if got := newBuilder(quiet, Options{}).advice(); !slices.Equal(got, []string{"Nothing today."}) {
		t.Errorf("a quiet night: %q", got)
	}
	r := &Report{Run: verdict.Run{Level: verdict.Warn, ScoreLevel: verdict.OK, FeatureLevel: verdict.Insufficient, SampleReference: true}}
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
	if got := newBuilder(r, Options{}).advice(); !slices.Equal(got, want) {
		t.Errorf("advice:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Of missing values the share of each window tells: the reference misses 2 %,
// and 5 points more are a warning.
// The score's PSI passes 0.1 on 17 November, by the windows of the fixture.
func TestSinceWhenScoresDrift(t *testing.T) {
	for _, c := range []struct {
		change func(r *Report)
		want   string
	}{
		{func(*Report) {}, "The scores have drifted since 17 Nov 2026."},
		{func(r *Report) { r.Trend = nil }, ""},
		{func(r *Report) {
			for i, f := range r.Findings {
				if f.Role == verdict.RoleScore {
					r.Findings[i].Level = verdict.OK
				}
			}
		}, ""},
	} {
		r := fixture()
		c.change(r)
		b := newBuilder(r, Options{})
		if got := b.drifting(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if got := b.headline(); got != r.Run.Headline+"." {
			t.Errorf("headline %q", got)
		}
	}
}

func TestSinceWhenValuesAreMissing(t *testing.T) {
	r := fixture()
	for i, v := range []float64{0.02, 0.08, 0.03, 0.08, 0.09} {
		r.Trend = append(r.Trend, verdict.Trend{Start: lastNight.Truncate(24*time.Hour).AddDate(0, 0, i-4), Subject: "industry", Metric: "missing_rate", Value: v})
	}
	b := newBuilder(r, Options{})
	i := slices.IndexFunc(b.subjects, func(s *subject) bool { return s.Name == "industry" })
	if got, want := b.since(b.subjects[i]), "since 21 Nov 2026"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if f := b.feature(i, b.subjects[i]).Missing; f == nil || !strings.Contains(f.Picture.Alt, "the newest 9 %") {
		t.Errorf("figure %+v", f)
	}
}
