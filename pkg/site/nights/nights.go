// Package nights makes the pages of the nights that a site remembers: the history, a
// page a night, and a column's course over them.
package nights

import (
	"fmt"
	"math"
	"slices"
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

	shownFindings = 4 // of a subject
)

// Body is the page of a night, drawn again from its findings and bins.
type Body struct {
	verdict.Night
	Day        string      // that it is of
	Newest     bool        // the overview has more of it
	Events     []string    // what changed between the night before and this one
	Areas      [][2]string // name and level
	Moved      []nightSubject
	Checked    []verdict.Night // comparisons of values, by rank
	More       int
	Prev, Next *view.Link
}

type nightSubject struct {
	Name  string
	Level string
	Shown []verdict.Night
	Shape *shares.Shape
}

// filesOf returns the file of the page of each of the site's nights by its end.
// Nights beyond the bound have none.
func filesOf(from *view.View) map[int64]string {
	all := history.Nightly(from.History, from.Report.Run.Site)
	files := map[int64]string{}
	for _, n := range all[max(0, len(all)-maxNights):] {
		if f := history.PageOf(&n); f != "" {
			files[n.PeriodEnd.UnixMicro()] = f
		}
	}
	return files
}

// A Page is that of a night.
type Page struct {
	File, Title string
	Body        *Body
	Foot        string // what it rests on
}

// Pages returns the pages of the nights, oldest first.
func Pages(from *view.View) []Page {
	files := filesOf(from)
	type entry struct {
		file string
		*history.Told
	}
	var all []entry
	for i := range from.Course.Nights {
		told := &from.Course.Nights[i]
		if f := files[told.Night().PeriodEnd.UnixMicro()]; f != "" {
			all = append(all, entry{f, told})
		}
	}
	var pages []Page
	for i, told := range all {
		n := told.Night()
		v := newBody(told.Rows)
		v.Newest = i == len(all)-1
		for _, e := range told.News.Events {
			v.Events = append(v.Events, e.Text)
		}
		if i > 0 {
			v.Prev = &view.Link{Href: all[i-1].file, Text: dayOf(all[i-1].Night())}
		}
		if i+1 < len(all) {
			v.Next = &view.Link{Href: all[i+1].file, Text: dayOf(all[i+1].Night())}
		}
		foot := fmt.Sprintf("%s; policy %s.", judgedWords(n), n.Policy)
		pages = append(pages, Page{File: told.file, Title: "Night to " + dayOf(n), Body: v, Foot: foot})
	}
	return pages
}

// dayOf writes the day that a night is of.
func dayOf(n *verdict.Night) string { return words.Day(history.DayOf(n)) }

// judgedWords says what a night judged.
func judgedWords(n *verdict.Night) string {
	if n.Rows == 0 {
		return "No predictions"
	}
	end := n.PeriodEnd
	if n.NowGiven && !n.Newest.IsZero() {
		end = n.Newest
	}
	return words.Count(n.Rows, "prediction", "predictions") + ", " + words.Span(n.PeriodStart, end)
}

