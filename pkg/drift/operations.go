package drift

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
	"gonum.org/v1/gonum/mathext"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

const (
	earlierWindows = 7    // that the judged period is held against
	fewestWindows  = 3    // below which they say nothing
	fewestForP95   = 20   // durations below which a 95th percentile is one row's
	slower         = 1.5  // times the earlier median p95: warn
	muchSlower     = 2.0  // alert; also times a limit
	tooManyFold    = 2.0  // times the earlier traffic, or its half: warn
	farTooManyFold = 10.0 // alert
	successAlpha   = 0.001
	limitAlpha     = 0.05 // of a 95th percentile above its limit
)

// lostFloors are points of requests that fail beyond those of earlier windows.
var lostFloors = policy.Floors{Warn: 1, Alert: 5}

// farBelow is the success rate with twice the failures that a limit allows.
func farBelow(limit float64) float64 { return 1 - 2*(1-limit) }

// operations judges latency, success and traffic. They have no reference: only
// limits, and the windows before the judged period.
func (r *run) operations() {
	before := r.earlier()
	limited := "inference_ms"
	if r.cur.Response.N > 0 {
		limited = "response_ms"
	}
	for _, l := range []struct {
		subject string
		now     *view.Latency
		of      func(*view.Window) *view.Latency
	}{
		{"response_ms", &r.cur.Response, func(w *view.Window) *view.Latency { return &w.View.Response }},
		{"inference_ms", &r.cur.Inference, func(w *view.Window) *view.Latency { return &w.View.Inference }},
	} {
		if l.now.N <= 0 {
			continue
		}
		limit := math.NaN()
		if l.subject == limited {
			limit = r.options.Limits.P95MS
		}
		var past []float64
		for i := range before {
			if w := l.of(&before[i]); w.N >= fewestForP95 {
				past = append(past, w.Quantile(0.95))
			}
		}
		r.speed(l.subject, l.now, limit, past)
	}
	r.success(before)
	r.volume(before)
}

// earlier returns the last seven windows that ended before the judged period
// began.
func (r *run) earlier() []view.Window {
	if r.cur.First.IsZero() {
		return nil
	}
	var out []view.Window
	for _, w := range r.cur.Windows {
		if w.Length > 0 && !w.Start.Add(w.Length).After(r.cur.First) {
			out = append(out, w)
		}
	}
	return out[max(0, len(out)-earlierWindows):]
}

func set(limit float64) bool { return limit > 0 && !math.IsInf(limit, 0) }

// operation adds a finding about the run's operation: judged by a limit or by
// earlier windows, or shown only.
func (r *run) operation(subject, asked, unit string) *check {
	c := newCheck(subject, verdict.RoleRun, "", asked)
	c.EffectUnit = unit
	r.checks = append(r.checks, c)
	return c
}

