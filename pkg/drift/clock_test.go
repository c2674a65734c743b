package drift

import (
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// TestClock: what the run's own time says of a log of a week of 100 rows a day, of which
// each comes in the first hour.
func TestClock(t *testing.T) {
	x := seq(0, 700)
	ref := viewOf(numberColumn("x", x, x))
	week := func() view.View {
		v := viewOf(numberColumn("x", x, x))
		v.First, v.Last = monday, monday.Add(6*day+time.Hour)
		for i := range 7 {
			start := monday.Add(time.Duration(i) * day)
			v.Windows = append(v.Windows, view.Window{Start: start, Length: day, View: view.View{Rows: 100, First: start, Last: start.Add(time.Hour)}})
		}
		return v
	}
	last := monday.Add(6*day + time.Hour)
	for _, c := range []struct {
		what            string
		options         Options
		level           string // of the run
		strays, traffic string // levels
	}{
		{"no clock", Options{Now: last.AddDate(1, 0, 0)}, verdict.OK, "", ""},
		{"a day old", Options{Now: last.Add(day), NowGiven: true}, verdict.OK, "", ""},
		{"two days old", Options{Now: last.Add(2 * day), NowGiven: true}, verdict.OK, "", ""},
		{"more than two days old", Options{Now: last.Add(2*day + time.Minute), NowGiven: true}, verdict.Warn, "", verdict.Warn},
		{"a stray of 701 rows", Options{Strays: 1}, verdict.Notice, verdict.Warn, ""},
		{"8 of 708 rows", Options{Strays: 8}, verdict.Warn, verdict.Warn, ""},
		{"a night of long ago, after which much came", Options{Strays: 5000, Now: last.Add(day), NowGiven: true}, verdict.OK, "", ""},
	} {
		r := Compare(ref, week(), c.options)
		level := func(subject, check, reason string) string {
			for _, f := range r.Findings {
				if f.Subject == subject && f.Check == check && f.Reason == reason {
					return f.Level
				}
			}
			return ""
		}
		strays, traffic := level(verdict.SubjectRows, verdict.CheckClock, verdict.ReasonStrayTimes), level(verdict.SubjectTraffic, verdict.CheckTraffic, verdict.ReasonStale)
		if r.Run.Level != c.level || strays != c.strays || traffic != c.traffic || !r.Run.Newest.Equal(last) {
			t.Errorf("%s: %s, strays %s, traffic %s, newest %s; want %s, %s, %s", c.what, r.Run.Level, strays, traffic, r.Run.Newest, c.level, c.strays, c.traffic)
		}
	}
	// Weekly batches are not late after five days.
	weekly := week()
	weekly.Windows = []view.Window{weekly.Windows[0], {Start: monday.Add(7 * day), Length: day, View: view.View{Rows: 100, First: monday.Add(7 * day), Last: monday.Add(7*day + time.Hour)}}}
	weekly.Last = monday.Add(7*day + time.Hour)
	if r := Compare(ref, weekly, Options{Now: weekly.Last.Add(5 * day), NowGiven: true}); r.Run.Level != verdict.OK {
		t.Errorf("weekly batches: %s, %s", r.Run.Level, r.Run.Headline)
	}
	// Where nothing is judged the headline says since when.
	silent := week()
	silent.Rows = 0
	silent.First, silent.Last = time.Time{}, time.Time{}
	if r := Compare(ref, silent, Options{Now: last.Add(3*day + time.Hour), NowGiven: true, Period: day}); r.Run.Headline != "No predictions since "+last.Format("2 Jan 2006")+", 3 days ago" || r.Run.Level != verdict.Alert {
		t.Errorf("%s: %s", r.Run.Level, r.Run.Headline)
	}
}
