package service

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// An APIPage is the page of the API's health.
type APIPage struct {
	Level     string
	Findings  []verdict.Finding
	Health    *verdict.Health
	Answers   string // what it answered
	Requests  int64
	Success   float64
	Served    int64 // predictions
	Probes    int64 // requests that are left out, since nobody calls them
	Uptime    float64
	Slots     string  // what the uptime rests on
	PerMinute float64 // requests
	Well      float64 // share of the times asked that it was well
	Asked     int64   // times that its health was asked
	Endpoints []endpoint
	Timed     bool // endpoints have times
	Status    *gallery.Figure
	Trends    []*gallery.Figure
}

// An endpoint is the traffic of one endpoint.
type endpoint struct {
	Endpoint string
	Requests int64
	Success  float64
	P50, P95 float64
	P99      float64
	Codes    string
	classes  []float64
}

// Judged returns how many requests are judged, without probes where there are others,
// and the share of them that succeeded.
func Judged(r *report.Tables) (requests int64, success float64) {
	if n := r.Statistic(verdict.SubjectAPI, "requests"); n > 0 {
		return int64(n), r.Statistic(verdict.SubjectAPI, "success_rate")
	}
	if t, ok := r.Total(); ok {
		return t.Requests, report.Share(t.Succeeded, t.Requests)
	}
	return 0, math.NaN()
}

// API is nil where nothing is known of requests and health.
func API(v View) *APIPage {
	p := &APIPage{Level: APILevel(v.Report), Health: v.Report.NewestHealth(), Served: v.Report.Run.Rows, Success: math.NaN(), Well: math.NaN()}
	for _, f := range v.Findings {
		if f.Check == verdict.CheckSuccess || f.Check == verdict.CheckTraffic {
			p.Findings = append(p.Findings, f)
		}
	}
	up := int64(0)
	for _, h := range v.Report.Health {
		p.Asked++
		if h.OK {
			up++
		}
	}
	p.Well = report.Share(up, p.Asked)
	if h := p.Health; h != nil {
		p.Answers = "did not answer"
		if h.StatusCode > 0 {
			p.Answers = fmt.Sprintf("answered with status %d", h.StatusCode)
		}
		if h.Status != "" {
			p.Answers += fmt.Sprintf(" and says %q of itself", h.Status)
		}
		switch h.ModelLoaded {
		case "true":
			p.Answers += ", its model loaded"
		case "false":
			p.Answers += ", its model not loaded"
		}
	}
	p.Requests, p.Success = Judged(v.Report)
	of := func(name string) float64 { return v.Report.Statistic(verdict.SubjectAPI, name) }
	if n := of("probes"); n > 0 {
		p.Probes = int64(n)
	}
	p.Uptime, p.PerMinute = of("uptime"), of("requests_per_minute")
	if n := of("slots_judged"); n > 0 {
		p.Slots = "of " + words.Count(int64(n), "slot of five minutes", "slots of five minutes") + " some request succeeded"
		if n := of("slots_unknown"); n > 0 {
			p.Slots += "; " + words.Count(int64(n), "slot had no request and is", "slots had no request and are") + " not counted"
		}
	}
	p.Endpoints = endpointRows(v.Report)
	for _, e := range p.Endpoints {
		p.Timed = p.Timed || !math.IsNaN(e.P50) || !math.IsNaN(e.P95)
	}
	p.Status = statusFigure(v.Gallery, p.Endpoints)
	p.Trends = []*gallery.Figure{
		v.Gallery.Trend(v.Report, "trend-success", "Success rate by window", "success_rate", "share", verdict.Finding{}, v.Report.SubjectsOf("success_rate")...),
		v.Gallery.Trend(v.Report, "trend-requests", "Requests per minute by window", "requests_per_minute", "per minute", verdict.Finding{}, v.Report.SubjectsOf("requests_per_minute")...),
		slotFigure(v),
	}
	p.Trends = slices.DeleteFunc(p.Trends, func(f *gallery.Figure) bool { return f == nil })
	if p.Health == nil && p.Requests == 0 && len(p.Endpoints) == 0 && len(p.Findings) == 0 && len(p.Trends) == 0 {
		return nil
	}
	return p
}

// APILevel returns the run's level of the API, or alert when it did not answer: that
// is no statistic, and the run does not know it.
func APILevel(r *report.Tables) string {
	if h := r.NewestHealth(); h != nil && !h.OK {
		return verdict.Alert
	}
	return r.Run.APILevel
}

