package timestamp

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	var c Clock
	for _, s := range []string{
		"2026-03-01T12:34:56Z", "2024-02-29T23:59:59.999999Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.5Z", "2000-02-29T00:00:00+05:30",
		"0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "1900-03-01T00:00:00Z", "2026-03-01T12:34:56.123456789Z",
	} {
		want, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		got, zone, ok := c.Parse([]byte(s))
		if !ok || !zone || got != want.UnixMicro() {
			t.Errorf("%s: want %d, got %d, %v, %v", s, want.UnixMicro(), got, zone, ok)
		}
	}
	for s, want := range map[string]string{
		"2026-03-01 12:34:56": "2026-03-01T12:34:56Z", "2026-03-01t12:34:56.5": "2026-03-01T12:34:56.5Z",
		"2026-03-01T12:34:56+0130": "2026-03-01T11:04:56Z", "2026-03-01T12:34:56-01": "2026-03-01T13:34:56Z", "2026-03-01T12:34:56z": "2026-03-01T12:34:56Z",
	} {
		w, _ := time.Parse(time.RFC3339Nano, want)
		if got, _, ok := c.Parse([]byte(s)); !ok || got != w.UnixMicro() {
			t.Errorf("%s: got %d, %v", s, got, ok)
		}
	}
	for _, s := range []string{
		"", "2026-03-01", "2026-03-01T12:34", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-03-00T00:00:00Z",
		"2026-03-01T24:00:00Z", "2026-03-01T00:60:00Z", "2026-03-01T00:00:60Z", "2026-03-01T00:00:00.Z", "2026-03-01T00:00:00+1", "2026-03-01T00:00:00*01:00", "2026-03-01T00:00:00ZZ",
		"2026-03-01_00:00:00Z", "20x6-03-01T00:00:00Z", "2026/03/01T00:00:00Z", "2026-03-01T00:00:00+24:00",
	} {
		if got, _, ok := c.Parse([]byte(s)); ok {
			t.Errorf("%q is read as %d", s, got)
		}
	}
	// Every day of 2,800 years, against the standard library.
	for day := int64(-700_000); day < 330_000; day += 1 {
		w := time.Unix(day*86400, 0).UTC()
		y, m, d := w.Date()
		if got := daysFrom1970(y, int(m), d); got != day {
			t.Fatalf("%v: want day %d, got %d", w, day, got)
		}
	}
}
