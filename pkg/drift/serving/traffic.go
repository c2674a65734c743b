package serving

import (
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Answers is how many requests succeeded.
type Answers struct {
	Requests, Succeeded int64
	Limit               float64 // of the share that succeeds; NaN: none
	Before              *Before
}

// Before is how many requests of earlier windows succeeded, and the evidence that
// the share is another one now.
type Before struct {
	Requests, Succeeded int64
	Windows             int
	Statistic, P        float64 // see policy.Shares
}

// answers counts the requests; nil without any.
func answers(cur *view.View, before []view.Window, limit float64) *Answers {
	all, good := cur.Answered()
	if all <= 0 {
		return nil
	}
	a := &Answers{Requests: all, Succeeded: good, Limit: math.NaN()}
	if Set(limit) {
		a.Limit = limit
	}
	var b Before
	for i := range before {
		if n, ok := before[i].View.Answered(); n > 0 {
			b.Requests += n
			b.Succeeded += ok
			b.Windows++
		}
	}
	if b.Windows >= LeastWindows {
		var err error
		if _, b.Statistic, b.P, err = policy.Shares(b.Succeeded, b.Requests, good, all); err == nil {
			a.Before = &b
		}
	}
	return a
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

// traffic tabulates the requests. An endpoint of fewer than k requests is in the
// totals only.
func traffic(cur *view.View, k int64) []verdict.Traffic {
	var out []verdict.Traffic
	var busy [2]map[string]int64 // by slot, over the period
	busy[0], busy[1] = map[string]int64{}, map[string]int64{}
	for _, t := range cur.Traffic {
		total := 0
		if t.Start.IsZero() {
			total = 1
		}
		busy[total][t.Endpoint] += t.Requests
	}
	for _, t := range cur.Traffic {
		if t.Endpoint != "" && max(busy[0][t.Endpoint], busy[1][t.Endpoint]) < k {
			continue
		}
		out = append(out, verdict.Traffic{
			Start: t.Start, SlotMinute: int64(t.Slot / time.Minute), Endpoint: t.Endpoint, StatusCode: t.Status,
			Requests: t.Requests, Succeeded: t.Succeeded, P50MS: t.P50, P95MS: t.P95,
		})
	}
	return out
}

// statistics are what the requests amount to.
func statistics(cur *view.View) []verdict.Statistic {
	all, good := cur.Answered()
	if all <= 0 {
		return nil
	}
	nan := math.NaN()
	out := []verdict.Statistic{
		bins.Statistic(verdict.SubjectAPI, "requests", nan, float64(all), "requests"),
		bins.Proportion(verdict.SubjectAPI, "success_rate", 0, 0, good, all),
	}
	slots := cur.Slots()
	if len(slots) == 0 {
		return out
	}
	var up int64
	first, last := slots[0].Start, slots[0].Start
	for _, s := range slots {
		if s.Succeeded > 0 {
			up++
		}
		if s.Start.Before(first) {
			first = s.Start
		}
		if end := s.Start.Add(s.Slot); end.After(last) {
			last = end
		}
	}
	if minutes := last.Sub(first).Minutes(); minutes > 0 {
		out = append(out, bins.Statistic(verdict.SubjectAPI, "requests_per_minute", nan, float64(all)/minutes, "1/min"))
	}
	out = append(out, bins.Statistic(verdict.SubjectAPI, "uptime", nan, bins.Share(up, int64(len(slots))), "1"))
	return out
}
