package drift

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A partition is the rows by the values of one column.
type partition struct {
	split    *view.Split
	segments []*segment
	reason   string // why its segments cannot be judged at all

	// Of the mean score, see decompose; NaN without scores on both sides.
	ref, cur    float64
	mix, within float64

	hidden [2]bool // the mean score of a side would give a few rows away
}

// A segment is the rows with one value of a column, and its checks.
type segment struct {
	split   *view.Split
	part    *view.Part
	checks  []*check
	classes []verdict.Bin
	reason  string // why none of them is judged

	score    string     // column with the score
	ref, cur float64    // mean score, NaN without rows
	scored   [2]int64   // compared rows with a score
	weight   [2]float64 // the segment's share of all rows with a score
	told     [2]bool    // its mean score may be told

	p, q            float64
	level, sentence string
	alone, shared   []*check // moved, by rank; shared where all rows together moved too
}

// segments judges each part of the rows that Options.Segments has, and reports
// it: a row for each, findings and bins of what moved. It comes after the whole
// was judged.
func (r *run) segments() {
	by := r.options.Policy.Elsewhere()
	var all []*segment
	seen := map[string]bool{}
	for i := range r.options.Segments {
		split := &r.options.Segments[i]
		if seen[split.Column] {
			continue // twice would count double against all others
		}
		seen[split.Column] = true
		p := r.partition(split)
		r.partitions = append(r.partitions, p)
		all = append(all, p.segments...)
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
			c.Segment, c.Sentence = s.key(), "in "+s.name()+": "+c.Sentence
			if whole[[2]string{c.Subject, c.Check}] == verdict.OK {
				c.Sentence += "; all rows together stand"
			}
			moved = append(moved, c)
		}
	}
	r.weigh(moved)
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

// partition checks each part as Compare checks the whole. The column that makes
// the parts is not judged in them, nor is one that the judged rows do not have at
// all, which is a matter of the whole. What is unseen or out of range stays what
// the whole reference lacks; a part's few rows foretell more of it than there is,
// which makes these checks cautious.
//
// Without the column in the judged rows all of them are rows without a value, and
// the few such rows of the reference are others: no part is judged. Nor are the
// rows without a value where their share has moved.
func (r *run) partition(split *view.Split) *partition {
	o := r.options
	o.Policy = o.Policy.Elsewhere()
	gone := map[string]bool{split.Column: true, r.outcome: true}
	for i := range r.cur.Columns {
		if c := &r.cur.Columns[i]; c.Vanished {
			gone[c.Name] = true
		}
	}
	p := &partition{split: split}
	if p.reason = r.lost(split.Column); p.reason != "" {
		p.decompose()
		return p
	}
	for i := range split.Parts {
		part := &split.Parts[i]
		own := &run{options: o, ref: part.Ref, cur: part.Cur, known: r.known}
		s := &segment{split: split, part: part, ref: math.NaN(), cur: math.NaN(), p: math.NaN(), q: math.NaN()}
		for _, pair := range own.columns() {
			ref, cur := pair[0], pair[1]
			if ref == nil || gone[cur.Name] {
				continue
			}
			if cur.Role == "score" && s.score == "" && ref.Number != nil && cur.Number != nil {
				s.score, s.ref, s.cur = cur.Name, ref.Number.Mean, cur.Number.Mean
				s.scored = [2]int64{ref.Values(), cur.Values()}
				if ref.InSample {
					s.ref = math.NaN()
				}
			}
			own.column(ref, cur)
		}
		switch {
		case part.Clustered:
			s.reason = clusteredRows
		case part.Kind == view.MissingRows && r.missingMoved(split.Column):
			s.reason = otherMissing
		}
		if s.reason != "" {
			for _, c := range own.checks {
				c.unjudged, c.say = verdict.ReasonNotMeasured, nil
			}
		}
		s.checks, s.classes = own.checks, own.report.Bins
		p.segments = append(p.segments, s)
	}
	p.decompose()
	p.hide(r.options.K)
	return p
}

const (
	clusteredRows = "not judged: its rows repeat, and only a sample of them was kept; keep them all with --rows all"
	otherMissing  = "not judged: how often a value is missing has moved, so these are other rows"
)

