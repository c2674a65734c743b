package nights

import (
	"fmt"
	"math"
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

// The page of all nights draws how good the model was by outcomes, night by night, with
// their intervals, and says of the newest that outcomes are to come.
func TestRealisedFiguresByNight(t *testing.T) {
	from := viewOf(sitetest.Report(), nil)
	var nights []verdict.Night
	for _, c := range []struct{ auc, lo, hi float64 }{{0.8, 0.75, 0.85}, {0.7, 0.66, 0.74}, {math.NaN(), math.NaN(), math.NaN()}} {
		end := time.Date(2026, 3, 2+len(nights), 6, 0, 0, 0, time.UTC)
		nights = append(nights, verdict.Night{Site: from.Report.Run.Site, PeriodEnd: end, Level: verdict.OK, AUC: c.auc, FigureLo: c.lo, FigureHi: c.hi, MAE: math.NaN(), Labels: int64(100 * (2 - len(nights)))})
	}
	from.History = nights
	f := All(from).Model
	if f == nil || f.Caption != "ROC AUC of each night's predictions, by the outcomes that have come in since; those of the newest 1 night are to come" {
		t.Fatalf("%+v", f)
	}
	got := fmt.Sprint(f.Numbers.Rows)
	for _, want := range []string{"to come –", "0.7 0.660 to 0.740 100", "0.8 0.750 to 0.850 200"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
	for i := range from.History { // of a number its mean absolute error
		n := &from.History[i]
		n.AUC, n.MAE = math.NaN(), n.AUC
	}
	if f := All(from).Model; f == nil || !strings.HasPrefix(f.Caption, "Mean absolute error") {
		t.Errorf("%+v", f)
	}
	for i := range from.History {
		from.History[i].MAE = math.NaN()
	}
	if f := All(from).Model; f != nil {
		t.Errorf("without outcomes: %+v", f)
	}
}
