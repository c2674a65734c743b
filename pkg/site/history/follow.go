package history

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// calmNights is after how many calm nights in a row a finding has cleared.
const calmNights = 2

// A Course is what became of each finding of a site from night to night.
type Course struct {
	Nights   []Told             // oldest first
	Standing []verdict.Standing // after the newest, the worst first

	keys map[Asked]string // of those that stand
}

// A Told is a night, and what was news of it.
type Told struct {
	Rows []verdict.Night // one or more
	News News
}

// Night is the night without its findings.
func (t *Told) Night() *verdict.Night { return &t.Rows[0] }

// News is what a night tells that the nights before it did not.
type News struct {
	First   bool   // the history begins
	Before  string // level of the night before, "" of none
	Rose    bool   // the run's level is above what it was since the last calm nights
	Fell    bool   // it is below warn for the first time since then
	Back    bool   // and above again, for the first time
	Weak    bool   // the first night that could not be judged
	New     []verdict.Standing
	Worse   []verdict.Standing
	Turned  []verdict.Standing // that go the other way now
	Cleared []verdict.Standing
	Events  []Event
}

// empty tells whether the night told nothing new.
func (n *News) empty() bool {
	return !n.First && !n.Rose && !n.Fell && !n.Back && !n.Weak && len(n.New)+len(n.Worse)+len(n.Turned)+len(n.Cleared)+len(n.Events) == 0
}

// Asked names a finding among those of a night, alike on every night. A subject has
// several of a check where each is an answer to another question, such as reasons to
// retrain.
type Asked struct{ subject, segment, check, test string }

// AskedOf is what a row of a night's findings answers.
func AskedOf(n *verdict.Night) Asked {
	f := Asked{n.Subject, n.Segment, n.Check, ""}
	if f.check == verdict.CheckVanished {
		f.check = verdict.CheckMissing // in all rows: which it is called hangs on how much of the log is left
	}
	if n.Check == verdict.CheckRetrain || n.Check == verdict.CheckLatency || n.Check == verdict.CheckPerformance {
		f.test = n.Test
	}
	return f
}

// A standing is a finding that stands, with what it takes to follow it.
type standing struct {
	verdict.Standing
	direction string
	lower     int // nights in a row at a lower level than Level
}

// A walk goes from night to night.
type walk struct {
	calm     int
	cadence  time.Duration
	open     map[Asked]*standing
	before   *verdict.Night // the night before; nil of none
	version  string         // newest model version that is known
	level    string         // worst of the run since the last calm nights; "" in calm
	calmRun  int
	fell     bool // since then, Fell was told
	back     bool // Back was
	weak     bool // the last night that could not be judged was told
	judged   int  // nights in a row since then that could
	silent   int  // nights in a row without a prediction
	features map[string]bool
}

// Follow follows the findings of a site through its nights. A finding clears after calm
// nights in a row; 0 means two.
func Follow(rows []verdict.Night, site string, calm int) *Course {
	nights := dated(rows, site)
	w := &walk{calm: cmp.Or(calm, calmNights), cadence: cadence(nights), open: map[Asked]*standing{}}
	c := &Course{keys: map[Asked]string{}}
	for _, n := range nights {
		c.Nights = append(c.Nights, Told{n, w.night(n)})
	}
	for f, s := range w.open {
		c.keys[f] = s.Key
		c.Standing = append(c.Standing, s.Standing)
	}
	slices.SortFunc(c.Standing, func(a, b verdict.Standing) int {
		return cmp.Or(cmp.Compare(a.Calm, b.Calm), cmp.Compare(verdict.Severity(b.Level), verdict.Severity(a.Level)), a.Since.Compare(b.Since),
			cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Segment, b.Segment), cmp.Compare(a.Check, b.Check), cmp.Compare(a.Key, b.Key))
	})
	return c
}

// cadence is the usual time from one night to the next: the median, and of few nights
// the length of the newest one's period.
func cadence(nights [][]verdict.Night) time.Duration {
	if len(nights) == 0 {
		return day
	}
	var gaps []time.Duration
	for i := 1; i < len(nights); i++ {
		gaps = append(gaps, nights[i][0].PeriodEnd.Sub(nights[i-1][0].PeriodEnd))
	}
	period := length(&nights[len(nights)-1][0])
	if len(gaps) < 3 {
		return period
	}
	slices.Sort(gaps)
	return max(gaps[len(gaps)/2], time.Hour)
}

