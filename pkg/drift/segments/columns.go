package segments

import (
	"github.com/leadsman/leadsman/pkg/drift/distribution"
	"github.com/leadsman/leadsman/pkg/drift/quality"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Column is what the wings quality and distribution found about one column.
type Column struct {
	Name, Role, Kind string // role as in findings
	NRef, NCur       int64  // rows
	Held             int64  // judged rows that have a value

	New        bool            // the reference lacks it, and nothing was asked
	Outcome    bool            // it is the reference's outcome, and nothing was asked
	Quality    *quality.Result // nil where nothing was asked
	Values     []Values        // its own; of a text those of each part; none of what holds nothing
	Statistics []verdict.Statistic
}

// Values is how what a column, or a part of a text, holds is distributed.
type Values struct {
	Ref, Cur     *view.Column
	Quality      *quality.Result // of the part of a text; nil for a column, which has its own
	Distribution distribution.Result
}

// Columns compares the columns of two views, paired by name: those of the
// reference in plan order, then those that it lacks. Nothing is asked of the
// outcome, empty for none.
func Columns(ref, cur *view.View, outcome string, o distribution.Options) []Column {
	var out []Column
	for _, pair := range pairs(ref, cur) {
		if c := pair[0]; c != nil && c.Name == outcome {
			out = append(out, Column{Name: c.Name, Role: verdict.RoleFeature, Kind: string(c.Kind), NRef: c.Rows, NCur: pair[1].Rows, Outcome: true})
			continue
		}
		if c, ok := compare(ref, cur, pair[0], pair[1], o); ok {
			out = append(out, c)
		}
	}
	return out
}

// pairs pairs the two sides' columns. One that only the reference has is paired
// with a vanished one, one that only cur has with nil.
func pairs(ref, cur *view.View) [][2]*view.Column {
	byName := make(map[string]*view.Column, len(cur.Columns))
	for i := range cur.Columns {
		c := &cur.Columns[i]
		if _, twice := byName[c.Name]; !twice {
			byName[c.Name] = c
		}
	}
	var out [][2]*view.Column
	known := make(map[string]bool, len(ref.Columns))
	for i := range ref.Columns {
		c := &ref.Columns[i]
		if known[c.Name] {
			continue
		}
		known[c.Name] = true
		other := byName[c.Name]
		if other == nil {
			other = &view.Column{Name: c.Name, Role: c.Role, Kind: c.Kind, Rows: cur.Rows, Missing: cur.Rows, Absent: cur.Rows, Vanished: true}
		}
		out = append(out, [2]*view.Column{c, other})
	}
	for i := range cur.Columns {
		c := &cur.Columns[i]
		if known[c.Name] {
			continue
		}
		known[c.Name] = true
		out = append(out, [2]*view.Column{nil, c})
	}
	return out
}

// compare compares one column; ok is false where there is nothing to ask of it.
func compare(refView, curView *view.View, ref, cur *view.Column, o distribution.Options) (c Column, ok bool) {
	c = Column{Name: cur.Name, Role: verdict.RoleFeature, Kind: string(cur.Kind), NCur: cur.Rows, Held: cur.Values()}
	switch cur.Role {
	case table.Score:
		c.Role = verdict.RoleScore
	case table.ClassScore:
		c.Role = verdict.RoleClassScore
	case table.Label:
		c.Role = verdict.RoleLabel
	}
	switch {
	case ref == nil || cur.New:
		c.New = true
		return c, c.Role != verdict.RoleLabel
	case verdict.IsScore(c.Role) && ref.Values() <= 0 && cur.Values() <= 0:
		return c, false // a case without scores
	case c.Role == verdict.RoleLabel && ref.Values() <= 0:
		// References rarely hold the labels given at scoring.
		rate, ok := distribution.PositiveRate(cur, o)
		c.Statistics = []verdict.Statistic{rate}
		return c, ok
	}
	asked := quality.Options{K: o.K, RefRead: refView.Read, CurRead: curView.Read, Designs: o.Designs}
	q := quality.Compare(ref, cur, asked)
	c.Quality = &q
	counts := quality.Counts(ref, cur)
	if cur.Kind != view.TextKind {
		d := distribution.Compare(ref, cur, o)
		c.Values = []Values{{Ref: ref, Cur: cur, Distribution: d}}
		c.Statistics = append(d.Statistics, counts...)
		return c, true
	}
	c.Statistics = counts
	for i := range ref.Derived {
		before := &ref.Derived[i]
		after := &view.Column{Name: before.Name, Kind: view.NumberKind, Vanished: cur.Vanished, Rows: cur.Rows, Missing: cur.Rows}
		if i < len(cur.Derived) {
			after = &cur.Derived[i]
		}
		q, d := quality.Values(before, after, asked), distribution.Compare(before, after, o)
		c.Values = append(c.Values, Values{Ref: before, Cur: after, Quality: &q, Distribution: d})
		c.Statistics = append(c.Statistics, d.Statistics...)
	}
	return c, true
}
