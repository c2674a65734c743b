package load

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/leadsman/leadsman/pkg/verdict"
	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// A plan says when n requests are due: rate a second, or for rate 0 at once. It
// is a vegeta.Pacer.
type plan struct {
	n     uint64
	rate  float64
	began time.Time // known once the first request is asked for
}

// due is when request i is, after the beginning.
func (p *plan) due(i uint64) time.Duration {
	if p.rate == 0 {
		return 0
	}
	return time.Duration(float64(i) / p.rate * float64(time.Second))
}

// Pace waits until the next request is due, or says that there is none.
func (p *plan) Pace(elapsed time.Duration, hits uint64) (time.Duration, bool) {
	if p.began.IsZero() {
		p.began = time.Now().Add(-elapsed)
	}
	if hits >= p.n {
		return 0, true
	}
	if wait := p.due(hits) - elapsed; wait > 0 {
		sleep(wait)
	}
	return 0, false
}

func (p *plan) Rate(time.Duration) float64 { return p.rate }

// run is what became of a plan's requests.
type run struct {
	plan          *plan
	total, served *hdrhistogram.Histogram // nanoseconds, since due and since sent
	sum, longest  time.Duration           // since due
	late          time.Duration
	last          time.Duration // answer, after the beginning
	sent, ok      int64
	in, out       uint64
	ends          map[end]int64
}

type end struct {
	status int64
	err    string
}

const (
	longestKept = int64(time.Hour) // a histogram's largest value
	digits      = 3                // and its precision
	mostEnds    = 100              // different errors that are told apart
)

func newRun(p *plan) *run {
	return &run{
		plan: p, ends: map[end]int64{},
		total: hdrhistogram.New(1, longestKept, digits), served: hdrhistogram.New(1, longestKept, digits),
	}
}

// add counts a request. When it was due follows from its number, so that time
// spent waiting for others before it was sent is its own.
func (r *run) add(result *vegeta.Result) {
	sent := result.Timestamp.Sub(r.plan.began)
	due := min(r.plan.due(result.Seq), sent)
	done := sent + result.Latency
	total := done - due

	r.sent++
	r.sum += total
	r.longest, r.late, r.last = max(r.longest, total), max(r.late, sent-due), max(r.last, done)
	for h, d := range map[*hdrhistogram.Histogram]time.Duration{r.total: total, r.served: result.Latency} {
		h.RecordValue(min(max(int64(d), 1), longestKept)) // in range, so without an error
	}
	r.in, r.out = r.in+result.BytesIn, r.out+result.BytesOut

	e := end{status: int64(result.Code)}
	if result.Code >= 200 && result.Code < 300 && result.Error == "" {
		r.ok++
	} else if e.err = reason(result.Error); e.err == "" {
		e.err = "redirected"
	}
	if _, known := r.ends[e]; !known && len(r.ends) >= mostEnds {
		e.err = "other"
	}
	r.ends[e]++
}

func (r *run) load() verdict.Load {
	l := verdict.Load{
		Rate: r.plan.rate, Planned: int64(r.plan.n), Sent: r.sent, OK: r.ok, Seconds: r.last.Seconds(),
		BytesOut: int64(r.out), BytesIn: int64(r.in),
	}
	if r.plan.rate == 0 {
		l.Rate = math.NaN()
	}
	if r.last > 0 {
		l.Throughput = float64(r.ok) / r.last.Seconds()
	}
	quantile := func(h *hdrhistogram.Histogram, percent float64) float64 {
		if r.sent == 0 {
			return math.NaN()
		}
		return milliseconds(time.Duration(h.ValueAtPercentile(percent)))
	}
	l.P50MS, l.P95MS, l.P99MS, l.P999MS = quantile(r.total, 50), quantile(r.total, 95), quantile(r.total, 99), quantile(r.total, 99.9)
	l.SentP50MS, l.SentP99MS = quantile(r.served, 50), quantile(r.served, 99)
	l.MeanMS, l.MaxMS, l.LateMS = math.NaN(), math.NaN(), math.NaN()
	if r.sent > 0 {
		l.MeanMS = milliseconds(r.sum) / float64(r.sent)
		l.MaxMS, l.LateMS = milliseconds(r.longest), milliseconds(r.late)
		// A histogram's values are the upper ends of cells.
		for _, q := range []*float64{&l.P50MS, &l.P95MS, &l.P99MS, &l.P999MS} {
			*q = min(*q, l.MaxMS)
		}
	}
	return l
}

// statuses are how the requests ended, by status, then error.
func (r *run) statuses(name string) []verdict.LoadStatus {
	var out []verdict.LoadStatus
	for _, e := range slices.SortedFunc(maps.Keys(r.ends), func(a, b end) int {
		return cmp.Or(cmp.Compare(a.status, b.status), cmp.Compare(a.err, b.err))
	}) {
		out = append(out, verdict.LoadStatus{Run: name, Status: e.status, Error: e.err, Count: r.ends[e]})
	}
	return out
}