func (r *run) speed(subject string, now *view.Latency, limit float64, past []float64) {
	p95 := now.Quantile(0.95)
	shown := words.Number(p95) + " ms"
	few := now.N < fewestForP95 || math.IsNaN(p95)
	judged := false
	if set(limit) {
		judged = true
		c := r.operation(verdict.SubjectLatency, verdict.CheckLatency, "ms")
		c.NCur, c.Test, c.ThresholdSource = now.N, "limit", "monitor.yaml limits.p95_ms"
		c.Statistic, c.Effect, c.Threshold, c.AlertThreshold = p95, p95, limit, muchSlower*limit
		switch {
		case few:
			c.cannot(verdict.ReasonFewRows, fmt.Sprintf("%s: too few for a 95th percentile", words.Count(now.N, "duration", "durations")))
		case !(p95 > limit):
			c.fixed = verdict.OK
		default:
			c.Direction = verdict.Up
			c.P, c.Alpha = chanceAbove(now, limit), limitAlpha
			switch {
			case !(c.P <= limitAlpha):
				c.fixed = verdict.OK
			case p95 > c.AlertThreshold:
				c.fixed = verdict.Alert
			default:
				c.fixed = verdict.Warn
			}
		}
		word, doubt := "within", ""
		if p95 > limit {
			word = "above"
		}
		if c.Direction == verdict.Up && c.fixed == verdict.OK {
			doubt = fmt.Sprintf("; with %s that can be chance", words.Count(now.N, "duration", "durations"))
		}
		c.Sentence = fmt.Sprintf("%s: 95th percentile %s, %s the limit of %s ms%s", subject, shown, word, words.Number(limit), doubt)
	}
	if usual, most, ok := middle(past); ok {
		judged = true
		c := r.operation(verdict.SubjectLatency, verdict.CheckLatency, "ms")
		c.NCur, c.Test, c.ThresholdSource = now.N, "earlier windows", r.options.Policy.String()+" policy"
		c.Statistic, c.Effect, c.Threshold, c.AlertThreshold = p95, p95, slower*usual, muchSlower*usual
		switch {
		case few:
			c.cannot(verdict.ReasonFewRows, fmt.Sprintf("%s: too few for a 95th percentile", words.Count(now.N, "duration", "durations")))
		case p95 > most && p95 >= c.AlertThreshold:
			c.fixed = verdict.Alert
		case p95 > most && p95 >= c.Threshold:
			c.fixed = verdict.Warn
		default:
			c.fixed = verdict.OK
		}
		if p95 > usual {
			c.Direction = verdict.Up
		} else if p95 < usual {
			c.Direction = verdict.Down
		}
		c.Sentence = fmt.Sprintf("%s: 95th percentile %s; %s in the %d windows before", subject, shown, words.Number(usual)+" ms", len(past))
	}
	if !judged {
		c := r.operation(verdict.SubjectLatency, verdict.CheckLatency, "ms")
		c.NCur, c.Statistic, c.Effect = now.N, p95, p95
		c.Sentence = fmt.Sprintf("%s: 95th percentile %s; no limit and too few earlier windows to judge it by", subject, shown)
	}
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

// middle returns the median and the largest of what earlier windows had; ok is
// false when they are too few.
func middle(past []float64) (median, most float64, ok bool) {
	if len(past) < fewestWindows {
		return 0, 0, false
	}
	q, err := stats.Quantiles(past, 0.5, 1)
	if err != nil {
		return 0, 0, false
	}
	return q[0], q[1], true
}

// requests returns a view's requests and how many of them succeeded.
func requests(v *view.View) (all, succeeded int64) {
	for _, t := range v.Traffic {
		if t.Start.IsZero() && t.Endpoint == "" && t.Status == 0 {
			return t.Requests, t.Succeeded
		}
	}
	for _, t := range slots(v) {
		all += t.Requests
		succeeded += t.Succeeded
	}
	return all, succeeded
}

// slots returns the totals of the slots with traffic.
func slots(v *view.View) []view.Traffic {
	var out []view.Traffic
	for _, t := range v.Traffic {
		if !t.Start.IsZero() && t.Endpoint == "" && t.Status == 0 && t.Requests > 0 {
			out = append(out, t)
		}
	}
	return out
}

func (r *run) success(before []view.Window) {
	all, good := requests(&r.cur)
	if all <= 0 {
		return
	}
	rate := bins.Share(good, all)
	judged := false
	if limit := r.options.Limits.SuccessRate; set(limit) {
		judged = true
		c := r.operation(verdict.SubjectAPI, verdict.CheckSuccess, "1")
		c.NCur, c.Test, c.ThresholdSource = all, "limit", "monitor.yaml limits.success_rate"
		c.Statistic, c.Effect, c.Threshold, c.AlertThreshold = rate, rate, limit, farBelow(limit)
		c.weight = (1 - rate) / (1 - limit)
		c.fixed = verdict.OK
		switch {
		case rate < c.AlertThreshold:
			c.fixed = verdict.Alert
		case rate < limit:
			c.fixed = verdict.Warn
		}
		word := "at or above"
		if rate < limit {
			word, c.Direction = "below", verdict.Down
		}
		s, t := words.Percents(rate, limit)
		c.Sentence = fmt.Sprintf("%s of %s succeeded, %s the limit of %s", s, words.Count(all, "request", "requests"), word, t)
	}
	var n, ok int64
	windows := 0
	for i := range before {
		if a, g := requests(&before[i].View); a > 0 {
			n += a
			ok += g
			windows++
		}
	}
	if windows >= fewestWindows {
		if _, z, p, err := policy.Shares(ok, n, good, all); err == nil {
			judged = true
			c := r.operation(verdict.SubjectAPI, verdict.CheckSuccess, "points")
			c.NRef, c.NCur, c.Test, c.ThresholdSource = n, all, "earlier windows", r.options.Policy.String()+" policy"
			lost := 100 * (bins.Share(ok, n) - rate)
			c.Statistic, c.P, c.Effect, c.Threshold, c.AlertThreshold, c.Alpha = z, p, lost, lostFloors.Warn, lostFloors.Alert, successAlpha
			c.fixed = verdict.OK
			switch {
			case p <= successAlpha && lost >= c.AlertThreshold:
				c.fixed = verdict.Alert
			case p <= successAlpha && lost >= c.Threshold:
				c.fixed = verdict.Warn
			}
			if lost > 0 {
				c.Direction = verdict.Down
			} else if lost < 0 {
				c.Direction = verdict.Up
			}
			s, t := words.Percents(rate, bins.Share(ok, n))
			c.Sentence = fmt.Sprintf("%s of %s succeeded; %s in the %d windows before", s, words.Count(all, "request", "requests"), t, windows)
		}
	}
	if !judged {
		c := r.operation(verdict.SubjectAPI, verdict.CheckSuccess, "1")
		c.NCur, c.Statistic, c.Effect = all, rate, rate
		c.Sentence = fmt.Sprintf("%s of %s succeeded; no limit and too few earlier windows to judge it by", words.Percent(rate), words.Count(all, "request", "requests"))
	}
}

// volume judges how many predictions came.
func (r *run) volume(before []view.Window) {
	rows := r.cur.Rows
	judged := false
	if least := r.options.Limits.MinRows; least > 0 {
		judged = true
		c := r.operation(verdict.SubjectTraffic, verdict.CheckTraffic, "rows")
		c.NCur, c.Test, c.ThresholdSource = rows, "limit", "monitor.yaml limits.min_rows"
		c.Statistic, c.Effect, c.Threshold, c.AlertThreshold = float64(rows), float64(rows), float64(least), 0
		c.weight = float64(least) / math.Max(1, float64(rows))
		c.fixed = verdict.OK
		word := "at least"
		if rows < least {
			c.fixed, c.Direction, word = verdict.Warn, verdict.Down, "fewer than"
		}
		if rows <= 0 {
			c.fixed = verdict.Alert
		}
		c.Sentence = fmt.Sprintf("%s judged, %s the %d of the limit", words.Count(rows, "prediction", "predictions"), word, least)
	}
	if !judged && rows <= 0 && r.outage() {
		return
	}
	past := r.pastRows(before)
	if usual, most, ok := middle(past); ok && usual > 0 {
		judged = true
		c := r.operation(verdict.SubjectTraffic, verdict.CheckTraffic, "times")
		c.NCur, c.Test, c.ThresholdSource = rows, "earlier windows", r.options.Policy.String()+" policy"
		times := float64(rows) / usual
		fold := math.Max(times, 1/times)
		// A quiet Sunday is as quiet as the last one.
		beyond := float64(rows) > most || float64(rows) < slices.Min(past)
		c.Statistic, c.Effect, c.Threshold, c.AlertThreshold, c.weight = float64(rows), times, tooManyFold, farTooManyFold, fold/tooManyFold
		c.fixed = verdict.OK
		switch {
		case beyond && fold >= farTooManyFold:
			c.fixed = verdict.Alert
		case beyond && fold >= tooManyFold:
			c.fixed = verdict.Warn
		}
		switch {
		case times > 1:
			c.Direction = verdict.Up
		case times < 1:
			c.Direction = verdict.Down
		}
		c.Sentence = fmt.Sprintf("%s judged; %s in as long a time of the %d windows before", words.Count(rows, "prediction", "predictions"), words.Number(math.Round(usual)), len(past))
	}
	if !judged {
		c := r.operation(verdict.SubjectTraffic, verdict.CheckTraffic, "rows")
		c.NCur, c.Statistic, c.Effect = rows, float64(rows), float64(rows)
		c.Sentence = fmt.Sprintf("%s judged; no limit and too few earlier windows to judge their number by", words.Count(rows, "prediction", "predictions"))
	}
}

// outage adds a finding when there are no predictions where there should be
// some: requests came in the judged period, or predictions before it.
func (r *run) outage() bool {
	all, _ := requests(&r.cur)
	var before int64
	for i := range r.cur.Windows {
		before += r.cur.Windows[i].View.Rows
	}
	if all <= 0 && before <= 0 {
		return false
	}
	c := r.operation(verdict.SubjectTraffic, verdict.CheckTraffic, "rows")
	c.Test, c.ThresholdSource = "rule", r.options.Policy.String()+" policy"
	c.Statistic, c.Effect, c.weight, c.fixed, c.Direction = 0, 0, farTooManyFold, verdict.Alert, verdict.Down
	why := "though predictions came before"
	if all > 0 {
		why = "though " + words.Count(all, "request", "requests") + " came"
	}
	c.Sentence = "no predictions in the judged period, " + why
	return true
}

// pastRows returns how many rows the judged period would have at the rate of each
// window before it.
func (r *run) pastRows(before []view.Window) []float64 {
	if r.options.Period <= 0 {
		return nil
	}
	var rows []float64
	for i := range before {
		w := &before[i]
		// A log begins within its first window, which is then short.
		if !w.Start.Equal(r.cur.Windows[0].Start) {
			rows = append(rows, float64(w.View.Rows)*float64(r.options.Period)/float64(w.Length))
		}
	}
	return rows
}

// latency tabulates the durations.
func (r *run) latency() {
	nan := math.NaN()
	for _, l := range []struct {
		subject string
		*view.Latency
	}{{"inference_ms", &r.cur.Inference}, {"response_ms", &r.cur.Response}} {
		if l.N <= 0 {
			continue
		}
		for _, s := range []struct {
			kind  string
			value float64
		}{{"n", float64(l.N)}, {"mean", l.Mean}, {"p50", l.Quantile(0.5)}, {"p95", l.Quantile(0.95)}, {"p99", l.Quantile(0.99)}, {"min", l.Min}, {"max", l.Max}} {
			r.report.Latency = append(r.report.Latency, verdict.Latency{Subject: l.subject, Kind: s.kind, Lo: nan, Hi: nan, Count: l.N, Value: s.value})
		}
		for _, b := range l.Buckets {
			r.report.Latency = append(r.report.Latency, verdict.Latency{Subject: l.subject, Kind: "bucket", Lo: b.Lo, Hi: b.Hi, Count: b.Count, Value: nan})
		}
	}
}

// traffic tabulates the requests and adds what they amount to. An endpoint of
// fewer than K requests is in the totals only: it may be one person's.
func (r *run) traffic() {
	var busy [2]map[string]int64 // by slot, over the period
	busy[0], busy[1] = map[string]int64{}, map[string]int64{}
	for _, t := range r.cur.Traffic {
		total := 0
		if t.Start.IsZero() {
			total = 1
		}
		busy[total][t.Endpoint] += t.Requests
	}
	for _, t := range r.cur.Traffic {
		if t.Endpoint != "" && max(busy[0][t.Endpoint], busy[1][t.Endpoint]) < r.options.K {
			continue
		}
		r.report.Traffic = append(r.report.Traffic, verdict.Traffic{
			Start: t.Start, SlotMinute: int64(t.Slot / time.Minute), Endpoint: t.Endpoint, StatusCode: t.Status,
			Requests: t.Requests, Succeeded: t.Succeeded, P50MS: t.P50, P95MS: t.P95,
		})
	}
	all, good := requests(&r.cur)
	if all <= 0 {
		return
	}
	nan := math.NaN()
	r.statistic(verdict.SubjectAPI, "requests", nan, float64(all), "requests")
	r.proportion(verdict.SubjectAPI, "success_rate", 0, 0, good, all)
	slots := slots(&r.cur)
	if len(slots) == 0 {
		return
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
		r.statistic(verdict.SubjectAPI, "requests_per_minute", nan, float64(all)/minutes, "1/min")
	}
	r.statistic(verdict.SubjectAPI, "uptime", nan, bins.Share(up, int64(len(slots))), "1")
}

// recent tabulates the newest rows: their public columns, texts never.
func (r *run) recent() {
	var public []int
	for i, s := range r.cur.Names {
		if slices.ContainsFunc(r.cur.Columns, func(c view.Column) bool {
			return c.Name == s && c.Public && c.Kind != view.TextKind && !c.New
		}) {
			public = append(public, i)
		}
	}
	for i, row := range r.cur.Recent {
		out := verdict.Recent{Row: int64(i + 1), At: row.At, Score: row.Score, Label: row.Label, MS: row.MS}
		shown := 0
		for _, j := range public {
			if j < len(row.Cells) {
				out.Column, out.Value = r.cur.Names[j], cellText(row.Cells[j])
				r.report.Recent = append(r.report.Recent, out)
				shown++
			}
		}
		if shown == 0 {
			r.report.Recent = append(r.report.Recent, out)
		}
	}
}

func cellText(c view.Cell) string {
	switch {
	case c.Null:
		return ""
	case c.String:
		return c.Str
	}
	return words.Digits(c.Num, 6)
}
