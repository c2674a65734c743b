package drift

import (
	"fmt"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// stale is how many times the longest usual gap between predictions, and a day at
// least, the newest one may be old.
const stale = 2

// manyLater is the share of rows after the run's own time from which they are what came
// after a night that is judged later, and no strays.
const manyLater = 0.01

// newestOf is the newest prediction of the log up to now, judged or not; zero without
// timestamps.
func newestOf(cur *view.View, o *Options) time.Time {
	newest := cur.Last
	for i := range cur.Windows {
		if w := &cur.Windows[i].View; w.Rows > 0 && w.Last.After(newest) && !(o.NowGiven && w.Last.After(o.Now)) {
			newest = w.Last
		}
	}
	return newest
}

// clockChecks judge what the run's own time says of the log: rows that a wrong clock
// dated, and whether predictions still come in.
func clockChecks(cur *view.View, o *Options) []*check {
	var out []*check
	share := float64(o.Strays) / float64(max(o.Strays, cur.Rows+cur.Requests))
	if o.Strays > 0 && (share < manyLater || !o.NowGiven) {
		as := aspect{role: verdict.RoleRun, source: verdict.SubjectRows}
		c := ruleCheck(verdict.SubjectRows, as, verdict.CheckClock, verdict.Warn, o.Policy, 0, cur.Rows, verdict.ReasonStrayTimes, sayStrays(o))
		c.Effect, c.EffectUnit = 100*share, "points"
		out = append(out, c)
	}
	newest := newestOf(cur, o)
	if !o.NowGiven || cur.Rows == 0 || newest.IsZero() {
		return out
	}
	usual := 24 * time.Hour
	for i := 1; i < len(cur.Windows); i++ {
		if a, b := &cur.Windows[i-1].View, &cur.Windows[i].View; !a.Last.IsZero() && !b.First.IsZero() {
			usual = max(usual, b.First.Sub(a.Last))
		}
	}
	if age := o.Now.Sub(newest); age > stale*usual {
		c := ruleCheck(verdict.SubjectTraffic, aspect{role: verdict.RoleRun}, verdict.CheckTraffic, verdict.Warn, o.Policy, 0, cur.Rows, verdict.ReasonStale, sayStale(newest, age))
		c.Direction = verdict.Down
		out = append(out, c)
	}
	return out
}

// sayStrays says that rows are dated by a wrong clock.
func sayStrays(o *Options) string {
	wrong := "far after all others, or before 1980"
	if o.NowGiven {
		wrong = "after the run's own time, or before 1980"
	}
	return fmt.Sprintf("%s dated by a wrong clock, %s: left out of the period", words.Count(o.Strays, "row is", "rows are"), wrong)
}

// sayStale says that no predictions come in any more.
func sayStale(newest time.Time, age time.Duration) string {
	return fmt.Sprintf("no predictions since %s: the newest is %s old", words.Day(newest), words.Age(age))
}
