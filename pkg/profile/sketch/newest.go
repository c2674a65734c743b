package sketch

import (
	"iter"
	"maps"
	"math"
	"slices"
)

// A Newest keeps the k latest of a set of times with what is counted for each; a
// time once driven out has k later ones for good.
type Newest[T any] struct {
	k      int
	create func() *T
	at     map[int64]*T
	last   int64 // the time looked up last, and its counts
	hit    *T
}

// NewNewest returns an empty set of k times; create makes what is counted at a
// new one.
func NewNewest[T any](k int, create func() *T) Newest[T] { return Newest[T]{k: k, create: create} }

// Get returns what is counted at t, nil when t is too old to be kept.
func (s *Newest[T]) Get(t int64) *T {
	if s.hit != nil && t == s.last {
		return s.hit
	}
	e := s.at[t]
	if e == nil {
		if s.at == nil {
			s.at = make(map[int64]*T)
		}
		if len(s.at) == s.k {
			oldest := int64(math.MaxInt64)
			for at := range s.at {
				oldest = min(oldest, at)
			}
			if t < oldest {
				return nil
			}
			delete(s.at, oldest)
		}
		e = s.create()
		s.at[t] = e
	}
	s.last, s.hit = t, e
	return e
}

// Put returns what is counted at t like Get, but drives no other time out: it is
// nil when t would be one too many.
func (s *Newest[T]) Put(t int64) *T {
	if len(s.at) == s.k && s.at[t] == nil {
		return nil
	}
	return s.Get(t)
}

// Len returns how many times are kept.
func (s *Newest[T]) Len() int { return len(s.at) }

// Find returns what is counted at t, nil for a time that is not there.
func (s *Newest[T]) Find(t int64) *T { return s.at[t] }

// All passes on the times in ascending order, with what is counted at each.
func (s *Newest[T]) All() iter.Seq2[int64, *T] {
	return func(yield func(int64, *T) bool) {
		for _, t := range slices.Sorted(maps.Keys(s.at)) {
			if !yield(t, s.at[t]) {
				return
			}
		}
	}
}

// Merge takes o's counts over; merging into an empty one copies nothing, so o
// must not be used afterwards.
func (s *Newest[T]) Merge(o *Newest[T], add func(into, from *T)) {
	for t, e := range o.at {
		if into := s.Get(t); into != nil {
			add(into, e)
		}
	}
}
