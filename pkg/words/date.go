package words

import "time"

// Day writes a date: "2 Jan 2006", in UTC.
func Day(t time.Time) string { return written(t, "2 Jan 2006") }

// Stamp writes a time: "2 Jan 2006, 15:04 UTC".
func Stamp(t time.Time) string { return written(t, "2 Jan 2006, 15:04 UTC") }

// Moment is Stamp with seconds.
func Moment(t time.Time) string { return written(t, "2 Jan 2006, 15:04:05 UTC") }

func written(t time.Time, layout string) string {
	if t.IsZero() {
		return None
	}
	return t.UTC().Format(layout)
}

// Span writes a period by its days, the year once.
func Span(from, to time.Time) string {
	switch {
	case from.IsZero() || to.IsZero():
		return "an unknown period"
	case Day(from) == Day(to):
		return Day(to)
	case from.UTC().Year() == to.UTC().Year():
		return from.UTC().Format("2 Jan") + " – " + Day(to)
	}
	return Day(from) + " – " + Day(to)
}
