package serving

import (
	"math"
	"strings"

	"gonum.org/v1/gonum/mathext"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// leastForP95 is the number of durations below which a 95th percentile is one
// row's.
const leastForP95 = 20

// Speed is one kind of duration, of all calls or of one endpoint.
type Speed struct {
	Subject  string // response_ms or inference_ms
	Endpoint string // empty: all calls
	N        int64
	P95      float64 // ms
	Unjudged string  // ReasonTooFewRows where the durations are too few for a percentile, else ""

	Limits []Limit
	Usual  *Usual   // p95 of earlier windows
	Probes []string // endpoints that are left out
}

func speeds(cur *view.View, before []view.Window, now *called, past []called, o Options) []Speed {
	var out []Speed
	add := func(subject, endpoint string, l *view.Latency, earlier []*view.Latency, probes []string) {
		if l.N <= 0 {
			return
		}
		s := SpeedOf(subject, endpoint, l, o.Limits.Of(strings.TrimSuffix(subject, "_ms"), endpoint))
		s.Probes = probes
		var p95 []float64
		for _, w := range earlier {
			if w.N >= leastForP95 {
				p95 = append(p95, w.Quantile(0.95))
			}
		}
		s.Usual = usual(p95)
		out = append(out, s)
	}
	var responses, inferences []*view.Latency
	for i := range before {
		responses, inferences = append(responses, &past[i].response), append(inferences, &before[i].View.Inference)
	}
	add("response_ms", "", &now.response, responses, now.paths)
	add("inference_ms", "", &cur.Inference, inferences, nil)
	for _, e := range judgedEndpoints(cur, o) {
		var earlier []*view.Latency
		for i := range before {
			if w := endpointOf(&before[i].View, e.Name); w != nil {
				earlier = append(earlier, &w.Latency)
			}
		}
		add("response_ms", e.Name, &e.Latency, earlier, nil)
	}
	return out
}

// SpeedOf measures durations, which are some, and holds them against limits, which it
// keeps and fills in.
func SpeedOf(subject, endpoint string, l *view.Latency, limits []Limit) Speed {
	s := Speed{Subject: subject, Endpoint: endpoint, N: l.N, P95: l.Quantile(0.95), Limits: limits}
	if s.N < leastForP95 || math.IsNaN(s.P95) {
		s.Unjudged = verdict.ReasonTooFewRows
	}
	for i := range s.Limits {
		limit := &s.Limits[i]
		beyond := 1 - float64(limit.Percent)/100
		limit.Value = l.Quantile(float64(limit.Percent) / 100)
		limit.Few = math.IsNaN(limit.Value) || float64(s.N)*beyond < 1
		if limit.Value > limit.MS {
			limit.P = ChanceAbove(l, limit.MS, beyond)
		}
	}
	return s
}

// ChanceAbove returns the probability that as many durations as now has, or
// more, lie above a limit that the share beyond of all exceeds: of 50 durations three
// are beyond their 95th percentile nearly every other time. A bucket that the limit
// divides counts as above it.
func ChanceAbove(now *view.Latency, limit, beyond float64) float64 {
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
	return mathext.RegIncBeta(float64(above), float64(all-above)+1, beyond)
}

// latency tabulates the durations: of the requests those of calls.
func latency(cur *view.View, now *called) []verdict.Latency {
	var out []verdict.Latency
	nan := math.NaN()
	for _, l := range []struct {
		subject string
		*view.Latency
	}{{"inference_ms", &cur.Inference}, {"response_ms", &now.response}} {
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
