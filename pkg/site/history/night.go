package history

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// EndOf is when the night of a run ends: at the run's own time, else at the newest
// prediction judged.
func EndOf(run *verdict.Run) time.Time {
	if run.NowGiven || run.PeriodEnd.IsZero() {
		return run.Now
	}
	return run.PeriodEnd
}

// day is the length of a night where none was asked for.
const day = 24 * time.Hour

// length is that of the night's period.
func length(n *verdict.Night) time.Duration {
	if n.Last > 0 {
		return time.Duration(n.Last * float64(time.Second))
	}
	return day
}

// zoneOf is the time zone whose days are nights.
func zoneOf(n *verdict.Night) *time.Location {
	if zone, err := time.LoadLocation(n.Timezone); err == nil {
		return zone
	}
	return time.UTC // of a history from elsewhere
}

// DayOf is the day that a night is of: the one on which it ends. A run's own time is
// the first moment after its period, so that one of midnight ends the day before.
func DayOf(n *verdict.Night) time.Time { return dayAt(n, n.PeriodEnd) }

// dayAt is DayOf for another night of the same clock and zone.
func dayAt(n *verdict.Night, end time.Time) time.Time {
	at := end
	if n.NowGiven {
		at = at.Add(-time.Microsecond)
	}
	y, m, d := at.In(zoneOf(n)).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// same tells whether two rows are of one night: of one site and end. By the run's own
// time they are too where they end on one day, or, of periods shorter than a day, in
// one of the periods that a day is cut into: who runs again some hours later has
// judged the night again.
func same(a, b *verdict.Night) bool {
	switch {
	case a.Site != b.Site:
		return false
	case a.PeriodEnd.Equal(b.PeriodEnd):
		return true
	case !a.NowGiven || !b.NowGiven || a.PeriodEnd.IsZero() || b.PeriodEnd.IsZero() || !DayOf(a).Equal(DayOf(b)):
		return false
	}
	period := length(a)
	if period >= day || length(b) != period {
		return period >= day && length(b) >= day
	}
	part := func(n *verdict.Night) int64 {
		zone := zoneOf(n)
		at := n.PeriodEnd.Add(-time.Microsecond).In(zone)
		y, m, d := at.Date()
		return int64(at.Sub(time.Date(y, m, d, 0, 0, 0, 0, zone)) / period)
	}
	return part(a) == part(b)
}

// pages gives every night of a site that has none the name of its page, which it then
// keeps: its day, with the time where an earlier night of that day has it.
func pages(rows []verdict.Night, site string) {
	taken := map[string]bool{}
	nights := dated(rows, site)
	for _, n := range nights {
		taken[n[0].Page] = true
	}
	for i, n := range nights {
		if n[0].Page != "" {
			continue
		}
		at := n[0].PeriodEnd
		names := []string{DayOf(&n[0]).Format(time.DateOnly), at.UTC().Format("2006-01-02-1504"), at.UTC().Format("2006-01-02-150405")}
		k := slices.IndexFunc(names, func(name string) bool { return !taken[name] })
		name := names[max(k, 0)]
		if k < 0 {
			name += "-" + strconv.Itoa(i)
		}
		taken[name] = true
		for j := range n {
			n[j].Page = name
		}
	}
}

// PageOf is the file of a night's page from the site's root; "" where the night has
// none.
func PageOf(n *verdict.Night) string {
	if n.Page == "" || strings.ContainsFunc(n.Page, func(r rune) bool { return r != '-' && (r < '0' || r > '9') }) {
		return ""
	}
	return "night/" + n.Page + ".html"
}
