package site

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// whyBody is the page of what moved the scores.
type whyBody struct {
	Lead    string
	Note    string // what the numbers are
	Figure  *gallery.Figure
	Rows    []whyRow
	More    int
	Columns []verdict.Contribution // of the model, the largest change first
	MoreCol int
	LogOdds bool   // the unit
	Scores  string // the same change in scores, where both sides have some
}

type whyRow struct {
	verdict.Contribution
	Level string // of the feature's drift, empty where it was not compared
	Href  string
}

const (
	shownSteps   = 9     // of the picture; the rest is one step
	shownColumns = 120   // of the table of model columns
	named        = 3     // features that a sentence names
	smallStep    = 0.015 // of the largest step; steps below it are pooled
)

// whyPage is nil without contributions.
func whyPage(from *view.View) *whyBody {
	rows := contributionsOf(from.Report, "feature")
	if len(rows) == 0 {
		return nil
	}
	v := &whyBody{Lead: whyLead(from.Report), Figure: waterfall(from)}
	if t, ok := marginOf(from.Report); ok {
		v.LogOdds = t.Unit == logOdds
	}
	if t, ok := marginOf(from.Report); ok {
		v.Note = fmt.Sprintf("Means over %s of the reference and %s of production", words.Count(t.NRef, "row", "rows"), words.Count(t.NCur, "row", "rows"))
	}
	if s := from.Score; s != nil {
		if mean, ok := s.Stat("mean"); ok && !math.IsNaN(mean.Cur-mean.Ref) {
			v.Scores = scoreWords(s, mean)
		}
	}
	for _, c := range rows[:min(len(rows), shownRows)] {
		row := whyRow{Contribution: c}
		row.Level, row.Href = driftOf(from, c.Feature)
		v.Rows = append(v.Rows, row)
	}
	v.More = len(rows) - len(v.Rows)
	v.Columns = contributionsOf(from.Report, "column")
	v.MoreCol = max(0, len(v.Columns)-shownColumns)
	v.Columns = v.Columns[:len(v.Columns)-v.MoreCol]
	return v
}

// scoreWords says how the average score changed, and of how many rows.
func scoreWords(s *view.Subject, mean verdict.Statistic) string {
	verb := "rose"
	if mean.Cur < mean.Ref {
		verb = "fell"
	}
	ref, cur := words.Numbers(mean.Ref, mean.Cur)
	if ref == cur {
		return ""
	}
	of := ""
	if rows, ok := s.Stat("rows"); ok {
		of = ", over all " + words.Count(int64(rows.Ref), "row", "rows") + " of the reference and " + words.Count(int64(rows.Cur), "row", "rows") + " of production"
	}
	return "The average score " + verb + " from " + ref + " to " + cur + of + "."
}

// unexplained says why the model's contributions are not known; empty where
// they are, or were not asked for.
func unexplained(from *view.View) string {
	for _, s := range from.Subjects {
		for _, f := range s.Findings {
			if f.Check == verdict.CheckContribution && f.Level == verdict.Insufficient {
				return wording.Sentence(f.Sentence)
			}
		}
	}
	return ""
}

// contributionsOf are those of one kind, the largest change first.
func contributionsOf(r *report.Tables, kind string) []verdict.Contribution {
	var out []verdict.Contribution
	for _, c := range r.Contributions {
		if c.Kind == kind {
			out = append(out, c)
		}
	}
	size := func(c verdict.Contribution) float64 {
		if math.IsNaN(c.Change) {
			return -1
		}
		return math.Abs(c.Change)
	}
	slices.SortStableFunc(out, func(a, b verdict.Contribution) int {
		return cmp.Or(cmp.Compare(size(b), size(a)), cmp.Compare(a.Feature, b.Feature), cmp.Compare(a.Column, b.Column))
	})
	return out
}

// marginOf is the model's mean margin on both sides.
func marginOf(r *report.Tables) (verdict.Contribution, bool) {
	for _, c := range r.Contributions {
		if c.Kind == "total" && !math.IsNaN(c.Change) && !math.IsInf(c.Change, 0) {
			return c, true
		}
	}
	return verdict.Contribution{}, false
}

// whyLead says how far the margin moved and which features moved it.
func whyLead(r *report.Tables) string {
	t, ok := marginOf(r)
	switch {
	case !ok:
		return ""
	case math.IsNaN(t.Lo) || math.IsNaN(t.Hi) || t.Lo <= 0 && t.Hi >= 0:
		return fmt.Sprintf("The mean margin moved by %s, no more than chance may do: no feature has a share in that.", inUnit(t, words.SignedDigits(t.Change, 2)))
	}
	verb, lifted := "rose", "raised"
	if t.Change < 0 {
		verb, lifted = "fell", "lowered"
	}
	var with, against []string
	for _, c := range contributionsOf(r, "feature") {
		part := c.Change / t.Change
		switch {
		case !(math.Abs(part) >= 0.1) || math.IsInf(part, 0):
		case part > 1 && len(with) == 0: // the others pull back
			with = append(with, wording.Subject(c.Feature)+" alone "+lifted+" it by "+words.SignedDigits(c.Change, 2))
		case part > 0 && len(with) < named:
			with = append(with, wording.Subject(c.Feature)+" "+explains(len(with))+words.SignedDigits(c.Change, 2)+of(len(with)))
		case part < 0 && len(against) == 0:
			against = append(against, wording.Subject(c.Feature)+" pulls the other way: "+words.SignedDigits(c.Change, 2))
		}
	}
	lead := fmt.Sprintf("The mean margin %s by %s", verb, inUnit(t, words.SignedDigits(t.Change, 2)))
	if len(with) > 0 {
		lead += "; " + strings.Join(with, ", ")
	} else {
		lead += "; no single feature explains a tenth of it"
	}
	return wording.Sentence(strings.Join(append([]string{lead}, against...), "; "))
}