func newBody(rows []verdict.Night) *Body {
	n := rows[0]
	v := &Body{Night: n, Day: dayOf(&n)}
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
		if len(m.Shown) < shownFindings {
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
	Kind  string // class of a day with a night: of its level, or silent; without one norun, or tocome
	Href  string
	Label string // empty where there is nothing to say of the day
	Mark  bool   // something else was judged, or in another way, than on the night before
}

// calendarOf lays the nights out by the day that they are of, newest month first. Of
// several nights of one day the last one stands.
func calendarOf(from *view.View) []month {
	files := filesOf(from)
	byDay := map[time.Time]*history.Told{}
	var order []time.Time // first days of months
	var oldest, newest time.Time
	for i := range from.Course.Nights {
		told := &from.Course.Nights[i]
		day := history.DayOf(told.Night())
		if oldest.IsZero() {
			oldest = day
		}
		newest = day
		byDay[day] = told
		if first := day.AddDate(0, 0, 1-day.Day()); !slices.Contains(order, first) {
			order = append(order, first)
		}
	}
	slices.SortFunc(order, func(a, b time.Time) int { return b.Compare(a) })
	var out []month
	for _, first := range order[:min(len(order), shownMonths)] {
		leaf := month{Name: first.Format("January 2006")}
		at := (int(first.Weekday()) + 6) % 7 // Monday is the first
		for day := first; day.Month() == first.Month(); day, at = day.AddDate(0, 0, 1), at+1 {
			if at/7 == len(leaf.Weeks) {
				leaf.Weeks = append(leaf.Weeks, [7]dayCell{})
			}
			cell := &leaf.Weeks[at/7][at%7]
			cell.Day = day.Day()
			told := byDay[day]
			switch {
			case told != nil:
				n := told.Night()
				cell.Kind, cell.Href = nightClass(n), files[n.PeriodEnd.UnixMicro()]
				cell.Label = words.Day(day) + ": " + wording.Level(n.Level)
				if n.Rows == 0 {
					cell.Label += ", no predictions"
				}
				for _, e := range told.News.Events {
					if mark := e.Mark(); e.Kind != history.EventSilence && mark != "" {
						cell.Mark = true
						cell.Label += ", " + mark
					}
				}
			case day.After(newest):
				cell.Kind = "tocome"
			case day.After(oldest):
				cell.Kind, cell.Label = "norun", words.Day(day)+": no run"
			}
		}
		out = append(out, leaf)
	}
	return out
}

// nightClass is a night's class in the calendar.
func nightClass(n *verdict.Night) string {
	if n.Rows == 0 {
		return wording.Class(n.Level) + " silent"
	}
	return wording.Class(n.Level)
}

// eventsOf are the events between the nights, for pictures: of those of a night the
// first, and of all the newest dozen.
func eventsOf(from *view.View) []chart.Event {
	var out []chart.Event
	for i := range from.Course.Nights {
		told := &from.Course.Nights[i]
		if events := told.News.Events; len(events) > 0 {
			breaks := slices.ContainsFunc(events, func(e history.Event) bool { return e.Breaks })
			out = append(out, chart.Event{At: told.Night().PeriodEnd, Label: events[0].Mark(), Breaks: breaks})
		}
	}
	return out[max(0, len(out)-12):]
}

// Course is the course of a subject's main effect over the nights, nil with
// fewer than two.
func Course(from *view.View, s *view.Subject) *gallery.Figure {
	if !s.HasMain {
		return nil
	}
	var times []time.Time
	var values []float64
	g := gallery.Grid{Head: []string{"night to", "level", "effect"}}
	for _, n := range from.History {
		if n.Site == from.Report.Run.Site && n.Subject == s.Name && n.Segment == "" && n.Check == verdict.CheckDistribution && n.EffectUnit == s.Main.EffectUnit && !math.IsInf(n.Effect, 0) && !n.PeriodEnd.IsZero() {
			times = append(times, n.PeriodEnd)
			values = append(values, n.Effect)
			g.Rows = append(g.Rows, []string{dayOf(&n), wording.Level(n.FindingLevel), words.Effect(n.Effect, n.EffectUnit)})
		}
	}
	if len(values) < 2 {
		return nil
	}
	g.Rows = g.Rows[max(0, len(g.Rows)-60):]
	l := chart.Lines{Times: times, Series: []chart.Series{{Values: values}}, Events: eventsOf(from), YLabel: s.Main.EffectUnit}
	if s.Main.Threshold > 0 {
		l.Limits = []chart.Limit{{At: s.Main.Threshold, Label: "warning"}}
	}
	caption := s.Main.EffectUnit + " by night"
	alt := fmt.Sprintf("%s: %s, %d nights to %s, the newest %s.", s.Name, caption, len(times), g.Rows[len(g.Rows)-1][0], words.Number(values[len(values)-1]))
	return &gallery.Figure{Picture: from.Gallery.Add("night-"+from.Slug(s.Name), chart.Size{W: 480, H: 180}, alt, l), Caption: caption, Numbers: g}
}
