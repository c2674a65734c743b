package serving

import (
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// leastBusy is how many requests the same hour of the day before must have had, that a
// slot without any is down and not only quiet.
const leastBusy = 10

// uptime is by slots of the judged period: one is up when some request of it
// succeeded. What a slot without traffic was is not known, unless it should have had
// some.
type uptime struct{ up, down, unknown int64 }

func uptimeOf(slots []view.Traffic) uptime {
	var u uptime
	busy := map[int64]int64{} // requests by hour
	seen := map[int64]bool{}
	var first, last time.Time
	for i, s := range slots {
		if s.Succeeded > 0 {
			u.up++
		} else {
			u.down++
		}
		busy[s.Start.Unix()/3600] += s.Requests
		seen[s.Start.Unix()] = true
		if i == 0 || s.Start.Before(first) {
			first = s.Start
		}
		if s.Start.After(last) {
			last = s.Start
		}
	}
	if len(slots) == 0 || slots[0].Slot <= 0 {
		return u
	}
	for t := first; t.Before(last); t = t.Add(slots[0].Slot) {
		switch {
		case seen[t.Unix()]:
		case busy[t.Unix()/3600-24] >= leastBusy:
			u.down++
		default:
			u.unknown++
		}
	}
	return u
}

// statistics are what the requests amount to: those of calls, and of each endpoint of
// k requests or more.
func statistics(cur *view.View, now *called, k int64) []verdict.Statistic {
	if now.requests <= 0 {
		return nil
	}
	nan := math.NaN()
	out := []verdict.Statistic{
		bins.Statistic(verdict.SubjectAPI, "requests", nan, float64(now.requests), "requests"),
		bins.Proportion(verdict.SubjectAPI, "success_rate", 0, 0, now.succeeded, now.requests),
	}
	if now.probes > 0 {
		out = append(out, bins.Statistic(verdict.SubjectAPI, "probes", nan, float64(now.probes), "requests"))
	}
	for i := range cur.Endpoints {
		e := &cur.Endpoints[i]
		if e.Name == "" || e.Requests < k {
			continue
		}
		out = append(out, bins.Statistic(e.Name, "requests", nan, float64(e.Requests), "requests"), bins.Proportion(e.Name, "success_rate", 0, 0, e.Succeeded, e.Requests))
		if e.Latency.N >= leastForP95 {
			for _, q := range []struct {
				name string
				at   float64
			}{{"p50_ms", 0.5}, {"p95_ms", 0.95}, {"p99_ms", 0.99}} {
				out = append(out, bins.Statistic(e.Name, q.name, nan, e.Latency.Quantile(q.at), "ms"))
			}
		}
	}
	slots := cur.Slots()
	if len(slots) == 0 {
		return out
	}
	first, last := slots[0].Start, slots[0].Start
	for _, s := range slots {
		if s.Start.Before(first) {
			first = s.Start
		}
		if end := s.Start.Add(s.Slot); end.After(last) {
			last = end
		}
	}
	if minutes := last.Sub(first).Minutes(); minutes > 0 {
		out = append(out, bins.Statistic(verdict.SubjectAPI, "requests_per_minute", nan, float64(now.requests)/minutes, "1/min"))
	}
	u := uptimeOf(slots)
	return append(out,
		bins.Statistic(verdict.SubjectAPI, "uptime", nan, bins.Share(u.up, u.up+u.down), "1"),
		bins.Statistic(verdict.SubjectAPI, "slots_judged", nan, float64(u.up+u.down), "slots"),
		bins.Statistic(verdict.SubjectAPI, "slots_unknown", nan, float64(u.unknown), "slots"))
}
