package quality

import (
	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Whole are the statistics of both sides as a whole: rows, columns, how many of
// these are empty or constant, the share of cells that is missing, and the share
// of rows that came before.
func Whole(ref, cur *view.View) []verdict.Statistic {
	const subject = verdict.SubjectRows
	before, after := shapeOf(ref), shapeOf(cur)
	out := []verdict.Statistic{
		bins.Statistic(subject, "rows", float64(ref.Rows), float64(cur.Rows), "rows"),
		bins.Statistic(subject, "columns", before.columns, after.columns, "columns"),
		bins.Statistic(subject, "empty_columns", before.empty, after.empty, "columns"),
		bins.Statistic(subject, "constant_columns", before.constant, after.constant, "columns"),
		bins.Statistic(subject, "missing_cells_rate", bins.Share(before.missing, before.cells), bins.Share(after.missing, after.cells), "1"),
	}
	if cur.Inputs.Rows > 0 {
		before, _ := repeats(&ref.Inputs)
		after, _ := repeats(&cur.Inputs)
		out = append(out, bins.Proportion(subject, "duplicate_rate", int64(before), ref.Inputs.Rows, int64(after), cur.Inputs.Rows))
	}
	return out
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
		if table.IsScore(c.Role) || c.Role == "label" || c.Vanished || c.Rows > 0 && c.Absent >= c.Rows {
			continue
		}
		s.columns++
		s.missing += max(0, c.Missing)
		s.cells += max(0, c.Rows)
		switch {
		case c.Rows > 0 && c.Missing >= c.Rows:
			s.empty++
		case c.Number != nil && bins.Distinct(c.Number) == 1, c.Category != nil && bins.Held(c.Category) == 1:
			s.constant++
		}
	}
	return s
}

// Counts are the statistics that every column has: rows, and the shares of rows
// that are missing and, where there are any, that no distribution counts: NaN or
// infinite, of the wrong type, outside the reference's range, in no category of
// the reference's. A public column has its least and its greatest value, rounded;
// those of others are single rows' and stay here.
func Counts(ref, cur *view.Column) []verdict.Statistic {
	out := []verdict.Statistic{
		bins.Statistic(cur.Name, "rows", float64(ref.Values()), float64(cur.Values()), "rows"),
		bins.Proportion(cur.Name, "missing_rate", ref.Missing, ref.Rows, cur.Missing, cur.Rows),
	}
	if odd(ref)+odd(cur) > 0 {
		out = append(out, bins.Proportion(cur.Name, "nonfinite_rate", odd(ref), ref.Rows, odd(cur), cur.Rows))
	}
	if ref.TypeErrors+cur.TypeErrors > 0 {
		out = append(out, bins.Proportion(cur.Name, "type_error_rate", ref.TypeErrors, ref.Rows, cur.TypeErrors, cur.Rows))
	}
	if n := cur.Number; n != nil && len(n.Open) > 1 {
		out = append(out, bins.Proportion(cur.Name, "out_of_range_rate", 0, ref.Values(), n.Open[0]+n.Open[len(n.Open)-1], cur.Values()))
	}
	if c := cur.Category; c != nil && ref.Category != nil {
		out = append(out, bins.Proportion(cur.Name, "unseen_rate", 0, ref.Values(), c.UnseenTotal, cur.Values()))
	}
	if ref.Public && ref.Number != nil && cur.Number != nil {
		scale := bins.Spread(ref.Number)
		out = append(out,
			bins.Statistic(cur.Name, "min", bins.Rounded(ref.Number.Min, scale), bins.Rounded(cur.Number.Min, scale), ""),
			bins.Statistic(cur.Name, "max", bins.Rounded(ref.Number.Max, scale), bins.Rounded(cur.Number.Max, scale), ""))
	}
	return out
}

// odd counts the numbers that are not finite.
func odd(c *view.Column) int64 { return c.NaN + c.PosInf + c.NegInf }
