package profile

import "time"

// span is the least and greatest of timestamps in microseconds.
type span struct {
	some        bool
	first, last int64
}

// add adds a time in microseconds.
func (s *span) add(t int64) { s.merge(span{true, t, t}) }

// merge adds o.
func (s *span) merge(o span) {
	switch {
	case !o.some:
	case !s.some:
		*s = o
	default:
		s.first, s.last = min(s.first, o.first), max(s.last, o.last)
	}
}

// bounds returns the times, zero ones of none.
func (s span) bounds() (first, last time.Time) {
	if !s.some {
		return first, last
	}
	return time.UnixMicro(s.first).UTC(), time.UnixMicro(s.last).UTC()
}

// isEmpty says whether there was no time.
func (s span) isEmpty() bool { return !s.some }

// dated says whether a time lies in the years 1 to 9998: others have no date
// that can be written in four digits, and no window or slot.
func dated(at int64) bool { return at > -62_135_000_000_000_000 && at < 253_370_000_000_000_000 }

// put puts the times under a prefix.
func (s span) put(l *ledger, prefix string) {
	if s.some {
		l.least(prefix+"first", s.first)
		l.most(prefix+"last", s.last)
	}
}

// set sets what put under a key after its prefix.
func (s *span) set(key string, n int64) bool {
	switch key {
	case "first":
		*s = span{true, n, n}
		return true
	case "last":
		if !s.some || n < s.first {
			return false
		}
		s.last = n
		return true
	}
	return false
}
