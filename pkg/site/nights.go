package site

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/shares"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Bounds of what a site shows of its old nights: with them a year of nights
// takes some ten megabytes.
const (
	maxNights    = 400 // pages
	nightShapes  = 8   // shapes on a page
	nightChecked = 60  // rows of a page's table
	shownMonths  = 14
)

// nightBody is the page of an old night, drawn again from its findings and bins.
type nightBody struct {
	verdict.Night
	Areas      [][2]string // name and level
	Moved      []nightSubject
	Checked    []verdict.Night // comparisons of values, by rank
	More       int
	Prev, Next *link
}

type nightSubject struct {
	Name  string
	Level string
	Shown []verdict.Night
	Shape *shares.Shape
}

// nightFiles returns the file of each of the site's nights by its end: a page of
// its own, or the overview for tonight. Nights beyond the bound have none.
func nightFiles(from *view.View) map[int64]string {
	all := history.Nightly(from.History, from.Report.Run.Site)
	files := map[int64]string{}
	taken := map[string]bool{}
	for i, n := range all {
		if n.PeriodEnd.IsZero() {
			continue
		}
		name := ""
		for _, layout := range []string{"2006-01-02", "2006-01-02-1504", "2006-01-02-150405"} {
			if name = n.PeriodEnd.UTC().Format(layout); !taken[name] {
				break
			}
		}
		if taken[name] {
			name += "-" + strconv.Itoa(i)
		}
		taken[name] = true
		switch {
		case n.PeriodEnd.Equal(from.Report.Run.PeriodEnd):
			files[n.PeriodEnd.UnixMicro()] = "index.html"
		case i >= len(all)-maxNights:
			files[n.PeriodEnd.UnixMicro()] = "night/" + name + ".html"
		}
	}
	return files
}

// nightPages returns the pages of the old nights, oldest first.
func nightPages(from *view.View) []*page {
	files := nightFiles(from)
	rows := map[int64][]verdict.Night{}
	for _, n := range from.History {
		if n.Site == from.Report.Run.Site {
			rows[n.PeriodEnd.UnixMicro()] = append(rows[n.PeriodEnd.UnixMicro()], n)
		}
	}
	type entry struct {
		file string
		verdict.Night
	}
	var all []entry
	for _, n := range history.Nightly(from.History, from.Report.Run.Site) {
		if f := files[n.PeriodEnd.UnixMicro()]; f != "" {
			all = append(all, entry{f, n})
		}
	}
	var pages []*page
	for i, n := range all {
		if n.file == "index.html" {
			continue
		}
		v := newNight(rows[n.PeriodEnd.UnixMicro()])
		if i > 0 {
			v.Prev = &link{all[i-1].file, words.Day(all[i-1].PeriodEnd)}
		}
		if i+1 < len(all) {
			v.Next = &link{all[i+1].file, words.Day(all[i+1].PeriodEnd)}
		}
		foot := fmt.Sprintf("%s, %s; policy %s.", words.Count(n.Rows, "prediction", "predictions"), words.Span(n.PeriodStart, n.PeriodEnd), n.Policy)
		pages = append(pages, &page{File: n.file, Title: "Night to " + words.Day(n.PeriodEnd), Template: "night", Body: v, foot: foot})
	}
	return pages
}

func newNight(rows []verdict.Night) *nightBody {
	n := rows[0]
	v := &nightBody{Night: n}
	for _, a := range [][2]string{{"Score drift", n.ScoreLevel}, {"Data drift", n.FeatureLevel}, {"Data quality", n.QualityLevel}, {"Latency", n.LatencyLevel}, {"API", n.APILevel}} {
		if a[1] != "" {
			v.Areas = append(v.Areas, a)
		}
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(r verdict.Night) bool { return r.Check == "" })
	at := map[string]int{}
	for _, r := range rows {
		if r.Check == verdict.CheckDistribution {
			v.Checked = append(v.Checked, r)
		}
		if verdict.Severity(r.FindingLevel) < verdict.Severity(verdict.Warn) {
			continue
		}
		i, ok := at[r.Subject]
		if !ok {
			if len(v.Moved) == 20 {
				continue
			}
			i = len(v.Moved)
			at[r.Subject] = i
			v.Moved = append(v.Moved, nightSubject{Name: r.Subject})
		}
		m := &v.Moved[i]
		if verdict.Severity(r.FindingLevel) > verdict.Severity(m.Level) {
			m.Level = r.FindingLevel
		}
		if len(m.Shown) < maxShown {
			m.Shown = append(m.Shown, r)
		}
	}
	for i := range v.Moved[:min(len(v.Moved), nightShapes)] {
		for _, r := range rows {
			if r.Subject == v.Moved[i].Name && r.Bins != "" {
				v.Moved[i].Shape = shares.Of(history.Bins(r.Subject, r.Bins)).Shape(r.Subject)
			}
		}
	}
	v.More = max(0, len(v.Checked)-nightChecked)
	v.Checked = v.Checked[:len(v.Checked)-v.More]
	return v
}

