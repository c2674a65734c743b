package site

import (
	"cmp"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// trend returns the course of a metric of the first of the subjects that has
// one, oldest first.
func (r *Report) trend(metric string, subjects ...string) ([]time.Time, []float64) {
	for _, s := range subjects {
		var rows []verdict.Trend
		for _, t := range r.Trend {
			if t.Metric == metric && t.Subject == s && !t.Start.IsZero() {
				rows = append(rows, t)
			}
		}
		if len(rows) == 0 {
			continue
		}
		slices.SortStableFunc(rows, func(a, b verdict.Trend) int { return cmp.Compare(a.Start.Unix(), b.Start.Unix()) })
		rows = slices.CompactFunc(rows, func(a, b verdict.Trend) bool { return a.Start.Unix() == b.Start.Unix() })
		times, values := make([]time.Time, len(rows)), make([]float64, len(rows))
		for i, t := range rows {
			times[i], values[i] = t.Start, t.Value
		}
		return times, values
	}
	return nil, nil
}

// trendSubjects are the subjects that have a course of the metric, in the order
// of the table.
func (r *Report) trendSubjects(metric string) []string {
	var out []string
	for _, t := range r.Trend {
		if t.Metric == metric && !slices.Contains(out, t.Subject) {
			out = append(out, t.Subject)
		}
	}
	return out
}

// health is the newest answer of the API, nil when nobody asked.
func (r *Report) health() *verdict.Health {
	var newest *verdict.Health
	for i := range r.Health {
		if h := &r.Health[i]; newest == nil || h.CheckedAt.After(newest.CheckedAt) {
			newest = h
		}
	}
	return newest
}

// total is the traffic of an endpoint and a status over the whole period; ""
// and 0 mean all.
func (r *Report) total(endpoint string, status int64) (verdict.Traffic, bool) {
	for _, t := range r.Traffic {
		if t.Start.IsZero() && t.Endpoint == endpoint && t.StatusCode == status {
			return t, true
		}
	}
	return verdict.Traffic{}, false
}

// summary is one summary of a latency.
func (r *Report) summary(subject, kind string) (verdict.Latency, bool) {
	for _, l := range r.Latency {
		if l.Subject == subject && l.Kind == kind {
			return l, true
		}
	}
	return verdict.Latency{}, false
}

// qualityChecks are the checks that ask whether the data is sound, as opposed
// to whether it moved.
var qualityChecks = []string{verdict.CheckMissing, verdict.CheckUnseen, verdict.CheckRange, verdict.CheckConstant, verdict.CheckNew, verdict.CheckVanished, verdict.CheckDuplicates, verdict.CheckNonfinite, verdict.CheckType}

// problems are the findings of quality at warn or above, by rank.
func (b *builder) problems() []verdict.Finding {
	var out []verdict.Finding
	for _, s := range b.subjects {
		for _, f := range s.Findings {
			if slices.Contains(qualityChecks, f.Check) && verdict.Severity(f.Level) >= verdict.Severity(verdict.Warn) {
				out = append(out, f)
			}
		}
	}
	return out
}

// rejected is the number of log lines that were left out.
func (r *Report) rejected() int64 {
	var n int64
	for _, r := range r.Rejects {
		n += r.Count
	}
	return n
}
