// Package segments runs the wings on parts of the rows: on each value of a column,
// with the mean score taken apart and the evidence of all parts held together.
package segments

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/distribution"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A Partition is the rows by the values of one column.
type Partition struct {
	Split    *view.Split
	Segments []*Segment // none where Unjudged is set
	Unjudged string     // the verdict.Reason… why its segments cannot be judged at all

	// Of the mean score, see decompose; NaN without scores on both sides.
	Ref, Cur    float64
	Mix, Within float64

	Hidden [2]bool // the mean score of a side would give a few rows away
}

// A Segment is the rows with one value of the column, compared.
type Segment struct {
	Split    *view.Split
	Part     *view.Part
	Columns  []Column
	Unjudged string // the verdict.Reason… why none of them is judged

	Score    string     // column with the score, empty without one
	Ref, Cur float64    // mean score, NaN without rows
	Weight   [2]float64 // the segment's share of all rows with a score
	Shown    [2]bool    // its mean score may be told

	scored [2]int64 // compared rows with a score
}

// Options says how parts are compared.
type Options struct {
	Distribution distribution.Options
	Skip         string // column that is judged in no part, empty for none
	MissingMoved bool   // how often the column has no value has moved
	Least        int64  // a part of fewer judged rows, or held against fewer, is not judged
}

// Compare compares each part as the whole, ref and cur, is compared. The column
// that makes the parts is not judged in them, nor is one that the judged rows do
// not have at all, which is a matter of the whole. What is unseen or out of range
// stays what the whole reference lacks; a part's few rows foretell more of it than
// there is, which makes these checks cautious.
//
// Without the column in the judged rows all of them are rows without a value, and
// the few such rows of the reference are others: no part is judged. Nor are the
// rows without a value where their share has moved, nor those of values that make
// no part of their own: what they have in common is that they are few.
func Compare(split *view.Split, ref, cur *view.View, o Options) *Partition {
	p := &Partition{Split: split}
	if p.Unjudged = unsplittable(split.Column, ref, cur); p.Unjudged != "" {
		p.decompose()
		return p
	}
	gone := map[string]bool{split.Column: true, o.Skip: true}
	for i := range cur.Columns {
		if c := &cur.Columns[i]; c.Vanished {
			gone[c.Name] = true
		}
	}
	for i := range split.Parts {
		part := &split.Parts[i]
		o := o
		o.Distribution.Designs = designsIn(part, ref, cur, o.Distribution.Designs)
		s := &Segment{Split: split, Part: part, Ref: math.NaN(), Cur: math.NaN()}
		for _, pair := range pairs(&part.Ref, &part.Cur) {
			before, after := pair[0], pair[1]
			if before == nil || gone[after.Name] {
				continue
			}
			if after.Role == "score" && s.Score == "" && before.Number != nil && after.Number != nil {
				s.Score, s.Ref, s.Cur = after.Name, bins.MomentsOf(before.Number, o.Distribution.K, false).Mean, bins.MomentsOf(after.Number, o.Distribution.K, false).Mean
				s.scored = [2]int64{before.Values(), after.Values()}
				if before.InSample {
					s.Ref = math.NaN()
				}
			}
			if c, ok := compare(&part.Ref, &part.Cur, before, after, o.Distribution); ok {
				s.Columns = append(s.Columns, c)
			}
		}
		switch {
		case part.Kind == view.OtherRows:
			s.Unjudged = verdict.SegmentPooled
		case part.CurRows < o.Least || part.RefRows < o.Least:
			s.Unjudged = verdict.ReasonTooFewRows
		case part.Clustered:
			s.Unjudged = verdict.ReasonRepetitive
		case part.Kind == view.MissingRows && o.MissingMoved:
			s.Unjudged = verdict.ReasonNotComparable
		}
		p.Segments = append(p.Segments, s)
	}
	p.decompose()
	if split.Whole { // the reference has no shares to have changed
		nan := math.NaN()
		p.Ref, p.Cur, p.Mix, p.Within = nan, nan, nan, nan
	}
	p.suppressMeans(o.Distribution.K)
	return p
}

// unsplittable is the verdict.Reason… why the judged rows cannot be taken apart by a
// column, or empty.
func unsplittable(column string, ref, cur *view.View) string {
	for _, pair := range pairs(ref, cur) {
		switch c := pair[1]; {
		case c.Name != column || cur.Rows <= 0:
		case c.Vanished:
			return verdict.ReasonGone
		case c.Missing >= c.Rows:
			return verdict.ReasonNoValues
		}
	}
	return ""
}

// ScoreName is the column with the score, empty without one.
func (p *Partition) ScoreName() string {
	for _, s := range p.Segments {
		if s.Score != "" {
			return s.Score
		}
	}
	return ""
}
