package site

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// speedBody is the page of how fast the model and its API are.
type speedBody struct {
	Level    string
	Findings []verdict.Finding
	Parts    []speedPart
}

type speedPart struct {
	Title     string
	Summaries [][2]string
	Figure    *figure
	Trend     *figure
}

func (b *builder) speed() *speedBody {
	v := &speedBody{Level: b.r.Run.LatencyLevel}
	for _, s := range b.subjects {
		for _, f := range s.Findings {
			if f.Check == verdict.CheckLatency {
				v.Findings = append(v.Findings, f)
			}
		}
	}
	for _, part := range []struct{ subject, title string }{
		{"inference_ms", "Inference: one row through the model"},
		{"response_ms", "Response: one request to the API"},
	} {
		p := speedPart{Title: part.title}
		var marks []chart.Mark
		for _, kind := range []string{"n", "mean", "p50", "p95", "p99", "max"} {
			l, ok := b.summary(part.subject, kind)
			if !ok {
				continue
			}
			switch kind {
			case "n":
				n := l.Count
				if n == 0 && l.Value > 0 {
					n = int64(l.Value)
				}
				p.Summaries = append(p.Summaries, [2]string{"measured", words.Whole(n)})
				continue
			case "p50", "p95", "p99":
				marks = append(marks, chart.Mark{At: l.Value, Label: kind + " " + words.Milliseconds(l.Value)})
			}
			p.Summaries = append(p.Summaries, [2]string{kind, words.Milliseconds(l.Value)})
		}
		var buckets []verdict.Latency
		for _, l := range b.r.Latency {
			if l.Subject == part.subject && l.Kind == "bucket" {
				buckets = append(buckets, l)
			}
		}
		p.Figure = b.latencyFigure("latency-"+part.subject, part.title, bounds(buckets), marks)
		p.Trend = b.latencyTrend(part.subject)
		if len(p.Summaries) > 0 || p.Figure != nil || p.Trend != nil {
			v.Parts = append(v.Parts, p)
		}
	}
	if len(v.Parts) == 0 && len(v.Findings) == 0 {
		return nil
	}
	return v
}

// A span of times and how many fell in it.
type bucket struct {
	lo, hi float64
	n      int64
}

func bounds(ls []verdict.Latency) []bucket {
	var out []bucket
	for _, l := range ls {
		out = append(out, bucket{l.Lo, l.Hi, l.Count})
	}
	return out
}

// joined puts neighbouring buckets together until each is at least a fiftieth
// of the axis wide, so that single ones do not stand out by chance. Where there
// is a gap, a narrow one is drawn into it: nothing fell there.
func joined(bs []bucket, log bool) []bucket {
	scale, back := func(v float64) float64 { return v }, func(v float64) float64 { return v }
	if log {
		scale, back = math.Log, math.Exp
	}
	least := (scale(bs[len(bs)-1].hi) - scale(bs[0].lo)) / 50
	narrow := func(k bucket) bool { return scale(k.hi)-scale(k.lo) < least*0.999 }
	var out []bucket
	for _, k := range bs {
		if m := len(out) - 1; m >= 0 && narrow(out[m]) {
			if scale(k.hi)-scale(out[m].lo) < 2*least {
				out[m].hi, out[m].n = k.hi, out[m].n+k.n
				continue
			}
			out[m].hi = math.Min(k.lo, back(scale(out[m].lo)+least))
		}
		out = append(out, k)
	}
	if m := len(out) - 1; m > 0 && narrow(out[m]) {
		out[m].lo = math.Max(out[m-1].hi, back(scale(out[m].hi)-least))
		if narrow(out[m]) {
			out[m-1].hi, out[m-1].n = out[m].hi, out[m-1].n+out[m].n
			out = out[:m]
		}
	}
	return out
}

// trimmed sorts buckets and drops the empty ones at both ends.
func trimmed(bs []bucket) []bucket {
	bs = slices.DeleteFunc(bs, func(k bucket) bool { return math.IsNaN(k.lo) && math.IsNaN(k.hi) || k.n < 0 })
	slices.SortStableFunc(bs, func(a, b bucket) int { return cmp.Compare(a.lo, b.lo) })
	for len(bs) > 0 && bs[0].n == 0 {
		bs = bs[1:]
	}
	for len(bs) > 0 && bs[len(bs)-1].n == 0 {
		bs = bs[:len(bs)-1]
	}
	return bs
}

// ends are where a histogram of the buckets begins and ends. An end without a
// bound is drawn a fifth longer than it begins.
func ends(bs []bucket) (lo, hi float64, open bool) {
	last := bs[len(bs)-1]
	if math.IsNaN(last.hi) || math.IsInf(last.hi, 0) {
		return bs[0].lo, last.lo * 1.2, true
	}
	return bs[0].lo, last.hi, false
}

// fewTimes have no shape: their numbers say all.
const fewTimes = 20

