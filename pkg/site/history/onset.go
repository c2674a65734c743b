package history

import (
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// An Onset is since when a finding stands.
type Onset struct {
	From     time.Time // zero when that is not known
	Before   bool      // or longer: nothing older was looked at
	Fresh    bool      // this is the first night
	Turned   bool      // it went the other way before
	Unjudged int64     // nights since then on which it was not judged
}

// Onset is since when the first finding at warn or above of a subject of the newest
// night stands: by the nights, and where it stands since the first of them, by the
// windows of the subject's course in the report.
func (c *Course) Onset(t *report.Tables, s *report.Subject) Onset {
	for _, f := range s.Findings {
		if f.Accepted != "" || !verdict.Reaches(f.Level, verdict.Warn) {
			continue
		}
		for _, st := range c.Standing {
			if asked := AskedOf(&verdict.Night{Subject: f.Subject, Segment: f.Segment, Check: f.Check}); st.Calm > 0 || st.Subject != f.Subject || st.Check != asked.check || st.Segment != f.Segment {
				continue
			}
			first, newest := c.Nights[0].Night(), c.Nights[len(c.Nights)-1].Night()
			if len(c.Nights) > 1 && !st.Since.Equal(first.PeriodEnd) {
				return Onset{From: dayAt(newest, st.Since), Fresh: st.Since.Equal(newest.PeriodEnd), Turned: st.News == verdict.NewsTurned, Unjudged: st.Unjudged}
			}
			from, whole := onsetByWindow(t, s)
			if len(c.Nights) > 1 && (from.IsZero() || from.After(first.PeriodEnd)) {
				from, whole = DayOf(first), false
			}
			return Onset{From: from, Before: !whole, Unjudged: st.Unjudged}
		}
		return Onset{}
	}
	return Onset{}
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
