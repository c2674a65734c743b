package count

import (
	"time"

	"github.com/leadsman/leadsman/pkg/profile/ledger"
)

// A Span is the least and greatest of timestamps in microseconds.
type Span struct {
	some        bool
	first, last int64
}

// Add adds a time in microseconds.
func (s *Span) Add(t int64) { s.Merge(Span{true, t, t}) }

// Merge adds o.
func (s *Span) Merge(o Span) {
	switch {
	case !o.some:
	case !s.some:
		*s = o
	default:
		s.first, s.last = min(s.first, o.first), max(s.last, o.last)
	}
}

// Bounds returns the least and the greatest time, zero times of none.
func (s Span) Bounds() (first, last time.Time) {
	if !s.some {
		return first, last
	}
	return time.UnixMicro(s.first).UTC(), time.UnixMicro(s.last).UTC()
}

// Empty says whether there was no time.
func (s Span) Empty() bool { return !s.some }

// dated says whether a time lies in the years 1 to 9998: others have no date
// that can be written in four digits, and no window or slot.
func dated(at int64) bool { return at > -62_135_000_000_000_000 && at < 253_370_000_000_000_000 }

// Put puts the times under a prefix.
func (s Span) Put(l *ledger.Ledger, prefix string) {
	if s.some {
		l.Least(prefix+"first", s.first)
		l.Most(prefix+"last", s.last)
	}
}

// Set sets what Put has put under a key, less its prefix.
func (s *Span) Set(key string, n ledger.Numbers) bool {
	switch key {
	case "first":
		s.some = true
		ok := ledger.SetOne(&s.first, n)
		s.last = s.first
		return ok
	case "last":
		return s.some && ledger.SetOne(&s.last, n) && s.last >= s.first
	}
	return false
}
