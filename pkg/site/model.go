package site

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// modelBody is the page of how good the model still is.
type modelBody struct {
	Level    string
	Note     string // what to know before believing an estimate
	Declined string // why there is none
	Concept  *verdict.Outcome
	Worse    string // the figures at warn, empty without any
	Measured bool   // there are outcomes
	Facts    [][3]string
	Rows     []modelRow
	Tops     []modelRow
	Errors   []errorRow // of a model that predicts numbers
	Classes  []classRow // of a model that scores each of several classes
	Matrix   *confusionTable
	Curve    *gallery.Figure
	Trend    *gallery.Figure
	Retrain  []triggerRow
}

// modelRow is one figure, estimated, measured, and on the reference.
type modelRow struct {
	Name, Estimate, EstimateRange, Value, Range, Reference, Q, Level string
}

// classRow is a figure of one class against all others.
type classRow struct {
	Class string
	modelRow
}

// confusionTable is the rows of each class that came, by the class that was predicted.
type confusionTable struct {
	Caption  string
	Classes  []string
	Lines    []confusionLine
	Measured bool // by outcomes, not expected
}

type confusionLine struct {
	Class string
	Cells []confusionCell
}

type confusionCell struct {
	Value, Reference string
	Right            bool
}

// errorRow is the mean error of a tenth of the predictions, on a side.
type errorRow struct{ Side, Prediction, Error, Range, Rows string }

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
	{"mae", "mean absolute error (0 is best)"},
	{"rmse", "root mean squared error (0 is best)"},
	{"bias", "bias: mean of prediction less outcome"},
	{"r2", "R² (1 is best)"},
	{"error_p05", "5 % of the errors are below"},
	{"error_p25", "25 % of the errors are below"},
	{"error_p50", "median error"},
	{"error_p75", "75 % of the errors are below"},
	{"error_p95", "95 % of the errors are below"},
	{"outcome_mean", "mean outcome"},
}

// wholeWords are those over all of several classes.
var wholeWords = map[string]string{
	"roc_auc": "ROC AUC, mean over classes, each against all others", "precision": "precision, mean over classes", "recall": "recall, mean over classes",
	"specificity": "specificity, mean over classes", "f1": "F1, mean over classes", "accuracy": "accuracy: rows whose class has the highest score",
}

// modelPage returns nil where nothing is known of the model's quality.
func modelPage(from *view.View) *modelBody {
	v := &modelBody{Retrain: triggerRows(from.Report), Worse: strings.Join(worseFigures(from.Report), ", ")}
	estimates := map[string]verdict.Estimate{}
	for _, e := range from.Report.Estimates {
		switch {
		case e.Window != "" || e.Class != "":
		case e.Metric == "":
			v.Declined = wording.Sentence(e.Note)
		default:
			estimates[e.Metric], v.Note = e, wording.Sentence(e.Note)
		}
	}
	measured := map[string]verdict.Outcome{}
	var ref, cur []verdict.Outcome
	for i, o := range from.Report.Outcomes {
		if o.Window != "" {
			continue
		}
		v.Measured = true
		if verdict.Severity(o.Level) > verdict.Severity(v.Level) {
			v.Level = o.Level
		}
		switch o.Kind {
		case "count":
			v.Facts = append(v.Facts, countFact(o)...)
		case "metric":
			if o.Class == "" {
				measured[o.Metric] = o
			}
		case "curve":
			cur = append(cur, o)
		case "reference_curve":
			ref = append(ref, o)
		case "residuals", "reference_residuals":
			side := gallery.Production
			if o.Kind != "residuals" {
				side = gallery.Reference
			}
			v.Errors = append(v.Errors, errorRow{side, words.Number(o.Score), words.Number(o.Value), words.Interval(o.Lo, o.Hi), words.Whole(o.N)})
		case "test":
			if o.Metric == "recalibration" && (v.Concept == nil || verdict.Severity(o.Level) > verdict.Severity(v.Concept.Level)) {
				v.Concept = &from.Report.Outcomes[i]
			}
		case "top":
			if o.Metric == "precision_at_k" {
				v.Tops = append(v.Tops, modelRow{
					Name: fmt.Sprintf("the best %s: %s", words.Percent(o.Score), words.Count(o.N, "row", "rows")), Value: words.Percent(o.Value), Range: wording.PercentBeside(o.Lo, o.Hi) + " to " + wording.PercentBeside(o.Hi, o.Lo), Reference: words.Percent(o.Reference)})
			} else if n := len(v.Tops); n > 0 { // the lift follows its precision
				v.Tops[n-1].Estimate = words.Number(o.Value) + " times"
			}
		}
	}
	if len(estimates) == 0 && !v.Measured && len(v.Retrain) == 0 {
		return nil
	}
	v.Classes, v.Matrix = classRows(from.Report), confusionOf(from.Report)
	for _, m := range metricWords {
		if whole, ok := wholeWords[m.name]; ok && len(v.Classes) > 0 {
			m.words = whole
		}
		e, estimated := estimates[m.name]
		o, realised := measured[m.name]
		if !estimated && !realised {
			continue
		}
		row := modelRow{Name: m.words, Estimate: words.None, Value: words.None, Reference: words.None}
		if estimated {
			row.Estimate, row.EstimateRange, row.Reference = words.Number(e.Value), words.Interval(e.Lo, e.Hi), words.Number(e.Reference)
		}
		if realised {
			row.Value, row.Range, row.Level = words.Number(o.Value), words.Interval(o.Lo, o.Hi), o.Level
			if !math.IsNaN(o.Reference) {
				row.Reference = words.Number(o.Reference)
			}
			if !math.IsNaN(o.Q) {
				row.Q = words.PValue(o.Q)
			}
		}
		v.Rows = append(v.Rows, row)
	}
	first := []string{"matched", "with outcome"} // before what went wrong
	slices.SortStableFunc(v.Facts, func(a, b [3]string) int { return cmp.Compare(slices.Index(first, b[0]), slices.Index(first, a[0])) })
	v.Curve = calibrationFigure(from, ref, cur)
	v.Trend = trendFigure(from)
	return v
}

