package view

import (
	"testing"
	"time"
)

func TestDropStrays(t *testing.T) {
	day := func(s string, rows int64) Window {
		start, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return Window{Start: start, Length: 24 * time.Hour, View: View{Rows: rows, First: start.Add(time.Hour), Last: start.Add(23 * time.Hour)}}
	}
	jan5, jan6 := day("2026-01-05", 299), day("2026-01-06", 200)
	later := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		what    string
		windows []Window
		now     time.Time
		strays  int64
		last    string
	}{
		{"none", []Window{jan5, jan6}, time.Time{}, 0, "2026-01-06"},
		{"2099", []Window{jan5, jan6, day("2099-01-01", 1)}, time.Time{}, 1, "2026-01-06"},
		{"1970 and two of 2099", []Window{day("1970-01-01", 3), jan5, jan6, day("2099-01-01", 1), day("2099-06-01", 1)}, time.Time{}, 5, "2026-01-06"},
		{"too many to be strays", []Window{jan5, jan6, day("2099-01-01", 6)}, time.Time{}, 0, "2099-01-01"},
		{"five days ahead", []Window{jan5, jan6, day("2026-01-11", 1)}, time.Time{}, 1, "2026-01-06"},
		{"the day after a day off", []Window{jan5, jan6, day("2026-01-08", 1)}, time.Time{}, 1, "2026-01-06"},
		{"the first rows after a weekend like the one before", []Window{day("2026-01-02", 300), jan5, jan6, day("2026-01-09", 1)}, time.Time{}, 0, "2026-01-09"},
		{"by a clock all that is before it counts", []Window{jan5, jan6, day("2026-01-27", 1)}, time.Date(2026, 1, 28, 0, 0, 0, 0, time.UTC), 0, "2026-01-27"},
		{"after now", []Window{jan5, jan6}, later, 200, "2026-01-05"},
		{"all after now", []Window{jan6}, later, 0, "2026-01-06"},
		{"only 1970", []Window{day("1970-01-01", 3)}, time.Time{}, 0, "1970-01-01"},
	} {
		first, last := &c.windows[0].View, &c.windows[len(c.windows)-1].View
		v := View{Windows: c.windows, First: first.First, Last: last.Last, Newest: last.Last,
			Recent: []Row{{At: last.Last}, {At: jan5.View.Last}}, Traffic: []Traffic{{Requests: 9}, {Start: last.Last, Requests: 9}}}
		if got := v.DropStrays(c.now); got != c.strays || v.Last.Format(time.DateOnly) != c.last || !v.Newest.Equal(v.Last) {
			t.Errorf("%s: %d strays, the period ends %s; want %d, %s", c.what, got, v.Last, c.strays, c.last)
		}
		if c.strays > 0 && c.now.IsZero() && (len(v.Windows) != 2 || len(v.Recent) != 1 || len(v.Traffic) != 1 || v.First.Year() != 2026) {
			t.Errorf("%s: %d windows, %d newest rows, %d of traffic, from %s", c.what, len(v.Windows), len(v.Recent), len(v.Traffic), v.First)
		}
	}
}
