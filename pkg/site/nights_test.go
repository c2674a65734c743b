package site

import (
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestAnOldNightIsDrawnAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("many sites take seconds")
	}
	page := spaced(whole(t)["night/2026-11-21.html"])
	for _, want := range []string{
		"Night to 21 Nov 2026",
		"51-200 fell from 31 % to 12 %, UNKNOWN rose from 9 % to 28 %; PSI 0.42; explains 61 % of it.",
		`aria-label="Shares of companysize, reference against production: UNKNOWN rose from 8.9 % to 28 %, 51-200 fell from 31 % to 12 %."`,
		`<th scope="row"><bdi>51-200</bdi></th><td>31 %</td><td>12 %</td>`, // 94 of 303, 122 of 1014
		`href="../night/2026-11-20.html">← 20 Nov 2026`, `href="../night/2026-11-22.html">22 Nov 2026 →`,
		"1014 predictions, 15 Nov – 21 Nov 2026; policy calibrated.",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
}

func TestCalendarPutsNightsOnTheirDays(t *testing.T) {
	r := sitetest.Report()
	at := func(y int, m time.Month, d, h int, level string) []verdict.Night {
		old := *r
		old.Run.PeriodEnd, old.Run.Level = time.Date(y, m, d, h, 0, 0, 0, time.UTC), level
		return history.Tonight(&old)
	}
	nights := history.Add(at(2026, 10, 31, 23, verdict.OK), at(2026, 11, 1, 1, verdict.Warn), 0)
	nights = history.Add(nights, at(2026, 11, 1, 23, verdict.Alert), 0) // a second one on that day
	nights = history.Add(nights, history.Tonight(r), 0)
	b := newBuilder(r, Options{History: nights})
	got := calendarOf(b.View)
	if len(got) != 2 || got[0].Name != "November 2026" || got[1].Name != "October 2026" {
		t.Fatalf("months %+v", got)
	}
	// cal 11 2026: the first is a Sunday, so November has six weeks; the 22nd ends
	// the fourth. The 31st of October is the Saturday before.
	nov := got[0].Weeks
	want := dayCell{Day: 1, Kind: "alert", Href: "night/2026-11-01-2300.html", Label: "1 Nov 2026: Alert"}
	if len(nov) != 6 || nov[0][6] != want || nov[0][5].Day != 0 || nov[5][0].Day != 30 {
		t.Errorf("November %+v", nov)
	}
	if c := nov[3][6]; c.Day != 22 || c.Href != "night/2026-11-22.html" {
		t.Errorf("tonight is %+v", c)
	}
	if c := got[1].Weeks[4][5]; c.Day != 31 || c.Kind != "ok" || c.Href != "night/2026-10-31.html" {
		t.Errorf("31 October is %+v", c)
	}
	if c := nov[1][0]; c.Kind != "norun" || c.Href != "" {
		t.Errorf("a day without a night is %+v", c)
	}
}

// A night that is judged by another policy is marked by that alone, though what stood
// before is of another measure too.
func TestANightIsMarkedByWhatChanged(t *testing.T) {
	r := sitetest.Report()
	before := *r
	before.Run.PeriodEnd, before.Run.Policy = r.Run.PeriodEnd.AddDate(0, 0, -1), "classic"
	nights := history.Add(history.Tonight(&before), history.Tonight(r), 0)
	b := newBuilder(r, Options{History: nights})
	if got := historyPage(b.View).Nights[0].Events; len(got) != 1 || got[0] != "other policy" {
		t.Errorf("the night says %q", got)
	}
	for _, week := range calendarOf(b.View)[0].Weeks {
		for _, day := range week {
			if day.Mark && !strings.HasSuffix(day.Label, ": Alert, other policy") && !strings.HasSuffix(day.Label, ": Warning, other policy") {
				t.Errorf("its day says %q", day.Label)
			}
		}
	}
}

// A night that is judged at midnight is of the day that ends then, wherever it is named.
func TestANightHasOneDay(t *testing.T) {
	r := sitetest.Report()
	r.Run.NowGiven, r.Run.Now = true, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	before := *r
	before.Run.Now = r.Run.Now.AddDate(0, 0, -1)
	calm := before
	calm.Run.Now, calm.Findings = before.Run.Now.AddDate(0, 0, -1), nil
	nights := history.Add(history.Tonight(&calm), history.Tonight(&before), 0)
	nights = history.Add(nights, history.Tonight(r), 0)
	b := newBuilder(r, Options{History: nights})
	c := overviewPage(b.View, nil).Changes[0]
	if bars := c.Strip.Bars; !strings.HasPrefix(bars[len(bars)-1].Says, "22 Nov 2026") {
		t.Errorf("the newest bar says %q", bars[len(bars)-1].Says)
	}
	if !strings.HasPrefix(c.Since, "since 21 Nov 2026") {
		t.Errorf("it stands %q", c.Since)
	}
}
