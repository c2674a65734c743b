package drift

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/segments"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A partition is the rows by the values of one column, with the checks of each.
type partition struct {
	*segments.Partition
	segments []*segment
}

// A segment is the rows with one value of a column, and its checks.
type segment struct {
	*segments.Segment
	checks []*check

	p, q                    float64
	level, reason, sentence string
	alone, shared           []*check // moved, by rank; shared where all rows together moved too
}

// segments judges each part of the rows that Options.Segments has, and reports
// it: a row for each, findings and bins of what moved. It comes after the whole
// was judged.
func (r *run) segments() {
	by := r.options.Policy.BesideEvidently()
	var all []*segment
	seen := map[string]bool{}
	splits := slices.Clone(r.options.Segments)
	if asked := slices.ContainsFunc(splits, func(s view.Split) bool { return s.Column == view.VersionColumn }); !asked && len(r.options.Versions.Against.Parts) > 0 {
		splits = append(splits, r.options.Versions.Against)
	}
	for i := range splits {
		split := &splits[i]
		if seen[split.Column] {
			continue // twice would count double against all others
		}
		seen[split.Column] = true
		o := segments.Options{Distribution: r.distributions(), Skip: r.outcome, MissingMoved: verdict.Reaches(levelOf(r.checks, split.Column, verdict.CheckMissing), verdict.Warn)}
		o.Distribution.Policy = by
		if split.Column == view.VersionColumn {
			o.Least = r.options.Limits.MinRows
			if split.Whole {
				o.Least = min(o.Least, split.RefRows) // a small reference is a matter of the tests
			}
		}
		p := newPartition(segments.Compare(split, &r.ref, &r.cur, o), by)
		if split.Column == view.VersionColumn {
			r.speeds(p)
		}
		r.partitions = append(r.partitions, p)
		all = append(all, p.segments...)
	}
	pairs := r.versionPairs(by)
	for _, pair := range pairs {
		all = append(all, pair.segment)
	}
	judgeSegments(all, by)
	whole := map[[2]string]string{}
	for _, c := range r.checks {
		whole[[2]string{c.Subject, c.Check}] = c.Level
	}
	var moved []*check
	for _, s := range all {
		s.settle(whole)
		for _, c := range slices.Concat(s.alone, s.shared) {
			c.Segment = s.key()
			s.setLooked(c)
			c.Sentence = sayInSegment(s, c.Sentence, whole[[2]string{c.Subject, c.Check}] == verdict.OK)
			moved = append(moved, c)
		}
	}
	for _, pair := range pairs { // what versions of the model have in common is told too
		if c := pair.checks[0]; !verdict.Reaches(c.Level, verdict.Warn) {
			c.Segment = pair.key()
			pair.setLooked(c)
			moved = append(moved, c)
		}
	}
	r.setImportance(moved)
	rank(moved)
	before := int64(len(r.report.Findings))
	for _, c := range moved {
		c.Rank += before
		r.report.Findings = append(r.report.Findings, c.Finding)
	}
	for _, p := range r.partitions {
		r.report.Segments = append(r.report.Segments, r.partitionRow(p))
		for _, s := range p.segments {
			r.report.Segments = append(r.report.Segments, r.segmentRow(p, s))
			r.report.Bins = append(r.report.Bins, s.movedBins()...)
		}
	}
}

// setLooked says how many of the segment's judged rows a check looked at, where these
// are not all: in its columns and its sentence.
func (s *segment) setLooked(c *check) {
	if s.Part.Cur.Rows < s.Part.CurRows && c.Check != verdict.CheckLatency {
		c.LookedAt, c.Of = s.Part.Cur.Rows, s.Part.CurRows
		c.Sentence += sayLooked(s)
	}
}

// newPartition makes the checks of what the wings found in each part.
func newPartition(found *segments.Partition, by policy.Policy) *partition {
	p := &partition{Partition: found}
	for _, f := range found.Segments {
		s := &segment{Segment: f, p: math.NaN(), q: math.NaN()}
		for _, c := range f.Columns {
			s.checks = append(s.checks, columnChecks(c, by, evidently.Options{})...)
		}
		if f.Unjudged != "" {
			for _, c := range s.checks {
				c.unjudged, c.say = f.Unjudged, nil
			}
		}
		p.segments = append(p.segments, s)
	}
	return p
}

// levelOf is the level of one check, "" without it.
func levelOf(checks []*check, subject, asked string) string {
	for _, c := range checks {
		if c.Subject == subject && c.Check == asked {
			return c.Level
		}
	}
	return ""
}

// judgeSegments gives the segments' checks their q, as segments.Tree has them, and
// their levels. Under a policy that corrects nothing each p is held against alpha.
func judgeSegments(all []*segment, by policy.Policy) {
	alpha := by.Alpha(policy.SegmentFamily)
	tests := make([][]float64, len(all))
	for i, s := range all {
		for _, c := range s.members() {
			tests[i] = append(tests[i], c.P)
		}
	}
	nodes, first := segments.Tree(tests, alpha)
	for i, s := range all {
		n := nodes[i]
		s.p, s.q = n.P, n.Q
		if n.Within == nil {
			continue
		}
		for j, c := range s.members() {
			c.Q, c.Alpha = n.Within[j], n.Alpha
			if by == policy.Classic {
				c.Q, c.Alpha, first = math.NaN(), alpha, alpha
			}
			if c.mde != nil {
				c.MDE = c.mde(first)
			}
		}
	}
	for _, s := range all {
		for _, c := range s.checks {
			c.settle(by)
		}
	}
}

