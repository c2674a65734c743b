package rejects

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/verdict"
)

const (
	reasons    = 10_000 // that are kept apart, by the hash of what tells them apart
	firstLines = 10     // of a reason
)

// other is the reason of what is not kept apart.
const other = "other"

// A Sum is what was left out. The zero Sum is of a log of which nothing is known.
type Sum struct {
	lines  []verdict.Lines // by order
	kept   map[key]*reject
	totals map[key]int64    // by log and kind, of all reasons
	types  map[string]int64 // values of another type than their column's, by column
}

// key tells reasons apart.
type key struct{ log, source, kind, column, reason string }

type reject struct {
	hash  uint64
	count int64
	first []int64 // line numbers, rising
}

var errLines = errors.New("first_lines: want whole numbers with a space between")

// AddRejects adds rows of the table rejects.
func (s *Sum) AddRejects(list []verdict.Reject) error {
	for _, r := range list {
		if r.Count <= 0 {
			continue
		}
		var first []int64
		for _, text := range strings.Fields(r.FirstLines) {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return errLines
			}
			first = append(first, n)
		}
		slices.Sort(first)
		s.add(key{r.Log, r.Source, r.Kind, r.Column, r.Reason}, r.Count, first)
		if r.Kind == verdict.RejectType || r.Kind == verdict.RejectNested {
			if s.types == nil {
				s.types = make(map[string]int64)
			}
			s.types[r.Column] += r.Count
		}
	}
	return nil
}

// add adds to the total, and to the reason where it is one.
func (s *Sum) add(k key, n int64, first []int64) {
	if s.totals == nil {
		s.totals, s.kept = make(map[key]int64), make(map[key]*reject)
	}
	s.totals[key{log: k.log, kind: k.kind}] += n
	if k.source == "" && k.reason == other {
		return
	}
	r := s.kept[k]
	if r == nil {
		h := uint64(sketch.SeedRow)
		for _, text := range []string{k.log, k.source, k.kind, k.column, k.reason} {
			h = sketch.Mix(h, sketch.HashString(text))
		}
		r = &reject{hash: sketch.Finish(h)}
		s.kept[k] = r
	}
	r.count += n
	r.first = append(r.first, first...)
	slices.Sort(r.first)
	r.first = r.first[:min(len(r.first), firstLines)]
	if len(s.kept) > 2*reasons {
		s.cut()
	}
}

// cut leaves the reasons of smallest hash: who is among them in the whole is among
// them in each part, so that no count that stays was ever lost.
func (s *Sum) cut() {
	if len(s.kept) <= reasons {
		return
	}
	hashes := make([]uint64, 0, len(s.kept))
	for _, r := range s.kept {
		hashes = append(hashes, r.hash)
	}
	slices.Sort(hashes)
	last := hashes[reasons-1]
	maps.DeleteFunc(s.kept, func(_ key, r *reject) bool { return r.hash > last })
}

// AddLines adds rows of the table lines.
func (s *Sum) AddLines(list []verdict.Lines) {
	for _, l := range list {
		i, ok := slices.BinarySearchFunc(s.lines, l, orderLines)
		if !ok {
			s.lines = slices.Insert(s.lines, i, verdict.Lines{Log: l.Log, Allowed: l.Allowed})
		}
		at := &s.lines[i]
		at.Lines, at.Rows, at.Skipped, at.Bad = at.Lines+l.Lines, at.Rows+l.Rows, at.Skipped+l.Skipped, at.Bad+l.Bad
		at.NoZone += l.NoZone
	}
}

func orderLines(a, b verdict.Lines) int {
	switch {
	case a.Log != b.Log:
		return strings.Compare(a.Log, b.Log)
	case a.Allowed == b.Allowed:
		return 0
	case b.Allowed:
		return -1
	}
	return 1
}

// Merge adds o, which stays as it is.
func (s *Sum) Merge(o *Sum) {
	s.AddLines(o.lines)
	rest := maps.Clone(o.totals)
	for k, r := range o.kept {
		s.add(k, r.count, r.first)
		rest[key{log: k.log, kind: k.kind}] -= r.count
	}
	for k, n := range rest {
		if n > 0 {
			k.reason = other
			s.add(k, n, nil)
		}
	}
	for column, n := range o.types {
		if s.types == nil {
			s.types = make(map[string]int64)
		}
		s.types[column] += n
	}
}

// Known says whether anything is known of how the log was read.
func (s *Sum) Known() bool { return len(s.lines) > 0 || len(s.totals) > 0 }

// Types are the values of another type than their column's, nested ones too, by
// column.
func (s *Sum) Types() map[string]int64 { return s.types }

// Lines are the rows of the table lines, by log.
func (s *Sum) Lines() []verdict.Lines { return s.lines }

// Rejects are the rows of the table rejects, by log, source and first line. What is
// not kept apart comes first, without a source.
func (s *Sum) Rejects() []verdict.Reject {
	s.cut()
	rest := maps.Clone(s.totals)
	var list []verdict.Reject
	for k, r := range s.kept {
		rest[key{log: k.log, kind: k.kind}] -= r.count
		var lines []byte
		for i, n := range r.first {
			if i > 0 {
				lines = append(lines, ' ')
			}
			lines = strconv.AppendInt(lines, n, 10)
		}
		list = append(list, verdict.Reject{Log: k.log, Source: k.source, Kind: k.kind, Column: k.column, Reason: k.reason, Count: r.count, FirstLines: string(lines)})
	}
	for k, n := range rest {
		if n > 0 {
			list = append(list, verdict.Reject{Log: k.log, Kind: k.kind, Reason: other, Count: n})
		}
	}
	slices.SortFunc(list, Order)
	return list
}

// Order is that of Rejects; it is 0 for rows of one reason.
func Order(a, b verdict.Reject) int {
	if c := cmp.Or(strings.Compare(a.Log, b.Log), strings.Compare(a.Source, b.Source)); c != 0 {
		return c
	}
	same := cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Column, b.Column), strings.Compare(a.Reason, b.Reason))
	if same == 0 {
		return 0
	}
	return cmp.Or(cmp.Compare(first(a), first(b)), same)
}

// first is the number of the first line; 0 without one.
func first(r verdict.Reject) int64 {
	line, _, _ := strings.Cut(r.FirstLines, " ")
	n, _ := strconv.ParseInt(line, 10, 64)
	return n
}
