package history

import (
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// An Onset is since when a subject is at warn or above.
type Onset struct {
	From   time.Time // zero when that is not known
	Before bool      // or longer: nothing older was looked at
	Fresh  bool      // this is the first night
}

// OnsetOf goes by the nights of the history, and where they do not reach back to
// the first one, by the windows of the subject's course in the report.
func OnsetOf(rows []verdict.Night, t *report.Tables, s *report.Subject) Onset {
	nights := Nightly(rows, t.Run.Site)
	bad := map[int64]bool{}
	for _, n := range rows {
		if n.Site == t.Run.Site && n.Subject == s.Name && verdict.Severity(n.FindingLevel) >= verdict.Severity(verdict.Warn) {
			bad[n.PeriodEnd.UnixMicro()] = true
		}
	}
	first := len(nights)
	for first > 0 && bad[nights[first-1].PeriodEnd.UnixMicro()] {
		first--
	}
	switch {
	case len(nights) < 2 || first == 0:
		from, whole := onsetByWindow(t, s)
		if len(nights) > 1 && (from.IsZero() || from.After(nights[0].PeriodEnd)) {
			from, whole = nights[0].PeriodEnd, false
		}
		return Onset{From: from, Before: !whole}
	case first == len(nights):
		return Onset{}
	}
	return Onset{From: nights[first].PeriodEnd, Fresh: first == len(nights)-1}
}

// onsetByWindow is the start of the first of the newest windows that all reach
// the threshold of the subject's first finding, and whether a window before it
// does not. It is zero where no course shows it.
func onsetByWindow(t *report.Tables, s *report.Subject) (from time.Time, whole bool) {
	times, values := t.Course("psi", s.Name)
	reached := func(v float64) bool { return v >= s.Main.Threshold }
	switch missing, ok := s.Stat("missing_rate"); {
	case ok && missingMoved(s):
		times, values = t.Course("missing_rate", s.Name)
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
func missingMoved(s *report.Subject) bool {
	return len(s.Findings) > 0 && s.Findings[0].Check == verdict.CheckMissing && s.Findings[0].EffectUnit == "points" && s.Urgent()
}
