package site

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// apiBody is the page of the API's health.
type apiBody struct {
	Level     string
	Findings  []verdict.Finding
	Health    *verdict.Health
	Answers   string // what it answered
	Requests  int64
	Success   float64
	Served    int64 // predictions
	Uptime    float64
	Asked     int64 // times that its health was asked
	Endpoints []endpointRow
	Timed     bool // endpoints have times
	Status    *figure
	Trends    []*figure
}

type endpointRow struct {
	Endpoint string
	Requests int64
	Success  float64
	P50, P95 float64
	Codes    string
	classes  []float64
}

func (b *builder) api() *apiBody {
	v := &apiBody{Level: apiLevelOf(b.r), Health: b.r.NewestHealth(), Served: b.r.Run.Rows, Success: math.NaN(), Uptime: math.NaN()}
	for _, s := range b.subjects {
		for _, f := range s.Findings {
			if f.Check == verdict.CheckSuccess || f.Check == verdict.CheckTraffic {
				v.Findings = append(v.Findings, f)
			}
		}
	}
	up := int64(0)
	for _, h := range b.r.Health {
		v.Asked++
		if h.OK {
			up++
		}
	}
	v.Uptime = share(up, v.Asked)
	if h := v.Health; h != nil {
		v.Answers = "did not answer"
		if h.StatusCode > 0 {
			v.Answers = fmt.Sprintf("answered with status %d", h.StatusCode)
		}
	}
	if t, ok := b.r.Total(); ok {
		v.Requests, v.Success = t.Requests, share(t.Succeeded, t.Requests)
	}
	v.Endpoints = endpointRows(b.r)
	for _, e := range v.Endpoints {
		v.Timed = v.Timed || !math.IsNaN(e.P50) || !math.IsNaN(e.P95)
	}
	v.Status = b.statusFigure(v.Endpoints)
	v.Trends = []*figure{
		b.trendFigure("trend-success", "Success rate by window", "success_rate", "share", verdict.Finding{}, b.r.SubjectsOf("success_rate")...),
		b.trendFigure("trend-requests", "Requests per minute by window", "requests_per_minute", "per minute", verdict.Finding{}, b.r.SubjectsOf("requests_per_minute")...),
		b.slotFigure(),
	}
	v.Trends = slices.DeleteFunc(v.Trends, func(f *figure) bool { return f == nil })
	if v.Health == nil && v.Requests == 0 && len(v.Endpoints) == 0 && len(v.Findings) == 0 && len(v.Trends) == 0 {
		return nil
	}
	return v
}

// apiLevelOf is the run's level of the API, or alert when it did not answer: that
// is no statistic, and the run does not know it.
func apiLevelOf(r *report.Tables) string {
	if h := r.NewestHealth(); h != nil && !h.OK {
		return verdict.Alert
	}
	return r.Run.APILevel
}

// statusClasses are the classes of status codes, from good to bad.
var statusClasses = []string{"2xx", "3xx", "4xx", "5xx"}

func endpointRows(r *report.Tables) []endpointRow {
	var out []endpointRow
	at := map[string]int{}
	codes := map[string][]verdict.Traffic{}
	for _, t := range r.Traffic {
		if !t.Start.IsZero() || t.Endpoint == "" {
			continue
		}
		i, ok := at[t.Endpoint]
		if !ok {
			if len(out) == 50 {
				continue
			}
			i = len(out)
			at[t.Endpoint] = i
			out = append(out, endpointRow{Endpoint: t.Endpoint, Success: math.NaN(), P50: math.NaN(), P95: math.NaN(), classes: make([]float64, len(statusClasses))})
		}
		if t.StatusCode == 0 {
			out[i].Requests, out[i].Success, out[i].P50, out[i].P95 = t.Requests, share(t.Succeeded, t.Requests), t.P50MS, t.P95MS
			continue
		}
		codes[t.Endpoint] = append(codes[t.Endpoint], t)
		if c := t.StatusCode/100 - 2; c >= 0 && c < int64(len(statusClasses)) {
			out[i].classes[c] += float64(t.Requests)
		}
	}
	for i := range out {
		list := codes[out[i].Endpoint]
		if out[i].Requests == 0 {
			var n, ok int64
			for _, t := range list {
				n, ok = n+t.Requests, ok+t.Succeeded
			}
			out[i].Requests, out[i].Success = n, share(ok, n)
		}
		slices.SortStableFunc(list, func(a, b verdict.Traffic) int { return cmp.Compare(a.StatusCode, b.StatusCode) })
		for j, t := range list {
			if j > 0 {
				out[i].Codes += ", "
			}
			out[i].Codes += fmt.Sprintf("%d: %s", t.StatusCode, words.Whole(t.Requests))
		}
	}
	slices.SortStableFunc(out, func(a, b endpointRow) int {
		return cmp.Or(cmp.Compare(b.Requests, a.Requests), cmp.Compare(a.Endpoint, b.Endpoint))
	})
	return out
}

