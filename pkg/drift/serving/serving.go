// Package serving measures the service: how fast it answers, how many requests
// succeed, how many predictions come. There is no reference for these, only limits
// and the windows before the judged period.
package serving

import (
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// The judged period is held against at most MostWindows windows before it. Fewer
// than LeastWindows say nothing.
const (
	MostWindows  = 7
	LeastWindows = 3
)

// mostJudged bounds the endpoints that are judged by themselves: the busiest.
const mostJudged = 20

// Options says by what the service is measured.
type Options struct {
	Limits Limits
	Period time.Duration // length of the judged period; 0: the whole log, whose traffic has no yardstick
	K      int64         // what fewer rows or requests have is in the totals only: it may be one person's
	Public []string      // which of timestamp, score, label and inference_ms may be shown row by row
}

// A Result is how the service did. What there was none of is nil.
type Result struct {
	Speeds  []Speed   // of all calls, then of each endpoint
	Answers []Answers // alike
	Volume  Volume

	Latency    []verdict.Latency
	Traffic    []verdict.Traffic
	Recent     []verdict.Recent
	Statistics []verdict.Statistic
}

// Usual is what earlier windows had.
type Usual struct {
	Least, Median, Most float64
	Windows             int
}

// Measure measures the judged rows and requests.
func Measure(cur *view.View, o Options) Result {
	before := earlier(cur)
	now, past := calledIn(cur, &o.Limits), make([]called, len(before))
	for i := range before {
		past[i] = calledIn(&before[i].View, &o.Limits)
	}
	r := Result{Speeds: speeds(cur, before, &now, past, o), Answers: answers(cur, before, &now, past, o), Volume: volume(cur, before, o)}
	r.Latency = latency(cur, &now)
	r.Traffic = traffic(cur, o.K)
	r.Recent = recent(cur, o)
	r.Statistics = statistics(cur, &now, o.K)
	return r
}

// judgedEndpoints are the endpoints that are judged by themselves: those that people
// call, where they are two or more.
func judgedEndpoints(cur *view.View, o Options) []*view.Endpoint {
	var out []*view.Endpoint
	for i := range cur.Endpoints {
		if e := &cur.Endpoints[i]; e.Name != "" && e.Requests >= o.K && !o.Limits.probe(e.Name) {
			out = append(out, e)
		}
	}
	if len(out) == 1 && len(o.Limits.Endpoints) == 0 {
		return nil // it is all calls
	}
	return out[:min(len(out), mostJudged)]
}

// earlier returns the last windows that ended before the judged period began.
func earlier(cur *view.View) []view.Window {
	if cur.First.IsZero() {
		return nil
	}
	var out []view.Window
	for _, w := range cur.Windows {
		if w.Length > 0 && !w.Start.Add(w.Length).After(cur.First) {
			out = append(out, w)
		}
	}
	return out[max(0, len(out)-MostWindows):]
}

// usual sums up what earlier windows had; nil when they are too few.
func usual(past []float64) *Usual {
	if len(past) < LeastWindows {
		return nil
	}
	q, err := stats.Quantiles(past, 0.5, 1)
	if err != nil {
		return nil
	}
	return &Usual{Least: slices.Min(past), Median: q[0], Most: q[1], Windows: len(past)}
}
