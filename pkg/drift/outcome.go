package drift

import (
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// guessOutcome returns the column that is the reference's outcome by all
// appearances: the only one that no judged row has, without a missing value in
// the reference, and with two values there. It is "" when there is none, or no
// row to tell it by.
func guessOutcome(ref, cur *view.View) string {
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
		if c.Role != "score" && c.Role != "label" && !here[c.Name] {
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
		return distinct(c.Number) == 2
	case c.Category != nil:
		return held(c.Category) == 2
	}
	return false
}

// outcomeTaken says that a column is taken for the reference's outcome.
func (r *run) outcomeTaken(ref, cur *view.Column) {
	c := r.rule(cur.Name, aspect{role: verdict.RoleFeature, kind: string(ref.Kind), source: ref.Name}, verdict.CheckVanished, verdict.OK)
	c.NRef, c.NCur = ref.Rows, cur.Rows
	c.Sentence = words.Name(cur.Name) + ": only in the reference, with two values: taken as the outcome; name it with --target to be sure"
}