// statusClasses are the classes of status codes, from good to bad.
var statusClasses = []string{"2xx", "3xx", "4xx", "5xx"}

const mostEndpoints = 50 // on the page, the busiest first

func endpointRows(r *report.Tables) []endpoint {
	var out []endpoint
	at := map[string]int{}
	codes := map[string][]verdict.Traffic{}
	for _, t := range r.Traffic {
		if !t.Start.IsZero() || t.Endpoint == "" {
			continue
		}
		i, ok := at[t.Endpoint]
		if !ok {
			i = len(out)
			at[t.Endpoint] = i
			out = append(out, endpoint{Endpoint: t.Endpoint, Success: math.NaN(), P50: math.NaN(), P95: math.NaN(), P99: math.NaN(), classes: make([]float64, len(statusClasses))})
		}
		if t.StatusCode == 0 {
			out[i].Requests, out[i].Success, out[i].P50, out[i].P95 = t.Requests, report.Share(t.Succeeded, t.Requests), t.P50MS, t.P95MS
			continue
		}
		codes[t.Endpoint] = append(codes[t.Endpoint], t)
		if c := t.StatusCode/100 - 2; c >= 0 && c < int64(len(statusClasses)) {
			out[i].classes[c] += float64(t.Requests)
		}
	}
	v := r.Statistic
	for i := range out {
		list := codes[out[i].Endpoint]
		if out[i].Requests == 0 {
			var n, ok int64
			for _, t := range list {
				n, ok = n+t.Requests, ok+t.Succeeded
			}
			out[i].Requests, out[i].Success = n, report.Share(ok, n)
		}
		if q := v(out[i].Endpoint, "p95_ms"); !math.IsNaN(q) {
			out[i].P50, out[i].P95, out[i].P99 = v(out[i].Endpoint, "p50_ms"), q, v(out[i].Endpoint, "p99_ms")
		}
		slices.SortStableFunc(list, func(a, b verdict.Traffic) int { return cmp.Compare(a.StatusCode, b.StatusCode) })
		for j, t := range list {
			if j > 0 {
				out[i].Codes += ", "
			}
			code := "none"
			if t.StatusCode > 0 {
				code = strconv.FormatInt(t.StatusCode, 10)
			}
			out[i].Codes += code + ": " + words.Whole(t.Requests)
		}
	}
	slices.SortStableFunc(out, func(a, b endpoint) int {
		return cmp.Or(cmp.Compare(b.Requests, a.Requests), cmp.Compare(a.Endpoint, b.Endpoint))
	})
	return out[:min(len(out), mostEndpoints)]
}

func statusFigure(pictures *gallery.Gallery, rows []endpoint) *gallery.Figure {
	k := chart.Stack{Classes: statusClasses}
	g := gallery.Grid{Head: []string{"endpoint", "requests", "status codes"}}
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
	return &gallery.Figure{Picture: pictures.Add("status", size, alt+".", k), Caption: "Status codes by endpoint", Numbers: g}
}

// shownSlots is how many points a picture of traffic has at most.
const shownSlots = 200

// longestSlot is a year in minutes.
const longestSlot = 366 * 24 * 60

// slotFigure is the requests per minute of the judged period's slots.
func slotFigure(v View) *gallery.Figure {
	var slots []verdict.Traffic
	for _, t := range v.Report.Traffic {
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
	g := gallery.Grid{Head: []string{"from", "requests", "per minute"}}
	var top float64
	for i, k := range requests {
		at, rate := first.Add(time.Duration(i)*step), float64(k)/step.Minutes()
		top = math.Max(top, rate)
		l.Times, l.Series[0].Values = append(l.Times, at), append(l.Series[0].Values, rate)
		if i >= len(requests)-100 {
			g.Rows = append(g.Rows, []string{words.Stamp(at), words.Whole(k), words.Number(rate)})
		}
	}
	alt := fmt.Sprintf("Requests per minute in slots of %s from %s to %s, at most %s.",
		words.Count(int64(step.Minutes()), "minute", "minutes"), words.Stamp(first), words.Stamp(last), words.Number(top))
	return &gallery.Figure{Picture: v.Gallery.Add("slots", chart.Size{W: 480, H: 210}, alt, l), Caption: "Requests per minute in the judged period", Numbers: g}
}
