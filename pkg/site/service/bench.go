package service

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A BenchPage is the page of perfbench's measurements.
type BenchPage struct {
	Rows     []timing
	Ratios   bool // some row is compared with native
	Threads  bool // some row was made by several
	Noted    bool // some row has a note
	Model    verdict.Timing
	Machine  string
	Figures  []*gallery.Figure
	Hotspots []hotspots
	Loads    []load
	URL      string
}

// baseline is the engine that the others are compared with.
const baseline = "native"

// A timing is one measurement of an engine.
type timing struct {
	verdict.Timing
	Ratio float64 // of the medians, to native's at the same batch and threads
}

// Bench is nil without measurements.
func Bench(v View) *BenchPage {
	p := &BenchPage{Hotspots: hotspotParts(v.Report), Loads: loadRows(v.Report)}
	if len(p.Loads) > 0 {
		p.URL = p.Loads[0].URL
	}
	if len(v.Report.Bench) == 0 {
		if len(p.Hotspots)+len(p.Loads) == 0 {
			return nil
		}
		return p
	}
	results := v.Report.Bench[:min(len(v.Report.Bench), 100)]
	p.Model = results[0]
	p.Machine = results[0].Machine
	if l := results[0].LoadAverage; p.Machine != "" && !math.IsNaN(l) {
		p.Machine += "; " + words.Number(l) + " processes wanted to run in the minute before"
	}
	for _, r := range results {
		row := timing{r, math.NaN()}
		row.Version = wording.Clip(row.Version, 16)
		for _, base := range results {
			if base.Engine == baseline && base.Batch == r.Batch && base.Threads == r.Threads && base.P50MS > 0 {
				row.Ratio = r.P50MS / base.P50MS
			}
		}
		p.Ratios = p.Ratios || r.Engine != baseline && !math.IsNaN(row.Ratio)
		p.Threads = p.Threads || r.Threads > 1
		p.Noted = p.Noted || r.Note != ""
		p.Rows = append(p.Rows, row)
	}
	p.Figures = benchFigures(v, results)
	return p
}

// benchFigures are the engines' histograms; those of one batch have one axis.
func benchFigures(v View, results []verdict.Timing) []*gallery.Figure {
	type key struct {
		engine string
		batch  int64
	}
	groups := map[key][]bucket{}
	var order []key
	for _, l := range v.Report.BenchLatency {
		k := key{l.Engine, l.Batch}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], bucket{l.LoMS, l.HiMS, l.Count})
	}
	axes := map[int64]bucket{}
	for k, bs := range groups {
		if bs = trimmed(slices.Clone(bs)); len(bs) == 0 {
			continue
		}
		lo, hi, _ := ends(bs)
		if axis, ok := axes[k.batch]; ok {
			lo, hi = math.Min(lo, axis.lo), math.Max(hi, axis.hi)
		}
		axes[k.batch] = bucket{lo: lo, hi: hi}
	}
	var out []*gallery.Figure
	for _, k := range order[:min(len(order), 9)] {
		var marks []chart.Mark
		for _, r := range results {
			if r.Engine == k.engine && r.Batch == k.batch && r.Threads <= 1 {
				marks = []chart.Mark{{At: r.P50MS, Label: "p50 " + words.Milliseconds(r.P50MS)}, {At: r.P95MS, Label: "p95 " + words.Milliseconds(r.P95MS)}}
			}
		}
		title := k.engine + ", " + words.Count(k.batch, "row", "rows") + " a call"
		if f := latencyFigure(v.Gallery, fmt.Sprintf("bench-%d", len(out)+1), title, groups[k], marks, axes[k.batch]); f != nil {
			f.Caption = title
			out = append(out, f)
		}
	}
	return out
}

// hotspots are where one engine's requests, or one program, spend their time.
type hotspots struct {
	Program    string // a profile of its owner's; "" for leadsman's own server
	Engine     string
	PerRequest float64 // CPU time, ms
	Calls      int64
	Own, All   []verdict.Hotspot // the first by time in the function itself, and with what it calls
}

// shownHotspots bounds each table of functions.
const shownHotspots = 10

func hotspotParts(r *report.Tables) []hotspots {
	var out []hotspots
	for _, h := range r.Hotspots {
		program := wording.Clip(h.Program, 60)
		if h.Program == verdict.OwnServer {
			program = ""
		}
		i := slices.IndexFunc(out, func(p hotspots) bool { return p.Engine == h.Engine && p.Program == program })
		if i < 0 {
			if len(out) == 5 {
				continue
			}
			i = len(out)
			out = append(out, hotspots{Program: program, Engine: h.Engine, PerRequest: math.NaN(), Calls: h.Calls})
			if h.Calls > 0 {
				out[i].PerRequest = h.TotalMS / float64(h.Calls)
			}
		}
		h.Function = h.Function[strings.LastIndexByte(h.Function, '/')+1:]
		out[i].Own = append(out[i].Own, h)
	}
	for i := range out {
		p := &out[i]
		p.All = slices.Clone(p.Own)
		slices.SortStableFunc(p.Own, func(a, b verdict.Hotspot) int { return cmp.Compare(b.FlatMS, a.FlatMS) })
		slices.SortStableFunc(p.All, func(a, b verdict.Hotspot) int { return cmp.Compare(b.CumMS, a.CumMS) })
		p.Own, p.All = p.Own[:min(len(p.Own), shownHotspots)], p.All[:min(len(p.All), shownHotspots)]
	}
	return out
}

// A load is one run of requests against an API.
type load struct {
	verdict.Load
	Answers string // what it was answered, most often first
}

func loadRows(r *report.Tables) []load {
	var out []load
	for _, l := range r.Loads[:min(len(r.Loads), 20)] {
		row := load{Load: l}
		statuses := slices.DeleteFunc(slices.Clone(r.LoadStatuses), func(s verdict.LoadStatus) bool { return s.Run != l.Run })
		slices.SortStableFunc(statuses, func(a, b verdict.LoadStatus) int { return cmp.Compare(b.Count, a.Count) })
		var answers []string
		for _, s := range statuses[:min(len(statuses), 5)] {
			what := fmt.Sprintf("status %d", s.Status)
			if s.Status == 0 {
				what = "no answer"
			}
			if s.Error != "" {
				what += " (" + wording.Clip(s.Error, 60) + ")"
			}
			answers = append(answers, what+": "+words.Whole(s.Count))
		}
		row.Answers = strings.Join(answers, ", ")
		out = append(out, row)
	}
	return out
}

// Good is the share of the planned requests that were answered well.
func (l load) Good() float64 { return report.Share(l.OK, l.Planned) }
