package driftcalc

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/drift/rollup"
	"github.com/leadsman/leadsman/pkg/monitor"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Whatever was found: the text on a terminal begins with OK, and says that nothing
// moved, of a run without any finding above ok only, and it names each of them.
func TestTextIsCalmOfNothingAboveOK(t *testing.T) {
	calm := regexp.MustCompile(`(?i)nothing (moved|today|that matters)`)
	rng := rand.New(rand.NewPCG(61, 62))
	levels := []string{verdict.OK, verdict.OK, verdict.Insufficient, verdict.Warn, verdict.Alert}
	roles := []string{verdict.RoleScore, verdict.RoleLabel, verdict.RoleFeature, verdict.RoleRun}
	calmest := 0
	for range 3000 {
		of := levels
		if rng.IntN(2) == 0 {
			of = levels[:2]
		}
		var found []verdict.Finding
		for i := range 1 + rng.IntN(5) {
			checks := slices.DeleteFunc(verdict.Checks(), func(c string) bool { return c == verdict.CheckContribution }) // which judges nothing, and is always ok
			f := verdict.NewFinding(fmt.Sprint("x", i), roles[rng.IntN(len(roles))], "", checks[rng.IntN(len(checks))])
			f.Level, f.Rank = of[rng.IntN(len(of))], int64(i+1)
			f.Sentence = fmt.Sprintf("sentence %d of %s", i, f.Level)
			if rng.IntN(6) == 0 {
				f.Segment = "size=big"
			}
			found = append(found, f)
		}
		r := monitor.Report{Report: drift.Report{Findings: found, Run: verdict.Run{Rows: 400, ReferenceRows: 300, Coverage: math.NaN()}}}
		p := rollup.Parts{Findings: found, Warn: 0.2, Alert: 0.5}
		p.Sum(&r.Run)
		var b bytes.Buffer
		if err := writeText(&b, &r, false); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		above := false
		for _, f := range found {
			if !verdict.Reaches(f.Level, verdict.Warn) {
				continue
			}
			above = true
			if !strings.Contains(text, f.Sentence) {
				t.Fatalf("%q is not told:\n%s", f.Sentence, text)
			}
		}
		says := calm.MatchString(text)
		if says {
			calmest++
		}
		if above && (says || strings.HasPrefix(text, "OK") || strings.HasPrefix(text, "INSUFFICIENT")) {
			t.Fatalf("%+v:\n%s", found, text)
		}
	}
	if calmest < 100 {
		t.Errorf("%d of 3,000 runs are calm: too few to show anything", calmest)
	}
}
