package count

import (
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

const (
	noStatus   = -1 // a request without a status code
	slotMicros = plan.SlotMinutes * 60 * 1_000_000
)

// Traffic counts the judged requests: as wholes, by endpoint, and in slots of five
// minutes.
type Traffic struct {
	total     requestCounts
	Times     Span      // of those with a timestamp
	Response  Durations // response times
	endpoints endpoints
	sample    sketch.Bottom[string] // endpoints of requests, by the requests' hashes
	slots     sketch.Newest[requestCounts]
}

// NewTraffic returns the traffic of no requests.
func NewTraffic() Traffic {
	return Traffic{
		endpoints: newEndpoints(caps.Endpoints.N, endpointBuckets), sample: sketch.NewBottom[string](caps.SampledEndpoints.N),
		slots: sketch.NewNewest(caps.Slots.N, func() *requestCounts { return new(requestCounts) }),
	}
}

// A Request is one request as it was read.
type Request struct {
	At       int64   // microseconds, when Timed
	Timed    bool    // it has a timestamp
	Status   float64 // status code; below 1, from 1000 and NaN: none
	MS       float64 // response time; negative, infinite and NaN: none
	Endpoint string
}

// code returns the status code, or noStatus.
func (c *Request) code() int64 {
	if c.Status >= 1 && c.Status < 1000 {
		return int64(c.Status)
	}
	return noStatus
}

// Add counts a judged request.
func (t *Traffic) Add(c *Request) {
	if c.Timed {
		t.Times.Add(c.At)
	}
	t.Response.Add(c.MS)
	t.total.add(c)
	t.endpoints.add(c)
	if h := c.hash(); t.sample.Wants(h) {
		t.sample.Add(h, 1, func() string { return strings.Clone(c.name()) })
	}
	if c.Timed && dated(c.At) {
		if s := t.slots.Get(read.FloorDiv(c.At, slotMicros) * slotMicros); s != nil {
			s.add(c)
		}
	}
}

// name is what the endpoint is known by.
func (c *Request) name() string { return read.Name(c.Endpoint, endpointNameLimit) }

// hash stands for the request.
func (c *Request) hash() uint64 {
	h := sketch.Mix(sketch.Mix(sketch.SeedRow, uint64(c.At)), uint64(c.code()))
	if c.MS >= 0 {
		h = sketch.Mix(h, uint64(sketch.Image(c.MS)))
	}
	return sketch.Finish(sketch.Mix(h, sketch.HashString(c.Endpoint)))
}

// Merge takes o over, which must not be used afterwards.
func (t *Traffic) Merge(o *Traffic) {
	t.total.merge(&o.total)
	t.Times.Merge(o.Times)
	t.Response.Merge(&o.Response)
	t.endpoints.Merge(&o.endpoints.Names)
	t.sample.Merge(&o.sample)
	t.slots.Merge(&o.slots, (*requestCounts).merge)
}

// Requests returns how many requests were counted.
func (t *Traffic) Requests() int64 { return t.total.total.n }

// View returns what a reader sees of the requests: the total, then those of each
// slot.
func (t *Traffic) View() []view.Traffic {
	var out []view.Traffic
	if t.Requests() > 0 {
		out = append(out, t.total.totalView(time.Time{}))
	}
	for at, s := range t.slots.All() {
		out = append(out, s.totalView(time.UnixMicro(at).UTC()))
	}
	return out
}

// Endpoints returns the endpoints, the busiest first, and all others as one.
func (t *Traffic) Endpoints() (listed []view.Endpoint, others view.Endpoint) {
	return t.endpoints.views(func(yield func(uint64, string) bool) {
		for _, e := range t.sample.All() {
			if !yield(sketch.HashString(e.Value), e.Value) {
				return
			}
		}
	})
}

// Put puts the counters into a ledger.
func (t *Traffic) Put(l *ledger.Ledger) {
	t.Response.Put(l, "response/")
	t.total.put(l, "requests/")
	t.Times.Put(l, "requests/")
	t.endpoints.put(l, "")
	l.Kept("sample", &t.sample)
	for at, s := range t.slots.All() {
		s.put(l, "slot/"+ledger.Stamp(at)+"/")
	}
}

// Set sets a counter that Put has put under key.
func (t *Traffic) Set(key string, n ledger.Numbers) bool {
	switch {
	case ledger.Take(&key, "response/"):
		return t.Response.Set(key, n)
	case ledger.Take(&key, "requests/"):
		return t.Times.Set(key, n) || t.total.set(key, n)
	case ledger.Take(&key, "slot/"):
		s := t.slot(&key)
		return s != nil && s.set(key, n)
	}
	return t.endpoints.set(key, n)
}

// SetName sets the name of an endpoint, or the endpoint of a request.
func (t *Traffic) SetName(key string, hash uint64, n int64, name string) bool {
	switch key {
	case "endpoint":
		return t.endpoints.setName(hash, n, name)
	case "sample":
		return t.sample.Put(hash, n, name)
	}
	return false
}

// slot strips a slot's time from key and returns the slot, nil for one too many.
func (t *Traffic) slot(key *string) *requestCounts {
	text, rest, _ := strings.Cut(*key, "/")
	*key = rest
	at, ok := ledger.Unstamp(text)
	if !ok {
		return nil
	}
	return t.slots.Put(at)
}

// requestCounts counts requests of a window or a slot.
type requestCounts struct {
	total   answers
	missing int64 // requests without a response time
	latency coarse
}

// answers are how many requests there were, and how many succeeded.
type answers struct{ n, succeeded int64 }

func (t *answers) add(o answers) {
	t.n += o.n
	t.succeeded += o.succeeded
}

func answersOf(status int64) answers {
	if view.Succeeded(status) {
		return answers{1, 1}
	}
	return answers{n: 1}
}

func (r *requestCounts) add(c *Request) {
	r.total.add(answersOf(c.code()))
	if !r.latency.addMS(c.MS) {
		r.missing++
	}
}

func (r *requestCounts) merge(o *requestCounts) {
	r.total.add(o.total)
	r.missing += o.missing
	r.latency.merge(&o.latency)
}

func (r *requestCounts) put(l *ledger.Ledger, prefix string) {
	l.Sum(prefix+"n", r.total.n)
	l.Sum(prefix+"succeeded", r.total.succeeded)
	l.Sum(prefix+"missing", r.missing)
	r.latency.put(l, prefix+"bucket")
}

func (r *requestCounts) set(key string, n ledger.Numbers) bool {
	switch key {
	case "n":
		return ledger.SetCount(&r.total.n, n)
	case "succeeded":
		return ledger.SetCount(&r.total.succeeded, n)
	case "missing":
		return ledger.SetCount(&r.missing, n)
	case "bucket":
		return r.latency.set(n)
	}
	return false
}

func (r *requestCounts) totalView(start time.Time) view.Traffic {
	l := r.latency.view()
	return view.Traffic{
		Start: start, Slot: plan.SlotMinutes * time.Minute,
		Requests: r.total.n, Succeeded: r.total.succeeded, P50: l.Quantile(0.5), P95: l.Quantile(0.95),
	}
}
