package monitor

import (
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// noteScores notes the column of the reference that seems to hold its scores
// under a name of its own: the only one of numbers from 0 to 1 that the log lacks,
// where the log has scores and the reference none.
func (j *Judge) noteScores(ref, cur *view.View) {
	if !hasScores(cur) || hasScores(ref) {
		return
	}
	name := ""
	for i := range ref.Columns {
		c := &ref.Columns[i]
		if c.Role != table.Feature || c.Number == nil || !(c.Number.Min >= 0 && c.Number.Max <= 1) {
			continue
		}
		if now := find(cur, c.Name); now != nil && now.Values() > 0 {
			continue
		}
		if name != "" {
			return
		}
		name = c.Name
	}
	if name != "" {
		j.o.Notef("the reference has no score: if its column %s holds the model's scores, set fields: {reference: {score: %s}}", name, name)
	}
}

func hasScores(v *view.View) bool {
	for i := range v.Columns {
		if c := &v.Columns[i]; c.Role == table.Score && c.Values() > 0 {
			return true
		}
	}
	return false
}
