package drift

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// dataset adds what both sides are as a whole: rows, columns, how many of these
// are empty or constant, the share of cells that is missing, and the share of
// rows that came before.
func (r *run) dataset() {
	const subject = verdict.SubjectRows
	ref, cur := shapeOf(&r.ref), shapeOf(&r.cur)
	r.statistic(subject, "rows", float64(r.ref.Rows), float64(r.cur.Rows), "rows")
	r.statistic(subject, "columns", ref.columns, cur.columns, "columns")
	r.statistic(subject, "empty_columns", ref.empty, cur.empty, "columns")
	r.statistic(subject, "constant_columns", ref.constant, cur.constant, "columns")
	r.statistic(subject, "missing_cells_rate", bins.Share(ref.missing, ref.cells), bins.Share(cur.missing, cur.cells), "1")
	if r.cur.SampleRows > 0 {
		r.proportion(subject, "duplicate_rate", r.ref.Duplicates, r.ref.SampleRows, r.cur.Duplicates, r.cur.SampleRows)
	}
}

// A shape is what one side's feature columns come to.
type shape struct {
	columns, empty, constant float64
	missing, cells           int64
}

func shapeOf(v *view.View) shape {
	var s shape
	for i := range v.Columns {
		c := &v.Columns[i]
		if c.Role == "score" || c.Role == "label" || c.Vanished || c.Rows > 0 && c.Absent >= c.Rows {
			continue
		}
		s.columns++
		s.missing += max(0, c.Missing)
		s.cells += max(0, c.Rows)
		switch {
		case c.Rows > 0 && c.Missing >= c.Rows:
			s.empty++
		case c.Number != nil && distinct(c.Number) == 1, c.Category != nil && held(c.Category) == 1:
			s.constant++
		}
	}
	return s
}

// faults adds the shares of rows that no distribution counts, where there are
// any: NaN or infinite, of the wrong type, outside the reference's range, in
// no category of the reference's.
func (r *run) faults(ref, cur *view.Column) {
	odd := func(c *view.Column) int64 { return c.NaN + c.PosInf + c.NegInf }
	if odd(ref)+odd(cur) > 0 {
		r.proportion(cur.Name, "nonfinite_rate", odd(ref), ref.Rows, odd(cur), cur.Rows)
	}
	if ref.TypeErrors+cur.TypeErrors > 0 {
		r.proportion(cur.Name, "type_error_rate", ref.TypeErrors, ref.Rows, cur.TypeErrors, cur.Rows)
	}
	if n := cur.Number; n != nil && len(n.Open) > 1 {
		r.proportion(cur.Name, "out_of_range_rate", 0, ref.Values(), n.Open[0]+n.Open[len(n.Open)-1], cur.Values())
	}
	if c := cur.Category; c != nil && ref.Category != nil {
		r.proportion(cur.Name, "unseen_rate", 0, ref.Values(), c.UnseenTotal, cur.Values())
	}
}

// extremes adds the least and the greatest value of a public column, rounded.
// Those of others are single rows' and stay here.
func (r *run) extremes(ref, cur *view.Column) {
	if !ref.Public || ref.Number == nil || cur.Number == nil {
		return
	}
	scale := bins.Spread(ref.Number)
	r.statistic(cur.Name, "min", bins.Rounded(ref.Number.Min, scale), bins.Rounded(cur.Number.Min, scale), "")
	r.statistic(cur.Name, "max", bins.Rounded(ref.Number.Max, scale), bins.Rounded(cur.Number.Max, scale), "")
}

// distinct counts a column's distinct values, NaN when they were too many to keep.
func distinct(n *view.Number) float64 {
	if n.Values == nil {
		return math.NaN()
	}
	x, _, ok := n.Values()
	if !ok {
		return math.NaN()
	}
	return float64(len(x))
}
