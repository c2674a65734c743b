package profile

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

const (
	slotKeys      = 64  // endpoints and statuses kept of a slot
	totalKeys     = 256 // and of all judged requests
	noStatus      = -1  // a request without a status code
	slotMicros    = slotMinutes * 60 * 1_000_000
	endpointLimit = 128                       // bytes of an endpoint's name that are kept
	maxSlots      = 7 * 24 * 60 / slotMinutes // newest slots kept
)

// traffic counts the judged requests: as wholes, by endpoint and status, and in
// slots of five minutes.
type traffic struct {
	total     requestCounts
	times     span
	response  durations
	endpoints bottom[string]
	slots     newest[slot]
}

// newTraffic returns the traffic of no requests.
func newTraffic() traffic {
	return traffic{endpoints: newBottom[string](totalKeys), slots: newNewest(maxSlots, newSlot)}
}

// A call is one request as it was read.
type call struct {
	at       int64 // microseconds, when timed
	timed    bool
	status   float64 // below 0, from 1000 and NaN: none
	ms       float64 // negative, infinite and NaN: none
	endpoint string
}

// code returns the status code, or noStatus.
func (c *call) code() int64 {
	if c.status >= 0 && c.status < 1000 {
		return int64(c.status)
	}
	return noStatus
}

// add counts a judged request.
func (t *traffic) add(c *call) {
	if c.timed {
		t.times.add(c.at)
	}
	t.response.add(c.ms)
	t.total.add(c)
	h := trafficHash(c.code(), hashString(c.endpoint))
	key := func() string { return trafficKey(c.code(), c.endpoint) }
	t.endpoints.add(h, 1, key)
	if c.timed && dated(c.at) {
		if s := t.slots.get(floorDiv(c.at, slotMicros) * slotMicros); s != nil {
			s.add(c)
			s.keys.add(h, 1, key)
		}
	}
}

// merge takes o over, which must not be used afterwards.
func (t *traffic) merge(o *traffic) {
	t.total.merge(&o.total)
	t.times.merge(o.times)
	t.response.merge(&o.response)
	t.endpoints.merge(&o.endpoints)
	t.slots.merge(&o.slots, (*slot).merge)
}

// requests returns how many requests were counted.
func (t *traffic) requests() int64 { return t.total.total.n }

// view returns what a reader sees of the requests: the total and its endpoints,
// then those of each slot.
func (t *traffic) view() []view.Traffic {
	var out []view.Traffic
	if t.requests() > 0 {
		out = append(out, t.total.totalView(time.Time{}))
		out = append(out, keysView(time.Time{}, &t.endpoints)...)
	}
	for at, s := range t.slots.all() {
		start := time.UnixMicro(at).UTC()
		out = append(out, s.totalView(start))
		out = append(out, keysView(start, &s.keys)...)
	}
	return out
}

// put puts the counters into a ledger.
func (t *traffic) put(l *ledger) {
	t.response.put(l, "response/")
	t.total.put(l, "requests/")
	t.times.put(l, "requests/")
	l.names("endpoints", &t.endpoints)
	for at, s := range t.slots.all() {
		key := "slot/" + stamp(at)
		s.put(l, key+"/")
		l.names(key, &s.keys)
	}
}

// set sets a counter that put under key.
func (t *traffic) set(key string, n int64) bool {
	switch {
	case take(&key, "response/"):
		return t.response.set(key, n)
	case take(&key, "requests/"):
		return t.times.set(key, n) || t.total.set(key, n)
	case take(&key, "slot/"):
		s := t.slot(&key)
		return s != nil && s.set(key, n)
	}
	return false
}

// setName sets a name that put under key.
func (t *traffic) setName(key string, hash uint64, n int64, name string) bool {
	switch {
	case key == "endpoints":
		return t.endpoints.put(hash, n, name)
	case take(&key, "slot/"):
		s := t.slot(&key)
		return s != nil && s.keys.put(hash, n, name)
	}
	return false
}

// slot strips a slot's time from key and returns the slot, nil for one too many.
func (t *traffic) slot(key *string) *slot {
	text, rest, _ := strings.Cut(*key, "/")
	*key = rest
	at, ok := unstamp(text)
	if !ok {
		return nil
	}
	return t.slots.put(at)
}

// requestCounts counts requests of a window or a slot.
type requestCounts struct {
	total   tally
	missing int64 // requests without a response time
	latency coarse
}

type tally struct{ n, succeeded int64 }

func (t *tally) add(o tally) {
	t.n += o.n
	t.succeeded += o.succeeded
}

// succeeded says whether a status is neither missing nor an error.
func succeeded(status int64) bool { return status >= 100 && status < 400 }

func tallyOf(status int64) tally {
	if succeeded(status) {
		return tally{1, 1}
	}
	return tally{n: 1}
}

func (r *requestCounts) add(c *call) {
	r.total.add(tallyOf(c.code()))
	if !r.latency.addMS(c.ms) {
		r.missing++
	}
}

func (r *requestCounts) merge(o *requestCounts) {
	r.total.add(o.total)
	r.missing += o.missing
	r.latency.merge(&o.latency)
}

func (r *requestCounts) put(l *ledger, prefix string) {
	l.sum(prefix+"n", r.total.n)
	l.sum(prefix+"succeeded", r.total.succeeded)
	l.sum(prefix+"missing", r.missing)
	r.latency.put(l, prefix+"bucket/")
}

func (r *requestCounts) set(key string, n int64) bool {
	switch {
	case key == "n":
		return setCount(&r.total.n, n)
	case key == "succeeded":
		return setCount(&r.total.succeeded, n)
	case key == "missing":
		return setCount(&r.missing, n)
	case take(&key, "bucket/"):
		return r.latency.set(key, n)
	}
	return false
}

func (r *requestCounts) totalView(start time.Time) view.Traffic {
	l := r.latency.view()
	return view.Traffic{
		Start: start, Slot: slotMinutes * time.Minute,
		Requests: r.total.n, Succeeded: r.total.succeeded, P50: l.Quantile(0.5), P95: l.Quantile(0.95),
	}
}

// slot is five minutes of traffic, by status and endpoint.
type slot struct {
	requestCounts
	keys bottom[string]
}

func newSlot() *slot { return &slot{keys: newBottom[string](slotKeys)} }

func (s *slot) merge(o *slot) {
	s.requestCounts.merge(&o.requestCounts)
	s.keys.merge(&o.keys)
}

// trafficKey names a status and an endpoint: "200 /predict".
func trafficKey(status int64, endpoint string) string {
	return strconv.FormatInt(status, 10) + " " + shorten(endpoint, endpointLimit)
}

func trafficHash(status int64, endpoint uint64) uint64 {
	return finish(mix(mix(seedRow, uint64(status)), endpoint))
}

func keysView(start time.Time, keys *bottom[string]) []view.Traffic {
	var out []view.Traffic
	for _, e := range keys.all() {
		code, endpoint, _ := strings.Cut(e.value, " ")
		status, _ := strconv.ParseInt(code, 10, 64)
		t := view.Traffic{Start: start, Slot: slotMinutes * time.Minute, Endpoint: endpoint, Status: status, Requests: e.n, P50: math.NaN(), P95: math.NaN()}
		if succeeded(status) {
			t.Succeeded = e.n
		}
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b view.Traffic) int {
		return cmp.Or(strings.Compare(a.Endpoint, b.Endpoint), cmp.Compare(a.Status, b.Status), cmp.Compare(a.Requests, b.Requests))
	})
	return out
}
