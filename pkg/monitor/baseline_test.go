package monitor

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// daysLog is a log of 24 rows a day from 1 January 2026 on, the hours of each pair of days
// taken in turn, in two versions.
func daysLog(days int) string {
	var l strings.Builder
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 24 * days {
		at := start.Add(time.Duration(i/48*48+i%2*24+i%48/2) * time.Hour)
		version := "7"
		if i == 40 {
			version = "rare"
		}
		fmt.Fprintf(&l, `{"timestamp": %q, "input": {"amount": %d}, "score": 0.%d, "model_version": %q, "inference_ms": 3}`+"\n", at.Format(time.RFC3339), i%7, 1+i%9, version)
	}
	return l.String()
}

func TestBaseline(t *testing.T) {
	for _, c := range []struct {
		period string
		rows   int64
		want   string
	}{
		{"2026-01-02/2026-01-03", 48, "48 rows of production from 2 Jan 2026, 00:00 UTC to 3 Jan 2026, 23:00 UTC, with the scores that production gave; model version 7"},
		{"2026-01-02T12:00:00Z/2026-01-03T12:00:00Z", 24, "24 rows of production from 2 Jan 2026, 12:00 UTC to 3 Jan 2026, 11:00 UTC,"},
		{"2d", 48, "48 rows of production from 9 Jan 2026, 00:00 UTC to 10 Jan 2026, 23:00 UTC,"},
	} {
		span, err := ParseSpan(c.period)
		if err != nil {
			t.Fatal(err)
		}
		o, _ := options(t)
		b := NewBaseline(o, span)
		defer b.Close()
		if err := b.Read(bundle(t, "", daysLog(10))); err != nil {
			t.Fatal(err)
		}
		var buf bytes.Buffer
		w := table.NewWriter(&buf)
		provenance, err := b.Write(w.Write)
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(provenance, c.want) || strings.Contains(provenance, "rare") {
			t.Errorf("%s: %q, want %q", c.period, provenance, c.want)
		}
		// The reference that it makes is one: a night is judged by it, its scores too, and
		// says where it comes from.
		o, _ = options(t)
		n := NewNight(o)
		defer n.Close()
		if err := n.Read(table.NewReader("input", &buf), drop); err != nil && !strings.Contains(err.Error(), "no table predictions") {
			t.Fatal(err)
		}
		_, log := hourly(100)
		if err := n.Read(bundle(t, "", log), drop); err != nil {
			t.Fatal(err)
		}
		rep, err := n.Judge()
		if err != nil {
			t.Fatal(err)
		}
		if rep.Run.ReferenceFrom != provenance || rep.Run.ReferenceRows != c.rows {
			t.Errorf("%s: run has %d rows %q", c.period, rep.Run.ReferenceRows, rep.Run.ReferenceFrom)
		}
		score := false
		for _, f := range rep.Findings {
			if f.Role == verdict.RoleScore && f.Check == verdict.CheckDistribution {
				score = f.Reason != verdict.ReasonInSample
			}
			if f.Subject == "inference_ms" || f.Check == verdict.CheckNew || f.Check == verdict.CheckVanished {
				t.Errorf("%s: %s", c.period, f.Sentence)
			}
		}
		if !score {
			t.Errorf("%s: the scores are not judged", c.period)
		}
	}
}

func TestParseSpan(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		"-3d":                   "",
		"yesterday":             "",
		"2026-02-01/2026-01-01": "want a second time after the first",
		"2026-01-01/soon":       "want a length such as 28d, or",
	} {
		if _, err := ParseSpan(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	s, err := ParseSpan("2026-01-01/2026-01-01")
	if err != nil || s.Until.Sub(s.From) != 24*time.Hour {
		t.Errorf("one day: %+v, %v", s, err)
	}
}
