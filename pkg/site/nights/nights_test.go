package nights

import (
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func viewOf(r *report.Tables, nights []verdict.Night) *view.View {
	return view.New(r, nights, 0, &gallery.Gallery{Draw: gallery.Drawing.PNG})
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
	b := viewOf(r, nights)
	got := calendarOf(b)
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
	b := viewOf(r, nights)
	if got := All(b).Nights[0].Events; len(got) != 1 || got[0] != "other policy" {
		t.Errorf("the night says %q", got)
	}
	for _, week := range calendarOf(b)[0].Weeks {
		for _, day := range week {
			if day.Mark && !strings.HasSuffix(day.Label, ": Alert, other policy") && !strings.HasSuffix(day.Label, ": Warning, other policy") {
				t.Errorf("its day says %q", day.Label)
			}
		}
	}
}