// night takes the next night.
func (w *walk) night(rows []verdict.Night) News {
	n := &rows[0]
	news := News{First: w.before == nil}
	missed := 0
	if w.before != nil {
		news.Before = w.before.Level
		missed = max(0, int(math.Round(float64(n.PeriodEnd.Sub(w.before.PeriodEnd))/float64(w.cadence)))-1)
	}
	var broken bool
	news.Events, broken = w.events(rows)
	if broken {
		news.Events = append(news.Events, w.incomparable()...)
		clear(w.open)
		w.level, w.calmRun, w.fell, w.back = "", 0, false, false
	}
	tonight := map[Asked]*verdict.Night{}
	gone := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		if r.Check == "" || r.Accepted != "" && verdict.Reaches(r.FindingLevel, verdict.Warn) {
			continue
		}
		if r.Check == verdict.CheckVanished && verdict.Reaches(r.FindingLevel, verdict.Warn) {
			gone[r.Subject] = true
		}
		f := AskedOf(r)
		if old := tonight[f]; old == nil || verdict.Severity(r.FindingLevel) > verdict.Severity(old.FindingLevel) {
			tonight[f] = r
		}
	}
	var order []Asked
	for f := range w.open {
		order = append(order, f)
	}
	for f, r := range tonight {
		if verdict.Reaches(r.FindingLevel, verdict.Warn) && w.open[f] == nil {
			order = append(order, f)
		}
	}
	slices.SortFunc(order, func(a, b Asked) int {
		return cmp.Or(cmp.Compare(rankOf(tonight[a]), rankOf(tonight[b])), cmp.Compare(a.subject, b.subject), cmp.Compare(a.segment, b.segment), cmp.Compare(a.check, b.check), cmp.Compare(a.test, b.test))
	})
	waits := false // for a finding that stands and could not be judged tonight
	accepted := map[Asked]bool{}
	for i := range rows {
		if rows[i].Accepted != "" {
			accepted[AskedOf(&rows[i])] = true
		}
	}
	for _, f := range order {
		s, r := w.open[f], tonight[f]
		switch {
		case accepted[f] && r == nil:
			delete(w.open, f)
		case r != nil && verdict.Reaches(r.FindingLevel, verdict.Warn):
			w.bad(&news, n, f, s, r, missed)
		case r != nil && r.FindingLevel != verdict.OK, r == nil && (n.Rows == 0 || gone[f.subject] && f.check != verdict.CheckMissing):
			s.Unjudged += int64(missed) + 1
			s.News, waits = "", true
		default:
			s.Unjudged += int64(missed)
			s.News = ""
			if s.Calm++; s.Calm >= int64(w.calm) {
				news.Cleared = append(news.Cleared, s.Standing)
				delete(w.open, f)
			}
		}
	}
	w.run(&news, n, waits)
	w.before = n
	return news
}

// bad takes a finding that is at warn or above tonight.
func (w *walk) bad(news *News, n *verdict.Night, f Asked, s *standing, r *verdict.Night, missed int) {
	// A column that vanished went nowhere: it was missing before.
	other := s != nil && r.Check != verdict.CheckVanished && opposite(s.direction, r.Direction)
	if s == nil || other {
		next := &standing{direction: r.Direction, Standing: verdict.Standing{
			Key: cmp.Or(r.Key, keyOf(n.Site, f, n.PeriodEnd)), Subject: f.subject, Segment: f.segment, Check: f.check, Level: r.FindingLevel, Since: n.PeriodEnd, Nights: 1, Sentence: r.Sentence,
		}}
		w.open[f] = next
		if other {
			next.News = verdict.NewsTurned
			news.Turned = append(news.Turned, next.Standing)
		} else {
			next.News = verdict.NewsNew
			news.New = append(news.New, next.Standing)
		}
		return
	}
	s.Calm, s.News, s.Sentence = 0, "", r.Sentence
	s.Key = cmp.Or(r.Key, s.Key) // the newest that was published, where earlier nights were put in since
	s.Nights++
	s.Unjudged += int64(missed)
	if r.Check != verdict.CheckVanished && opposite(r.Direction, "") {
		s.direction = r.Direction
	}
	switch was, is := verdict.Severity(s.Level), verdict.Severity(r.FindingLevel); {
	case is > was:
		s.Level, s.lower, s.News = r.FindingLevel, 0, verdict.NewsWorse
		news.Worse = append(news.Worse, s.Standing)
	case is < was:
		if s.lower++; s.lower >= w.calm {
			s.Level, s.lower = r.FindingLevel, 0
		}
	default:
		s.lower = 0
	}
}

// opposite tells whether one direction is up and the other down; with "" whether the
// other is one of them.
func opposite(a, b string) bool {
	if b == "" {
		return a == verdict.Up || a == verdict.Down
	}
	return a == verdict.Up && b == verdict.Down || a == verdict.Down && b == verdict.Up
}

func rankOf(r *verdict.Night) int64 {
	if r == nil || r.Rank <= 0 {
		return math.MaxInt64
	}
	return r.Rank
}

// run takes the run's level, which says nothing of calm while a finding waits to be
// judged again.
func (w *walk) run(news *News, n *verdict.Night, waits bool) {
	if n.Rows == 0 {
		w.silent++
	} else {
		w.silent = 0
	}
	switch {
	case verdict.Reaches(n.Level, verdict.Warn):
		news.Rose = verdict.Severity(n.Level) > verdict.Severity(w.level)
		if news.Rose {
			w.level = n.Level
		}
		news.Back = w.calmRun > 0 && !w.back
		w.back = w.back || news.Back
		w.calmRun, w.judged = 0, w.judged+1
	case n.Level == verdict.Insufficient:
		news.Weak, w.weak, w.judged = !w.weak, true, 0
		return
	default:
		w.judged++
		if w.level != "" && !waits {
			w.calmRun++
			news.Fell = w.calmRun == 1 && !w.fell
			w.fell = w.fell || news.Fell
			if w.calmRun >= w.calm {
				w.level, w.calmRun, w.fell, w.back = "", 0, false, false
			}
		}
	}
	if w.judged >= w.calm {
		w.weak = false
	}
}

// keyOf names a finding from the night on that had it first.
func keyOf(site string, f Asked, since time.Time) string {
	parts := []string{site, f.subject, f.segment, f.check, f.test, since.UTC().Format(time.RFC3339)}
	return fmt.Sprintf("%.10x", sha256.Sum256([]byte(strings.Join(parts, "\x00"))))
}
