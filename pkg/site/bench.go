package site

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// benchBody is the page of perfbench's measurements.
type benchBody struct {
	Rows     []benchRow
	Ratios   bool // some row is compared with native
	Threads  bool // some row was made by several
	Noted    bool // some row has a note
	Model    verdict.Timing
	Machine  string
	Figures  []*figure
	Hotspots []hotspotPart
	Loads    []loadRow
	URL      string
}

// baseline is the engine that the others are compared with.
const baseline = "native"

type benchRow struct {
	verdict.Timing
	Ratio float64 // of the medians, to native's at the same batch and threads
}

func (b *builder) bench() *benchBody {
	v := &benchBody{Hotspots: hotspotParts(b.r), Loads: loadRows(b.r)}
	if len(v.Loads) > 0 {
		v.URL = v.Loads[0].URL
	}
	if len(b.r.Bench) == 0 {
		if len(v.Hotspots)+len(v.Loads) == 0 {
			return nil
		}
		return v
	}
	results := b.r.Bench[:min(len(b.r.Bench), 100)]
	v.Model = results[0]
	v.Machine = results[0].Machine
	if l := results[0].LoadAverage; v.Machine != "" && !math.IsNaN(l) {
		v.Machine += "; " + words.Number(l) + " processes wanted to run in the minute before"
	}
	for _, r := range results {
		row := benchRow{r, math.NaN()}
		row.Version = wording.Clip(row.Version, 16)
		for _, base := range results {
			if base.Engine == baseline && base.Batch == r.Batch && base.Threads == r.Threads && base.P50MS > 0 {
				row.Ratio = r.P50MS / base.P50MS
			}
		}
		v.Ratios = v.Ratios || r.Engine != baseline && !math.IsNaN(row.Ratio)
		v.Threads = v.Threads || r.Threads > 1
		v.Noted = v.Noted || r.Note != ""
		v.Rows = append(v.Rows, row)
	}
	v.Figures = b.benchFigures(results)
	return v
}

// benchFigures are the engines' histograms; those of one batch have one axis.
func (b *builder) benchFigures(results []verdict.Timing) []*figure {
	type key struct {
		engine string
		batch  int64
	}
	groups := map[key][]bucket{}
	var order []key
	for _, l := range b.r.BenchLatency {
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
	var out []*figure
	for _, k := range order[:min(len(order), 9)] {
		var marks []chart.Mark
		for _, r := range results {
			if r.Engine == k.engine && r.Batch == k.batch && r.Threads <= 1 {
				marks = []chart.Mark{{At: r.P50MS, Label: "p50 " + words.Milliseconds(r.P50MS)}, {At: r.P95MS, Label: "p95 " + words.Milliseconds(r.P95MS)}}
			}
		}
		title := k.engine + ", " + words.Count(k.batch, "row", "rows") + " a call"
		if f := b.latencyFigure(fmt.Sprintf("bench-%d", len(out)+1), title, groups[k], marks, axes[k.batch]); f != nil {
			f.Caption = title
			out = append(out, f)
		}
	}
	return out
}

// hotspotPart is where one engine's requests spend their time.
type hotspotPart struct {
	Engine     string
	PerRequest float64 // CPU time, ms
	Calls      int64
	Own, All   []verdict.Hotspot // the first by time in the function itself, and with what it calls
}

// shownHotspots bounds each table of functions.
const shownHotspots = 10

func hotspotParts(r *report.Tables) []hotspotPart {
	var out []hotspotPart
	for _, h := range r.Hotspots {
		i := slices.IndexFunc(out, func(p hotspotPart) bool { return p.Engine == h.Engine })
		if i < 0 {
			if len(out) == 5 {
				continue
			}
			i = len(out)
			out = append(out, hotspotPart{Engine: h.Engine, PerRequest: math.NaN(), Calls: h.Calls})
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

// loadRow is one run of requests against an API.
type loadRow struct {
	verdict.Load
	Answers string // what it was answered, most often first
}

func loadRows(r *report.Tables) []loadRow {
	var out []loadRow
	for _, l := range r.Loads[:min(len(r.Loads), 20)] {
		row := loadRow{Load: l}
		statuses := slices.DeleteFunc(slices.Clone(r.LoadStatuses), func(s verdict.LoadStatus) bool { return s.Run != l.Run })
		slices.SortStableFunc(statuses, func(a, b verdict.LoadStatus) int { return cmp.Compare(b.Count, a.Count) })
		var said []string
		for _, s := range statuses[:min(len(statuses), 5)] {
			what := fmt.Sprintf("status %d", s.Status)
			if s.Status == 0 {
				what = "no answer"
			}
			if s.Error != "" {
				what += " (" + wording.Clip(s.Error, 60) + ")"
			}
			said = append(said, what+": "+words.Whole(s.Count))
		}
		row.Answers = strings.Join(said, ", ")
		out = append(out, row)
	}
	return out
}

// Good is the share of the planned requests that were answered well.
func (l loadRow) Good() float64 { return share(l.OK, l.Planned) }
