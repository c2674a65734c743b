package outcome

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/words"
)

// A period is the predictions whose outcomes are judged, and why they are not those
// of the judged period.
type period struct {
	from, until time.Time
	young       string // why some are left out, in words; "" where none are
}

// period returns it. With Mature the outcomes' period ends so much earlier, and
// begins so much earlier where the judged period has a length: outcomes have a clock
// of their own. Without it, the newest windows are left out as long as fewer of their
// predictions have an outcome than of the older half of the log's: they still wait.
func (o *Options) period(j *Join) period {
	p := period{from: o.From, until: o.Until}
	now := o.Now
	if now.IsZero() {
		now = o.Until
	}
	switch {
	case now.IsZero():
	case o.Mature > 0:
		p.until = now.Add(-o.Mature)
		if o.Length > 0 {
			p.from = p.until.Add(-o.Length + time.Microsecond) // the oldest is younger than all of it
		}
		p.young = "predictions younger than " + words.Duration(o.Mature) + " do not count yet (outcomes.mature)"
	default:
		if at := j.waiting(); !at.IsZero() && !at.After(p.until) {
			p.until = at.Add(-time.Microsecond)
			p.young = "predictions since " + at.Format(time.DateOnly) + " do not count: fewer of them have an outcome than of those before, so that theirs still come; outcomes.mature in monitor.yaml says from what age outcomes count"
		}
	}
	return p
}

// What a baseline holds at least: outcomes, and of the rarer kind.
const (
	baselineRows  = 300
	baselineRarer = 30
)

// baseline takes the log's first windows with enough outcomes for the reference, where
// that has no figures of its own, such as with scores of training rows: the judged
// rows are those after it. Without enough nothing is changed.
func (e *evaluation) baseline(j *Join) {
	var first tallies
	var start time.Time
	for _, w := range j.byWindow() {
		if start.IsZero() {
			start = w.Start
		}
		end := w.Start.Add(j.Window)
		if !e.period.until.IsZero() && end.After(e.period.until) {
			return
		}
		for _, t := range w.Joined {
			first.put(t)
		}
		ref := first.sorted()
		n, pos := sums(ref)
		if n < baselineRows || min(pos, n-pos) < baselineRarer {
			continue
		}
		if ref[0].Score < 0 || ref[len(ref)-1].Score > 1 {
			return
		}
		e.learn(j.between(start, end.Add(-time.Microsecond)))
		if e.period.from.Before(end) {
			e.period.from = end
		}
		e.against = fmt.Sprintf("held against the log's first %s, until %s, since %s", words.Count(n, "outcome", "outcomes"), end.Format(time.DateOnly), e.reason)
		return
	}
}

// fewestWindows are how many windows tell that the newest still wait.
const fewestWindows = 4

// waitingZ is how many standard errors the share of a window's predictions with an
// outcome lies below that of the older half of the windows where it waits.
const waitingZ = 4

// waiting returns the start of the windows whose predictions still wait for
// outcomes; zero where none do.
func (j *Join) waiting() time.Time {
	windows := j.byWindow()
	if len(windows) < fewestWindows {
		return time.Time{}
	}
	half := len(windows) / 2
	var known, all int64
	for _, w := range windows[:half] {
		known, all = known+rowsOf(w.Joined), all+rowsOf(w.Scores)
	}
	var since time.Time
	for i := len(windows) - 1; i >= half; i-- {
		n := rowsOf(windows[i].Scores)
		t, err := stats.TwoProportions(known, all, min(rowsOf(windows[i].Joined), n), n)
		if err != nil || !(math.Abs(t.Z) > waitingZ) || float64(rowsOf(windows[i].Joined))*float64(all) > float64(known)*float64(n) {
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
func (j *Join) coverages(p period) (cells []coverage, selected bool) {
	var all, met tallies
	for _, w := range j.byWindow() {
		if end := w.Start.Add(j.Window); !p.until.IsZero() && w.Start.After(p.until) || !p.from.IsZero() && !end.After(p.from) {
			continue
		}
		for _, t := range w.Scores {
			all.put(t)
		}
		for _, t := range w.Joined {
			met.put(Tally{Score: j.cell(t.Score), N: t.N})
		}
	}
	known := make(map[float64]int64)
	for _, t := range met.sorted() {
		known[t.Score] = t.N
	}
	scores := all.sorted()
	rows := rowsOf(scores)
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

// saySelected says that realised figures are of a selection.
func saySelected(cells []coverage) string {
	share := func(c coverage) float64 { return float64(c.met) / float64(c.n) }
	by := func(a, b coverage) int { return cmp.Compare(share(a), share(b)) }
	least, most := slices.MinFunc(cells, by), slices.MaxFunc(cells, by)
	return fmt.Sprintf("selected: %s of the rows with scores around %s have an outcome, and %s of those around %s; it holds for rows that get one",
		words.Percent(share(most)), words.Column(most.score), words.Percent(share(least)), words.Column(least.score))
}
