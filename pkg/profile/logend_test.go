package profile

import (
	"testing"
	"time"
)

func TestEndOfALog(t *testing.T) {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	far := time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
	hours := func(n int) []testRow {
		var rows []testRow
		for i := range n {
			rows = append(rows, testRow{at: start.Add(time.Duration(i) * time.Hour)})
		}
		return rows
	}
	last := start.Add(199 * time.Hour)
	for _, c := range []struct {
		what   string
		more   []testRow
		end    time.Time
		strays int64
	}{
		{"a log", nil, last, 0},
		{"one far ahead", []testRow{{at: far}}, last, 1},
		{"two days far ahead", []testRow{{at: far}, {at: last.Add(40 * 24 * time.Hour)}}, last, 2},
		{"three of 203 are no strays", []testRow{{at: far}, {at: far}, {at: far}}, far, 0},
		{"a pause of 30 days", []testRow{{at: last.Add(30 * 24 * time.Hour)}}, last.Add(30 * 24 * time.Hour), 0},
		{"rows without a time", []testRow{{}}, last, 0},
	} {
		var e LogEnd
		for _, rows := range [][]testRow{c.more, hours(200)} {
			if err := e.Add(batchOf("predictions", rows)); err != nil {
				t.Fatal(err)
			}
		}
		if end, strays := e.At(); !end.Equal(c.end) || strays != c.strays {
			t.Errorf("%s: %s, %d strays, want %s, %d", c.what, end, strays, c.end, c.strays)
		}
	}
	var none LogEnd
	if end, strays := none.At(); !end.IsZero() || strays != 0 {
		t.Errorf("no rows end at %s", end)
	}
	// More days than are told apart.
	var long []testRow
	for i := range 3 * endDays {
		long = append(long, testRow{at: start.Add(-time.Duration(i) * 24 * time.Hour)})
	}
	var e LogEnd
	if err := e.Add(batchOf("predictions", append(long, testRow{at: far}))); err != nil {
		t.Fatal(err)
	}
	if end, strays := e.At(); !end.Equal(start) || strays != 1 || len(e.days) > 2*endDays {
		t.Errorf("%s, %d strays, %d days", end, strays, len(e.days))
	}
}
