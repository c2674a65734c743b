package site

import (
	"fmt"
	"html"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/rollup"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// soothing are the phrases by which pages and files say that there is nothing to do.
var soothing = regexp.MustCompile(`(?i)nothing (moved|today|that matters|stood out)|no finding at warning|no check found a change|everything is|all is well|all clear|no change that matters`)

// anyNight is a night with findings of any check, role and level, rolled up as
// driftcalc does.
func anyNight(rng *rand.Rand) *report.Tables {
	base := sitetest.Report()
	r := &report.Tables{Run: base.Run}
	r.Run.Rows, r.Run.Requests, r.Run.Coverage = 400, 0, math.NaN()
	levels := []string{verdict.OK, verdict.OK, verdict.OK, verdict.Insufficient, verdict.Warn, verdict.Alert}
	switch rng.IntN(4) {
	case 0:
		levels = levels[:3]
	case 1:
		levels = levels[:4]
	}
	checks := verdict.Checks()
	roles := []string{verdict.RoleScore, verdict.RoleLabel, verdict.RoleFeature, verdict.RoleFeature, verdict.RoleRun}
	for i := range 1 + rng.IntN(5) {
		f := verdict.NewFinding(fmt.Sprint("x", i), roles[rng.IntN(len(roles))], "number", checks[rng.IntN(len(checks))])
		f.Level, f.Rank, f.NRef, f.NCur = levels[rng.IntN(len(levels))], int64(i+1), 300, 400
		f.Sentence = fmt.Sprintf("x%d: a sentence of %s", i, f.Level)
		if verdict.Reaches(f.Level, verdict.Warn) {
			f.Action = verdict.TraitsOf(f.Check).Action
		}
		switch rng.IntN(8) {
		case 0:
			f.Segment = "size=big"
		case 1:
			f.Accepted = "until 2027-01-01: known"
		}
		r.Findings = append(r.Findings, f)
	}
	if rng.IntN(3) == 0 {
		g := verdict.Segment{Column: "size", Level: verdict.OK, ScoreRef: nan, ScoreCur: nan, Mix: nan, Within: nan, P: nan, Q: nan, ShareRef: 1, ShareCur: 1}
		r.Segments = []verdict.Segment{g}
		g.Name = "big"
		r.Segments = append(r.Segments, g)
	}
	p := rollup.Parts{Findings: r.Findings, Segments: r.Segments, Warn: 0.2, Alert: 0.5}
	p.Sum(&r.Run)
	return r
}

var tags = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]+>`)

// Whatever was found: while a finding is above ok, no page and no file for machines
// says that there is nothing, and while one counts, none of them is ok.
func TestNoCalmAnywhereAboveOK(t *testing.T) {
	nights := 120
	if testing.Short() {
		nights = 30
	}
	rng := rand.New(rand.NewPCG(51, 52))
	calmest, loudest := 0, 0
	for range nights {
		r := anyNight(rng)
		above, counted := false, false
		for _, f := range r.Findings {
			if verdict.Reaches(f.Level, verdict.Warn) {
				above, counted = true, counted || f.Accepted == ""
			}
		}
		files := built(t, r, Options{History: history.Tonight(r)})
		said := false
		for name, raw := range files {
			text := string(raw)
			switch {
			case strings.HasPrefix(name, "data/"), strings.HasPrefix(name, "charts/"), strings.HasSuffix(name, ".png"), strings.HasSuffix(name, ".css"),
				strings.HasPrefix(name, "guide"), name == "thresholds.html": // which explain the words
				continue
			case strings.HasSuffix(name, ".html"):
				text = html.UnescapeString(tags.ReplaceAllString(text, " "))
			}
			if phrase := soothing.FindString(text); phrase != "" {
				said = true
				if above {
					t.Errorf("%s says %q on a %s night: %+v", name, phrase, r.Run.Level, r.Findings)
				}
			}
		}
		if said {
			calmest++
		}
		if !counted {
			continue
		}
		loudest++
		if r.Run.Level == verdict.OK || r.Run.Level == verdict.Insufficient {
			t.Errorf("the run is %s: %+v", r.Run.Level, r.Findings)
		}
		if badge := tags.ReplaceAllString(string(files["badge.svg"]), " "); regexp.MustCompile(`(?i)\bok\b`).MatchString(badge) {
			t.Errorf("badge.svg of a %s night: %s", r.Run.Level, badge)
		}
		if strings.Contains(string(files["junit.xml"]), `failures="0"`) {
			t.Errorf("junit.xml has no failure: %+v", r.Findings)
		}
		if summary := string(files["summary.md"]); !strings.Contains(strings.ToLower(summary), map[string]string{verdict.Warn: "warning", verdict.Alert: "alert", verdict.Notice: "notice"}[r.Run.Level]) {
			t.Errorf("summary.md of a %s night: %.200s", r.Run.Level, summary)
		}
		if feed := string(files["feed.xml"]); feed != "" && regexp.MustCompile(`(?i)<title>[^<]*\b(ok|calm)\b`).MatchString(feed) {
			t.Errorf("feed.xml of a %s night: %.600s", r.Run.Level, feed)
		}
	}
	if calmest < nights/10 || loudest < nights/4 {
		t.Errorf("%d calm and %d loud nights of %d: the test has too few to show anything", calmest, loudest, nights)
	}
}