// members are the checks that have a p.
func (s *segment) members() []*check {
	var out []*check
	for _, c := range s.checks {
		if c.family != policy.NoFamily && c.unjudged == "" && !math.IsNaN(c.P) {
			out = append(out, c)
		}
	}
	return out
}

// settle gives the segment its level: that of the gravest check; insufficient
// when nothing moved and fewer than half of its distributions could be judged.
func (s *segment) settle(whole map[[2]string]string) {
	rank(s.checks)
	judged, weak := 0, 0
	for _, c := range s.checks {
		switch {
		case verdict.Reaches(c.Level, verdict.Warn):
			s.level = verdict.Worst(s.level, c.Level)
			if verdict.Reaches(whole[[2]string{c.Subject, c.Check}], verdict.Warn) {
				s.shared = append(s.shared, c)
			} else {
				s.alone = append(s.alone, c)
			}
		case c.Check != verdict.CheckDistribution:
		case c.Level == verdict.Insufficient:
			weak++
		default:
			judged++
		}
	}
	switch {
	case s.level != "":
	case judged < weak || judged == 0:
		s.level = verdict.Insufficient
	default:
		s.level = verdict.OK
	}
	s.reason, s.sentence = s.explain(judged, weak)
	if s.Unjudged == "" && s.Part.Cur.Rows > 0 && s.Part.Cur.Rows < s.Part.CurRows {
		s.sentence += sayLooked(s)
	}
}

// movedBins are the bins of the distributions that moved.
func (s *segment) movedBins() []verdict.Bin {
	moved := map[string]bool{}
	for _, c := range slices.Concat(s.alone, s.shared) {
		moved[c.Subject] = true
	}
	var out []verdict.Bin
	for _, c := range s.Columns {
		for _, v := range c.Values {
			if !moved[v.Cur.Name] {
				continue
			}
			for _, b := range v.Distribution.Bins {
				b.Segment = s.key()
				out = append(out, b)
			}
		}
	}
	return out
}

// level is a partition's: that of its gravest segment, insufficient only when
// none could be judged.
func (p *partition) level() string {
	level := ""
	for _, s := range p.segments {
		if s.level != verdict.Insufficient {
			level = verdict.Worst(level, s.level)
		}
	}
	if level == "" {
		return verdict.Insufficient
	}
	return level
}

func (r *run) partitionRow(p *partition) verdict.Segment {
	nan := math.NaN()
	row := verdict.Segment{Column: p.Split.Column, ShareRef: 1, ShareCur: 1, Mix: nan, Within: nan, P: nan, Q: nan, Level: p.level(), Of: int64(p.Split.Values)}
	if p.Unjudged == "" {
		row.LookedAt = row.Of - int64(p.Split.Together)
	}
	row.Reason, row.Sentence = r.explainPartition(p)
	for _, s := range p.segments {
		row.NRef += s.Part.Ref.Rows
		row.NCur += s.Part.Cur.Rows
		row.Moved += int64(len(sources(slices.Concat(s.alone, s.shared))))
	}
	if p.Split.Whole {
		row.NRef, row.ShareRef = 0, nan
	}
	row.ScoreRef, row.ScoreCur = nan, nan
	fine := scoreStep(&r.ref, p.ScoreName())
	if !p.Hidden[0] {
		row.ScoreRef = bins.Rounded(p.Ref, fine)
	}
	if !p.Hidden[1] {
		row.ScoreCur = bins.Rounded(p.Cur, fine)
	}
	if !p.Hidden[0] && !p.Hidden[1] {
		row.Mix, row.Within = bins.Rounded(p.Mix, fine), bins.Rounded(p.Within, fine)
	}
	return row
}

func (r *run) segmentRow(p *partition, s *segment) verdict.Segment {
	nan := math.NaN()
	row := verdict.Segment{
		Column: p.Split.Column, Name: s.Part.Name, NRef: s.Part.Ref.Rows, NCur: s.Part.Cur.Rows,
		ShareRef: bins.Share(s.Part.RefRows, p.Split.RefRows), ShareCur: bins.Share(s.Part.CurRows, p.Split.CurRows),
		ScoreRef: nan, ScoreCur: nan, Mix: nan, Within: nan, P: s.p, Q: s.q,
		LookedAt: s.Part.Cur.Rows, Of: s.Part.CurRows, Moved: int64(len(sources(slices.Concat(s.alone, s.shared)))), Level: s.level, Reason: s.reason, Sentence: s.sentence,
	}
	if p.Split.Whole {
		row.ShareRef = nan
	}
	fine := scoreStep(&r.ref, s.Score)
	if s.Shown[0] {
		row.ScoreRef = bins.Rounded(s.Ref, fine)
	}
	if s.Shown[1] {
		row.ScoreCur = bins.Rounded(s.Cur, fine)
	}
	return row
}

// scoreStep is what mean scores are rounded by, as in statistics.
func scoreStep(ref *view.View, score string) float64 {
	if c := ref.Column(score); c != nil && c.Number != nil {
		return bins.Spread(c.Number) / 100
	}
	return math.NaN()
}
