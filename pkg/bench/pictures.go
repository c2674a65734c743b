package bench

import (
	"fmt"
	"math"
	"strings"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// pictureSize is that of one engine's histogram.
var pictureSize = chart.Size{W: 720, H: 220}

// draw puts a picture of each engine's times into the document, all with one axis.
func (p *Performance) draw(b *strings.Builder, engines []string, batch int64) error {
	fmt.Fprintf(b, "\n### How long single calls took\n\nCalls of %s by wall time, for each engine on one axis; the longest 1 %% are left out.\n", words.Count(batch, "row", "rows"))
	parts := map[string][]verdict.TimingBucket{}
	low, high := math.Inf(1), 0.0
	for _, e := range engines {
		for _, k := range shortTail(p.Buckets, e, batch) {
			if !math.IsInf(k.HiMS, 0) && !math.IsNaN(k.HiMS) && k.LoMS > 0 {
				parts[e] = append(parts[e], k)
				low, high = min(low, k.LoMS), max(high, k.HiMS)
			}
		}
	}
	for i, e := range engines {
		if len(parts[e]) == 0 {
			continue
		}
		h := histogramOf(parts[e], low, high)
		for _, r := range p.measured(batch) {
			if r.Engine == e && r.P50MS > low && r.P50MS < high {
				h.Marks = append(h.Marks, chart.Mark{At: r.P50MS * 1e3, Label: "p50 " + words.Milliseconds(r.P50MS)})
			}
		}
		png, err := h.PNG(pictureSize)
		if err != nil {
			return fmt.Errorf("picture of %s: %w", e, err)
		}
		at, err := p.Picture(fmt.Sprintf("latency-%d", i+1), png)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "\n`%s`\n\n![Wall times of calls of %s with %s](%s)\n", codeInTable(e), words.Count(batch, "row", "rows"), marked(e), at)
	}
	return nil
}

// histogramOf is the shares of calls in buckets, on an axis from low to high, in
// microseconds. Ranges without calls are not among the buckets.
func histogramOf(buckets []verdict.TimingBucket, low, high float64) chart.Histogram {
	h := chart.Histogram{Edges: []float64{low * 1e3}, XLabel: "µs a call", Log: true}
	total := 0.0
	for _, k := range buckets {
		total += float64(k.Count)
	}
	add := func(to, share float64) {
		if to > h.Edges[len(h.Edges)-1] {
			h.Edges, h.Cur = append(h.Edges, to), append(h.Cur, share)
		}
	}
	for _, k := range buckets {
		add(k.LoMS*1e3, 0)
		add(k.HiMS*1e3, float64(k.Count)/total)
	}
	add(high*1e3, 0)
	return h
}
