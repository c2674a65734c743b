package monitor

import (
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/words"
)

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
