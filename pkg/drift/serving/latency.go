package serving

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// leastForP95 is the number of durations below which a 95th percentile is one
// row's.
const leastForP95 = 20

// Speed is one kind of duration.
type Speed struct {
	Subject  string // response_ms or inference_ms
	N        int64
	P95      float64 // ms
	Unjudged string  // ReasonTooFewRows where the durations are too few for a percentile, else ""

	Limit float64 // of P95; NaN: none
	P     float64 // probability of as many durations above the limit as these, or more, where one in 20 is; NaN where P95 keeps it
	Usual *Usual  // p95 of earlier windows
}

func speeds(cur *view.View, before []view.Window, limit float64) []Speed {
	limited := "inference_ms"
	if cur.Response.N > 0 {
		limited = "response_ms"
	}
	var out []Speed
	for _, l := range []struct {
		subject string
		now     *view.Latency
		of      func(*view.Window) *view.Latency
	}{
		{"response_ms", &cur.Response, func(w *view.Window) *view.Latency { return &w.View.Response }},
		{"inference_ms", &cur.Inference, func(w *view.Window) *view.Latency { return &w.View.Inference }},
	} {
		if l.now.N <= 0 {
			continue
		}
		s := Speed{Subject: l.subject, N: l.now.N, P95: l.now.Quantile(0.95), Limit: math.NaN(), P: math.NaN()}
		if s.N < leastForP95 || math.IsNaN(s.P95) {
			s.Unjudged = verdict.ReasonTooFewRows
		}
		if l.subject == limited && Set(limit) {
			s.Limit = limit
			if s.P95 > limit {
				s.P = chanceAbove(l.now, limit)
			}
		}
		var past []float64
		for i := range before {
			if w := l.of(&before[i]); w.N >= leastForP95 {
				past = append(past, w.Quantile(0.95))
			}
		}
		s.Usual = usual(past)
		out = append(out, s)
	}
	return out
}

// chanceAbove returns the probability that as many durations as now has, or
// more, lie above a limit that one in 20 exceeds: of 50 durations three do so
// nearly every other time. A bucket that the limit divides counts as above it.
func chanceAbove(now *view.Latency, limit float64) float64 {
	var all, above int64
	for _, b := range now.Buckets {
		n := max(0, b.Count)
		all += n
		if b.Hi > limit {
			above += n
		}
	}
	if above <= 0 {
		return 1
	}
	return mathext.RegIncBeta(float64(above), float64(all-above)+1, 0.05)
}

// latency tabulates the durations.
func latency(cur *view.View) []verdict.Latency {
	var out []verdict.Latency
	nan := math.NaN()
	for _, l := range []struct {
		subject string
		*view.Latency
	}{{"inference_ms", &cur.Inference}, {"response_ms", &cur.Response}} {
		if l.N <= 0 {
			continue
		}
		for _, s := range []struct {
			kind  string
			value float64
		}{{"n", float64(l.N)}, {"mean", l.Mean}, {"p50", l.Quantile(0.5)}, {"p95", l.Quantile(0.95)}, {"p99", l.Quantile(0.99)}, {"min", l.Min}, {"max", l.Max}} {
			out = append(out, verdict.Latency{Subject: l.subject, Kind: s.kind, Lo: nan, Hi: nan, Count: l.N, Value: s.value})
		}
		for _, b := range l.Buckets {
			out = append(out, verdict.Latency{Subject: l.subject, Kind: "bucket", Lo: b.Lo, Hi: b.Hi, Count: b.Count, Value: nan})
		}
	}
	return out
}
