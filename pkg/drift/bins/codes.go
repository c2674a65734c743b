package bins

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// What makes a number one of codes: so many distinct values at most, and of each so
// many rows or such a share of them.
const (
	mostCodes  = 50
	leastCoded = 5
	leastShare = 0.01
)

// Codes are a feature's numbers as categories, where the reference's are taken for
// codes: at most 50 distinct whole numbers with gaps between them, each in five rows or
// in one of a hundred. A code between two others is no quantile's business, and one
// that the reference lacks means nothing to a model. ok is false for any other column.
func Codes(refCol, curCol *view.Column) (ref, cur *view.Column, ok bool) {
	before, after := refCol.Number, curCol.Number
	if refCol.Role != table.Feature || before == nil || after == nil || !before.Exact || GridFault(before, after) != "" || len(before.Edges) == 0 {
		return nil, nil, false
	}
	codes, rows := 0, refCol.Values()
	least, most := math.Inf(1), math.Inf(-1)
	for i, x := range before.Edges {
		n := At(before.At, i)
		switch {
		case n == 0:
			continue
		case x != math.Trunc(x) || math.Abs(x) >= 1<<53:
			return nil, nil, false
		case n < leastCoded && float64(n) < leastShare*float64(rows):
			return nil, nil, false
		}
		codes++
		least, most = math.Min(least, x), math.Max(most, x)
	}
	if codes < 2 || codes > mostCodes || most-least < float64(codes) {
		return nil, nil, false
	}
	for _, n := range before.Open {
		if n != 0 {
			return nil, nil, false
		}
	}
	was, is := asCategories(before, nil), asCategories(after, after.Values)
	for _, n := range was.Counts {
		switch n {
		case 1:
			was.Once++
		case 2:
			was.Twice++
		}
	}
	as := func(c *view.Column, k *view.Category) *view.Column {
		return &view.Column{Name: c.Name, Role: c.Role, Kind: view.CategoryKind, Rows: c.Rows, Missing: c.Rows - c.Values(), Category: k, Public: c.Public}
	}
	return as(refCol, was), as(curCol, is), true
}

// asCategories counts the edges as categories, and what lies between them as values
// that the reference lacks: by name while values are kept.
func asCategories(n *view.Number, values func() (x []float64, n []int64, ok bool)) *view.Category {
	c := &view.Category{Counts: slices.Clone(n.At)}
	for _, x := range n.Edges {
		c.Names = append(c.Names, spelling.Number(x))
	}
	c.Distinct = int64(len(c.Names))
	for _, k := range n.Open {
		c.UnseenTotal += k
	}
	if c.UnseenTotal == 0 || values == nil {
		return c
	}
	x, counts, ok := values()
	if !ok {
		return c
	}
	for i, v := range x {
		if _, known := slices.BinarySearch(n.Edges, v); !known && counts[i] > 0 {
			c.Unseen = append(c.Unseen, view.Unseen{Name: spelling.Number(v), Count: counts[i], Exact: true})
		}
	}
	c.UnseenDistinct = int64(len(c.Unseen))
	slices.SortStableFunc(c.Unseen, view.Unseen.Order)
	return c
}
