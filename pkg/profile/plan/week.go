package plan

import (
	"fmt"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

const (
	leastOfDay  = 150                        // reference rows of each day of the week: with fewer no night could show a PSI at the alert floor
	leastOfPart = 50                         // reference rows of each part of the week
	forWeekends = 13 * 24 * time.Hour        // between the reference's first and last row, from which on weekends are told from weekdays
	forWeekdays = (8*7 - 1) * 24 * time.Hour // and each weekday from the others
)

// A Week is what the reference's rows say of the days of the week.
type Week struct {
	Zone string        // IANA name of the time zone that days are of; empty: UTC
	Days [7]int64      // reference rows by day, Monday first, of those with a timestamp
	Span time.Duration // from the first of these to the last
}

// location loads a time zone by its IANA name; the empty one is UTC.
func location(zone string) (*time.Location, error) {
	l, err := time.LoadLocation(zone)
	if err != nil {
		return nil, &optionError{"timezone", fmt.Sprintf("timezone: want the name of a time zone such as Europe/Berlin, got %q", zone)}
	}
	return l, nil
}

// parts is how many parts of the week are compared each with itself: every day from eight weeks on, weekdays and weekends from two weeks on, each
// with enough rows; else the week is one.
func (w *Week) parts() view.WeekParts {
	least, weekend, all := w.Days[0], w.Days[5]+w.Days[6], int64(0)
	for _, n := range w.Days {
		least = min(least, n)
		all += n
	}
	switch {
	case w.Span >= forWeekdays && least >= leastOfDay:
		return view.EachDay
	case w.Span >= forWeekends && weekend >= leastOfPart && all-weekend >= leastOfPart:
		return view.Weekends
	}
	return view.WholeWeek
}

// Thin says that the reference spans enough weeks to be compared by parts of the week,
// but that a part has too few rows.
func (w *Week) Thin() bool { return w.Span >= forWeekends && w.parts() == view.WholeWeek }

// A Calendar finds the part of the week of a time. It is not safe for concurrent use.
type Calendar struct {
	parts    view.WeekParts
	zone     *time.Location
	from, to int64 // microseconds of the day of the time before
	day      int
}

// Calendar returns the plan's.
func (p *Plan) Calendar() *Calendar {
	zone, err := location(p.Week.Zone)
	if err != nil { // which check has said
		zone = time.UTC
	}
	return &Calendar{parts: p.Parts, zone: zone}
}

// Part returns the part of the week of a time in microseconds, below Parts.Count().
func (c *Calendar) Part(at int64) int {
	if c.parts == view.WholeWeek {
		return 0
	}
	day := c.weekday(at)
	if c.parts == view.Weekends {
		return day / 5
	}
	return day
}

// weekday returns the day of the week of a time in microseconds, 0 for Monday.
func (c *Calendar) weekday(at int64) int {
	if at < c.from || at >= c.to {
		t := time.UnixMicro(at).In(c.zone)
		start := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, c.zone)
		c.from, c.to = start.UnixMicro(), start.AddDate(0, 0, 1).UnixMicro()
		c.day = (int(t.Weekday()) + 6) % 7
	}
	return c.day
}
