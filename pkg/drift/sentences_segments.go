package drift

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/segments"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// key is what findings and bins of the segment carry.
func (s *segment) key() string {
	return verdict.Segment{Column: s.Split.Column, Name: s.Part.Name}.Key()
}

// name is the same, fit to stand in a sentence.
func (s *segment) name() string {
	return segmentName(s.Segment)
}

// segmentName is how sentences call the segment: on one line, long names cut.
func segmentName(s *segments.Segment) string {
	return words.Name(s.Split.Column) + "=" + words.Name(s.Part.Name)
}

const (
	clusteredRows = "not judged: its rows repeat, and only a sample of them was kept; keep them all with --rows all"
	pooledValues  = "no segment: the rows of all values that are too few to stand alone"
	otherMissing  = "not judged: how often a value is missing has moved, so these are other rows"
)

// sayInSegment is the sentence of a finding in a segment: where it is, what a
// finding of all rows would say, and whether all rows together stand.
func sayInSegment(s *segment, sentence string, stand bool) string {
	in := "in " + s.name() + ": " + sentence
	if stand {
		in += "; all rows together stand"
	}
	return in
}

// sayLooked says how many of a segment's judged rows the row sample held.
func sayLooked(s *segment) string {
	return fmt.Sprintf("; by %s of its %s", words.Whole(s.Part.Cur.Rows), words.Count(s.Part.CurRows, "row", "rows"))
}

