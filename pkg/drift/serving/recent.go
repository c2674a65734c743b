package serving

import (
	"slices"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// recent tabulates the newest rows: their public columns, texts never.
func recent(cur *view.View) []verdict.Recent {
	var all []verdict.Recent
	var public []int
	for i, s := range cur.Names {
		if slices.ContainsFunc(cur.Columns, func(c view.Column) bool {
			return c.Name == s && c.Public && c.Kind != view.TextKind && !c.New
		}) {
			public = append(public, i)
		}
	}
	for i, row := range cur.Recent {
		out := verdict.Recent{Row: int64(i + 1), At: row.At, Score: row.Score, Label: row.Label, MS: row.MS}
		shown := 0
		for _, j := range public {
			if j < len(row.Cells) {
				out.Column, out.Value = cur.Names[j], cellText(row.Cells[j])
				all = append(all, out)
				shown++
			}
		}
		if shown == 0 {
			all = append(all, out)
		}
	}
	return all
}

func cellText(c view.Cell) string {
	switch {
	case c.Null:
		return ""
	case c.String:
		return c.Str
	}
	return words.Digits(c.Num, 6)
}
