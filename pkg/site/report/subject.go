package report

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// A Subject is one column, or one aspect of the run, with all that is known of
// it in the judged period.
type Subject struct {
	Name     string
	Role     string
	Kind     string
	Level    string // warn or alert of any finding that is not accepted; else that of the comparison of its values
	Rank     int64  // the first of its findings
	Main     verdict.Finding
	HasMain  bool // Main is the comparison of its values
	Findings []verdict.Finding
	Stats    []verdict.Statistic
	Bins     []verdict.Bin
}

// Urgent tells whether the subject is at warn or alert.
func (s *Subject) Urgent() bool { return verdict.Severity(s.Level) >= verdict.Severity(verdict.Warn) }

// Asked tells whether any of the checks was made of the subject.
func (s *Subject) Asked(checks ...string) bool {
	return slices.ContainsFunc(s.Findings, func(f verdict.Finding) bool { return slices.Contains(checks, f.Check) })
}

// Stat returns the subject's statistic of that name.
func (s *Subject) Stat(name string) (verdict.Statistic, bool) {
	for _, v := range s.Stats {
		if v.Name == name {
			return v, true
		}
	}
	return verdict.Statistic{}, false
}

// Subjects groups the judged period's findings, bins and statistics of all rows,
// in order of rank.
func (t *Tables) Subjects() []*Subject { return t.subjects("") }

// SubjectsBySegment groups the judged period's findings and bins of segments, in
// order of rank within each. The key is the segment's, as verdict.Segment has it.
func (t *Tables) SubjectsBySegment() map[string][]*Subject {
	parts := map[string]*Tables{}
	for _, f := range t.Findings {
		if f.Window == "" && f.Segment != "" {
			if parts[f.Segment] == nil {
				parts[f.Segment] = &Tables{}
			}
			parts[f.Segment].Findings = append(parts[f.Segment].Findings, f)
		}
	}
	for _, b := range t.Bins {
		if part := parts[b.Segment]; b.Window == "" && part != nil {
			part.Bins = append(part.Bins, b)
		}
	}
	out := map[string][]*Subject{}
	for segment, part := range parts {
		out[segment] = part.subjects(segment)
	}
	return out
}

func (t *Tables) subjects(segment string) []*Subject {
	byName := map[string]*Subject{}
	var all []*Subject
	get := func(name string) *Subject {
		s := byName[name]
		if s == nil {
			s = &Subject{Name: name, Rank: math.MaxInt64}
			byName[name] = s
			all = append(all, s)
		}
		return s
	}
	for _, f := range t.Findings {
		if f.Window != "" || f.Segment != segment {
			continue
		}
		s := get(f.Subject)
		s.Findings = append(s.Findings, f)
		s.Role, s.Kind = cmp.Or(s.Role, f.Role), cmp.Or(s.Kind, f.Kind)
		level := f.Level
		if f.Accepted != "" {
			level = verdict.OK
		}
		if verdict.Severity(level) > verdict.Severity(s.Level) {
			s.Level = level
		}
		if f.Rank > 0 {
			s.Rank = min(s.Rank, f.Rank)
		}
		if f.Check == verdict.CheckDistribution && !s.HasMain {
			s.Main, s.HasMain = f, true
		}
	}
	for _, b := range t.Bins {
		if b.Window == "" && b.Segment == segment {
			s := get(b.Subject)
			s.Bins = append(s.Bins, b)
		}
	}
	for _, v := range t.Statistics {
		if v.Window == "" && v.Segment == segment {
			s := get(v.Subject)
			s.Stats = append(s.Stats, v)
		}
	}
	for _, s := range all {
		if s.HasMain && !s.Urgent() && s.Main.Accepted == "" {
			s.Level = s.Main.Level
		}
		slices.SortStableFunc(s.Findings, func(a, b verdict.Finding) int {
			return cmp.Or(cmp.Compare(RankOf(a), RankOf(b)), cmp.Compare(verdict.Severity(b.Level), verdict.Severity(a.Level)))
		})
	}
	slices.SortStableFunc(all, func(a, b *Subject) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(verdict.Severity(b.Level), verdict.Severity(a.Level)), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// RankOf returns a finding's rank; one without comes after all others.
func RankOf(f verdict.Finding) int64 {
	if f.Rank <= 0 {
		return math.MaxInt64
	}
	return f.Rank
}
