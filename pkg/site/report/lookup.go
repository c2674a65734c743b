package report

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// Course returns the course of a metric of the first of the subjects that has
// one: the start and the value of each window, oldest first.
func (t *Tables) Course(metric string, subjects ...string) ([]time.Time, []float64) {
	for _, s := range subjects {
		var rows []verdict.Trend
		for _, w := range t.Trend {
			if w.Metric == metric && w.Subject == s && !w.Start.IsZero() {
				rows = append(rows, w)
			}
		}
		if len(rows) == 0 {
			continue
		}
		slices.SortStableFunc(rows, func(a, b verdict.Trend) int { return cmp.Compare(a.Start.Unix(), b.Start.Unix()) })
		rows = slices.CompactFunc(rows, func(a, b verdict.Trend) bool { return a.Start.Unix() == b.Start.Unix() })
		times, values := make([]time.Time, len(rows)), make([]float64, len(rows))
		for i, w := range rows {
			times[i], values[i] = w.Start, w.Value
		}
		return times, values
	}
	return nil, nil
}

// SubjectsOf returns the subjects that have a course of the metric, in the order
// of the table.
func (t *Tables) SubjectsOf(metric string) []string {
	var out []string
	for _, w := range t.Trend {
		if w.Metric == metric && !slices.Contains(out, w.Subject) {
			out = append(out, w.Subject)
		}
	}
	return out
}

// NewestHealth returns the newest answer of the API, nil when nobody asked.
func (t *Tables) NewestHealth() *verdict.Health {
	var newest *verdict.Health
	for i := range t.Health {
		if h := &t.Health[i]; newest == nil || h.CheckedAt.After(newest.CheckedAt) {
			newest = h
		}
	}
	return newest
}

// Total returns the traffic of all endpoints over the whole period.
func (t *Tables) Total() (verdict.Traffic, bool) {
	for _, row := range t.Traffic {
		if row.Start.IsZero() && row.Endpoint == "" && row.StatusCode == 0 {
			return row, true
		}
	}
	return verdict.Traffic{}, false
}

// AUC returns the model's ROC AUC in the judged period, measured by outcomes and
// estimated from the scores; nil where it is not known.
func (t *Tables) AUC() (measured *verdict.Outcome, estimated *verdict.Estimate) {
	for i, o := range t.Outcomes {
		if o.Window == "" && o.Kind == "metric" && o.Metric == "roc_auc" && o.Class == "" && !math.IsNaN(o.Value) {
			measured = &t.Outcomes[i]
		}
	}
	for i, e := range t.Estimates {
		if e.Window == "" && e.Metric == "roc_auc" && e.Class == "" && !math.IsNaN(e.Value) {
			estimated = &t.Estimates[i]
		}
	}
	return measured, estimated
}

// Error returns the mean absolute error of a model that predicts numbers, in the judged
// period, by outcomes; nil where there is none.
func (t *Tables) Error() *verdict.Outcome {
	for i, o := range t.Outcomes {
		if o.Window == "" && o.Kind == "metric" && o.Metric == "mae" && !math.IsNaN(o.Value) {
			return &t.Outcomes[i]
		}
	}
	return nil
}

// Share is n of total, NaN without a total.
func Share(n, total int64) float64 {
	if total <= 0 {
		return math.NaN()
	}
	return float64(n) / float64(total)
}

// Statistic returns what the judged period has of a subject by that name, NaN
// without it.
func (t *Tables) Statistic(subject, name string) float64 {
	for _, s := range t.Statistics {
		if s.Subject == subject && s.Name == name && s.Window == "" && s.Segment == "" {
			return s.Cur
		}
	}
	return math.NaN()
}

// AboveOK tells whether anything at all is above ok: a finding of all rows or of a
// segment, a figure by outcomes, or the run.
func (t *Tables) AboveOK() bool {
	above := func(level string) bool { return verdict.Reaches(level, verdict.Notice) }
	return above(t.Run.Level) ||
		slices.ContainsFunc(t.Findings, func(f verdict.Finding) bool { return f.Window == "" && above(f.Level) }) ||
		slices.ContainsFunc(t.Segments, func(s verdict.Segment) bool { return above(s.Level) }) ||
		slices.ContainsFunc(t.Outcomes, func(o verdict.Outcome) bool { return o.Window == "" && above(o.Level) })
}
