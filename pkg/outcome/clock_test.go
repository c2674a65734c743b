package outcome

import (
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/joined"
)

// clockMet is a log of days, each with predictions of which the given share has an
// outcome.
func clockMet(known []int64, all int64) *Met {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	s := joined.New(joined.File{Key: "id", Names: true, Known: 1000})
	for d, n := range known {
		at := start.AddDate(0, 0, d)
		s.Count(joined.Cell{Start: at.UnixMicro(), Score: 0.5, N: all})
		s.Met(at.UnixMicro())
		for i := range n {
			s.Add(joined.Row{Hash: joined.Hash([]byte{byte(d), byte(i)}), At: at.Add(time.Duration(i) * time.Minute).UnixMicro(), Score: 0.5, Entity: joined.Hash([]byte{byte(d), byte(i)}), Seen: 1, Value: float64(i % 2)})
		}
	}
	return MetOf(s, 0.5, 24*time.Hour)
}

// Outcomes have a clock of their own: their period ends with the newest predictions that
// have theirs, whatever the judged period is, and is as long as last says.
func TestPeriodOfOutcomes(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
	m := clockMet([]int64{100, 100, 100, 100, 100, 100, 0, 0, 0, 0}, 100) // ten days, of which four wait
	o := Options{From: day(10), Until: day(11).Add(-time.Microsecond), Length: 24 * time.Hour, Now: day(11)}
	for _, c := range []struct {
		name        string
		settings    Settings
		from, until time.Time // which the period is to hold, and nothing a day before or later
	}{
		{"nothing said", Settings{}, day(6), day(7)},
		{"last", Settings{Last: 72 * time.Hour}, day(4), day(7)},
		{"mature", Settings{Mature: 5 * 24 * time.Hour}, day(5), day(6)},
		{"both", Settings{Mature: 5 * 24 * time.Hour, Last: 96 * time.Hour}, day(2), day(6)},
	} {
		o.Settings = c.settings
		p := o.Period(m)
		if near := func(a, b time.Time) bool { d := a.Sub(b); return d <= time.Second && d >= -time.Second }; !near(p.From, c.from) || !near(p.Until, c.until) || p.Young == "" {
			t.Errorf("%s: %v to %v (%s), want %v to %v", c.name, p.From, p.Until, p.Young, c.from, c.until)
		}
		if n := RowsOf(m.Sample(p.From, p.Until).Rows); n < 100 {
			t.Errorf("%s: %d outcomes", c.name, n)
		}
	}
	// Of too few windows to see which wait: the newest with an outcome ends the period.
	few := clockMet([]int64{50, 0, 0}, 100)
	o = Options{From: day(3), Until: day(4).Add(-time.Microsecond), Length: 24 * time.Hour, Now: day(4)}
	if p := o.Period(few); RowsOf(few.Sample(p.From, p.Until).Rows) != 50 || !strings.Contains(p.Young, "2026-03-01") {
		t.Errorf("%+v", p)
	}
	// A log whose newest predictions have theirs is judged as it is.
	o.Settings = Settings{}
	full := clockMet([]int64{100, 100, 100, 100, 100}, 100)
	o = Options{From: day(5), Until: day(6).Add(-time.Microsecond), Length: 24 * time.Hour, Now: day(6)}
	if p := o.Period(full); !p.From.Equal(o.From) || !p.Until.Equal(o.Until) || p.Young != "" {
		t.Errorf("%+v", p)
	}
}

// What did not meet is said as what it is.
func TestOthers(t *testing.T) {
	m := clockMet([]int64{100, 35}, 100)
	met, _ := m.keysMet()
	if got, want := m.others(met), "; the others are of predictions that the log does not hold: it is of 2026-03-01 to 2026-03-02"; met != 135 || got != want {
		t.Errorf("%d met: %q, want %q", met, got, want)
	}
	if m.set.File.Known = 140; m.others(met) != "" {
		t.Errorf("nearly all met: %q", m.others(met))
	}
}
