package rollup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/verdict"
)

var checks = []string{
	verdict.CheckDistribution, verdict.CheckMissing, verdict.CheckNonfinite, verdict.CheckType, verdict.CheckUnseen, verdict.CheckRange, verdict.CheckConstant,
	verdict.CheckNew, verdict.CheckVanished, verdict.CheckDuplicates, verdict.CheckCorrelation, verdict.CheckMultivariate, verdict.CheckLatency,
	verdict.CheckSuccess, verdict.CheckTraffic, verdict.CheckSkew, verdict.CheckVersions, verdict.CheckRetrain, "a check of tomorrow",
}

// found makes findings of any check about any role, here and there in a segment.
func found(rng *rand.Rand) []verdict.Finding {
	levels := []string{verdict.OK, verdict.OK, verdict.OK, verdict.Insufficient, verdict.Warn, verdict.Alert}
	if rng.IntN(2) == 0 {
		levels = levels[:3]
	}
	roles := []string{verdict.RoleScore, verdict.RoleLabel, verdict.RoleFeature, verdict.RoleFeature, verdict.RoleRun}
	out := make([]verdict.Finding, 1+rng.IntN(8))
	for i := range out {
		out[i] = verdict.NewFinding(fmt.Sprint("x", i), roles[rng.IntN(len(roles))], "", checks[rng.IntN(len(checks))])
		out[i].Level, out[i].Rank, out[i].Sentence = levels[rng.IntN(len(levels))], int64(i+1), fmt.Sprintf("x%d: a sentence", i)+strings.Repeat(" with numbers", rng.IntN(30))
		if rng.IntN(3) == 0 {
			out[i].Effect, out[i].EffectUnit = rng.ExpFloat64(), []string{"PSI", "points", "ms"}[rng.IntN(3)]
		}
		if rng.IntN(5) == 0 {
			out[i].Segment = "size=big"
		}
		if rng.IntN(8) == 0 {
			out[i].Accepted = "until 2027-01-01: known"
		}
	}
	return out
}

var calm = regexp.MustCompile(`(?i)\bnothing (moved|today|that matters|stood out)\b`)

// Whatever was found, the headline is calm of nothing above ok only, and the run is
// not ok while a finding that counts is above it.
func TestNoCalmAboveOK(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	calmest := 0
	for range 20000 {
		p := Parts{Findings: found(rng), Warn: 0.2, Alert: 0.5}
		run := verdict.Run{Rows: int64(rng.IntN(4)) * 100, Coverage: []float64{math.NaN(), math.NaN(), math.NaN(), 0.5}[rng.IntN(4)]}
		if rng.IntN(9) == 0 {
			p.Apart = []Apart{{Column: "size", Values: 30, Together: 10}}
		}
		p.Sum(&run)
		above, counted := false, false
		for _, f := range p.Findings {
			if verdict.Reaches(f.Level, verdict.Warn) {
				above = true
				counted = counted || f.Accepted == ""
			}
		}
		if n := utf8.RuneCountInString(run.Headline); n > longest {
			t.Fatalf("%d characters: %q", n, run.Headline)
		}
		says := calm.MatchString(run.Headline)
		if says {
			calmest++
		}
		if says && (above || run.Level != verdict.OK || len(p.Apart) > 0) || run.Headline == "" {
			t.Fatalf("%s, %q of %+v", run.Level, run.Headline, p)
		}
		if counted != verdict.Reaches(run.Level, verdict.Notice) {
			t.Fatalf("%s: %q of %+v", run.Level, run.Headline, p.Findings)
		}
		if (run.Because != "") != (run.Level == verdict.Notice || run.Level == verdict.Insufficient) {
			t.Fatalf("%s because %q", run.Level, run.Because)
		}
	}
	if calmest < 500 {
		t.Errorf("only %d runs of 20,000 were calm: the test has too few of them to show anything", calmest)
	}
}

func feature(name, level, reason string, nRef, nCur int64) verdict.Finding {
	f := verdict.NewFinding(name, verdict.RoleFeature, "number", verdict.CheckDistribution)
	f.Level, f.Reason, f.NRef, f.NCur = level, reason, nRef, nCur
	return f
}

