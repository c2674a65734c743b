package wire

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/words"
)

// shards are what a profile is made of: its leaves, and those that are known to be
// missing.
type shards struct {
	there   []shard  // by name
	missing []string // likewise; known by name
	unnamed int64    // missing besides, of which only the number is known
}

// maxNamed bounds the shards that a message names.
const maxNamed = 20

// Expect says which of the shards that a log must have are missing: those of the
// names, or, without names, as many as n says. Where partial is set that is no error:
// Coverage tells of it then. A shard that is none of them is always one.
func (s *Sealed) Expect(names []string, n int64, partial bool) error {
	there := s.names()
	s.missing, s.unnamed = nil, 0
	if len(names) > 0 {
		names = slices.Compact(slices.Sorted(slices.Values(names)))
		n = int64(len(names))
		var foreign []string
		for _, name := range there {
			if _, ok := slices.BinarySearch(names, name); !ok {
				foreign = append(foreign, name)
			}
		}
		if len(foreign) > 0 {
			return fmt.Errorf("%s not among the %d expected: %s", words.Count(int64(len(foreign)), "shard is", "shards are"), n, list(foreign))
		}
		for _, name := range names {
			if _, ok := slices.BinarySearch(there, name); !ok {
				s.missing = append(s.missing, name)
			}
		}
	} else {
		s.unnamed = n - int64(len(there))
	}
	switch gone := int64(len(s.missing)) + s.unnamed; {
	case gone < 0:
		return fmt.Errorf("%d shards are there, want %d: %s", len(there), n, list(there))
	case gone == 0 || partial && len(there) > 0:
		return nil
	case s.unnamed > 0:
		return fmt.Errorf("%s of %d missing; there are %s", words.Count(gone, "shard is", "shards are"), n, list(there))
	}
	return fmt.Errorf("%s of %d missing: %s", words.Count(int64(len(s.missing)), "shard is", "shards are"), n, list(s.missing))
}

// Coverage is the share of the shards that are in, of those that Expect was told
// of, by whichever merge; 1 where none is known to be missing.
func (s *Sealed) Coverage() float64 {
	there := float64(len(s.there))
	return there / (there + float64(len(s.missing)) + float64(s.unnamed))
}

// Missing names the shards that are known to be missing, some of them by their
// number; "" for none.
func (s *Sealed) Missing() string {
	switch {
	case len(s.missing) > 0 && s.unnamed > 0:
		return fmt.Sprintf("%s, and %d more", list(s.missing), s.unnamed)
	case len(s.missing) > 0:
		return list(s.missing)
	case s.unnamed > 0:
		return words.Count(s.unnamed, "shard", "shards")
	}
	return ""
}

func (s *shards) names() []string {
	var out []string
	for _, one := range s.there {
		out = append(out, one.Shard)
	}
	return out
}

// list names some of the shards.
func list(names []string) string {
	if more := len(names) - maxNamed; more > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNamed], ", "), more)
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// A relation says how the shards of two profiles lie to each other.
type relation int

const (
	apart  relation = iota
	within          // all of the one are in the other
	around          // the other way
)

// relate says how o lies to s, which is an error where the two cannot be added; and
// which leaves of default names are in both.
func (s *shards) relate(o *shards) (relation, []string, error) {
	known := make(map[string]shard, len(s.there))
	for _, one := range s.there {
		known[one.Shard] = one
	}
	var shared int
	var unnamed []string
	for _, one := range o.there {
		old, ok := known[one.Shard]
		switch {
		case !ok:
			continue
		case old.Digest != one.Digest:
			return apart, nil, fmt.Errorf("shard %s is there twice, as %.12s and as %.12s: its input changed or its rows were not the same", one.Shard, old.Digest, one.Digest)
		case one.Shard == one.Digest:
			unnamed = append(unnamed, one.Shard)
		}
		shared++
	}
	switch shared {
	case 0:
		return apart, nil, nil
	case len(o.there):
		return within, unnamed, nil
	case len(s.there):
		return around, unnamed, nil
	}
	return apart, nil, errors.New("two merged profiles share some shards but not all: they cannot be taken apart, merge their leaves")
}

// merge adds o, whose leaves are others, or all in s, or all of s and more.
func (s *shards) merge(o *shards, r relation) {
	switch r {
	case apart:
		s.there = append(slices.Clone(s.there), o.there...)
		slices.SortFunc(s.there, func(a, b shard) int { return strings.Compare(a.Shard, b.Shard) })
		s.unnamed += o.unnamed
	case within:
		if len(s.there) == len(o.there) {
			s.unnamed = max(s.unnamed, o.unnamed)
		}
	case around:
		s.there, s.unnamed = o.there, o.unnamed
	}
	there := s.names()
	missing := slices.Concat(s.missing, o.missing)
	slices.Sort(missing)
	s.missing = slices.DeleteFunc(slices.Compact(missing), func(name string) bool {
		_, ok := slices.BinarySearch(there, name)
		return ok
	})
}

// rows are those of the table shards: a leaf that is missing has no digest.
func (s *shards) rows() []shard {
	all := slices.Clone(s.there)
	for _, name := range s.missing {
		all = append(all, shard{Shard: name})
	}
	slices.SortFunc(all, func(a, b shard) int { return strings.Compare(a.Shard, b.Shard) })
	return all
}

// set takes rows and what the seal says.
func (s *shards) set(rows []shard, unnamed int64) {
	s.unnamed = unnamed
	for _, one := range rows {
		if one.Digest == "" {
			s.missing = append(s.missing, one.Shard)
		} else {
			s.there = append(s.there, one)
		}
	}
}
