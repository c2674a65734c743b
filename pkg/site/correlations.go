package site

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// pairsBody is the page of correlations.
type pairsBody struct {
	Findings []verdict.Finding // at warn or above
	Verdict  string            // where there is none: what was judged
	Figure   *gallery.Figure
	Changed  []verdict.Correlation // of Findings
	Rows     []verdict.Correlation // of the others
	More     int
}

// shownPairs bounds the table of pairs.
const shownPairs = 25

// correlationsPage is nil without pairs that both sides have.
func correlationsPage(from *view.View) *pairsBody {
	rows := slices.DeleteFunc(slices.Clone(from.Report.Correlations), func(c verdict.Correlation) bool {
		return c.Window != "" || c.Segment != "" || math.IsNaN(c.Ref) || math.IsNaN(c.Cur)
	})
	if len(rows) == 0 {
		return nil
	}
	slices.SortStableFunc(rows, func(a, b verdict.Correlation) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Cur-b.Ref), math.Abs(a.Cur-a.Ref)), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	v := &pairsBody{}
	for _, s := range from.Subjects {
		for _, f := range s.Findings {
			switch {
			case f.Check != verdict.CheckCorrelation:
			case verdict.Severity(f.Level) >= verdict.Severity(verdict.Warn):
				v.Findings = append(v.Findings, f)
			case s.Name == verdict.SubjectCorrelations:
				v.Verdict = wording.Sentence(f.Sentence)
			}
		}
	}
	const most = 10
	var names []string
	for _, c := range rows {
		for _, n := range []string{c.A, c.B} {
			if len(names) < most && !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	h := chart.Heat{Names: names}
	for range names {
		row := make([]float64, len(names))
		for j := range row {
			row[j] = math.NaN()
		}
		h.Values = append(h.Values, row)
	}
	for _, c := range rows {
		i, j := slices.Index(names, c.A), slices.Index(names, c.B)
		if i >= 0 && j >= 0 && i != j {
			h.Values[i][j], h.Values[j][i] = c.Cur-c.Ref, c.Cur-c.Ref
		}
	}
	changed := func(c verdict.Correlation) bool {
		return slices.ContainsFunc(v.Findings, func(f verdict.Finding) bool { return f.Subject == verdict.PairOf(c.A, c.B) })
	}
	alt := "Difference of the correlation of each pair; none is larger than chance explains."
	for _, c := range rows {
		if changed(c) {
			v.Changed = append(v.Changed, c)
		}
	}
	if len(v.Changed) > 0 {
		top := v.Changed[0]
		alt = fmt.Sprintf("Difference of the correlation of each pair; the largest change is %s and %s, from %s to %s.", top.A, top.B, words.Number(top.Ref), words.Number(top.Cur))
	}
	rows = slices.DeleteFunc(rows, changed)
	v.Figure = &gallery.Figure{Picture: from.Gallery.Add("correlations", chart.HeatSize(len(names)), alt, h), Caption: "Change of correlation, " + gallery.Production + " less " + gallery.Reference, Wide: true}
	v.More = max(0, len(rows)-shownPairs)
	v.Rows = rows[:min(len(rows), shownPairs)]
	return v
}