// countFact is how outcomes met predictions; what never happened is left out.
func countFact(o verdict.Outcome) [][3]string {
	switch {
	case o.Metric == "joined":
		return [][3]string{{"with outcome", words.Whole(o.N), "judged predictions"}}
	case o.Metric == "joined_share":
		return [][3]string{{"matched", words.Percent(o.Value), o.Note}}
	case o.N > 0 && o.Metric != "outcomes":
		return [][3]string{{o.Metric, words.Whole(o.N), o.Note}}
	}
	return nil
}

// calibrationFigure shows what became of rows by their score.
func calibrationFigure(from *view.View, ref, cur []verdict.Outcome) *gallery.Figure {
	if len(cur) == 0 {
		return nil
	}
	k := chart.Calibration{RefName: gallery.Reference, CurName: gallery.Production, XLabel: "score", YLabel: "positive"}
	g := gallery.Grid{Head: []string{"side", "mean score", "positive", "95 % interval", "rows"}}
	add := func(name string, rows []verdict.Outcome, x, y *[]float64) {
		for _, o := range rows {
			*x, *y = append(*x, o.Score), append(*y, o.Value)
			g.Rows = append(g.Rows, []string{name, words.Column(o.Score), words.Percent(o.Value), wording.PercentBeside(o.Lo, o.Hi) + " to " + wording.PercentBeside(o.Hi, o.Lo), words.Whole(o.N)})
		}
	}
	add(gallery.Reference, ref, &k.RefScore, &k.RefRate)
	add(gallery.Production, cur, &k.CurScore, &k.CurRate)
	last := cur[len(cur)-1]
	alt := fmt.Sprintf("Calibration curve: of %s with scores around %s, %s were positive; of those around %s, %s.",
		words.Count(cur[0].N, "row", "rows"), words.Column(cur[0].Score), words.Percent(cur[0].Value), words.Column(last.Score), words.Percent(last.Value))
	return &gallery.Figure{Picture: from.Gallery.Add("calibration", chart.Size{W: 480, H: 320}, alt, k), Caption: "What became of rows, by their score (on the dashed line a score is a probability)", Numbers: g}
}

