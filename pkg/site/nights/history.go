package nights

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// AllBody is the page of all nights.
type AllBody struct {
	Zone   string // whose days nights are; empty: UTC
	Months []month
	Nights []night
	More   int
	Map    *gallery.Figure
	Share  *gallery.Figure
	Score  *gallery.Figure
	Model  *gallery.Figure // how good the model was, by outcomes
}

type night struct {
	verdict.Night
	Events  []string
	Href    string
	Moved   []string // subjects at warn or above, by rank
	Changed bool     // the level differs from the night before
}

// shownNights bounds the page's table; the pictures show all nights.
const shownNights = 60

// All is nil without nights.
func All(from *view.View) *AllBody {
	all := history.Nightly(from.History, from.Report.Run.Site)
	if len(all) == 0 {
		return nil
	}
	moved := map[int64][]string{}
	for _, n := range from.History {
		end := n.PeriodEnd.UnixMicro()
		if n.Site == from.Report.Run.Site && verdict.Severity(n.FindingLevel) >= verdict.Severity(verdict.Warn) && !slices.Contains(moved[end], wording.Clip(n.Subject, 40)) {
			moved[end] = append(moved[end], wording.Clip(n.Subject, 40))
		}
	}
	v := &AllBody{Months: calendarOf(from), Map: mapOf(from), Zone: all[len(all)-1].Timezone}
	files := filesOf(from)
	var times []time.Time
	var shares, scores []float64
	events := map[int64][]string{}
	for i := range from.Course.Nights {
		told := &from.Course.Nights[i]
		for _, e := range told.News.Events {
			if mark := e.Mark(); mark != "" && !slices.Contains(events[told.Night().PeriodEnd.UnixMicro()], mark) {
				events[told.Night().PeriodEnd.UnixMicro()] = append(events[told.Night().PeriodEnd.UnixMicro()], mark)
			}
		}
	}
	for i, n := range all {
		row := night{Night: n, Events: events[n.PeriodEnd.UnixMicro()], Href: files[n.PeriodEnd.UnixMicro()], Moved: moved[n.PeriodEnd.UnixMicro()], Changed: i > 0 && n.Level != all[i-1].Level}
		if len(row.Moved) > 3 {
			row.Moved = append(row.Moved[:3:3], fmt.Sprintf("%d more", len(row.Moved)-3))
		}
		v.Nights = append(v.Nights, row)
		if !n.PeriodEnd.IsZero() {
			times, shares, scores = append(times, n.PeriodEnd), append(shares, n.DriftShare), append(scores, n.ScorePSI)
		}
	}
	slices.Reverse(v.Nights)
	v.More = max(0, len(v.Nights)-shownNights)
	v.Nights = v.Nights[:min(len(v.Nights), shownNights)]
	if len(times) > 1 {
		size := chart.Size{W: 480, H: 210}
		last := len(times) - 1
		span := fmt.Sprintf("%d nights to %s, the newest ", len(times), dayOf(&all[len(all)-1]))
		v.Share = &gallery.Figure{
			Picture: from.Gallery.Add("history-share", size, "Share of drifted features: "+span+words.Percent(shares[last])+".",
				chart.Lines{Times: times, Series: []chart.Series{{Values: shares}}, Events: eventsOf(from), Percent: true}),
			Caption: "Share of drifted features",
		}
		lines := chart.Lines{Times: times, Series: []chart.Series{{Values: scores}}, Events: eventsOf(from), YLabel: "PSI"}
		if from.Score != nil && from.Score.Main.Threshold > 0 {
			lines.Limits = []chart.Limit{{At: from.Score.Main.Threshold, Label: "warning"}}
		}
		v.Score = &gallery.Figure{Picture: from.Gallery.Add("history-score", size, "Score drift (PSI): "+span+words.Number(scores[last])+".", lines), Caption: "Score drift (PSI)"}
		v.Model = modelOf(from, all)
	}
	return v
}

// modelOf is how good the model was by the outcomes of each night's own predictions, with
// the nights whose outcomes are to come; nil where none came.
func modelOf(from *view.View, all []verdict.Night) *gallery.Figure {
	file, name, figure := "history-auc", "ROC AUC", func(n *verdict.Night) float64 { return n.AUC }
	if !slices.ContainsFunc(all, func(n verdict.Night) bool { return !math.IsNaN(n.AUC) }) {
		file, name, figure = "history-mae", "Mean absolute error", func(n *verdict.Night) float64 { return n.MAE }
	}
	last := -1 // the newest night with outcomes
	series := []chart.Series{{Name: "by outcomes"}, {Name: "95 % from"}, {Name: "95 % to"}}
	var times []time.Time
	for i := range all {
		n := &all[i]
		if n.PeriodEnd.IsZero() {
			continue
		}
		if !math.IsNaN(figure(n)) {
			last = i
		}
		times = append(times, n.PeriodEnd)
		for k, x := range []float64{figure(n), n.FigureLo, n.FigureHi} {
			series[k].Values = append(series[k].Values, x)
		}
	}
	if last < 0 {
		return nil
	}
	if math.IsInf(gallery.Least(series[1].Values), 0) { // of an older version
		series = series[:1]
	}
	g := gallery.Grid{Head: []string{"night until", name, "95 % interval", "outcomes"}}
	for i := len(all) - 1; i >= max(0, len(all)-shownNights); i-- {
		n := &all[i]
		value, within := words.Number(figure(n)), words.None
		if !math.IsNaN(n.FigureLo) {
			within = words.Interval(n.FigureLo, n.FigureHi)
		}
		if i > last {
			value = "to come"
		}
		g.Rows = append(g.Rows, []string{words.Stamp(n.PeriodEnd), value, within, words.Whole(n.Labels)})
	}
	alt := fmt.Sprintf("%s by the outcomes of each night's own predictions, %d nights to %s, the newest with outcomes %s", name, len(times), dayOf(&all[len(all)-1]), words.Number(figure(&all[last])))
	caption := name + " of each night's predictions, by the outcomes that have come in since"
	if young := len(all) - 1 - last; young > 0 {
		caption += "; those of the newest " + words.Count(int64(young), "night", "nights") + " are to come"
		alt += "; later ones are to come"
	}
	lines := chart.Lines{Times: times, Series: series, Events: eventsOf(from)}
	half := 0.5
	below := func(s chart.Series) bool { return gallery.Least(s.Values) < half }
	if file == "history-auc" && !slices.ContainsFunc(series, below) {
		lines.Lo = &half
	}
	return &gallery.Figure{Picture: from.Gallery.Add(file, chart.Size{W: 480, H: 210}, alt+".", lines), Caption: caption, Numbers: g}
}
