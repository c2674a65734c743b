package nights

import (
	"fmt"
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
	}
	return v
}
