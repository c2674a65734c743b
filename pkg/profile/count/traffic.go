package count

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

const (
	slotKeys      = 64  // endpoints and statuses kept of a slot
	totalKeys     = 256 // and of all judged requests
	noStatus      = -1  // a request without a status code
	slotMicros    = plan.SlotMinutes * 60 * 1_000_000
	endpointLimit = 128                            // bytes of an endpoint's name that are kept
	maxSlots      = 7 * 24 * 60 / plan.SlotMinutes // newest slots kept
)

// Traffic counts the judged requests: as wholes, by endpoint and status, and in
// slots of five minutes.
type Traffic struct {
	total     requestCounts
	Times     Span      // of those with a timestamp
	Response  Durations // response times
	endpoints sketch.Bottom[string]
	slots     sketch.Newest[slot]
}

// NewTraffic returns the traffic of no requests.
func NewTraffic() Traffic {
	return Traffic{endpoints: sketch.NewBottom[string](totalKeys), slots: sketch.NewNewest(maxSlots, newSlot)}
}

// A Request is one request as it was read.
type Request struct {
	At       int64   // microseconds, when Timed
	Timed    bool    // it has a timestamp
	Status   float64 // status code; below 0, from 1000 and NaN: none
	MS       float64 // response time; negative, infinite and NaN: none
	Endpoint string
}

// code returns the status code, or noStatus.
func (c *Request) code() int64 {
	if c.Status >= 0 && c.Status < 1000 {
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
	h := trafficHash(c.code(), sketch.HashString(c.Endpoint))
	key := func() string { return trafficKey(c.code(), c.Endpoint) }
	t.endpoints.Add(h, 1, key)
	if c.Timed && dated(c.At) {
		if s := t.slots.Get(read.FloorDiv(c.At, slotMicros) * slotMicros); s != nil {
			s.add(c)
			s.keys.Add(h, 1, key)
		}
	}
}

// Merge takes o over, which must not be used afterwards.
func (t *Traffic) Merge(o *Traffic) {
	t.total.merge(&o.total)
	t.Times.Merge(o.Times)
	t.Response.Merge(&o.Response)
	t.endpoints.Merge(&o.endpoints)
	t.slots.Merge(&o.slots, (*slot).merge)
}

// Requests returns how many requests were counted.
func (t *Traffic) Requests() int64 { return t.total.total.n }

// View returns what a reader sees of the requests: the total and its endpoints,
// then those of each slot.
func (t *Traffic) View() []view.Traffic {
	var out []view.Traffic
	if t.Requests() > 0 {
		out = append(out, t.total.totalView(time.Time{}))
		out = append(out, keysView(time.Time{}, &t.endpoints)...)
	}
	for at, s := range t.slots.All() {
		start := time.UnixMicro(at).UTC()
		out = append(out, s.totalView(start))
		out = append(out, keysView(start, &s.keys)...)
	}
	return out
}

// Put puts the counters into a ledger.
func (t *Traffic) Put(l *ledger.Ledger) {
	t.Response.Put(l, "response/")
	t.total.put(l, "requests/")
	t.Times.Put(l, "requests/")
	l.Kept("endpoints", &t.endpoints)
	for at, s := range t.slots.All() {
		key := "slot/" + ledger.Stamp(at)
		s.put(l, key+"/")
		l.Kept(key, &s.keys)
	}
}

// Set sets a counter that Put has put under key.
func (t *Traffic) Set(key string, n int64) bool {
	switch {
	case ledger.Take(&key, "response/"):
		return t.Response.Set(key, n)
	case ledger.Take(&key, "requests/"):
		return t.Times.Set(key, n) || t.total.set(key, n)
	case ledger.Take(&key, "slot/"):
		s := t.slot(&key)
		return s != nil && s.set(key, n)
	}
	return false
}

// SetName sets how often a name was there.
func (t *Traffic) SetName(key string, hash uint64, n int64, name string) bool {
	switch {
	case key == "endpoints":
		return t.endpoints.Put(hash, n, name)
	case ledger.Take(&key, "slot/"):
		s := t.slot(&key)
		return s != nil && s.keys.Put(hash, n, name)
	}
	return false
}

// slot strips a slot's time from key and returns the slot, nil for one too many.
func (t *Traffic) slot(key *string) *slot {
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

// succeeded says whether a status is neither missing nor an error.
func succeeded(status int64) bool { return status >= 100 && status < 400 }

func answersOf(status int64) answers {
	if succeeded(status) {
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
	r.latency.put(l, prefix+"bucket/")
}

func (r *requestCounts) set(key string, n int64) bool {
	switch {
	case key == "n":
		return ledger.SetCount(&r.total.n, n)
	case key == "succeeded":
		return ledger.SetCount(&r.total.succeeded, n)
	case key == "missing":
		return ledger.SetCount(&r.missing, n)
	case ledger.Take(&key, "bucket/"):
		return r.latency.set(key, n)
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

// slot is five minutes of traffic, by status and endpoint.
type slot struct {
	requestCounts
	keys sketch.Bottom[string]
}

func newSlot() *slot { return &slot{keys: sketch.NewBottom[string](slotKeys)} }

func (s *slot) merge(o *slot) {
	s.requestCounts.merge(&o.requestCounts)
	s.keys.Merge(&o.keys)
}

// trafficKey names a status and an endpoint: "200 /predict".
func trafficKey(status int64, endpoint string) string {
	return strconv.FormatInt(status, 10) + " " + read.Shorten(endpoint, endpointLimit)
}

func trafficHash(status int64, endpoint uint64) uint64 {
	return sketch.Finish(sketch.Mix(sketch.Mix(sketch.SeedRow, uint64(status)), endpoint))
}

func keysView(start time.Time, keys *sketch.Bottom[string]) []view.Traffic {
	var out []view.Traffic
	for _, e := range keys.All() {
		code, endpoint, _ := strings.Cut(e.Value, " ")
		status, _ := strconv.ParseInt(code, 10, 64)
		t := view.Traffic{Start: start, Slot: plan.SlotMinutes * time.Minute, Endpoint: endpoint, Status: status, Requests: e.N, P50: math.NaN(), P95: math.NaN()}
		if succeeded(status) {
			t.Succeeded = e.N
		}
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b view.Traffic) int {
		return cmp.Or(strings.Compare(a.Endpoint, b.Endpoint), cmp.Compare(a.Status, b.Status), cmp.Compare(a.Requests, b.Requests))
	})
	return out
}
