package nights

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Bounds of the map of subjects by night: what is marked up for a page stays small.
const (
	mapRows   = 24
	mapNights = 30
)

// mapOf shows how the subjects stood in the newest nights: those that were at notice or
// above in one of them, the most often first. It is nil with fewer than two nights, or
// where nothing was.
func mapOf(from *view.View) *gallery.Figure {
	all := from.Course.Nights
	all = all[max(0, len(all)-mapNights):]
	if len(all) < 2 {
		return nil
	}
	type row struct {
		name  string
		cells []chart.Height
		loud  int // nights at warn or above
		first string
	}
	var rows []*row
	at := map[string]*row{}
	for i := range all {
		for _, n := range all[i].Rows {
			if n.Check == "" || n.Check == verdict.CheckRetrain || n.Segment != "" {
				continue
			}
			r := at[n.Subject]
			if r == nil {
				r = &row{name: n.Subject, cells: make([]chart.Height, len(all))}
				at[n.Subject] = r
				rows = append(rows, r)
			}
			r.cells[i] = max(r.cells[i], heightOf(n.FindingLevel))
		}
	}
	rows = slices.DeleteFunc(rows, func(r *row) bool {
		for i, h := range r.cells {
			if h >= chart.Warned {
				if r.loud++; r.first == "" {
					r.first = dayOf(all[i].Night())
				}
			}
		}
		return !slices.ContainsFunc(r.cells, func(h chart.Height) bool { return h >= chart.Noticed })
	})
	if len(rows) == 0 {
		return nil
	}
	slices.SortStableFunc(rows, func(a, b *row) int { return cmp.Or(cmp.Compare(b.loud, a.loud), cmp.Compare(a.name, b.name)) })
	more := max(0, len(rows)-mapRows)
	rows = rows[:len(rows)-more]
	l := chart.Levels{}
	for i := range all {
		l.Nights = append(l.Nights, dayOf(all[i].Night()))
	}
	g := gallery.Grid{Head: []string{"subject", fmt.Sprintf("of %d nights at warning or above", len(all)), "first", "newest"}}
	for _, r := range rows {
		l.Names, l.Cells = append(l.Names, wording.Subject(r.name)), append(l.Cells, r.cells)
		g.Rows = append(g.Rows, []string{wording.Subject(r.name), words.Whole(int64(r.loud)), cmp.Or(r.first, words.None), heightWord(r.cells[len(all)-1])})
	}
	if more > 0 {
		g.Rows = append(g.Rows, []string{words.Count(int64(more), "more", "more") + ": see data/history.parquet", "", "", ""})
	}
	worst := "none was at warning or above."
	if rows[0].loud > 0 {
		worst = fmt.Sprintf("the most often at warning or above is %s, in %d of them.", l.Names[0], rows[0].loud)
	}
	alt := fmt.Sprintf("Levels of %s in the last %d nights; %s", words.Count(int64(len(rows)), "subject", "subjects"), len(all), worst)
	return &gallery.Figure{Picture: from.Gallery.Add("history-map", chart.LevelsSize(len(rows), len(all)), alt, l), Caption: "What stood how, by night", Numbers: g, Wide: true}
}

func heightOf(level string) chart.Height {
	switch level {
	case verdict.OK:
		return chart.Calm
	case verdict.Notice:
		return chart.Noticed
	case verdict.Warn:
		return chart.Warned
	case verdict.Alert:
		return chart.Alerted
	}
	return chart.Unknown
}

func heightWord(h chart.Height) string {
	return [...]string{words.None, wording.Level(verdict.OK), wording.Level(verdict.Notice), wording.Level(verdict.Warn), wording.Level(verdict.Alert)}[h]
}
