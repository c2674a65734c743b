package serving

import (
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// recent tabulates the newest rows: their public columns, texts never. What of the
// rest may be published is said beside it, and taken away by who publishes.
func recent(cur *view.View, o Options) []verdict.Recent {
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
		out := verdict.Recent{Row: int64(i + 1), At: row.At, Score: row.Score, Label: row.Label, MS: row.MS, Whole: whole(cur, row.Label, o)}
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

// whole names the log's own columns that may be published as they are in a row with
// that label.
func whole(cur *view.View, label string, o Options) string {
	var out []string
	for _, name := range []string{"timestamp", "score", "label", "inference_ms"} {
		common := false
		if name == "label" {
			for i := range cur.Columns {
				c := &cur.Columns[i]
				if c.Role == "label" && c.Category != nil {
					n, _ := bins.Holding(c.Category, label, c.Values())
					common = n >= o.K
				}
			}
		}
		if common || slices.Contains(o.Public, name) {
			out = append(out, name)
		}
	}
	return strings.Join(out, ",")
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
