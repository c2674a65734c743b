package serving

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Answers is how many requests succeeded, of all calls or of one endpoint.
type Answers struct {
	Endpoint            string // empty: all calls
	Requests, Succeeded int64
	Limit               float64 // of the share that succeeds; NaN: none
	Key                 string  // of the limit in monitor.yaml
	Before              *Before
	Probes              []string // endpoints that are left out
}

// Before is how many requests of earlier windows succeeded, and the evidence that
// the share is another one now.
type Before struct {
	Requests, Succeeded int64
	Windows             int
	Statistic, P        float64 // see policy.Shares
}

// answers counts the requests; none without any.
func answers(cur *view.View, before []view.Window, now *called, past []called, o Options) []Answers {
	if now.requests <= 0 {
		return nil
	}
	all := Answers{Requests: now.requests, Succeeded: now.succeeded, Probes: now.paths}
	earlier := make([][2]int64, len(past))
	for i := range past {
		earlier[i] = [2]int64{past[i].requests, past[i].succeeded}
	}
	all.hold(earlier, &o.Limits)
	out := []Answers{all}
	for _, e := range judgedEndpoints(cur, o) {
		a := Answers{Endpoint: e.Name, Requests: e.Requests, Succeeded: e.Succeeded}
		earlier := make([][2]int64, len(before))
		for i := range before {
			if w := endpointOf(&before[i].View, e.Name); w != nil {
				earlier[i] = [2]int64{w.Requests, w.Succeeded}
			}
		}
		a.hold(earlier, &o.Limits)
		out = append(out, a)
	}
	return out
}

// hold holds the answers against the limit and against those of earlier windows,
// which are requests and how many succeeded.
func (a *Answers) hold(earlier [][2]int64, l *Limits) {
	a.Limit, a.Key = l.Success(a.Endpoint)
	var b Before
	for _, w := range earlier {
		if w[0] > 0 {
			b.Requests += w[0]
			b.Succeeded += w[1]
			b.Windows++
		}
	}
	if b.Windows >= LeastWindows {
		var err error
		if _, b.Statistic, b.P, err = policy.Shares(b.Succeeded, b.Requests, a.Succeeded, a.Requests); err == nil {
			a.Before = &b
		}
	}
}

// Volume is how many predictions came.
type Volume struct {
	Rows     int64
	Limit    int64  // fewest rows that are enough; 0: none
	Usual    *Usual // rows in as long a time of earlier windows
	Requests int64  // that came
	Earlier  int64  // predictions of all windows of the log
}

func volume(cur *view.View, before []view.Window, o Options) Volume {
	v := Volume{Rows: cur.Rows, Limit: max(0, o.Limits.MinRows), Usual: usual(pastRows(cur, before, o.Period))}
	if v.Usual != nil && !(v.Usual.Median > 0) {
		v.Usual = nil
	}
	v.Requests, _ = cur.Answered()
	for i := range cur.Windows {
		v.Earlier += cur.Windows[i].View.Rows
	}
	return v
}

// pastRows returns how many rows the judged period would have at the rate of each
// window before it.
func pastRows(cur *view.View, before []view.Window, period time.Duration) []float64 {
	if period <= 0 {
		return nil
	}
	var rows []float64
	for i := range before {
		w := &before[i]
		// A log begins within its first window, which is then short.
		if !w.Start.Equal(cur.Windows[0].Start) {
			rows = append(rows, float64(w.View.Rows)*float64(period)/float64(w.Length))
		}
	}
	return rows
}

// Names of what has no row of its own. An endpoint of such a name stands in quotes.
const (
	otherEndpoints = "other"
	noEndpoint     = "none" // and of requests without an endpoint
)

// traffic tabulates the requests: all, those of each slot, and those of each
// endpoint and status, the busiest endpoint first. Endpoints of fewer than k
// requests are one, and so are those that the view does not list, so that the
// rows of endpoints add up to all requests.
func traffic(cur *view.View, k int64) []verdict.Traffic {
	nan := math.NaN()
	var out []verdict.Traffic
	var minutes int64
	for _, t := range cur.Traffic {
		minutes = int64(t.Slot / time.Minute)
		out = append(out, verdict.Traffic{
			Start: t.Start, SlotMinute: minutes, Requests: t.Requests, Succeeded: t.Succeeded, P50MS: t.P50, P95MS: t.P95,
		})
	}
	add := func(name string, statuses []view.Status) {
		for _, s := range statuses {
			row := verdict.Traffic{SlotMinute: minutes, Endpoint: name, StatusCode: s.Code, Requests: s.Requests, P50MS: nan, P95MS: nan}
			if view.Succeeded(s.Code) {
				row.Succeeded = s.Requests
			}
			out = append(out, row)
		}
	}
	others := slices.Clone(cur.Others.Statuses)
	for i := range cur.Endpoints {
		e := &cur.Endpoints[i]
		if e.Requests < k {
			others = append(others, e.Statuses...)
			continue
		}
		name := e.Name
		switch name {
		case "":
			name = noEndpoint
		case noEndpoint, otherEndpoints:
			name = strconv.Quote(name)
		}
		add(name, e.Statuses)
	}
	slices.SortStableFunc(others, func(a, b view.Status) int { return cmp.Compare(a.Code, b.Code) })
	var sums []view.Status
	for _, s := range others {
		if n := len(sums); n > 0 && sums[n-1].Code == s.Code {
			sums[n-1].Requests += s.Requests
			continue
		}
		sums = append(sums, s)
	}
	add(otherEndpoints, sums)
	return out
}
