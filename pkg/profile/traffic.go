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
	endpointLimit = 128 // bytes of an endpoint's name that are kept
)

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

func (r *requestCounts) add(status int64, bucket int) {
	r.total.add(tallyOf(status))
	if bucket < 0 {
		r.missing++
		return
	}
	r.latency.add(coarseOf(bucket), 1)
}

func (r *requestCounts) merge(o *requestCounts) {
	r.total.add(o.total)
	r.missing += o.missing
	r.latency.merge(&o.latency)
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

func newSlot() *slot { return &slot{keys: bottom[string]{k: slotKeys}} }

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
	for _, e := range keys.item {
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
