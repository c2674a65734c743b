package outcome

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/joined"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Period is the predictions whose outcomes are judged, and why they are not those
// of the judged period.
type Period struct {
	From, Until time.Time
	Young       string // why some are left out, in words; "" where none are
}

// Period returns it: outcomes have a clock of their own. With Mature their period ends
// so much earlier. Without it, the newest windows are left out as long as fewer of their
// predictions have an outcome than of the older half of the log's, for they still wait;
// and where no prediction of the judged period has one, it ends with the newest that
// has. It is as long as Last says, or as the judged period is where that has a length.
func (o *Options) Period(m *Met) Period {
	p := Period{From: o.From, Until: o.Until}
	now := o.Now
	if now.IsZero() {
		now = o.Until
	}
	moved := false
	switch {
	case now.IsZero():
	case o.Mature > 0:
		p.Until, moved = now.Add(-o.Mature), true
		p.Young = "predictions of the last " + words.Duration(o.Mature) + " do not count yet (outcomes.mature)"
	default:
		if at := m.waiting(); !at.IsZero() && !at.After(p.Until) {
			p.Until, moved = at.Add(-time.Microsecond), true
			p.Young = "predictions since " + at.Format(time.DateOnly) + " do not count: fewer of them have an outcome than of those before, so that theirs still come; outcomes.mature in monitor.yaml says from what age outcomes count"
		}
		if newest := m.newest(p.Until); !moved && o.Length > 0 && !newest.IsZero() && newest.Before(p.From) {
			p.Until, moved = newest, true
			p.Young = "no prediction of the judged period has an outcome yet: what counts ends with the newest that has, of " + newest.Format(time.DateOnly) + "; outcomes.mature in monitor.yaml says from what age outcomes count"
		}
	}
	if length := cmp.Or(o.Last, o.Length); length > 0 && !p.Until.IsZero() && (moved || o.Last > 0) {
		p.From = p.Until.Add(-length + time.Microsecond) // the oldest is younger than all of it
	}
	return p
}

// newest is the time of the newest prediction with an outcome, until then; zero where
// there is none.
func (m *Met) newest(until time.Time) (at time.Time) {
	latest := int64(math.MinInt64)
	for i := range m.rows {
		if t := m.rows[i].At; t > latest && t <= until.UnixMicro() {
			latest = t
		}
	}
	if latest == math.MinInt64 {
		return time.Time{}
	}
	return time.UnixMicro(latest).UTC()
}

// fewestWindows are how many windows tell that the newest still wait.
const fewestWindows = 4

// waitingZ is how many standard errors the share of a window's predictions with an
// outcome lies below that of the older half of the windows where it waits.
const waitingZ = 4

// waiting returns the start of the windows whose predictions still wait for
// outcomes; zero where none do, and where it cannot be told: of keys that were scored
// again and again the first prediction alone is known to have an outcome.
func (m *Met) waiting() time.Time {
	windows := m.Windows()
	if len(windows) < fewestWindows || m.set.File.Choice == joined.First && m.repeated() {
		return time.Time{}
	}
	half := len(windows) / 2
	var known, all int64
	for _, w := range windows[:half] {
		known, all = known+w.outcomes(), all+w.predictions()
	}
	var since time.Time
	for i := len(windows) - 1; i >= half; i-- {
		n, with := windows[i].predictions(), windows[i].outcomes()
		t, err := stats.TwoProportions(known, all, min(with, n), n)
		if err != nil || !(math.Abs(t.Z) > waitingZ) || float64(with)*float64(all) > float64(known)*float64(n) {
			break
		}
		since = windows[i].Start
	}
	return since
}

// A coverage is how many predictions of about one score have an outcome.
type coverage struct {
	score  float64 // mean
	n, met int64
}

const coverageCells = 10

// coverages are those of the period by tenths of its scores, and whether they differ
// by more than chance and by five points: outcomes are then of a selection, such as
// of leads that somebody called. None without windows.
func (m *Met) coverages(p Period) (cells []coverage, selected bool) {
	all, known := make(map[float64]int64), make(map[float64]int64)
	for _, w := range m.Windows() {
		if end := w.Start.Add(m.window); !p.Until.IsZero() && w.Start.After(p.Until) || !p.From.IsZero() && !end.After(p.From) {
			continue
		}
		for _, c := range w.Scores {
			all[c.Score] += c.N
		}
		for s, n := range w.met {
			known[s] += n
		}
	}
	var scores []Count
	rows := int64(0)
	for s, n := range all {
		scores, rows = append(scores, Count{s, n}), rows+n
	}
	slices.SortFunc(scores, byScore)
	at, before := make(map[int]int), int64(0)
	for _, t := range scores {
		k := min(coverageCells-1, int((2*before+t.N-1)*coverageCells/(2*rows)))
		i, ok := at[k]
		if !ok {
			i = len(cells)
			at[k], cells = i, append(cells, coverage{})
		}
		c := &cells[i]
		c.score, c.n, c.met = c.score+t.Score*float64(t.N), c.n+t.N, c.met+min(t.N, known[t.Score])
		before += t.N
	}
	var with, without []int64
	lo, hi := 1.0, 0.0
	for i := range cells {
		c := &cells[i]
		c.score /= float64(c.n)
		share := float64(c.met) / float64(c.n)
		lo, hi = math.Min(lo, share), math.Max(hi, share)
		with, without = append(with, c.met), append(without, c.n-c.met)
	}
	if x, err := stats.ChiSquared(with, without); err == nil {
		selected = x.P < selectedAlpha && hi-lo >= selectedPoints
	}
	return cells, selected
}

// A selection is one where the shares differ at this p, and by so much.
const (
	selectedAlpha  = 0.001
	selectedPoints = 0.05
)

// coverage are the rows of the table about the share of predictions with an outcome,
// by tenths of the scores, and what to say where outcomes are of a selection; "" where
// they are not.
func (m *Met) coverage(p Period) (rows []verdict.Outcome, selected string) {
	cells, is := m.coverages(p)
	for _, c := range cells {
		row := Blank("", "coverage", "joined_share", c.n)
		row.Score, row.Value = c.score, float64(c.met)/float64(c.n)
		if i, err := stats.Wilson(c.met, c.n, 0.95); err == nil {
			row.Lo, row.Hi = i.Lo, i.Hi
		}
		rows = append(rows, row)
	}
	if is {
		selected = saySelected(cells)
	}
	return rows, selected
}

// saySelected says that realised figures are of a selection.
func saySelected(cells []coverage) string {
	share := func(c coverage) float64 { return float64(c.met) / float64(c.n) }
	by := func(a, b coverage) int { return cmp.Compare(share(a), share(b)) }
	least, most := slices.MinFunc(cells, by), slices.MaxFunc(cells, by)
	return fmt.Sprintf("selected: %s of the rows with scores around %s have an outcome, and %s of those around %s; it holds for rows that get one",
		words.Percent(share(most)), words.Column(most.score), words.Percent(share(least)), words.Column(least.score))
}
