package site

import (
	"fmt"
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/outcome"
)

// modelBody is the page of how good the model still is.
type modelBody struct {
	Level    string
	Note     string // what to know before believing an estimate
	Declined string // why there is none
	Concept  *outcome.Outcome
	Measured bool // there are outcomes
	Facts    [][3]string
	Rows     []modelRow
	Tops     []modelRow
	Curve    *figure
	Trend    *figure
}

// modelRow is one figure, estimated, measured, and on the reference.
type modelRow struct {
	Name, Estimate, EstimateRange, Value, Range, Reference, Q, Level string
}

// metricWords are the figures in the order of the page.
var metricWords = []struct{ name, words string }{
	{"roc_auc", "ROC AUC: a positive row outranks a negative one"},
	{"average_precision", "average precision"},
	{"precision", "precision: called rows that were positive"},
	{"recall", "recall: positive rows that were called"},
	{"specificity", "specificity: negative rows that were not called"},
	{"accuracy", "accuracy"},
	{"f1", "F1"},
	{"positive_rate", "share of positive outcomes"},
	{"true_positives", "called and positive"},
	{"false_positives", "called and negative"},
	{"false_negatives", "not called and positive"},
	{"true_negatives", "not called and negative"},
	{"brier", "Brier score (0 is best)"},
	{"brier_reliability", "of it miscalibration (less is better)"},
	{"brier_resolution", "taken off by telling rows apart (more is better)"},
	{"brier_uncertainty", "in the outcomes themselves"},
	{"log_loss", "log loss (0 is best)"},
}

// model returns nil where nothing is known of the model's quality.
func (b *builder) model() *modelBody {
	v := &modelBody{}
	estimates := map[string]outcome.Estimate{}
	for _, e := range b.r.Estimates {
		switch {
		case e.Window != "":
		case e.Metric == "":
			v.Declined = sentence(e.Note)
		default:
			estimates[e.Metric], v.Note = e, sentence(e.Note)
		}
	}
	measured := map[string]outcome.Outcome{}
	var ref, cur []outcome.Outcome
	for i, o := range b.r.Outcomes {
		if o.Window != "" {
			continue
		}
		v.Measured = true
		if levelRank(o.Level) > levelRank(v.Level) {
			v.Level = o.Level
		}
		switch o.Kind {
		case "count":
			v.Facts = append(v.Facts, countFact(o)...)
		case "metric":
			measured[o.Metric] = o
		case "curve":
			cur = append(cur, o)
		case "reference_curve":
			ref = append(ref, o)
		case "test":
			if o.Metric == "recalibration" {
				v.Concept = &b.r.Outcomes[i]
			}
		case "top":
			if o.Metric == "precision_at_k" {
				v.Tops = append(v.Tops, modelRow{
					Name: fmt.Sprintf("the best %s: %s", percent(o.Score), plural(o.N, "row", "rows")), Value: percent(o.Value), Range: percent(o.Lo) + " to " + percent(o.Hi), Reference: percent(o.Reference)})
			} else if n := len(v.Tops); n > 0 { // the lift follows its precision
				v.Tops[n-1].Estimate = number(o.Value) + " times"
			}
		}
	}
	if len(estimates) == 0 && !v.Measured {
		return nil
	}
	for _, m := range metricWords {
		e, estimated := estimates[m.name]
		o, realised := measured[m.name]
		if !estimated && !realised {
			continue
		}
		row := modelRow{Name: m.words, Estimate: dash, Value: dash, Reference: dash}
		if estimated {
			row.Estimate, row.EstimateRange, row.Reference = number(e.Value), between(e.Lo, e.Hi), number(e.Reference)
		}
		if realised {
			row.Value, row.Range, row.Level = number(o.Value), between(o.Lo, o.Hi), o.Level
			if !math.IsNaN(o.Reference) {
				row.Reference = number(o.Reference)
			}
			if !math.IsNaN(o.Q) {
				row.Q = pvalue(o.Q)
			}
		}
		v.Rows = append(v.Rows, row)
	}
	v.Curve = b.calibrationFigure(ref, cur)
	v.Trend = b.aucFigure()
	return v
}

// between writes an interval, or nothing.
func between(lo, hi float64) string {
	if math.IsNaN(lo) || math.IsNaN(hi) {
		return ""
	}
	return number(lo) + " to " + number(hi)
}

