package regression

import (
	"fmt"
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// fewest is how many outcomes each side needs for a figure to be judged.
const fewest = 30

// Evaluate makes the report of the judged rows; score is their column of predictions,
// nil where there is none, met is nil without outcomes. It never fails: where
// something cannot be told, the report says why.
func Evaluate(truth *outcome.Truth, score *view.Column, met *outcome.Met, o outcome.Options) outcome.Report {
	e := evaluation{Options: o, reason: truth.Lacks(), ref: truth.Sample()}
	if n := outcome.RowsOf(e.ref.Apart); e.reason == "" && n < fewest {
		e.reason = fmt.Sprintf("the reference has %s: want %d", words.Count(n, "outcome", "outcomes"), fewest)
	}
	if e.reason != "" {
		e.ref = outcome.Sample{}
	}
	r := outcome.Report{Declined: e.reason, InSample: truth.InSample()}
	if score != nil {
		r.Estimates = e.estimates(score.Values())
	}
	if met == nil {
		return r
	}
	e.period = e.Options.Period(met)
	windows := met.Windows()
	if truth.InSample() || !truth.Known() {
		e.baseline(met, windows)
	}
	r.Meet(met, &e.Options, e.against)
	r.Outcomes, r.Compared = e.outcomes(met, windows, score)
	return r
}

type evaluation struct {
	outcome.Options
	reason  string // why there is nothing to compare with
	ref     outcome.Sample
	period  outcome.Period
	against string // what the figures are held against, where that is not the reference
}

// estimates are what the owner's models of the error make of n judged rows, or why
// nothing is estimated. It is direct loss estimation (DLE), and agrees with NannyML's:
// the mean of the predicted absolute errors, and the root of that of the predicted
// squared ones, none below 0. The sampling error is that of as many rows of the
// reference; the interval is as much wider as the judged rows of one entity go together.
func (e *evaluation) estimates(n int64) []verdict.Estimate {
	nan := math.NaN()
	none := verdict.Estimate{Value: nan, SamplingError: nan, Lo: nan, Hi: nan, PopulationLo: nan, PopulationHi: nan, Reference: nan}
	if len(e.Errors) == 0 {
		none.Note = "no estimate: how far a predicted number is off cannot be told from the prediction alone; a model of the error can (outcomes.error_model in monitor.yaml)"
		return []verdict.Estimate{none}
	}
	was := make(map[string]float64)
	for _, f := range figures(e.ref.Rows) {
		was[f.metric] = f.value
	}
	var out []verdict.Estimate
	for _, x := range e.Errors {
		one := none
		one.Metric, one.N, one.Value, one.Calibration = mae, x.N, x.Mean, "none"
		spread := of(e.ref.Rows, distanceOf)
		if x.Squared {
			one.Metric, one.Value = rmse, math.Sqrt(x.Mean)
			spread = of(e.ref.Rows, squareOf)
			spread.variance /= 4 * spread.mean
		}
		spread.variance *= 1 - 1/float64(spread.n) // NannyML's is that of the reference itself
		if len(e.ref.Rows) > 0 {
			one.Reference = was[one.Metric]
			one.SamplingError = math.Sqrt(spread.variance / float64(n))
		}
		if one.SamplingError > 0 {
			both := one.SamplingError * math.Sqrt(math.Max(1, e.Together))
			one.Lo, one.Hi = math.Max(0, one.Value-outcome.Z95*both), one.Value+outcome.Z95*both
		}
		one.Note = fmt.Sprintf("of a model of the error and %s; it holds while errors of such rows are what they were", words.Count(x.N, "sampled row", "sampled rows"))
		out = append(out, one)
	}
	return out
}

// baseline takes the log's first windows with enough outcomes for the reference, where
// that has no figures of its own: the judged rows are those after it.
func (e *evaluation) baseline(m *outcome.Met, windows []outcome.Window) {
	n := int64(0)
	for _, w := range windows {
		if !e.period.Until.IsZero() && w.End.After(e.period.Until) {
			return
		}
		if n += outcome.RowsOf(w.Joined.Rows); n < outcome.BaselineRows {
			continue
		}
		e.ref = m.Sample(windows[0].Start, w.End.Add(-time.Microsecond))
		if e.period.From.Before(w.End) {
			e.period.From = w.End
		}
		e.against = fmt.Sprintf("held against the log's first %s, until %s, since %s", words.Count(n, "outcome", "outcomes"), w.End.Format(time.DateOnly), e.reason)
		return
	}
}

func (e *evaluation) outcomes(m *outcome.Met, windows []outcome.Window, score *view.Column) ([]verdict.Outcome, []outcome.Comparison) {
	cur := m.Sample(e.period.From, e.period.Until)
	n := outcome.RowsOf(cur.Rows)
	out, note := m.Joined(e.period, &cur, e.against, score)
	var compared []outcome.Comparison
	if n > 0 && len(e.ref.Rows) > 0 {
		compared = e.compared(cur)
		for i := range compared {
			compared[i].Selected, compared[i].Against = note != "", e.against
		}
	}
	if n >= fewest { // fewer tell little, and much of each
		out = append(out, e.metrics(cur, compared, note)...)
		out = append(out, residuals("residuals", cur.Rows)...)
		out = append(out, residuals("reference_residuals", e.ref.Rows)...)
		for _, c := range compared {
			if c.Metric == recalibration {
				row := outcome.Blank("", "test", c.Metric, c.N)
				row.Value, row.P = c.Statistic, c.P
				out = append(out, row)
			}
		}
	}
	for _, w := range windows {
		if outcome.RowsOf(w.Joined.Rows) < fewest || e.period.Young != "" && w.Start.After(e.period.Until) {
			continue // what waits for most of its outcomes has no quality yet
		}
		for _, f := range widened(w.Joined) {
			out = append(out, rowOf(w.Start.Format(time.RFC3339), f, outcome.RowsOf(w.Joined.Rows)))
		}
	}
	return out, compared
}

// rowOf is the row of a figure of n rows.
func rowOf(window string, f figure, n int64) verdict.Outcome {
	row := outcome.Blank(window, "metric", f.metric, n)
	row.Value, row.Lo, row.Hi = f.value, f.lo, f.hi
	coarsen(&row)
	return row
}

// coarsen rounds a figure to a power of ten that is at most a tenth of its standard
// error, so that it does not tell of a single row.
func coarsen(row *verdict.Outcome) {
	se := (row.Hi - row.Lo) / (2 * outcome.Z95)
	if !(se > 0) || math.IsInf(se, 0) {
		return
	}
	step := math.Floor(math.Log10(se / 10))
	for _, x := range []*float64{&row.Value, &row.Lo, &row.Hi} {
		if step < 0 {
			*x = math.Round(*x*math.Pow(10, -step)) / math.Pow(10, -step)
		} else {
			*x = math.Round(*x/math.Pow(10, step)) * math.Pow(10, step)
		}
	}
}

// widened are the figures of all rows, with the intervals of one row of each entity: as
// far to either side, and farther where some entities have many rows. A figure that one
// row of each is too few for is none.
func widened(s outcome.Sample) []figure {
	all := figures(s.Rows)
	if outcome.RowsOf(s.Apart) == outcome.RowsOf(s.Rows) {
		return all
	}
	apart := make(map[string]figure)
	for _, f := range figures(s.Apart) {
		apart[f.metric] = f
	}
	var out []figure
	for _, f := range all {
		if one, ok := apart[f.metric]; ok {
			f.lo, f.hi = f.value-s.Spread*(one.value-one.lo), f.value+s.Spread*(one.hi-one.value)
			out = append(out, f)
		}
	}
	return out
}

// metrics are the figures of the judged rows with what they are held against.
func (e *evaluation) metrics(cur outcome.Sample, compared []outcome.Comparison, note string) []verdict.Outcome {
	was := make(map[string]float64)
	for _, f := range figures(e.ref.Rows) {
		was[f.metric] = f.value
	}
	var out []verdict.Outcome
	for _, f := range widened(cur) {
		row := rowOf("", f, outcome.RowsOf(cur.Rows))
		row.Note = note
		if v, ok := was[f.metric]; ok {
			row.Reference = v
		}
		for _, c := range compared {
			if c.Metric == f.metric {
				row.Expected, row.P = c.Expected, c.P
			}
		}
		out = append(out, row)
	}
	return out
}

const residualBins = 10

// residuals are the mean errors by tenths of the predictions.
func residuals(kind string, ps []outcome.Pair) []verdict.Outcome {
	rows, before := outcome.RowsOf(ps), int64(0)
	bins := make([][]outcome.Pair, residualBins)
	for i := 0; i < len(ps); {
		j, here := i, int64(0)
		for ; j < len(ps) && ps[j].Score == ps[i].Score; j++ {
			here += ps[j].N
		}
		k := min(residualBins-1, int((2*before+here-1)*residualBins/(2*rows)))
		bins[k] = append(bins[k], ps[i:j]...)
		i, before = j, before+here
	}
	var out []verdict.Outcome
	for _, b := range bins {
		if len(b) == 0 {
			continue
		}
		errors := of(b, errorOf)
		row := outcome.Blank("", kind, "error", errors.n)
		row.Score, row.Value = of(b, func(p outcome.Pair) float64 { return p.Score }).mean, errors.mean
		if se := errors.se(); !math.IsNaN(se) {
			row.Lo, row.Hi = row.Value-outcome.Z95*se, row.Value+outcome.Z95*se
			coarsen(&row)
		}
		out = append(out, row)
	}
	return out
}

const recalibration = "recalibration"

// compared are the figures that are held against the reference's. The evidence is that
// of one row of each entity, of both sides.
func (e *evaluation) compared(cur outcome.Sample) []outcome.Comparison {
	few := ""
	if min(outcome.RowsOf(e.ref.Apart), outcome.RowsOf(cur.Apart)) < fewest {
		few = verdict.ReasonTooFewRows
	}
	byName := func(ps []outcome.Pair) map[string]figure {
		out := make(map[string]figure)
		for _, f := range figures(ps) {
			out[f.metric] = f
		}
		return out
	}
	was, is := byName(e.ref.Rows), byName(cur.Rows)
	wasApart, isApart := byName(e.ref.Apart), byName(cur.Apart)
	errors, values := of(e.ref.Apart, errorOf), of(e.ref.Apart, valueOf)
	expected := expectedOf(e.ref.Rows, cur.Rows)
	var out []outcome.Comparison
	for _, x := range []struct {
		metric string
		of     func(p outcome.Pair) float64 // whose means are tested; nil: by standard errors
		unit   float64
	}{{mae, distanceOf, 1}, {rmse, nil, 1}, {bias, errorOf, math.Sqrt(errors.variance)}, {r2, nil, 1}, {outcomeMean, valueOf, math.Sqrt(values.variance)}} {
		a, known := was[x.metric]
		b, known2 := is[x.metric]
		if !known || !known2 {
			continue
		}
		c := outcome.Comparison{Metric: x.metric, NRef: outcome.RowsOf(e.ref.Rows), N: outcome.RowsOf(cur.Rows), Independent: [2]int64{outcome.RowsOf(e.ref.Apart), outcome.RowsOf(cur.Apart)}, Ref: a.value, Cur: b.value,
			Expected: math.NaN(), SE: math.NaN(), Statistic: math.NaN(), P: math.NaN(), Unit: x.unit, Unjudged: few, Test: "welch"}
		if v, ok := expected[x.metric]; ok {
			c.Expected = v
		}
		if x.of != nil {
			before, after := of(e.ref.Apart, x.of), of(cur.Apart, x.of)
			if t, err := stats.Welch(before.mean, before.variance, before.n, after.mean, after.variance, after.n); err == nil {
				c.Statistic, c.P, c.SE = t.T, t.P, t.SE
			}
		} else {
			before, after := wasApart[x.metric], isApart[x.metric]
			c.ByError(after.value-before.value, math.Hypot(before.se, after.se))
		}
		if math.IsNaN(c.P) && c.Unjudged == "" {
			c.Unjudged = verdict.ReasonTooFewRows
		}
		out = append(out, c)
	}
	concept := meaning(e.ref.Apart, cur.Apart)
	c := outcome.Comparison{Metric: recalibration, Test: "stratified", NRef: concept.N, N: concept.M, Independent: [2]int64{concept.N, concept.M}, Ref: concept.Expected, Cur: concept.Observed,
		Expected: math.NaN(), SE: math.NaN(), Statistic: concept.X2, P: concept.P, Unit: math.Sqrt(errors.variance), Unjudged: few, Concept: concept}
	switch {
	case few != "":
	case concept.Left > outcome.MostLeft:
		c.Unjudged = verdict.ReasonOtherScores
	case math.IsNaN(c.P):
		c.Unjudged = verdict.ReasonTooFewRows
	}
	return append(out, c)
}

// expectedOf are the figures that the judged predictions would have if each cell of the
// reference's still had its errors.
func expectedOf(ref, cur []outcome.Pair) map[string]float64 {
	cells := cellsOf(ref, cur)
	var rows, distance, square, errors float64
	for _, x := range cells {
		n := float64(outcome.RowsOf(x.cur))
		if len(x.ref) == 0 || n == 0 {
			continue
		}
		rows += n
		distance += n * of(x.ref, distanceOf).mean
		square += n * of(x.ref, squareOf).mean
		errors += n * of(x.ref, errorOf).mean
	}
	if rows == 0 {
		return nil
	}
	return map[string]float64{mae: distance / rows, rmse: math.Sqrt(square / rows), bias: errors / rows}
}
