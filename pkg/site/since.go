package site

import (
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// An onset is since when a subject is at warn or above.
type onset struct {
	from   time.Time // zero when that is not known
	before bool      // or longer: nothing older was looked at
	fresh  bool      // this is the first night
}

// since says for how long a subject has been at warn or above.
func (b *builder) since(s *subject) string {
	switch o := b.onset(s); {
	case o.from.IsZero():
		return ""
	case o.fresh:
		return "new"
	case o.before:
		return "since " + words.Day(o.from) + " or before"
	default:
		return "since " + words.Day(o.from)
	}
}

// onset goes by the nights of the history, and where they do not reach back to
// the first one, by the windows of the subject's trend.
func (b *builder) onset(s *subject) onset {
	nights := nightly(b.o.History, b.r.Run.Site)
	bad := map[int64]bool{}
	for _, n := range b.o.History {
		if n.Site == b.r.Run.Site && n.Subject == s.Name && verdict.Severity(n.FindingLevel) >= verdict.Severity(verdict.Warn) {
			bad[n.PeriodEnd.UnixMicro()] = true
		}
	}
	first := len(nights)
	for first > 0 && bad[nights[first-1].PeriodEnd.UnixMicro()] {
		first--
	}
	switch {
	case len(nights) < 2 || first == 0:
		from, whole := b.sinceWindow(s)
		if len(nights) > 1 && (from.IsZero() || from.After(nights[0].PeriodEnd)) {
			from, whole = nights[0].PeriodEnd, false
		}
		return onset{from: from, before: !whole}
	case first == len(nights):
		return onset{}
	}
	return onset{from: nights[first].PeriodEnd, fresh: first == len(nights)-1}
}

// headline is the run in one sentence.
func (b *builder) headline() string {
	if b.r.Run.Headline == "" {
		return levelWord(b.r.Run.Level) + "."
	}
	return sentence(b.r.Run.Headline)
}

// drifting says since when the scores have moved; "" where they have not, or that
// is not known.
func (b *builder) drifting() string {
	if b.score == nil || !b.score.Urgent() {
		return ""
	}
	switch o := b.onset(b.score); {
	case o.from.IsZero():
		return ""
	case o.before:
		return "The scores have drifted since " + words.Day(o.from) + " or before."
	default:
		return "The scores have drifted since " + words.Day(o.from) + "."
	}
}

// sinceWindow is the start of the first of the newest windows that all reach
// the threshold of the subject's first finding, and whether a window before it
// does not. It is zero where the trend does not tell.
func (b *builder) sinceWindow(s *subject) (from time.Time, whole bool) {
	times, values := b.r.trend("psi", s.Name)
	reached := func(v float64) bool { return v >= s.Main.Threshold }
	switch missing, ok := s.stat("missing_rate"); {
	case ok && s.missingMoved():
		times, values = b.r.trend("missing_rate", s.Name)
		reached = func(v float64) bool { return 100*math.Abs(v-missing.Ref) >= s.Findings[0].Threshold }
	case !s.HasMain || s.Main.EffectUnit != "PSI" || math.IsNaN(s.Main.Threshold):
		return time.Time{}, false
	}
	first := len(values)
	for first > 0 && reached(values[first-1]) {
		first--
	}
	if first == len(values) {
		return time.Time{}, false
	}
	return times[first], first > 0
}

// missingMoved tells whether the first thing to say of the subject is that its
// values are missing more or less often.
func (s *subject) missingMoved() bool {
	return len(s.Findings) > 0 && s.Findings[0].Check == verdict.CheckMissing && s.Findings[0].EffectUnit == "points" && s.Urgent()
}