// logOdds is the unit of contributions to a probability.
const logOdds = "log-odds"

// inUnit writes a contribution with its unit, if that has a name.
func inUnit(c verdict.Contribution, text string) string {
	if c.Unit == logOdds {
		return text + " " + logOdds
	}
	return text
}

// explains and of make "a explains +0.2 of it, b +0.1".
func explains(i int) string {
	if i == 0 {
		return "explains "
	}
	return ""
}

func of(i int) string {
	if i == 0 {
		return " of it"
	}
	return ""
}

// waterfall is the way of the mean margin from the reference to production; nil
// where it is not known.
func waterfall(from *view.View) *gallery.Figure {
	t, ok := marginOf(from.Report)
	if !ok || math.IsNaN(t.Ref) {
		return nil
	}
	w := chart.Waterfall{Start: t.Ref, StartName: gallery.Reference, EndName: gallery.Production, XLabel: "mean margin"}
	if t.Unit == logOdds {
		w.XLabel += ", " + logOdds
	}
	g := gallery.Grid{Head: []string{"step", "change", "mean margin after it"}}
	at := t.Ref
	g.Rows = append(g.Rows, []string{gallery.Reference, "", words.Number(at)})
	step := func(name string, change float64) {
		at += change
		w.Names, w.Steps = append(w.Names, name), append(w.Steps, change)
		g.Rows = append(g.Rows, []string{name, words.SignedDigits(change, 2), words.Number(at)})
	}
	rows := contributionsOf(from.Report, "feature")
	for i, c := range rows {
		if math.IsNaN(c.Change) {
			break // the largest come first, the unknown last
		}
		if left := len(rows) - i; left > 1 && (i == shownSteps || i > 0 && math.Abs(c.Change) < smallStep*math.Abs(rows[0].Change)) {
			break
		}
		step(wording.Subject(c.Feature), c.Change)
	}
	if rest := len(rows) - len(w.Steps); rest > 0 {
		// What is left of the whole: the steps lead to where production is.
		step(words.Count(int64(rest), "other", "others"), t.Ref+t.Change-at)
	}
	if len(w.Steps) == 0 {
		return nil
	}
	alt := fmt.Sprintf("Waterfall from a mean margin of %s in the reference to %s in production, by features: %s %s", words.Number(t.Ref), words.Number(at), w.Names[0], words.SignedDigits(w.Steps[0], 2))
	for i := 1; i < min(len(w.Steps), 4); i++ {
		alt += ", " + w.Names[i] + " " + words.SignedDigits(w.Steps[i], 2)
	}
	size := chart.Size{W: 640, H: chart.WaterfallHeight(len(w.Steps))}
	return &gallery.Figure{Picture: from.Gallery.Add("why", size, alt+".", w), Caption: "From the mean margin of the reference to that of production", Numbers: g}
}

// driftOf is the worst level of what was compared of a raw feature, and its
// page: of a text there are several parts.
func driftOf(from *view.View, feature string) (level, href string) {
	for _, s := range from.Features {
		if s.Name != feature && !strings.HasPrefix(s.Name, feature+" (") {
			continue
		}
		if href == "" || verdict.Severity(s.Level) > verdict.Severity(level) {
			level, href = s.Level, s.Href
		}
	}
	return level, href
}

// partOf is what a subject adds to the margin's change, in words; empty where that
// is not known.
func partOf(from *view.View, s *view.Subject) string {
	t, ok := marginOf(from.Report)
	if !ok || s.Role != verdict.RoleFeature || s.Asked(verdict.CheckContribution) {
		return "" // a finding says it
	}
	for _, c := range contributionsOf(from.Report, "feature") {
		if c.Feature != s.Name && !strings.HasPrefix(s.Name, c.Feature+" (") || math.IsNaN(c.Change) {
			continue
		}
		text := fmt.Sprintf("%s adds %s to the mean margin", wording.Subject(c.Feature), inUnit(t, words.SignedDigits(c.Change, 2)))
		if !math.IsNaN(c.Lo) && !math.IsNaN(c.Hi) {
			text += " (95 % interval " + words.SignedDigits(c.Lo, 2) + " to " + words.SignedDigits(c.Hi, 2) + ")"
		}
		return text + ", which moved by " + words.SignedDigits(t.Change, 2) + "."
	}
	return ""
}