// modelTile is how good the model is in one number; empty where that is not known.
func modelTile(from *view.View, has map[string]bool) tile {
	v := tile{Name: "Model quality", Href: pageOf(has, "model.html")}
	for _, o := range from.Report.Outcomes {
		if o.Window == "" && verdict.Severity(o.Level) > verdict.Severity(v.Level) {
			v.Level = o.Level
		}
	}
	_, m, e := byWindow(from.Report, "roc_auc")
	measured, estimated := from.Report.AUC()
	name := "ROC AUC"
	var auc, against float64
	course := m
	switch {
	case measured != nil:
		auc, against, v.Note = measured.Value, measured.Reference, "by outcomes"
	case estimated != nil:
		auc, against, v.Note, course = estimated.Value, estimated.Reference, "estimated", e
	case from.Report.Error() != nil:
		o := from.Report.Error()
		auc, against, v.Note, name = o.Value, o.Reference, "by outcomes", "Mean absolute error"
		_, course, _ = byWindow(from.Report, "mae")
	default:
		return tile{}
	}
	if v.Value = "AUC " + words.Number(auc); name != "ROC AUC" {
		v.Value = "MAE " + words.Number(auc)
	}
	if !math.IsNaN(against) {
		v.Note += "; " + words.Number(against) + " in the reference"
	}
	if worse := worseFigures(from.Report); len(worse) > 0 {
		v.Note = "worse than the reference: " + wording.Listed(worse)
	}
	if len(course) > 1 {
		v.Spark = from.Gallery.Spark("auc", tileSpark, name+" by window, "+v.Note, course, math.NaN())
	}
	return v
}

// worseFigures are the figures by outcomes that are worse than the reference's by more
// than chance, in the order of the page.
func worseFigures(r *report.Tables) []string {
	warned := map[string]bool{}
	var byClass []verdict.Outcome
	for _, o := range r.Outcomes {
		if o.Window == "" && o.Kind == "metric" && verdict.Severity(o.Level) >= verdict.Severity(verdict.Warn) {
			if o.Class != "" {
				byClass = append(byClass, o)
				continue
			}
			warned[o.Metric] = true
		}
	}
	var out []string
	for _, m := range metricWords {
		if words, _, _ := strings.Cut(m.words, ":"); warned[m.name] {
			words, _, _ = strings.Cut(words, " (")
			out = append(out, words)
		}
	}
	for _, o := range byClass {
		out = append(out, classMetrics[o.Metric]+" of "+o.Class)
	}
	return out
}

// byWindow is a figure by window, measured and estimated; NaN where a window has none.
func byWindow(r *report.Tables, metric string) (times []time.Time, measured, estimated []float64) {
	type both struct{ measured, estimated float64 }
	byTime := map[time.Time]*both{}
	at := func(window string) *both {
		t, err := time.Parse(time.RFC3339, window)
		if t = t.UTC(); err != nil {
			return nil
		}
		if byTime[t] == nil {
			byTime[t] = &both{math.NaN(), math.NaN()}
		}
		return byTime[t]
	}
	for _, o := range r.Outcomes {
		if o.Kind != "metric" || o.Metric != metric || o.Class != "" {
			continue
		}
		if w := at(o.Window); w != nil {
			w.measured = o.Value
		}
	}
	for _, e := range r.Estimates {
		if e.Metric != metric || e.Class != "" {
			continue
		}
		if w := at(e.Window); w != nil {
			w.estimated = e.Value
		}
	}
	times = slices.SortedFunc(maps.Keys(byTime), time.Time.Compare)
	for _, t := range times {
		measured, estimated = append(measured, byTime[t].measured), append(estimated, byTime[t].estimated)
	}
	return times, measured, estimated
}

