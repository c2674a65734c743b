package monitor

import (
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
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

// noteWords notes the words for missing values, such as NA, that are
// categories on one side while the other side lacks values: they may have been
// written there, and read as missing.
func (j *Judge) noteWords(ref, cur *view.View) {
	for i := range cur.Columns {
		c := &cur.Columns[i]
		r := find(ref, c.Name)
		if r == nil || c.Category == nil || r.Category == nil {
			continue
		}
		for _, u := range c.Category.Unseen {
			if spelling.IsMissing(u.Name) && r.Missing > 0 {
				j.noteWord(c.Name, u.Name, "log", u.Count, "reference", r.Missing)
			}
		}
		for k, name := range r.Category.Names {
			if spelling.IsMissing(name) && r.Category.Counts[k] > 0 && c.Category.Counts[k] == 0 && c.Missing > 0 {
				j.noteWord(c.Name, name, "reference", r.Category.Counts[k], "log", c.Missing)
			}
		}
	}
}

func (j *Judge) noteWord(column, word, side string, n int64, other string, missing int64) {
	j.o.Notef("%s: %s is a category in %s of the %s, while %s of the %s have no value: if these were %s, pin columns.%s.type: category",
		column, word, words.Count(n, "row", "rows"), side, words.Count(missing, "row", "rows"), other, word, column)
}

// find returns the column of that name, nil for none.
func find(v *view.View, name string) *view.Column {
	for i := range v.Columns {
		if v.Columns[i].Name == name {
			return &v.Columns[i]
		}
	}
	return nil
}

// noteThreshold says that the threshold is no score of the reference's kind, so that
// none or all of its rows are called positive.
func (j *Judge) noteThreshold(ref *view.View) {
	for i := range ref.Columns {
		c := &ref.Columns[i]
		if c.Role != table.Score || c.Number == nil || !(c.Number.Min >= 0 && c.Number.Max <= 1) || !(j.plan.Threshold < 0 || j.plan.Threshold > 1) {
			continue
		}
		called := "no row is"
		if j.plan.Threshold < 0 {
			called = "all rows are"
		}
		j.o.Notef("threshold %g: scores are from 0 to 1, so that %s called positive", j.plan.Threshold, called)
	}
}
