package quality

import (
	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// Outcome returns the column that is the reference's outcome by all
// appearances: the only one that no judged row has, without a missing value in
// the reference, and with two values there. It is "" where there is none, or
// no row to tell it by.
func Outcome(ref, cur *view.View) string {
	if cur.Rows <= 0 {
		return ""
	}
	here := make(map[string]bool, len(cur.Columns))
	for i := range cur.Columns {
		c := &cur.Columns[i]
		here[c.Name] = !c.Vanished && c.Absent < c.Rows
	}
	var gone []*view.Column
	for i := range ref.Columns {
		c := &ref.Columns[i]
		if !table.IsScore(c.Role) && c.Role != "label" && !here[c.Name] {
			gone = append(gone, c)
		}
	}
	if len(gone) == 1 && gone[0].Rows > 0 && gone[0].Values() == gone[0].Rows && twoValues(gone[0]) {
		return gone[0].Name
	}
	return ""
}

func twoValues(c *view.Column) bool {
	switch {
	case c.Number != nil:
		return bins.Distinct(c.Number) == 2
	case c.Category != nil:
		return bins.Held(c.Category) == 2
	}
	return false
}
