package service

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A SpeedPage is the page of how fast the model and its API are.
type SpeedPage struct {
	Level    string
	Findings []verdict.Finding
	Parts    []speedPart
}

// A speedPart is one kind of time.
type speedPart struct {
	Title     string
	Summaries [][2]string
	Figure    *gallery.Figure
	Trend     *gallery.Figure
}

// Speed is nil where nothing is known of times.
func Speed(v View) *SpeedPage {
	p := &SpeedPage{Level: v.Report.Run.LatencyLevel}
	for _, f := range v.Findings {
		if f.Check == verdict.CheckLatency {
			p.Findings = append(p.Findings, f)
		}
	}
	for _, of := range []struct{ subject, title string }{
		{"inference_ms", "Inference: one row through the model"},
		{"response_ms", "Response: one request to the API"},
	} {
		part := speedPart{Title: of.title}
		var marks []chart.Mark
		for _, kind := range []string{"n", "mean", "p50", "p95", "p99", "max"} {
			l, ok := LatencyOf(v.Report, of.subject, kind)
			if !ok {
				continue
			}
			switch kind {
			case "n":
				n := l.Count
				if n == 0 && l.Value > 0 {
					n = int64(l.Value)
				}
				part.Summaries = append(part.Summaries, [2]string{"measured", words.Whole(n)})
				continue
			case "p50", "p95", "p99":
				marks = append(marks, chart.Mark{At: l.Value, Label: kind + " " + words.Milliseconds(l.Value)})
			}
			part.Summaries = append(part.Summaries, [2]string{kind, words.Milliseconds(l.Value)})
		}
		var buckets []verdict.Latency
		for _, l := range v.Report.Latency {
			if l.Subject == of.subject && l.Kind == "bucket" {
				buckets = append(buckets, l)
			}
		}
		part.Figure = latencyFigure(v.Gallery, "latency-"+of.subject, of.title, bounds(buckets), marks)
		part.Trend = latencyTrend(v, of.subject)
		if len(part.Summaries) > 0 || part.Figure != nil || part.Trend != nil {
			p.Parts = append(p.Parts, part)
		}
	}
	if len(p.Parts) == 0 && len(p.Findings) == 0 {
		return nil
	}
	return p
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
func latencyFigure(pictures *gallery.Gallery, path, title string, bs []bucket, marks []chart.Mark, also ...bucket) *gallery.Figure {
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
	g := gallery.Grid{Head: []string{"from, " + unit, "to, " + unit, "count", "share"}}
	for _, k := range joined(bs, h.Log) {
		if m := len(h.Edges); m == 0 {
			h.Edges = append(h.Edges, k.lo)
		} else if k.lo > h.Edges[m-1] {
			// Buckets that nothing fell in may be left out of the table.
			h.Edges, h.Cur = append(h.Edges, k.lo), append(h.Cur, 0)
		}
		h.Edges, h.Cur = append(h.Edges, k.hi), append(h.Cur, report.Share(k.n, total))
		g.Rows = append(g.Rows, []string{words.Number(k.lo), words.Number(k.hi), words.Whole(k.n), words.Percent(report.Share(k.n, total))})
	}
	h.XLabel = unit
	alt := fmt.Sprintf("%s: %s times between %s and %s %s", title, words.Whole(total), words.Number(h.Edges[0]), words.Number(h.Edges[len(h.Edges)-1]), unit)
	for _, m := range marks {
		alt += ", " + m.Label
		h.Marks = append(h.Marks, chart.Mark{At: times * m.At, Label: m.Label})
	}
	return &gallery.Figure{Picture: pictures.Add(path, chart.Size{W: 480, H: 240}, alt+".", h), Caption: "How long it took, share of all", Numbers: g}
}

// latencyTrend is the median and the tails by window on one picture.
func latencyTrend(v View, subject string) *gallery.Figure {
	times, p50 := v.Report.Course("p50_ms", subject)
	if len(times) < 2 {
		return nil
	}
	l := chart.Lines{Times: times, Series: []chart.Series{{Name: "p50", Values: p50}}, YLabel: "ms"}
	top := 0.0
	g := gallery.Grid{Head: []string{"window from", "p50, ms"}}
	alt := fmt.Sprintf("By window from %s to %s, newest values: p50 %s ms", words.Day(times[0]), words.Day(times[len(times)-1]), words.Number(p50[len(p50)-1]))
	for _, q := range []string{"p95", "p99"} {
		ts, vs := v.Report.Course(q+"_ms", subject)
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
	if lo := gallery.Least(p50); lo > 0 && top > 20*lo {
		l.Log, l.YLabel = true, "ms, logarithmic"
	}
	for i := max(0, len(times)-100); i < len(times); i++ {
		row := []string{words.Stamp(times[i])}
		for _, s := range l.Series {
			row = append(row, words.Number(s.Values[i]))
		}
		g.Rows = append(g.Rows, row)
	}
	return &gallery.Figure{Picture: v.Gallery.Add("trend-"+subject, chart.Size{W: 480, H: 210}, alt+".", l), Caption: "By window", Numbers: g}
}

// LatencyOf returns one summary of a latency.
func LatencyOf(r *report.Tables, subject, kind string) (verdict.Latency, bool) {
	for _, l := range r.Latency {
		if l.Subject == subject && l.Kind == kind {
			return l, true
		}
	}
	return verdict.Latency{}, false
}