// A month is one leaf of the calendar.
type month struct {
	Name  string
	Weeks [][7]dayCell
}

// A dayCell is one day; without a number it is another month's.
type dayCell struct {
	Day   int
	Level string // empty without a night
	Href  string
	Label string
}

// calendarOf lays the nights out by the day on which they ended, newest month
// first. Of several nights of one day the last one stands.
func calendarOf(from *view.View, all []verdict.Night) []month {
	files := nightFiles(from)
	byMonth := map[time.Time]map[int]verdict.Night{}
	var order []time.Time
	for _, n := range all {
		if n.PeriodEnd.IsZero() {
			continue
		}
		y, m, d := n.PeriodEnd.UTC().Date()
		first := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
		if byMonth[first] == nil {
			byMonth[first] = map[int]verdict.Night{}
			order = append(order, first)
		}
		byMonth[first][d] = n
	}
	slices.Reverse(order)
	var out []month
	for _, first := range order[:min(len(order), shownMonths)] {
		leaf := month{Name: first.Format("January 2006")}
		days := first.AddDate(0, 1, -1).Day()
		at := (int(first.Weekday()) + 6) % 7 // Monday is the first
		for d := 1; d <= days; d, at = d+1, at+1 {
			if at/7 == len(leaf.Weeks) {
				leaf.Weeks = append(leaf.Weeks, [7]dayCell{})
			}
			cell := &leaf.Weeks[at/7][at%7]
			cell.Day = d
			if n, ok := byMonth[first][d]; ok {
				cell.Level, cell.Href = levelClass(n.Level), files[n.PeriodEnd.UnixMicro()]
				cell.Label = words.Day(n.PeriodEnd) + ": " + wording.Level(n.Level)
			}
		}
		out = append(out, leaf)
	}
	return out
}

// byNight is the course of a subject's main effect over the nights, nil with
// fewer than two.
func byNight(from *view.View, s *view.Subject) *gallery.Figure {
	if !s.HasMain {
		return nil
	}
	var times []time.Time
	var values []float64
	g := gallery.Grid{Head: []string{"night to", "level", "effect"}}
	for _, n := range from.History {
		if n.Site == from.Report.Run.Site && n.Subject == s.Name && n.Check == verdict.CheckDistribution && n.EffectUnit == s.Main.EffectUnit && !math.IsInf(n.Effect, 0) && !n.PeriodEnd.IsZero() {
			times = append(times, n.PeriodEnd)
			values = append(values, n.Effect)
			g.Rows = append(g.Rows, []string{words.Day(n.PeriodEnd), wording.Level(n.FindingLevel), words.Effect(n.Effect, n.EffectUnit)})
		}
	}
	if len(values) < 2 {
		return nil
	}
	g.Rows = g.Rows[max(0, len(g.Rows)-60):]
	l := chart.Lines{Times: times, Series: []chart.Series{{Values: values}}, YLabel: s.Main.EffectUnit}
	if s.Main.Threshold > 0 {
		l.Limits = []chart.Limit{{At: s.Main.Threshold, Label: "warning"}}
	}
	caption := s.Main.EffectUnit + " by night"
	alt := fmt.Sprintf("%s: %s, %d nights to %s, the newest %s.", s.Name, caption, len(times), words.Day(times[len(times)-1]), words.Number(values[len(values)-1]))
	return &gallery.Figure{Picture: from.Gallery.Add("night-"+from.Slug(s.Name), chart.Size{W: 480, H: 180}, alt, l), Caption: caption, Numbers: g}
}
