package site

import (
	"html"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/service"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Every page of numbers names their rows and a command.
func TestPagesSayWhereTheirNumbersComeFrom(t *testing.T) {
	files := whole(t)
	for _, name := range pagesOf(files) {
		text := html.UnescapeString(string(files[name]))
		if slices.Contains([]string{"guide.html", "history.html", "compare.html", "benchmark.html"}, name) || strings.HasPrefix(name, "night/") {
			continue // the benchmark and old nights say so in their own words
		}
		if !strings.Contains(text, "data/") || !strings.Contains(text, "} | driftcalc \\\n  --reference REFERENCE \\\n  --last 7d \\\n") {
			t.Errorf("%s does not say where its numbers come from", name)
		}
	}
	feature := html.UnescapeString(string(files["feature/companysize.html"]))
	if want := "<code>subject = 'companysize' and window = '' and segment = ''</code>"; !strings.Contains(feature, want) {
		t.Errorf("no %s", want)
	}
	if got := subjectFilter("it's"); !strings.HasPrefix(got, "subject = 'it''s' ") {
		t.Errorf("filter %s", got)
	}
}

// The command holds what was given, and nothing that was not.
func TestCommandsMakeTheNumbersAgain(t *testing.T) {
	for _, c := range []struct {
		change func(*report.Tables)
		table  string
		want   []string
	}{
		{func(r *report.Tables) { r.Run.SampleReference = true }, "bins", []string{
			"{ ingest LOGS/predictions*.jsonl*", "} | driftcalc", "  --last 7d", "  --policy calibrated", "  --k-anonymity 5", "  --table bins", "  --format csv"}},
		{func(r *report.Tables) {
			r.Run.Configured, r.Run.Requests, r.Run.Last = true, 3, math.NaN()
			r.Segments = []verdict.Segment{{Column: "it's one"}, {Column: "it's one", Name: "a"}, {Column: "plan"}}
		}, "findings", []string{
			"{ ingest --config CONFIG LOGS/predictions*.jsonl*", "  ingest --config CONFIG --kind requests LOGS/api_requests*.jsonl*", "} | driftcalc",
			"  --config CONFIG", "  --reference REFERENCE", "  --policy calibrated", "  --k-anonymity 5", `  --segment 'it'\''s one'`, "  --segment plan", "  --table findings", "  --format csv"}},
		{func(r *report.Tables) {
			r.Run.NowGiven, r.Run.Last, r.Run.Window, r.Run.SkewLevel, r.Run.Policy, r.Run.K = true, 5400, 3600, verdict.OK, "x; rm -rf", 2
			r.Outcomes = []verdict.Outcome{{}}
		}, "outcomes", []string{
			"{ ingest LOGS/predictions*.jsonl*", "} | driftcalc", "  --reference REFERENCE", "  --now 2026-11-22T23:58:00Z", "  --last 1h30m0s", "  --window 1h", "  --policy 'x; rm -rf'",
			"  --k-anonymity 2", "  --outcomes OUTCOMES", "  --model MODEL", "  --features FEATURES", "  --table outcomes", "  --format csv"}},
		{func(r *report.Tables) { r.Run.Configured = true }, "rejects", []string{
			"ingest --config CONFIG LOGS/predictions*.jsonl*", "  --table rejects --format csv"}},
	} {
		r := sitetest.Report()
		r.Segments, r.Outcomes, r.Contributions, r.Run.Requests = nil, nil, nil, 0
		c.change(r)
		got := strings.Split(strings.ReplaceAll(commandOf(r, c.table), " \\\n", "\n"), "\n")
		if !slices.Equal(got, c.want) {
			t.Errorf("%q\nwant %q", got, c.want)
		}
	}
}

func TestAReferenceWithoutScoresIsNoLackOfRows(t *testing.T) {
	r := sitetest.Report()
	i := slices.IndexFunc(r.Findings, func(f verdict.Finding) bool { return f.Role == verdict.RoleScore })
	r.Findings[i].Level, r.Run.ScoreLevel, r.Run.FeatureLevel = verdict.Insufficient, verdict.Insufficient, verdict.OK
	r.Findings[i].Reason, r.Findings[i].Action = verdict.ReasonFewRows, verdict.ActionWait
	says := func(what string) bool {
		return slices.ContainsFunc(adviceOf(newBuilder(r, Options{}).View), func(a string) bool { return strings.HasPrefix(a, what) })
	}
	if !says("Wait for more rows") || says("Give the reference scores") {
		t.Error("too few rows: wrong advice")
	}
	r.Findings[i].NRef, r.Findings[i].Reason, r.Findings[i].Action = 0, verdict.ReasonNoRefScores, verdict.ActionScoreReference
	if says("Wait for more rows") || !says("Give the reference scores") {
		t.Error("no scores: wrong advice")
	}
	for _, tile := range tilesOf(newBuilder(r, Options{}).View, nil) {
		if tile.Name == "Score drift" && (tile.Value != "not judged" || tile.Note != "the reference has no scores" || tile.Level != "") {
			t.Errorf("tile %+v", tile)
		}
	}
}

// The log's own values stand as they are.
func TestColumnsOfNumbersAreKnown(t *testing.T) {
	r := &report.Tables{}
	for i, cells := range [][2]string{{"1.6", "12"}, {"1.48", "a"}, {"", "3"}, {"-20", ""}} {
		for j, c := range cells {
			r.Recent = append(r.Recent, verdict.Recent{Row: int64(i + 1), Column: string(rune('x' + j)), Value: c})
		}
	}
	v := service.Predictions(r)
	var x, y []string
	for _, row := range v.Rows {
		x, y = append(x, row.Cells[0]), append(y, row.Cells[1])
	}
	if !v.Columns[0].Numeric || !slices.Equal(x, []string{"1.6", "1.48", "", "-20"}) {
		t.Errorf("numbers: %q", x)
	}
	if v.Columns[1].Numeric || !slices.Equal(y, []string{"12", "a", "3", ""}) {
		t.Errorf("words: %q", y)
	}
}
