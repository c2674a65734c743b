package site

import (
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
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