// trendFigure is the ROC AUC by window, or the mean absolute error of a model that
// predicts numbers, measured beside estimated.
func trendFigure(from *view.View) *gallery.Figure {
	file, name, half := "auc", "ROC AUC", 0.5
	times, m, e := byWindow(from.Report, "roc_auc")
	if from.Report.Error() != nil {
		file, name, half = "mae", "Mean absolute error", 0
		times, m, e = byWindow(from.Report, "mae")
	}
	if len(times) < 2 {
		return nil
	}
	l := chart.Lines{Times: times, Lo: &half}
	g := gallery.Grid{Head: []string{"window from"}}
	alt := fmt.Sprintf("%s by window from %s to %s; the newest", name, words.Day(times[0]), words.Day(times[len(times)-1]))
	for _, s := range []chart.Series{{Name: "measured", Values: m}, {Name: "estimated", Values: e}} {
		if math.IsNaN(gallery.Least(s.Values)) || math.IsInf(gallery.Least(s.Values), 0) {
			continue
		}
		l.Series, g.Head = append(l.Series, s), append(g.Head, s.Name)
		alt += " " + s.Name + " " + words.Number(s.Values[len(s.Values)-1])
		if gallery.Least(s.Values) < half {
			l.Lo = nil
		}
	}
	for i := max(0, len(times)-100); i < len(times); i++ {
		row := []string{words.Stamp(times[i])}
		for _, s := range l.Series {
			row = append(row, words.Number(s.Values[i]))
		}
		g.Rows = append(g.Rows, row)
	}
	return &gallery.Figure{Picture: from.Gallery.Add(file, chart.Size{W: 480, H: 210}, alt+".", l), Caption: name + " by window", Numbers: g}
}

// classMetrics are the figures of one class against all others, as they are called.
var classMetrics = map[string]string{
	"roc_auc": "ROC AUC", "precision": "precision", "recall": "recall", "positive_rate": "share of the outcomes",
}

// classRows are the figures of each class, estimated and measured.
func classRows(r *report.Tables) []classRow {
	type name struct{ class, metric string }
	var out []classRow
	at := map[name]int{}
	row := func(class, metric string) *classRow {
		i, known := at[name{class, metric}]
		if !known {
			i = len(out)
			at[name{class, metric}] = i
			out = append(out, classRow{Class: class, modelRow: modelRow{Name: classMetrics[metric], Estimate: words.None, Value: words.None, Reference: words.None}})
		}
		return &out[i]
	}
	for _, o := range r.Outcomes {
		if o.Window != "" || o.Kind != "metric" || o.Class == "" || classMetrics[o.Metric] == "" {
			continue
		}
		c := row(o.Class, o.Metric)
		c.Value, c.Level = words.Number(o.Value), o.Level
		if !math.IsNaN(o.Lo) {
			c.Range = words.Interval(o.Lo, o.Hi)
		}
		if !math.IsNaN(o.Reference) {
			c.Reference = words.Number(o.Reference)
		}
		if !math.IsNaN(o.Q) {
			c.Q = words.PValue(o.Q)
		}
	}
	for _, e := range r.Estimates {
		if e.Window != "" || e.Class == "" || classMetrics[e.Metric] == "" {
			continue
		}
		c := row(e.Class, e.Metric)
		c.Estimate = words.Number(e.Value)
		if !math.IsNaN(e.Lo) {
			c.EstimateRange = words.Interval(e.Lo, e.Hi)
		}
		if c.Reference == words.None && !math.IsNaN(e.Reference) {
			c.Reference = words.Number(e.Reference)
		}
	}
	return out
}

// confusionOf is the confusion matrix that outcomes gave, else the one that is expected;
// nil where there is none.
func confusionOf(r *report.Tables) *confusionTable {
	t := &confusionTable{Caption: "Rows by outcome, and by the class with the highest score"}
	cell := func(class, predicted, value, reference string) {
		if !slices.Contains(t.Classes, predicted) {
			t.Classes = append(t.Classes, predicted)
		}
		if n := len(t.Lines); n == 0 || t.Lines[n-1].Class != class {
			t.Lines = append(t.Lines, confusionLine{Class: class})
		}
		line := &t.Lines[len(t.Lines)-1]
		line.Cells = append(line.Cells, confusionCell{value, reference, class == predicted})
	}
	for _, o := range r.Outcomes {
		if o.Window == "" && o.Kind == "confusion" {
			reference := ""
			if !math.IsNaN(o.Reference) {
				reference = words.Number(math.Round(o.Reference))
			}
			cell(o.Class, o.Predicted, words.Number(o.Value), reference)
		}
	}
	if t.Measured = len(t.Lines) > 0; t.Measured {
		return t
	}
	t.Caption = "Sampled rows by the outcome that is to be expected, and by the class with the highest score"
	for _, e := range r.Estimates {
		if e.Window == "" && e.Metric == "confusion" {
			cell(e.Class, e.Predicted, words.Number(math.Round(e.Value)), "")
		}
	}
	if len(t.Lines) == 0 {
		return nil
	}
	return t
}