// sources are the columns that checks belong to, each once.
func sources(checks []*check) []string {
	var out []string
	for _, c := range checks {
		if s := words.Name(c.source); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// explain gives the segment's reason, and its sentence.
func (s *segment) explain(judged, weak int) (reason, sentence string) {
	here, as := words.List(sources(s.alone)), words.List(sources(s.shared))
	switch {
	case here != "" && as != "":
		return verdict.SegmentAlone, fmt.Sprintf("%s: %s moved here, not in all rows together; %s moved as in all rows", s.name(), here, as)
	case here != "":
		return verdict.SegmentAlone, fmt.Sprintf("%s: %s moved here, not in all rows together", s.name(), here)
	case as != "":
		return verdict.SegmentAsAll, fmt.Sprintf("%s: %s moved, as in all rows", s.name(), as)
	case s.level == verdict.OK && weak > 0:
		return verdict.ReasonSteady, fmt.Sprintf("%s: none of %s moved; %d could not be judged", s.name(), words.Count(int64(judged), "distribution", "distributions"), weak)
	case s.level == verdict.OK:
		return verdict.ReasonSteady, fmt.Sprintf("%s: none of %s moved", s.name(), words.Count(int64(judged), "distribution", "distributions"))
	case s.Part.CurRows == 0 && s.Split.CurRows > 0:
		return verdict.ReasonNoRows, fmt.Sprintf("%s: no rows in the judged period; it was %s of the reference", s.name(), words.Percent(bins.Share(s.Part.RefRows, s.Split.RefRows)))
	case s.Part.RefRows == 0 && s.Split.RefRows > 0:
		return verdict.ReasonNoRows, fmt.Sprintf("%s: no rows in the reference; it is %s of the judged period", s.name(), words.Percent(bins.Share(s.Part.CurRows, s.Split.CurRows)))
	case s.Unjudged == verdict.SegmentPooled:
		return s.Unjudged, s.name() + ": " + pooledValues
	case s.Unjudged == verdict.ReasonRepetitive:
		return s.Unjudged, s.name() + ": " + clusteredRows
	case s.Unjudged == verdict.ReasonTooFewRows:
		return s.Unjudged, fmt.Sprintf("%s: %s, fewer than limits.min_rows", s.name(), words.Count(s.Part.CurRows, "row", "rows"))
	case s.Unjudged != "":
		return s.Unjudged, s.name() + ": " + otherMissing
	}
	if what, least := s.detectable(); least > 0 {
		return verdict.ReasonFewRows, fmt.Sprintf("%s: too few rows, %d and %d, to tell a change of %s below a PSI of %s", s.name(), s.Part.Ref.Rows, s.Part.Cur.Rows, what, words.PSI(least))
	}
	return verdict.ReasonTooFewRows, fmt.Sprintf("%s: too few rows, %d and %d, to judge", s.name(), s.Part.Ref.Rows, s.Part.Cur.Rows)
}

// detectable is the least PSI that would have been seen: of the score, or, where
// that is not judged, of the feature that needs least.
func (s *segment) detectable() (what string, least float64) {
	least = math.Inf(1)
	for _, c := range s.checks {
		switch {
		case c.Check != verdict.CheckDistribution || !(c.MDE > 0):
		case verdict.IsScore(c.Role):
			return "the scores", c.MDE
		case c.MDE < least:
			what, least = "any feature", c.MDE
		}
	}
	if what == "" {
		return "", 0
	}
	return what, least
}

// explainPartition gives the reason of what became of a column's segments, and of
// the mean score through them, and its sentence.
func (r *run) explainPartition(p *partition) (reason, sentence string) {
	switch p.Unjudged {
	case verdict.ReasonGone:
		return p.Unjudged, words.Name(p.Split.Column) + ": its segments cannot be judged: the column has vanished"
	case verdict.ReasonNoValues:
		return p.Unjudged, words.Name(p.Split.Column) + ": its segments cannot be judged: it is missing in all rows"
	}
	var parts []string
	reason, mix := r.explainMix(p)
	if mix != "" {
		parts = append(parts, mix)
	}
	var moved, unjudged []string
	n := 0
	for _, s := range p.segments {
		if s.Unjudged == verdict.SegmentPooled {
			continue
		}
		n++
		switch {
		case verdict.Reaches(s.level, verdict.Warn):
			moved = append(moved, fmt.Sprintf("%s (%s)", words.Name(s.Part.Name), words.List(sources(slices.Concat(s.alone, s.shared)))))
		case s.level == verdict.Insufficient:
			unjudged = append(unjudged, words.Name(s.Part.Name))
		}
	}
	switch {
	case len(moved) > 0:
		reason = cmp.Or(reason, verdict.SegmentsMoved)
		parts = append(parts, fmt.Sprintf("%d of %s moved: %s", len(moved), words.Count(int64(n), "segment", "segments"), words.List(firstOf(moved))))
	case len(unjudged) == n:
		reason = cmp.Or(reason, verdict.ReasonFewRows)
		parts = append(parts, fmt.Sprintf("too few rows to judge any of %s", words.Count(int64(n), "segment", "segments")))
	default:
		reason = cmp.Or(reason, verdict.ReasonSteady)
		parts = append(parts, fmt.Sprintf("none of %s moved", words.Count(int64(n-len(unjudged)), "segment", "segments")))
	}
	if len(unjudged) > 0 && len(unjudged) < n {
		parts = append(parts, fmt.Sprintf("%d could not be judged: %s", len(unjudged), words.List(firstOf(unjudged))))
	}
	for _, s := range p.segments {
		if share := bins.Share(s.Part.CurRows, p.Split.CurRows); s.Unjudged == verdict.SegmentPooled && share > 0 {
			parts = append(parts, words.Percent(share)+" of the rows have values that are too few to be segments")
		}
	}
	if p.Split.Whole {
		parts = append(parts, "each against the whole reference, which lacks the column")
	}
	return reason, words.Name(p.Split.Column) + ": " + strings.Join(parts, "; ")
}

// firstOf are the first of many things, and how many more there are.
func firstOf(things []string) []string {
	const most = 20
	if len(things) <= most {
		return things
	}
	return append(slices.Clone(things[:most]), fmt.Sprintf("%d more", len(things)-most))
}

const mixShare = 0.8 // of the change of the mean score, from which the mix explains it

// mixExplains says that the scores of all rows moved, that the shares of the
// segments explain it, and that the scores moved in none of them.
func (r *run) mixExplains(p *partition) bool {
	change := p.Mix + p.Within
	if !verdict.Reaches(levelOf(r.checks, p.ScoreName(), verdict.CheckDistribution), verdict.Warn) || !(math.Abs(p.Mix) >= mixShare*math.Abs(change)) || p.Mix*change <= 0 {
		return false
	}
	moved, _ := p.scoreMoved()
	return !moved
}

// scoreMoved says whether the score moved in some segment, and what share of the
// judged rows lies in segments where it could be judged.
func (p *partition) scoreMoved() (moved bool, judged float64) {
	var rows int64
	for _, s := range p.segments {
		for _, c := range s.checks {
			if c.Check == verdict.CheckDistribution && c.Role == verdict.RoleScore && c.Level != verdict.Insufficient {
				rows += s.Part.CurRows
				moved = moved || verdict.Reaches(c.Level, verdict.Warn)
			}
		}
	}
	return moved, bins.Share(rows, p.Split.CurRows)
}

// explainMix says where the change of the mean score comes from, when it is worth
// words: all rows moved, or the segments did and their mix hides it. Numbers that
// suppressMeans keeps back are in none.
func (r *run) explainMix(p *partition) (reason, sentence string) {
	if math.IsNaN(p.Mix) {
		return "", ""
	}
	fine := scoreStep(&r.ref, p.ScoreName())
	say := func(x float64) string { return words.Signed(math.Round(bins.Rounded(x, fine)*1000) / 1000) }
	change := p.Mix + p.Within
	moved, judged := p.scoreMoved()
	whole := verdict.Reaches(levelOf(r.checks, p.ScoreName(), verdict.CheckDistribution), verdict.Warn)
	switch {
	case r.mixExplains(p):
		what := "the change of the mean score"
		if !p.Hidden[0] && !p.Hidden[1] {
			what += " (" + say(change) + ")"
		}
		inside := "inside the segments the scores stand"
		if judged < 0.5 {
			inside = "inside the segments there are too few rows to judge the scores"
		}
		return verdict.SegmentMix, fmt.Sprintf("%s comes from the mix: %s; %s", what, p.mixed(), inside)
	case p.Hidden[0] || p.Hidden[1]:
		return "", ""
	case moved && p.Mix*p.Within < 0 && math.Abs(change) <= math.Abs(p.Within)/2:
		return verdict.SegmentMixHides, fmt.Sprintf("the mean score changed by %s inside the segments, which their mix hides (%s): %s", say(p.Within), say(p.Mix), p.mixed())
	case whole && math.Abs(p.Within) >= mixShare*math.Abs(change) && p.Within*change > 0:
		return verdict.SegmentWithin, fmt.Sprintf("the change of the mean score (%s) comes from inside the segments (%s), not from their mix (%s)", say(change), say(p.Within), say(p.Mix))
	case whole:
		return verdict.SegmentPartlyMix, fmt.Sprintf("of the change of the mean score (%s), %s comes from the mix and %s from inside the segments", say(change), say(p.Mix), say(p.Within))
	}
	return "", ""
}

// mixed names the segment whose share did most to the mean score.
func (p *partition) mixed() string {
	l, ok := p.MixDriver()
	if !ok {
		return "the shares of the segments changed"
	}
	of := ""
	if l.Scored {
		of = " of the rows with a score"
	}
	before, after := words.Percents(l.Ref, l.Cur)
	return fmt.Sprintf("%s went from %s to %s%s", segmentName(l.Segment), before, after, of)
}