func (b *builder) statusFigure(rows []endpointRow) *figure {
	k := chart.Stack{Classes: statusClasses}
	g := grid{Head: []string{"endpoint", "requests", "status codes"}}
	alt := "Status codes by endpoint"
	for i, r := range rows {
		if i == 12 || slices.Max(r.classes) == 0 {
			continue
		}
		k.Names, k.Counts = append(k.Names, r.Endpoint), append(k.Counts, r.classes)
		g.Rows = append(g.Rows, []string{r.Endpoint, words.Whole(r.Requests), r.Codes})
		alt += "; " + r.Endpoint + ": " + r.Codes
	}
	if len(k.Names) == 0 {
		return nil
	}
	size := chart.Size{W: 480, H: chart.StackHeight(len(k.Names))}
	return &figure{Picture: b.picture("status", size, alt+".", k), Caption: "Status codes by endpoint", Numbers: g}
}

// shownSlots is how many points a picture of traffic has at most.
const shownSlots = 200

// longestSlot is a year in minutes.
const longestSlot = 366 * 24 * 60

// slotFigure is the requests per minute of the judged period's slots.
func (b *builder) slotFigure() *figure {
	var slots []verdict.Traffic
	for _, t := range b.r.Traffic {
		if !t.Start.IsZero() && t.Endpoint == "" && t.StatusCode == 0 && t.SlotMinute > 0 && t.SlotMinute <= longestSlot {
			slots = append(slots, t)
		}
	}
	slices.SortStableFunc(slots, func(a, b verdict.Traffic) int { return cmp.Compare(a.Start.Unix(), b.Start.Unix()) })
	slots = slices.CompactFunc(slots, func(a, b verdict.Traffic) bool { return a.Start.Unix() == b.Start.Unix() })
	if len(slots) < 2 {
		return nil
	}
	// A slot without requests has no row. Slots are put together until a picture
	// can show them.
	first, last := slots[0].Start, slots[len(slots)-1].Start
	step := time.Duration(slots[0].SlotMinute) * time.Minute
	for _, longer := range []time.Duration{15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 24 * time.Hour} {
		if last.Sub(first)/step > shownSlots && longer > step {
			step = longer
		}
	}
	first = first.Truncate(step)
	n := last.Sub(first)/step + 1
	if n < 2 || n > 4*shownSlots {
		return nil
	}
	requests := make([]int64, n)
	for _, t := range slots {
		requests[t.Start.Sub(first)/step] += t.Requests
	}
	l := chart.Lines{YLabel: "per minute", Series: []chart.Series{{}}}
	g := grid{Head: []string{"from", "requests", "per minute"}}
	var top float64
	for i, k := range requests {
		at, v := first.Add(time.Duration(i)*step), float64(k)/step.Minutes()
		top = math.Max(top, v)
		l.Times, l.Series[0].Values = append(l.Times, at), append(l.Series[0].Values, v)
		if i >= len(requests)-100 {
			g.Rows = append(g.Rows, []string{words.Stamp(at), words.Whole(k), words.Number(v)})
		}
	}
	alt := fmt.Sprintf("Requests per minute in slots of %s from %s to %s, at most %s.",
		words.Count(int64(step.Minutes()), "minute", "minutes"), words.Stamp(first), words.Stamp(last), words.Number(top))
	return &figure{Picture: b.picture("slots", chart.Size{W: 480, H: 210}, alt, l), Caption: "Requests per minute in the judged period", Numbers: g}
}