// Twelve features: what could not be judged is no denominator that vanishes.
func TestSharesAreOverAllFeatures(t *testing.T) {
	for _, c := range []struct {
		ok, warn, alert, weak int
		features, run, said   string
	}{
		{12, 0, 0, 0, verdict.OK, verdict.OK, "Nothing moved: all 12 features are as in the reference"},
		{11, 1, 0, 0, verdict.Notice, verdict.Notice, "1 of 12 features moved: f0"},
		{11, 0, 1, 0, verdict.Warn, verdict.Warn, "1 of 12 features moved: f0"},
		{9, 3, 0, 0, verdict.Warn, verdict.Warn, "3 of 12 features moved: f0, f1 and f2"},
		{6, 6, 0, 0, verdict.Alert, verdict.Alert, "6 of 12 features moved: f0, f1, f2 and 3 more"},
		{6, 0, 0, 6, verdict.OK, verdict.OK, "6 of 12 features are as in the reference; could not be judged: the other 6 (too few rows)"},
		{5, 0, 0, 7, verdict.OK, verdict.Insufficient, "Too little to judge: 60 predictions against 303 rows of reference; 5 of 12 features are as in the reference; could not be judged: the other 7 (too few rows)"},
		{0, 0, 1, 11, verdict.Warn, verdict.Warn, "At least 1 of 12 features moved: f0; too little to judge: 60 predictions against 303 rows of reference; could not be judged: 11 features (too few rows)"},
		{0, 0, 0, 12, verdict.Insufficient, verdict.Insufficient, "Too little to judge: 60 predictions against 303 rows of reference; could not be judged: 12 features (too few rows)"},
	} {
		p := Parts{Warn: 0.2, Alert: 0.5}
		for level, n := range map[string]int{verdict.OK: c.ok, verdict.Warn: c.warn, verdict.Alert: c.alert, verdict.Insufficient: c.weak} {
			for range n {
				p.Findings = append(p.Findings, feature("", level, verdict.ReasonFewRows, 303, 60))
			}
		}
		slices.SortStableFunc(p.Findings, func(a, b verdict.Finding) int { return verdict.Severity(b.Level) - verdict.Severity(a.Level) })
		for i := range p.Findings {
			p.Findings[i].Subject = fmt.Sprint("f", i)
		}
		run := verdict.Run{Rows: 60, ReferenceRows: 303, Coverage: math.NaN()}
		p.Sum(&run)
		if run.FeatureLevel != c.features || run.Level != c.run || !strings.HasPrefix(run.Headline, c.said) {
			t.Errorf("%+v: features %s, run %s: %q", c, run.FeatureLevel, run.Level, run.Headline)
		}
		if want := float64(c.warn+c.alert) / 12; c.weak < 12 && run.DriftShare != want {
			t.Errorf("%+v: share %v, want %v", c, run.DriftShare, want)
		}
	}
}

// A new column is a fact, an accepted finding nobody's business, and a name stays as
// it is written.
func TestFactsAndNames(t *testing.T) {
	fact := verdict.NewFinding("campaign", verdict.RoleFeature, "", verdict.CheckNew)
	fact.Level = verdict.Warn
	known := feature("size", verdict.Alert, "", 300, 300)
	known.Accepted = "until 2027-01-01: the form changed"
	own := verdict.NewFinding("(x)", verdict.RoleRun, "", "a check of tomorrow")
	own.Level, own.Sentence = verdict.Alert, "llm: all is wrong"
	stands := feature("f", verdict.OK, "", 300, 300)
	for _, c := range []struct {
		findings           []verdict.Finding
		level, quality, is string
	}{
		{[]verdict.Finding{fact, stands}, verdict.Notice, verdict.Notice, "Column campaign is new; the feature is as in the reference"},
		{[]verdict.Finding{known, stands}, verdict.OK, "", "1 of 2 features is as in the reference; 1 known change is accepted"},
		{[]verdict.Finding{own, stands}, verdict.Alert, "", "llm: all is wrong; the feature is as in the reference"},
	} {
		p := Parts{Findings: c.findings, Warn: 0.2, Alert: 0.5}
		run := verdict.Run{Rows: 100, Coverage: math.NaN()}
		p.Sum(&run)
		if run.Level != c.level || run.QualityLevel != c.quality || run.Headline != c.is {
			t.Errorf("%s, quality %q, %q; want %+v", run.Level, run.QualityLevel, run.Headline, c)
		}
	}
}

// The headline stays short whatever is amiss: each kind of trouble is a few words,
// and only the first of an area is named.
func TestHeadlineIsShort(t *testing.T) {
	for _, asked := range checks[:len(checks)-2] {
		f := verdict.NewFinding("x", verdict.RoleFeature, "", asked)
		f.Sentence = "a sentence with all its numbers"
		if got := saying(&f); got == f.Sentence || len(got) > 60 {
			t.Errorf("%s: %q", asked, got)
		}
	}
	for _, name := range verdict.Triggers {
		if dueBecause(name) == name {
			t.Errorf("%s has no words", name)
		}
	}
}

