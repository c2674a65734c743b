package binary

import (
	"math"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Losses of which more is worse.
const (
	brier   = "brier"
	logLoss = "log_loss"
)

// compared are the figures that are held against the reference's, in the order of
// the table. Too few rows are those in which fewer than ten of the rarer outcome are
// expected and came: nothing but negatives where many positives were to be expected
// is judged.
//
// The evidence is that of one row of each entity, of both sides.
func (e *evaluation) compared(before, after sample) []outcome.Comparison {
	ref, cur := before.apart, after.apart
	concept := Recalibration(ref, cur)
	e.concept = concept.P < outcome.Alpha && concept.Rarer >= outcome.Fewest && concept.Left <= outcome.MostLeft
	few := ""
	if concept.Rarer < outcome.Fewest {
		few = verdict.ReasonTooFewRows
	}
	expected := e.expected(after.rows)
	byMetric := func(ts []Tally) map[string]verdict.Outcome {
		out := make(map[string]verdict.Outcome)
		for _, m := range e.figures(ts) {
			out[m.Metric] = m
		}
		return out
	}
	was, wasApart, isApart := byMetric(before.rows), byMetric(ref), byMetric(cur)
	var out []outcome.Comparison
	for _, m := range e.figures(after.rows) {
		w, ok := was[m.Metric]
		if !ok {
			continue
		}
		c := outcome.Comparison{Metric: m.Metric, NRef: w.N, N: m.N, Ref: w.Value, Cur: m.Value, Expected: math.NaN(), SE: math.NaN(), Statistic: math.NaN(), P: math.NaN(), Unjudged: few}
		a, b := wasApart[m.Metric], isApart[m.Metric]
		c.Independent = [2]int64{a.N, b.N}
		if x, ok := expected[m.Metric]; ok {
			c.Expected = x
		}
		switch m.Metric {
		case "roc_auc", brier, logLoss:
			c.ByError(b.Value-a.Value, math.Hypot(standardError(ref, m.Metric), standardError(cur, m.Metric)))
		case "accuracy", "precision", "recall", "specificity", "positive_rate":
			c.ByShares(a.Value, a.N, b.Value, b.N)
		default:
			continue
		}
		if math.IsNaN(c.P) && c.Unjudged == "" {
			c.Unjudged = verdict.ReasonTooFewRows
		}
		out = append(out, c)
	}
	c := outcome.Comparison{Metric: "recalibration", Test: "stratified", NRef: concept.N, N: concept.M, Ref: concept.Expected, Cur: concept.Observed, Expected: math.NaN(), SE: math.NaN(),
		Statistic: concept.X2, P: concept.P, Unjudged: few, Concept: concept, Independent: [2]int64{concept.N, concept.M}}
	switch {
	case few != "":
	case concept.Left > outcome.MostLeft:
		c.Unjudged = verdict.ReasonOtherScores
	case math.IsNaN(c.P):
		c.Unjudged = verdict.ReasonTooFewRows
	}
	out = append(out, c)
	for i := range out {
		out[i].Selected, out[i].Against = e.selected != "", e.against
	}
	return out
}

// expected are the figures that the rows would have if their scores meant what the
// reference's outcomes gave scores to mean: held against them, what came shows what
// the rows themselves do not explain.
func (e *evaluation) expected(cur []Tally) map[string]float64 {
	out := make(map[string]float64)
	q := estimateQuality(cur, e.calibrator, e.Threshold)
	auc, ap := e.off.in(q)
	q.AUC, q.AP = q.AUC-auc, q.AP-ap
	for i, v := range q.values() {
		if !math.IsNaN(v) {
			out[metricNames[i]] = v
		}
	}
	if !probabilities(cur) {
		return out
	}
	var square, loss float64
	for _, t := range cur {
		p, k := e.calibrator.probability(t.Score), float64(t.N)
		s := math.Min(math.Max(t.Score, outcome.LogFloor), 1-outcome.LogFloor)
		square += k * (p*(1-t.Score)*(1-t.Score) + (1-p)*t.Score*t.Score)
		loss -= k * (p*math.Log(s) + (1-p)*math.Log1p(-s))
	}
	out[brier], out[logLoss] = square/float64(q.N), loss/float64(q.N)
	return out
}