// lost says why the judged rows cannot be taken apart by a column, or nothing.
func (r *run) lost(column string) string {
	for _, pair := range r.columns() {
		switch cur := pair[1]; {
		case cur.Name != column || r.cur.Rows <= 0:
		case cur.Vanished:
			return "the column has vanished"
		case cur.Missing >= cur.Rows:
			return "it is missing in all rows"
		}
	}
	return ""
}

func (r *run) missingMoved(column string) bool {
	for _, c := range r.checks {
		if c.Subject == column && c.Check == verdict.CheckMissing {
			return verdict.Reaches(c.Level, verdict.Warn)
		}
	}
	return false
}

// decompose parts the change of the mean score S = Σ wᵢsᵢ, where a segment has
// the share wᵢ of all rows with a score and the mean score sᵢ, into
//
//	Mix    = Σ (wᵢ′ - wᵢ)·(sᵢ + sᵢ′)/2   the segments' shares changed
//	Within = Σ (wᵢ + wᵢ′)/2·(sᵢ′ - sᵢ)   the scores inside them did
//
// whose sum is S′ - S exactly. It is the symmetric one of the decompositions of
// Kitagawa (1955): neither side is the one that the other is weighted by, no
// interaction is left over, and the two sides exchanged change the signs and
// nothing else.
//
// A segment's rows with a score are taken to be as many of all its rows as of
// those in the sample. One with scores on one side only weighs nothing on the
// other and has no scores that could change: that it comes or goes, or is no
// longer scored, is a matter of the mix.
func (p *partition) decompose() {
	var all [2]float64
	for _, s := range p.segments {
		s.weight = [2]float64{}
		if !math.IsNaN(s.ref) {
			s.weight[0] = float64(s.part.RefRows) * bins.Share(s.scored[0], s.part.Ref.Rows)
		}
		if !math.IsNaN(s.cur) {
			s.weight[1] = float64(s.part.CurRows) * bins.Share(s.scored[1], s.part.Cur.Rows)
		}
		for side, w := range s.weight {
			if !(w > 0) || math.IsInf(w, 1) {
				s.weight[side] = 0
			}
			all[side] += s.weight[side]
		}
	}
	if !(all[0] > 0) || !(all[1] > 0) {
		nan := math.NaN()
		p.ref, p.cur, p.mix, p.within = nan, nan, nan, nan
		return
	}
	p.ref, p.cur, p.mix, p.within = 0, 0, 0, 0
	for _, s := range p.segments {
		s.weight[0] /= all[0]
		s.weight[1] /= all[1]
		w, v := s.weight[0], s.weight[1]
		a, b := s.ref, s.cur
		switch {
		case w == 0 && v == 0:
			continue
		case w == 0:
			a = b
		case v == 0:
			b = a
		}
		p.ref += w * a
		p.cur += v * b
		p.mix += (v - w) * (a + b) / 2
		p.within += (w + v) / 2 * (b - a)
	}
}

// hide decides which mean scores may be told. Those of fewer than k rows are not,
// and what is left of all rows when the told ones are taken off must not be one
// of a few rows either, for the mean of all rows is in statistics: while it is of
// fewer than 2k, the smallest told segment is withheld too. The column's own
// means, mix and within are then two equations of the withheld ones, so they are
// told only where segments of fewer than k rows hold 2k together, which takes at
// least three.
func (p *partition) hide(k int64) {
	for side := range p.hidden {
		var told []*segment
		var kept int64
		for _, s := range p.segments {
			switch n := s.scored[side]; {
			case n >= k:
				s.told[side] = true
				told = append(told, s)
			case n > 0:
				kept += n
			}
		}
		if kept == 0 {
			continue
		}
		p.hidden[side] = kept < 2*k
		slices.SortStableFunc(told, func(a, b *segment) int { return cmp.Compare(a.scored[side], b.scored[side]) })
		for _, s := range told {
			if kept >= 2*k {
				break
			}
			s.told[side] = false
			kept += s.scored[side]
		}
	}
}

