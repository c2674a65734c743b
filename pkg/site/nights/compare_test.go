package nights

import (
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// nine are nine nights: calm ones, of which the first is ok, a week in which industry
// warns, and tonight, when it is at alert.
func nine() []verdict.Night {
	r := sitetest.Report()
	var all []verdict.Night
	for i := range 9 {
		night := *r
		night.Run.PeriodEnd = r.Run.PeriodEnd.AddDate(0, 0, i-8)
		night.Findings = slices.Clone(r.Findings)
		level := verdict.Warn
		switch i {
		case 0:
			level = verdict.OK
		case 8:
			level = verdict.Alert
		}
		night.Run.Level = level
		for j := range night.Findings {
			f := &night.Findings[j]
			if f.Level = verdict.OK; f.Subject == "industry" && f.Check == verdict.CheckMissing {
				f.Level = level
			}
		}
		all = history.Add(all, history.Tonight(&night), 0)
	}
	return all
}

func TestNightsSideBySide(t *testing.T) {
	v := Compare(viewOf(sitetest.Report(), nine()))
	if v == nil || v.Level != verdict.Alert || len(v.Against) != 3 {
		t.Fatalf("%+v", v)
	}
	for i, want := range []struct{ id, day, then string }{{"before", "21 Nov 2026", verdict.Warn}, {"week", "15 Nov 2026", verdict.Warn}, {"ok", "14 Nov 2026", verdict.OK}} {
		a := v.Against[i]
		if a.ID != want.id || a.Day != want.day || a.Level != want.then || a.Href == "" {
			t.Errorf("beside %+v, want %+v", a, want)
		}
		if len(a.Rows) != 1 || a.Rows[0].Subject != "industry" || a.Rows[0].Then != want.then || a.Rows[0].Now != verdict.Alert || a.Same != 0 {
			t.Errorf("beside %s: %+v, %d the same", a.Day, a.Rows, a.Same)
		}
	}
	if got := Compare(viewOf(sitetest.Report(), nine()[:1])); got != nil {
		t.Errorf("one night beside itself: %+v", got)
	}
}

// The map has a row for what was at notice or above, and its table says how often.
func TestTheMapOfLevels(t *testing.T) {
	f := mapOf(viewOf(sitetest.Report(), nine()))
	if f == nil || len(f.Numbers.Rows) != 1 {
		t.Fatalf("%+v", f)
	}
	if got, want := strings.Join(f.Numbers.Rows[0], "|"), "industry|8|15 Nov 2026|Alert"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if want := "the most often at warning or above is industry, in 8 of them"; !strings.Contains(f.Picture.Alt, want) {
		t.Errorf("%s does not say %s", f.Picture.Alt, want)
	}
}

// Figures of the model's quality are each a finding of their own, and one that no row has
// any more is the one that was missing.
func TestBesideHasARowAFinding(t *testing.T) {
	night := func(level, missing string) *history.Told {
		at := &history.Told{}
		for _, test := range []string{"roc_auc", "brier"} {
			at.Rows = append(at.Rows, verdict.Night{Subject: "(model)", Check: verdict.CheckPerformance, Test: test, FindingLevel: level})
		}
		at.Rows = append(at.Rows, verdict.Night{Subject: "x", Check: missing, FindingLevel: level})
		return at
	}
	got := beside(night(verdict.Warn, verdict.CheckMissing), night(verdict.Alert, verdict.CheckVanished))
	if len(got.Rows) != 3 {
		t.Fatalf("%+v", got.Rows)
	}
	if title := verdict.TraitsOf(verdict.CheckPerformance).Title; got.Rows[0].Check != title+": roc auc" || got.Rows[1].Check != title+": brier" {
		t.Errorf("%+v do not say which figure", got.Rows)
	}
	for _, r := range got.Rows {
		if r.Then != verdict.Warn || r.Now != verdict.Alert {
			t.Errorf("%+v", r)
		}
	}
}
