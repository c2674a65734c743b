// Package quality finds what a column's rows are worth, apart from how its values
// are distributed: missing, mistyped, new, out of range, all one, repeated.
package quality

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Options says how columns are compared.
type Options struct {
	K                int64           // a category of fewer rows is not named
	RefRead, CurRead int64           // rows of the whole logs, of which rejected values are known; 0: those of the column
	Designs          policy.DesignOf // how the rows hang together
}

// Result is what there is to know of one column. A question that does not arise
// is nil.
type Result struct {
	NRef, NCur int64 // rows of the sides
	Vanished   bool  // no judged row has the column, or a value of it; nothing else was asked
	Unread     bool  // of a column that vanished: the log has it, but no value could be read

	Missing, Nonfinite *Rate
	Type               *Rate // of the whole logs where Options has them
	Range              *Range
	Unseen             *Unseen
	Constant           *Constant
}

// Rate compares the share of rows that something is true of. Its effect is the
// rise, in points.
type Rate struct {
	policy.Evidence
	RefHits, CurHits int64

	// Mistyped is the share of the missing values that were values of another
	// type, NaN where that is not known.
	Mistyped float64
}

// Compare compares a column. Scores are not asked about where the reference has
// none, which is no fault of the rows.
func Compare(ref, cur *view.Column, o Options) Result {
	r := Result{NRef: ref.Rows, NCur: cur.Rows}
	if cur.Vanished && cur.Rows > 0 {
		r.Vanished = true
		r.Unread = cur.Rejected > 0
		return r
	}
	if table.IsScore(cur.Role) && ref.Values() <= 0 {
		return r
	}
	missing := o.Designs[cur.Name].Missing
	r.Missing = rate(ref.Missing, ref.Rows, cur.Missing, cur.Rows, missing)
	if r.Missing.Unjudged == verdict.ReasonDependent && lost(ref, cur) {
		return Result{NRef: ref.Rows, NCur: cur.Rows, Vanished: true}
	}
	r.mistyped(ref, cur, o)
	if odd(ref)+odd(cur) > 0 {
		r.Nonfinite = rate(odd(ref), ref.Rows, odd(cur), cur.Rows, missing)
	}
	r.values(ref, cur, o)
	return r
}

// lost says that no judged row has a value of a column that the reference hardly ever
// lacks. It needs no test: what a log's other periods have of it is not judged.
func lost(ref, cur *view.Column) bool {
	return cur.Rows > 0 && cur.Missing == cur.Rows && cur.TypeErrors+cur.Rejected == 0 && 100*ref.Missing <= ref.Rows
}

// Values compares what only a column with values on both sides can fail: it
// leaves the rates out, which a part of a text does not have.
func Values(ref, cur *view.Column, o Options) Result {
	r := Result{NRef: ref.Rows, NCur: cur.Rows}
	r.values(ref, cur, o)
	return r
}

func (r *Result) values(ref, cur *view.Column, o Options) {
	if ref.Values() <= 0 || cur.Values() <= 0 || ref.InSample {
		return
	}
	n, m := ref.Values(), cur.Values()
	values := o.Designs[cur.Name].Values
	if ref.Number != nil && bins.GridFault(ref.Number, cur.Number) == "" && len(ref.Number.Edges) > 0 {
		if before, after, ok := bins.Codes(ref, cur); ok { // a code out of range is one that the reference lacks
			r.Unseen = unseen(before, after, o.K, values.Unweighed())
		} else {
			open := cur.Number.Open
			r.Range = outOfRange(n, m, open[0], open[len(open)-1], values.Unweighed(), cur)
		}
		if same, alike := sameNumber(ref.Number, cur.Number); same {
			r.Constant = constant(n, m, alike, values)
		}
	}
	if ref.Category != nil && cur.Category != nil {
		r.Unseen = unseen(ref, cur, o.K, values.Unweighed())
		if same, alike := sameCategory(ref.Category, cur.Category); same {
			r.Constant = constant(n, m, alike, values)
		}
	}
}

// mistyped takes the share of values of another type than the column's. What
// was taken as null when the log was read is known of the whole log only; it is
// among the missing values.
func (r *Result) mistyped(ref, cur *view.Column, o Options) {
	design := o.Designs[cur.Name].Missing
	if ref.Rejected+cur.Rejected <= 0 {
		if ref.TypeErrors+cur.TypeErrors > 0 {
			r.Type = rate(ref.TypeErrors, ref.Rows, cur.TypeErrors, cur.Rows, design)
		}
		return
	}
	whole := func(c *view.Column, read int64) (hits, rows int64) {
		rows = max(read, c.Rows)
		return min(rows, c.TypeErrors+c.Rejected), rows
	}
	refHits, n := whole(ref, o.RefRead)
	curHits, m := whole(cur, o.CurRead)
	r.Type = rate(refHits, n, curHits, m, design)
	if cur.Rejected > 0 && cur.Rejected <= cur.Missing && o.CurRead <= cur.Rows {
		r.Missing.Mistyped = bins.Share(cur.Rejected, cur.Missing)
	}
}

// rate compares refHits of n rows with curHits of m, which hang together by d.
func rate(refHits, n, curHits, m int64, d policy.Design) *Rate {
	r := &Rate{Evidence: policy.None(n, m), RefHits: refHits, CurHits: curHits, Mistyped: math.NaN()}
	if n <= 0 || m <= 0 {
		r.Unjudged = verdict.ReasonNoRows
		return r
	}
	before, after := bins.Share(refHits, n), bins.Share(curHits, m)
	r.Effect = 100 * (after - before)
	switch {
	case after > before:
		r.Direction = verdict.Up
	case after < before:
		r.Direction = verdict.Down
	}
	if refHits == 0 && curHits == 0 {
		// Certain to pass, whatever the rest does: no member of the family.
		r.Test, r.Certain = "two proportions", true
		return r
	}
	r.Designed(d)
	test, statistic, p, err := policy.SharesOf(refHits, n, curHits, m, d)
	if err != nil {
		r.Unjudged = verdict.ReasonCounters
		return r
	}
	r.Test, r.Statistic, r.P = test, statistic, p
	r.MDE = policy.DetectablePoints(before, r.EffRef, r.EffCur)
	return r
}