// latencyFigure is a histogram of times, on an axis that reaches at least over
// also, so that several can be compared.
func (b *builder) latencyFigure(path, title string, bs []bucket, marks []chart.Mark, also ...bucket) *figure {
	if bs = trimmed(bs); len(bs) == 0 {
		return nil
	}
	var h chart.Histogram
	var total int64
	for _, k := range bs {
		total += k.n
	}
	if total < fewTimes {
		return nil
	}
	first, last := &bs[0], &bs[len(bs)-1]
	_, last.hi, h.OpenHigh = ends(bs)
	for _, wide := range also {
		if h.OpenHigh {
			last.hi = math.Max(last.hi, wide.hi)
		} else if wide.hi > last.hi {
			bs = append(bs, bucket{last.hi, wide.hi, 0})
		}
		if wide.lo < first.lo {
			bs = slices.Insert(bs, 0, bucket{wide.lo, first.lo, 0})
		}
	}
	h.Log = bs[0].lo > 0 && bs[len(bs)-1].hi > 20*bs[0].lo
	unit, times := "ms", 1.0
	if bs[len(bs)-1].hi < 0.5 {
		unit, times = "µs", 1000
	}
	for i := range bs {
		bs[i].lo, bs[i].hi = times*bs[i].lo, times*bs[i].hi
	}
	g := grid{Head: []string{"from, " + unit, "to, " + unit, "count", "share"}}
	for _, k := range joined(bs, h.Log) {
		if m := len(h.Edges); m == 0 {
			h.Edges = append(h.Edges, k.lo)
		} else if k.lo > h.Edges[m-1] {
			// Buckets that nothing fell in may be left out of the table.
			h.Edges, h.Cur = append(h.Edges, k.lo), append(h.Cur, 0)
		}
		h.Edges, h.Cur = append(h.Edges, k.hi), append(h.Cur, share(k.n, total))
		g.Rows = append(g.Rows, []string{words.Number(k.lo), words.Number(k.hi), words.Whole(k.n), words.Percent(share(k.n, total))})
	}
	h.XLabel = unit
	alt := fmt.Sprintf("%s: %s times between %s and %s %s", title, words.Whole(total), words.Number(h.Edges[0]), words.Number(h.Edges[len(h.Edges)-1]), unit)
	for _, m := range marks {
		alt += ", " + m.Label
		h.Marks = append(h.Marks, chart.Mark{At: times * m.At, Label: m.Label})
	}
	return &figure{Picture: b.picture(path, chart.Size{W: 480, H: 240}, alt+".", h), Caption: "How long it took, share of all", Numbers: g}
}

// latencyTrend is the median and the tails by window on one picture.
func (b *builder) latencyTrend(subject string) *figure {
	times, p50 := b.trend("p50_ms", subject)
	if len(times) < 2 {
		return nil
	}
	l := chart.Lines{Times: times, Series: []chart.Series{{Name: "p50", Values: p50}}, YLabel: "ms"}
	top := 0.0
	g := grid{Head: []string{"window from", "p50, ms"}}
	alt := fmt.Sprintf("By window from %s to %s, newest values: p50 %s ms", words.Day(times[0]), words.Day(times[len(times)-1]), words.Number(p50[len(p50)-1]))
	for _, q := range []string{"p95", "p99"} {
		ts, vs := b.trend(q+"_ms", subject)
		if !slices.Equal(ts, times) {
			continue
		}
		l.Series = append(l.Series, chart.Series{Name: q, Values: vs})
		for _, v := range vs {
			top = math.Max(top, v)
		}
		g.Head = append(g.Head, q+", ms")
		alt += ", " + q + " " + words.Number(vs[len(vs)-1]) + " ms"
	}
	if lo := least(p50); lo > 0 && top > 20*lo {
		l.Log, l.YLabel = true, "ms, logarithmic"
	}
	for i := max(0, len(times)-100); i < len(times); i++ {
		row := []string{words.Stamp(times[i])}
		for _, s := range l.Series {
			row = append(row, words.Number(s.Values[i]))
		}
		g.Rows = append(g.Rows, row)
	}
	return &figure{Picture: b.picture("trend-"+subject, chart.Size{W: 480, H: 210}, alt+".", l), Caption: "By window", Numbers: g}
}

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
	v := &apiBody{Level: b.apiLevel(), Health: b.health(), Served: b.r.Run.Rows, Success: math.NaN(), Uptime: math.NaN()}
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
	if t, ok := b.total("", 0); ok {
		v.Requests, v.Success = t.Requests, share(t.Succeeded, t.Requests)
	}
	v.Endpoints = b.endpoints()
	for _, e := range v.Endpoints {
		v.Timed = v.Timed || !math.IsNaN(e.P50) || !math.IsNaN(e.P95)
	}
	v.Status = b.statusFigure(v.Endpoints)
	v.Trends = []*figure{
		b.trendFigure("trend-success", "Success rate by window", "success_rate", "share", verdict.Finding{}, b.trendSubjects("success_rate")...),
		b.trendFigure("trend-requests", "Requests per minute by window", "requests_per_minute", "per minute", verdict.Finding{}, b.trendSubjects("requests_per_minute")...),
		b.slotFigure(),
	}
	v.Trends = slices.DeleteFunc(v.Trends, func(f *figure) bool { return f == nil })
	if v.Health == nil && v.Requests == 0 && len(v.Endpoints) == 0 && len(v.Findings) == 0 && len(v.Trends) == 0 {
		return nil
	}
	return v
}

// apiLevel is the run's level of the API, or alert when it did not answer: that
// is no statistic, and the run does not know it.
func (b *builder) apiLevel() string {
	if h := b.health(); h != nil && !h.OK {
		return verdict.Alert
	}
	return b.r.Run.APILevel
}

// statusClasses are the classes of status codes, from good to bad.
var statusClasses = []string{"2xx", "3xx", "4xx", "5xx"}

func (b *builder) endpoints() []endpointRow {
	var out []endpointRow
	at := map[string]int{}
	codes := map[string][]verdict.Traffic{}
	for _, t := range b.r.Traffic {
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