// The gravest of the segments is named, by rank, whatever order the findings came in.
func TestHeadlineNamesTheGravest(t *testing.T) {
	moved := func(subject, segment string, rank int64) verdict.Finding {
		f := feature(subject, verdict.Warn, "", 300, 300)
		f.Segment, f.Rank = segment, rank
		return f
	}
	p := Parts{
		Findings: []verdict.Finding{feature("n1", verdict.OK, "", 300, 300), moved("n1", "size=a", 40), moved("n3", "size=b", 42), moved("n4 (length)", "size=b", 37)},
		Segments: []verdict.Segment{{Column: "size"}, {Column: "size", Name: "a"}, {Column: "size", Name: "b"}},
		Source:   map[string]string{"n4 (length)": "n4"}, Warn: 0.2, Alert: 0.5,
	}
	run := verdict.Run{Rows: 100, Coverage: math.NaN()}
	p.Sum(&run)
	if want := "In size=b n4 moved, and something in 1 other segment; the feature is as in the reference"; run.Headline != want || run.Level != verdict.Warn {
		t.Errorf("%s: %q, want %q", run.Level, run.Headline, want)
	}
}

// The gravest comes first, with its numbers, whatever comes of it; what has no room is
// counted, and what the run cannot vouch for stands at the end in any case.
func TestHeadlineOfABadNight(t *testing.T) {
	role := func(subject, role, check, level, sentence string) verdict.Finding {
		f := verdict.NewFinding(subject, role, "", check)
		f.Level, f.Sentence = level, sentence
		return f
	}
	score := role("score", verdict.RoleScore, verdict.CheckDistribution, verdict.Alert, "")
	model := role(verdict.SubjectModel, verdict.RoleRun, verdict.CheckPerformance, verdict.Alert, "precision fell from 89 % to 55 %, by 145 outcomes"+strings.Repeat("; and so on", 20))
	f := feature("llm_quality", verdict.Alert, "", 300, 300)
	f.Effect, f.EffectUnit = 0.946, "PSI"
	slow := role(verdict.SubjectLatency, verdict.RoleRun, verdict.CheckLatency, verdict.Warn, "")
	slow.Effect, slow.EffectUnit = 24, "ms"
	gone := role("size", verdict.RoleFeature, verdict.CheckVanished, verdict.Alert, "")
	fails := role(verdict.SubjectAPI, verdict.RoleRun, verdict.CheckSuccess, verdict.Warn, "")
	fails.Test, fails.Effect = "limit", 0.747
	for _, c := range []struct {
		findings []verdict.Finding
		want     string
	}{
		{[]verdict.Finding{model}, "Precision fell from 89 % to 55 %"},
		{[]verdict.Finding{score}, "Scores rose from 0.248 to 0.312 on average, and llm_quality explains nearly all of it"},
		{[]verdict.Finding{f, model}, "Precision fell from 89 % to 55 %; 1 of 6 features moved: llm_quality (PSI 0.95)"},
		{[]verdict.Finding{fails, slow}, "Responses are slow (p95 24 ms); too many requests fail (75 % succeeded)"},
		{[]verdict.Finding{score, f, model, slow, gone, fails}, "Scores rose from 0.248 to 0.312 on average, and llm_quality explains nearly all of it; precision fell from 89 % to 55 %; and 4 more warnings; only 50 % of the log's parts are in"},
	} {
		for i := range 5 {
			c.findings = append(c.findings, feature(fmt.Sprint("f", i), verdict.OK, "", 300, 300))
		}
		p := Parts{Findings: c.findings, Warn: 0.2, Alert: 0.5, Scores: map[string]string{"score": "scores rose from 0.248 to 0.312 on average, and llm_quality explains nearly all of it"},
			Briefs: map[string]string{Key(&model): "precision fell from 89 % to 55 %"}}
		run := verdict.Run{Rows: 100, Coverage: 0.5}
		p.Sum(&run)
		if !strings.HasPrefix(run.Headline, c.want) || !strings.HasSuffix(run.Headline, "only 50 % of the log's parts are in") {
			t.Errorf("%q,\nwant %q ...", run.Headline, c.want)
		}
	}
}
