// Package serving measures the service: how fast it answers, how many requests
// succeed, how many predictions come. There is no reference for these, only limits
// and the windows before the judged period.
package serving

import (
	"math"
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

// Limits are what latency and traffic are judged by. Zero or NaN: no limit.
type Limits struct {
	P95MS       float64 `yaml:"p95_ms" range:"0," zero:"no limit"`        // 95th percentile of response_ms, or of inference_ms without requests
	SuccessRate float64 `yaml:"success_rate" range:"0,1" zero:"no limit"` // share of requests with a status below 400
	MinRows     int64   `yaml:"min_rows" range:"0," zero:"no limit"`      // predictions in the judged period
}

// Set says whether there is such a limit.
func Set(limit float64) bool { return limit > 0 && !math.IsInf(limit, 0) }

// Options says by what the service is measured.
type Options struct {
	Limits Limits
	Period time.Duration // length of the judged period; 0: the whole log, whose traffic has no yardstick
	K      int64         // what fewer rows or requests have is in the totals only: it may be one person's
	Public []string      // which of timestamp, score, label and inference_ms may be shown row by row
}

// A Result is how the service did. What there was none of is nil.
type Result struct {
	Speeds  []Speed
	Answers *Answers
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
	r := Result{Speeds: speeds(cur, before, o.Limits.P95MS), Answers: answers(cur, before, o.Limits.SuccessRate), Volume: volume(cur, before, o)}
	r.Latency = latency(cur)
	r.Traffic = traffic(cur, o.K)
	r.Recent = recent(cur, o)
	r.Statistics = statistics(cur)
	return r
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