// judgeSegments gives the segments' checks their q and their levels. The
// hypotheses are a tree: that nothing moved in a segment, which has the Simes p
// of its checks, and below it the checks. Benjamini and Hochberg's procedure at
// the family's alpha selects R of the m segments; inside a selected segment it
// runs at alpha·R/m, which keeps the expected share of false findings at alpha
// on average over the selected segments (Benjamini and Bogomolov 2014). A
// segment's least q is its Simes p, and R·alpha/m is the bar that the selection
// came to, so in a segment that was not selected no q reaches it. Under a policy
// that corrects nothing each p is held against alpha.
func judgeSegments(all []*segment, by policy.Policy) {
	alpha := by.Alpha(policy.SegmentFamily)
	var tested []*segment
	var p []float64
	for _, s := range all {
		if members := s.members(); len(members) > 0 {
			within := make([]float64, len(members))
			for i, c := range members {
				within[i] = c.P
			}
			q, err := stats.BenjaminiHochberg(within)
			if err != nil {
				continue
			}
			s.p = 1
			for i, c := range members {
				c.Q = q[i]
				s.p = min(s.p, q[i])
			}
			tested, p = append(tested, s), append(p, s.p)
		}
	}
	selected := 0
	if q, err := stats.BenjaminiHochberg(p); err == nil {
		for i, s := range tested {
			if s.q = q[i]; s.q <= alpha {
				selected++
			}
		}
	}
	checks := 0
	for _, s := range tested {
		checks += len(s.members())
	}
	for _, s := range tested {
		for _, c := range s.members() {
			c.Alpha = alpha * float64(max(1, selected)) / float64(len(tested))
			// The least p of k checks of the first of m segments is held against
			// alpha/(k·m); k is taken to be the same for all.
			first := alpha / float64(checks)
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
	s.sentence = s.words(judged, weak)
}

// movedBins are the bins of the distributions that moved.
func (s *segment) movedBins() []verdict.Bin {
	moved := map[string]bool{}
	for _, c := range slices.Concat(s.alone, s.shared) {
		moved[c.Subject] = true
	}
	var out []verdict.Bin
	for _, b := range s.classes {
		if moved[b.Subject] {
			b.Segment = s.key()
			out = append(out, b)
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

// segmentLevel is what the segments make of the run: a warning at most.
func (r *run) segmentLevel() string {
	for _, p := range r.partitions {
		if verdict.Reaches(p.level(), verdict.Warn) {
			return verdict.Warn
		}
	}
	return ""
}

func (r *run) partitionRow(p *partition) verdict.Segment {
	nan := math.NaN()
	row := verdict.Segment{Column: p.split.Column, ShareRef: 1, ShareCur: 1, Mix: nan, Within: nan, P: nan, Q: nan, Level: p.level(), Sentence: r.partitionWords(p)}
	for _, s := range p.segments {
		row.NRef += s.part.Ref.Rows
		row.NCur += s.part.Cur.Rows
		row.Moved += int64(len(sources(slices.Concat(s.alone, s.shared))))
	}
	row.ScoreRef, row.ScoreCur = nan, nan
	fine := r.scoreStep(p.scoreName())
	if !p.hidden[0] {
		row.ScoreRef = bins.Rounded(p.ref, fine)
	}
	if !p.hidden[1] {
		row.ScoreCur = bins.Rounded(p.cur, fine)
	}
	if !p.hidden[0] && !p.hidden[1] {
		row.Mix, row.Within = bins.Rounded(p.mix, fine), bins.Rounded(p.within, fine)
	}
	return row
}

func (r *run) segmentRow(p *partition, s *segment) verdict.Segment {
	nan := math.NaN()
	row := verdict.Segment{
		Column: p.split.Column, Name: s.part.Name, NRef: s.part.Ref.Rows, NCur: s.part.Cur.Rows,
		ShareRef: bins.Share(s.part.RefRows, p.split.RefRows), ShareCur: bins.Share(s.part.CurRows, p.split.CurRows),
		ScoreRef: nan, ScoreCur: nan, Mix: nan, Within: nan, P: s.p, Q: s.q,
		Moved: int64(len(sources(slices.Concat(s.alone, s.shared)))), Level: s.level, Sentence: s.sentence,
	}
	fine := r.scoreStep(s.score)
	if s.told[0] {
		row.ScoreRef = bins.Rounded(s.ref, fine)
	}
	if s.told[1] {
		row.ScoreCur = bins.Rounded(s.cur, fine)
	}
	return row
}

// scoreStep is what mean scores are rounded by, as in statistics.
func (r *run) scoreStep(score string) float64 {
	if c := r.ref.Column(score); c != nil && c.Number != nil {
		return bins.Spread(c.Number) / 100
	}
	return math.NaN()
}

func (p *partition) scoreName() string {
	for _, s := range p.segments {
		if s.score != "" {
			return s.score
		}
	}
	return ""
}
