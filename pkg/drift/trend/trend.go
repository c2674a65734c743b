// Package trend tabulates how columns, durations and requests went, window by
// window.
package trend

import (
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Result is a row for each number of each window, oldest first.
type Result struct {
	Rows     []verdict.Trend
	Features int // features of the reference
	Shown    int // those of them that have rows; the others would be too many
}

// Windows tabulates the windows of cur's whole log. PSIs are against ref, by
// coarse classes; positive is the label that counts as such, or empty. Columns
// that ref lacks have no rows, nor have numbers that cannot be taken, nor, but for how
// many came, those of fewer than k rows: they are a gap. Scores are rounded by the
// standard error of their mean. Where all rows would be more than caps.TrendRows, only
// the features that come first in urgent have rows, then those of the reference.
func Windows(ref, cur *view.View, positive string, k int64, urgent []string) Result {
	var r Result
	shown := r.choose(ref, len(cur.Windows), urgent)
	for i := range cur.Windows {
		r.window(ref, &cur.Windows[i], positive, k, shown)
	}
	return r
}

const (
	rowsOfRun   = 32 // rows of a window that are about no feature or class, at most
	rowsOfClass = 3  // of the scores of a class
)

// choose returns the features that have rows, nil for all.
func (r *Result) choose(ref *view.View, windows int, urgent []string) map[string]bool {
	rows := map[string]int{} // of a window, by feature
	var order []string
	left := -rowsOfRun
	for i := range ref.Columns {
		switch c := &ref.Columns[i]; c.Role {
		case table.Score, table.Label:
		case table.ClassScore:
			left -= rowsOfClass
		default:
			rows[c.Name] = 2 + len(c.Derived)
			order = append(order, c.Name)
		}
	}
	r.Features, r.Shown = len(order), len(order)
	all := -left
	for _, n := range rows {
		all += n
	}
	if windows*all <= caps.TrendRows.N {
		return nil
	}
	shown := map[string]bool{}
	left += caps.TrendRows.N / windows
	for _, name := range slices.Concat(urgent, order) {
		n, ok := rows[name]
		if !ok || shown[name] {
			continue
		}
		if left -= n; left < 0 {
			break
		}
		shown[name] = true
	}
	r.Shown = len(shown)
	return shown
}

func (r *Result) window(ref *view.View, w *view.Window, positive string, k int64, shown map[string]bool) {
	at := w.Start.UTC()
	add := func(subject, metric string, n int64, value float64) {
		if math.IsNaN(value) || n < k && metric != "rows" && metric != "requests_per_minute" {
			return
		}
		r.Rows = append(r.Rows, verdict.Trend{
			Window: at.Format(time.RFC3339), Start: at, Subject: subject, Metric: metric, N: n, Value: value,
		})
	}
	v := &w.View
	add(verdict.SubjectRows, "rows", v.Rows, float64(v.Rows))
	var missing float64
	features := 0
	for i := range v.Columns {
		c := &v.Columns[i]
		before := ref.Column(c.Name)
		if before == nil || c.New {
			continue
		}
		switch c.Role {
		case table.Label:
			if positive != "" && c.Category != nil {
				n := c.Values()
				_, rate := bins.Holding(c.Category, positive, n)
				add(c.Name, "positive_rate", n, rate)
			}
			continue
		case table.Score, table.ClassScore:
			if c.Number != nil {
				n := c.Values()
				step := bins.Step(spreadOf(before.Number, c.Number) / math.Sqrt(float64(n)))
				add(c.Name, "mean", n, bins.ToStep(c.Number.Mean, step))
				add(c.Name, "p50", n, bins.ToStep(middleOf(c.Number), step))
			}
		default:
			rate := bins.Share(c.Missing, c.Rows)
			if c.Rows > 0 {
				missing += rate
				features++
			}
			if shown != nil && !shown[c.Name] {
				continue
			}
			add(c.Name, "missing_rate", c.Rows, rate)
		}
		if before.InSample {
			continue
		}
		add(c.Name, "psi", c.Values(), classPSI(before, c))
		for j := range c.Derived {
			if j < len(before.Derived) {
				add(before.Derived[j].Name, "psi", c.Derived[j].Values(), classPSI(&before.Derived[j], &c.Derived[j]))
			}
		}
	}
	if features > 0 {
		add(verdict.SubjectRows, "missing_rate", v.Rows, missing/float64(features))
	}
	for _, l := range []struct {
		subject string
		*view.Latency
	}{{"inference_ms", &v.Inference}, {"response_ms", &v.Response}} {
		if l.N <= 0 {
			continue
		}
		add(l.subject, "p50_ms", l.N, l.Quantile(0.5))
		add(l.subject, "p95_ms", l.N, l.Quantile(0.95))
		add(l.subject, "p99_ms", l.N, l.Quantile(0.99))
	}
	if all, good := v.Answered(); all > 0 {
		if w.Length > 0 {
			add(verdict.SubjectAPI, "requests_per_minute", all, float64(all)/w.Length.Minutes())
		}
		add(verdict.SubjectAPI, "success_rate", all, bins.Share(good, all))
	}
}

// spreadOf is the standard deviation that scores of a window are taken to have: the
// reference's, else their own.
func spreadOf(ref, cur *view.Number) float64 {
	if ref != nil && ref.Std > 0 {
		return ref.Std
	}
	return cur.Std
}

// middleOf returns a column's median: its own where it knows, else by a straight
// line through the cell that holds it, as a window keeps coarse cells only. A
// median beyond the grid is NaN.
func middleOf(n *view.Number) float64 {
	if q := bins.Quantile(n, 0.5); !math.IsNaN(q) {
		return q
	}
	if bins.GridFault(n, n) != "" || len(n.Edges) == 0 {
		return math.NaN()
	}
	var all int64
	for _, c := range bins.Cells(n) {
		all += c
	}
	half, before := float64(all)/2, float64(n.Open[0])
	if all <= 0 || before > half {
		return math.NaN()
	}
	for i, e := range n.Edges {
		if before += float64(n.At[i]); before >= half {
			return e
		}
		if i+1 == len(n.Edges) {
			break
		}
		if open := float64(n.Open[i+1]); before+open >= half {
			return e + (n.Edges[i+1]-e)*(half-before)/open
		} else {
			before += open
		}
	}
	return math.NaN()
}

// classPSI is the debiased PSI of a window's coarse classes. Classes of few rows
// are pooled as categories are, and with them a category's last class, which
// holds all that have none of their own; NaN when it cannot be taken.
func classPSI(refCol, curCol *view.Column) float64 {
	ref, cur := refCol.Classes, curCol.Classes
	if len(ref) != len(cur) || bins.Negative(ref) || bins.Negative(cur) {
		return math.NaN()
	}
	var n, m int64
	for i := range ref {
		n += ref[i]
		m += cur[i]
	}
	if n <= 0 || m <= 0 {
		return math.NaN()
	}
	least := float64(min(n, m)) / float64(n+m)
	var classes []bins.Bin
	var other bins.Bin
	for i := range ref {
		b := bins.Bin{Ref: ref[i], Cur: cur[i]}
		last := refCol.Kind == view.CategoryKind && i == len(ref)-1
		if last || float64(b.Ref+b.Cur)*least < stats.Sparse {
			other.Ref += b.Ref
			other.Cur += b.Cur
			continue
		}
		classes = append(classes, b)
	}
	if other.Ref+other.Cur > 0 {
		classes = append(classes, other)
	}
	index, ok := bins.PSI(classes)
	if !ok {
		return math.NaN()
	}
	return index.PSI
}