// countFact is how outcomes met predictions; what never happened is left out.
func countFact(o outcome.Outcome) [][3]string {
	switch {
	case o.Metric == "joined":
		return [][3]string{{"with outcome", count(o.N), "judged predictions"}}
	case o.Metric == "joined_share":
		return [][3]string{{"met", percent(o.Value), o.Note}}
	case o.N > 0 && o.Metric != "outcomes":
		return [][3]string{{o.Metric, count(o.N), o.Note}}
	}
	return nil
}

// calibrationFigure shows what became of rows by their score.
func (b *builder) calibrationFigure(ref, cur []outcome.Outcome) *figure {
	if len(cur) == 0 {
		return nil
	}
	k := chart.Calibration{RefName: refName, CurName: curName, XLabel: "score", YLabel: "positive"}
	g := grid{Head: []string{"side", "mean score", "positive", "95 % interval", "rows"}}
	add := func(name string, rows []outcome.Outcome, x, y *[]float64) {
		for _, o := range rows {
			*x, *y = append(*x, o.Score), append(*y, o.Value)
			g.Rows = append(g.Rows, []string{name, score(o.Score), percent(o.Value), percent(o.Lo) + " to " + percent(o.Hi), count(o.N)})
		}
	}
	add(refName, ref, &k.RefScore, &k.RefRate)
	add(curName, cur, &k.CurScore, &k.CurRate)
	last := cur[len(cur)-1]
	alt := fmt.Sprintf("Calibration curve: of %s with scores around %s, %s were positive; of those around %s, %s.",
		plural(cur[0].N, "row", "rows"), score(cur[0].Score), percent(cur[0].Value), score(last.Score), percent(last.Value))
	return &figure{Picture: b.picture("calibration", chart.Size{W: 480, H: 320}, alt, k), Caption: "What became of rows, by their score (on the dashed line a score is a probability)", Numbers: g}
}

// aucFigure is the ROC AUC by window, measured beside estimated.
func (b *builder) aucFigure() *figure {
	estimated, measured := map[string]float64{}, map[string]float64{}
	var times []time.Time
	var windows []string
	see := func(window string) {
		if len(windows) > 0 && windows[len(windows)-1] == window {
			return
		}
		at, err := time.Parse(time.RFC3339, window)
		if err == nil && (len(times) == 0 || at.After(times[len(times)-1])) {
			times, windows = append(times, at), append(windows, window)
		}
	}
	for _, o := range b.r.Outcomes {
		if o.Window != "" && o.Kind == "metric" && o.Metric == "roc_auc" {
			measured[o.Window] = o.Value
		}
	}
	for _, e := range b.r.Estimates {
		if e.Window != "" && e.Metric == "roc_auc" {
			estimated[e.Window] = e.Value
			see(e.Window)
		}
	}
	if len(estimated) == 0 {
		for _, o := range b.r.Outcomes {
			if o.Window != "" && o.Kind == "metric" && o.Metric == "roc_auc" {
				see(o.Window)
			}
		}
	}
	if len(times) < 2 {
		return nil
	}
	look := func(of map[string]float64) []float64 {
		var out []float64
		for _, w := range windows {
			if v, ok := of[w]; ok {
				out = append(out, v)
			} else {
				out = append(out, math.NaN())
			}
		}
		return out
	}
	half := 0.5
	l := chart.Lines{Times: times, Lo: &half}
	g := grid{Head: []string{"window from", "measured", "estimated"}}
	m, e := look(measured), look(estimated)
	if len(measured) > 0 {
		l.Series = append(l.Series, chart.Series{Name: "measured", Values: m})
	}
	if len(estimated) > 0 {
		l.Series = append(l.Series, chart.Series{Name: "estimated", Values: e})
	}
	for _, v := range append(append([]float64{}, m...), e...) {
		if v < half {
			l.Lo = nil
		}
	}
	for i := max(0, len(times)-100); i < len(times); i++ {
		g.Rows = append(g.Rows, []string{stamp(times[i]), number(m[i]), number(e[i])})
	}
	alt := fmt.Sprintf("ROC AUC by window from %s to %s; the newest measured %s, estimated %s.", day(times[0]), day(times[len(times)-1]), number(m[len(m)-1]), number(e[len(e)-1]))
	return &figure{Picture: b.picture("auc", chart.Size{W: 480, H: 210}, alt, l), Caption: "ROC AUC by window", Numbers: g}
}
