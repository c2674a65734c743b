package binary

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

// Evaluate makes the report of the judged rows' score column, nil where there is
// none; met is nil without outcomes. It never fails: where something cannot be
// told, the report says why.
func Evaluate(truth *outcome.Truth, score *view.Column, met *outcome.Met, o outcome.Options) outcome.Report {
	e := evaluation{Options: o}
	ref, rounded := sampled(truth.Sample())
	if e.reason = declines(truth, ref.rows); e.reason == "" {
		e.learn(ref)
		e.rounded = rounded || truth.Rounded()
	}
	r := outcome.Report{Declined: e.reason, InSample: truth.InSample()}
	var windows []window
	if met != nil {
		windows = windowsOf(met)
		e.period = e.Options.Period(met)
		if truth.InSample() || !truth.Known() {
			e.baseline(met, windows)
		}
		r.Meet(met, &e.Options, e.against)
		r.Outcomes, r.Compared = e.outcomes(met, windows, score)
		figures, compared := e.versions(met)
		r.Outcomes, r.Compared = append(r.Outcomes, figures...), append(r.Compared, compared...)
	}
	if score != nil {
		scores, exact := scoresOf(score)
		r.Estimates = e.estimates("", scores, exact)
		if met == nil && e.reason == "" {
			r.Estimates = append(r.Estimates, e.windowed(score, scores)...)
		}
	}
	if met != nil && e.reason == "" {
		for _, w := range windows {
			r.Estimates = append(r.Estimates, e.estimates(name(w.start), w.scores, true)...)
		}
	}
	return r
}

// A window is the predictions of a UTC window.
type window struct {
	start, end time.Time
	scores     []Tally // of all predictions
	joined     sample  // of those with an outcome
}

func windowsOf(m *outcome.Met) []window {
	var out []window
	for _, w := range m.Windows() {
		rows, _ := sampled(w.Joined)
		out = append(out, window{w.Start, w.End, counted(w.Scores), rows})
	}
	return out
}

// learn takes what a reference knows.
func (e *evaluation) learn(from sample) {
	ref := from.rows
	e.ref, e.learned, e.calibrator = ref, from, calibrate(ref)
	known := measure(ref, e.Threshold)
	e.known = known.values()
	e.off = offset{estimateQuality(ref, e.calibrator, e.Threshold), known}
}

// declines says why a reference with these rows allows no estimate, or nothing.
func declines(truth *outcome.Truth, ref []Tally) string {
	n, pos := sums(ref)
	switch {
	case truth.Lacks() != "":
		return truth.Lacks()
	case n > 0 && !probabilities(ref):
		return "the reference's scores are no probabilities: they leave the range from 0 to 1"
	case pos < outcome.Fewest || n-pos < outcome.Fewest:
		return fmt.Sprintf("the reference has %s: want %d of each", bothKinds(pos, n-pos), outcome.Fewest)
	}
	return ""
}

// bothKinds counts outcomes in words.
func bothKinds(pos, neg int64) string {
	if neg == 1 {
		return fmt.Sprintf("%d positive and 1 negative outcome", pos)
	}
	return fmt.Sprintf("%d positive and %d negative outcomes", pos, neg)
}

func rowsOf(ts []Tally) int64 {
	n, _ := sums(ts)
	return n
}

// name is the window as the tables have it.
func name(start time.Time) string { return start.Format(time.RFC3339) }

type evaluation struct {
	outcome.Options
	reason     string // why there is no estimate
	ref        []Tally
	learned    sample // ref, and whom its rows belong to
	rounded    bool
	calibrator calibrator
	known      []float64 // Metrics on the reference
	off        offset
	concept    bool // outcomes show concept drift
	period     outcome.Period
	against    string // what the figures are held against, where that is not the reference
	selected   string // outcomes are of a selection, in words; "" where they are not
}

// estimates are one window's.
func (e *evaluation) estimates(window string, scores []Tally, exact bool) []verdict.Estimate {
	if e.reason != "" {
		return []verdict.Estimate{{Window: window, Value: math.NaN(), SamplingError: math.NaN(), Lo: math.NaN(), Hi: math.NaN(), PopulationLo: math.NaN(), PopulationHi: math.NaN(), Reference: math.NaN(),
			Note: "no estimate: " + e.reason}}
	}
	q := estimateQuality(scores, e.calibrator, e.Threshold)
	if q.N == 0 {
		return nil
	}
	note := ""
	add := func(s string) {
		if note != "" {
			note += "; "
		}
		note += s
	}
	if e.concept && window == "" {
		add("they are not to be believed: outcomes show that a score does not mean what it meant (concept drift)")
	}
	if n := rowsOf(e.ref); n < outcome.SmallReference && window == "" {
		add(fmt.Sprintf("they lean on only %d reference rows", n))
	}
	off := make([]float64, len(metricNames))
	off[0], off[1] = e.off.in(q)
	for i, x := range off {
		if math.IsNaN(x) {
			off[i] = 0
		}
	}
	if window == "" {
		add(fmt.Sprintf("the ROC AUC is changed by %s and the average precision by %s: by so much, less the nearer to chance, the same estimate of the reference's own scores is off what its outcomes gave", words.SignedColumn(-off[0]), words.SignedColumn(-off[1])))
	}
	outside := int64(0)
	lo, hi := e.ref[0].Score, e.ref[len(e.ref)-1].Score
	for _, t := range scores {
		if t.Score < lo || t.Score > hi {
			outside += t.N
		}
	}
	if share := float64(outside) / float64(q.N); share > 0.05 && window == "" {
		add(fmt.Sprintf("%s of the scores lie beyond the reference's, where nothing is known of their calibration", words.Percent(share)))
	}
	if (!exact || e.rounded) && window == "" {
		add("they are approximate: there are too many distinct scores to keep each")
	}
	// Rows of one entity have one outcome.
	together := math.Max(1, e.Together)
	if together > 1.1 && window == "" {
		add(fmt.Sprintf("their intervals take %s for %s independent ones, for some belong to one entity", words.Count(q.N, "row", "rows"), words.Whole(int64(math.Round(float64(q.N)/together)))))
	}
	sampling, population := samplingErrors(e.ref, e.Threshold, q.N), populationErrors(e.ref, e.Threshold, q.N)
	realised, calibration := e.realisedErrors(scores, q)
	for i := range sampling {
		sampling[i] *= math.Sqrt(together)
		population[i] *= math.Sqrt(together)
	}
	of := q.denominators()
	for i := range of {
		of[i] /= together
	}
	var out []verdict.Estimate
	for i, v := range q.values() {
		if math.IsNaN(v) {
			continue
		}
		top, reference := 1.0, e.known[i]
		if i >= len(metricNames)-4 {
			top, reference = float64(q.N), math.NaN() // a count of other rows
		}
		v = math.Min(top, math.Max(0, v-off[i]))
		x := verdict.Estimate{Window: window, Metric: metricNames[i], N: q.N, Value: v, SamplingError: sampling[i],
			PopulationLo: math.NaN(), PopulationHi: math.NaN(), Reference: reference, Calibration: e.calibrator.name(), Note: note}
		x.Lo, x.Hi = bounds(v, realised[i], top, of[i])
		if top == 1 {
			x.PopulationLo, x.PopulationHi = bounds(v, math.Hypot(population[i], calibration[i]), top, of[i])
		}
		out = append(out, x)
	}
	return out
}

func (e *evaluation) outcomes(m *outcome.Met, windows []window, score *view.Column) ([]verdict.Outcome, []outcome.Comparison) {
	all := m.Sample(e.period.From, e.period.Until)
	var out []verdict.Outcome
	out, e.selected = m.Joined(e.period, &all, e.against, score)
	judged, _ := sampled(all)
	cur := judged.rows
	n, _ := sums(cur)
	// A reference in the sample knows no quality, but the rest goes on.
	ref := e.ref
	var compared []outcome.Comparison
	if n > 0 && len(ref) > 0 {
		compared = e.compared(e.learned, judged)
	}
	if n > 0 {
		out = append(out, e.metrics(judged, compared)...)
		out = append(out, curve("curve", cur)...)
		if len(ref) > 0 {
			out = append(out, curve("reference_curve", ref)...)
		}
		out = append(out, e.tops(ref, cur)...)
		out = append(out, e.tests(cur, compared)...)
	}
	for _, w := range windows {
		if len(w.joined.rows) == 0 || e.period.Young != "" && w.start.After(e.period.Until) {
			continue // what waits for most of its outcomes has no quality yet
		}
		of := e.figures(w.joined.rows)
		e.widen(of, &w.joined)
		for _, m := range append(of, e.tops(nil, w.joined.rows)...) {
			m.Window = name(w.start)
			out = append(out, m)
		}
	}
	return out, compared
}

// figures are the metrics of rows with outcomes, without a comparison.
func (e *evaluation) figures(ts []Tally) []verdict.Outcome {
	n, pos := sums(ts)
	q := measure(ts, e.Threshold)
	var out []verdict.Outcome
	add := func(metric string, v, se float64) *verdict.Outcome {
		if math.IsNaN(v) {
			return &verdict.Outcome{}
		}
		m := outcome.Blank("", "metric", metric, n)
		m.Value = v
		if !math.IsNaN(se) {
			m.Lo, m.Hi = around(v, se)
		}
		out = append(out, m)
		return &out[len(out)-1]
	}
	wilson := func(metric string, hits, of float64) {
		if i, err := stats.Wilson(int64(hits), int64(of), 0.95); err == nil {
			m := add(metric, hits/of, math.NaN())
			m.N, m.Lo, m.Hi = int64(of), i.Lo, i.Hi
		}
	}
	auc, se := AUC(ts)
	if m := add("roc_auc", auc, se); !math.IsNaN(m.Lo) {
		m.Lo, m.Hi = math.Max(0, m.Lo), math.Min(1, m.Hi)
	}
	within := func(metric string, v, se float64) {
		if m := add(metric, v, se); !math.IsNaN(m.Lo) {
			m.Lo, m.Hi = math.Max(0, m.Lo), math.Min(1, m.Hi)
		}
	}
	within("average_precision", q.AP, math.Sqrt(q.AP*(1-q.AP)/float64(pos)))
	if !math.IsNaN(e.Threshold) {
		wilson("accuracy", q.TP+q.TN, float64(n))
		wilson("precision", q.TP, q.TP+q.FP)
		wilson("recall", q.TP, q.TP+q.FN)
		wilson("specificity", q.TN, q.TN+q.FP)
		// F1 is a function of the share of hits among rows that are called or positive.
		relevant := q.TP + q.FP + q.FN
		hits := q.TP / relevant
		within("f1", q.F1, 2*math.Sqrt(hits*(1-hits)/relevant)/((1+hits)*(1+hits)))
	}
	wilson("positive_rate", float64(pos), float64(n))
	for i, v := range []float64{q.TP, q.FP, q.FN, q.TN} {
		add(metricNames[len(metricNames)-4+i], v, math.NaN())
	}
	if probabilities(ts) {
		l := lossesOf(ts)
		add("brier", l.Brier, l.BrierSE)
		add("brier_reliability", l.Reliability, math.NaN())
		add("brier_resolution", l.Resolution, math.NaN())
		add("brier_uncertainty", l.Uncertainty, math.NaN())
		add("log_loss", l.Log, l.LogSE)
	}
	return out
}

func probabilities(ts []Tally) bool {
	return len(ts) > 0 && ts[0].Score >= 0 && ts[len(ts)-1].Score <= 1
}

// metrics are the figures of the judged rows with what they are held against.
func (e *evaluation) metrics(cur sample, compared []outcome.Comparison) []verdict.Outcome {
	out := e.figures(cur.rows)
	e.widen(out, &cur)
	was := make(map[string]float64)
	for i, name := range metricNames[:len(metricNames)-4] { // counts of other rows say nothing
		if e.known != nil {
			was[name] = e.known[i]
		}
	}
	for i := range out {
		m := &out[i]
		m.Note = e.selected
		if v, ok := was[m.Metric]; ok {
			m.Reference = v
		}
		for _, c := range compared {
			if c.Metric == m.Metric {
				m.Reference, m.Expected, m.P = c.Ref, c.Expected, c.P
			}
		}
	}
	return out
}

// widen gives figures of all rows the intervals of one row of each entity: as far to
// either side, and farther where some entities have many rows.
func (e *evaluation) widen(all []verdict.Outcome, of *sample) {
	if !of.repeats() {
		return
	}
	apart := make(map[string]verdict.Outcome)
	for _, m := range e.figures(of.apart) {
		apart[m.Metric] = m
	}
	for i := range all {
		m := &all[i]
		a, ok := apart[m.Metric]
		if math.IsNaN(m.Lo) {
			continue
		}
		if !ok || math.IsNaN(a.Lo) {
			m.Lo, m.Hi = math.NaN(), math.NaN()
			continue
		}
		top := 1.0
		if m.Metric == logLoss {
			top = math.Inf(1)
		}
		m.Lo, m.Hi = math.Max(0, m.Value-of.spread*(a.Value-a.Lo)), math.Min(top, m.Value+of.spread*(a.Hi-a.Value))
	}
}

func standardError(ts []Tally, metric string) float64 {
	switch metric {
	case "roc_auc":
		_, se := AUC(ts)
		return se
	case "brier":
		return lossesOf(ts).BrierSE
	}
	return lossesOf(ts).LogSE
}

func curve(kind string, ts []Tally) []verdict.Outcome {
	if !probabilities(ts) {
		return nil
	}
	var out []verdict.Outcome
	for _, b := range calibrationCurve(ts) {
		row := outcome.Blank("", kind, "positive_rate", b.N)
		row.Score, row.Value = b.Score, b.Rate
		if i, err := stats.Wilson(b.Pos, b.N, 0.95); err == nil {
			row.Lo, row.Hi = i.Lo, i.Hi
		}
		out = append(out, row)
	}
	return out
}

// tops are the rows with the highest scores, on which somebody with little time acts first.
func (e *evaluation) tops(ref, cur []Tally) []verdict.Outcome {
	n, pos := sums(cur)
	refN, refPos := sums(ref)
	var out []verdict.Outcome
	for _, share := range []float64{0.05, 0.1, 0.2} {
		k, precision := topPrecision(cur, share)
		p, lift := outcome.Blank("", "top", "precision_at_k", k), outcome.Blank("", "top", "lift_at_k", k)
		p.Score, lift.Score = share, share
		p.Value, lift.Value = precision, precision/(float64(pos)/float64(n))
		if i, err := stats.Wilson(int64(math.Round(precision*float64(k))), k, 0.95); err == nil {
			p.Lo, p.Hi = i.Lo, i.Hi
		}
		if refN > 0 {
			_, p.Reference = topPrecision(ref, share)
			lift.Reference = p.Reference / (float64(refPos) / float64(refN))
		}
		out = append(out, p)
		if pos > 0 {
			out = append(out, lift)
		}
	}
	return out
}

// tests are those of concept drift.
func (e *evaluation) tests(cur []Tally, compared []outcome.Comparison) []verdict.Outcome {
	var out []verdict.Outcome
	for _, c := range compared {
		if c.Metric == "recalibration" {
			row := outcome.Blank("", "test", c.Metric, c.N)
			row.Value, row.P = c.Statistic, c.P
			out = append(out, row)
		}
	}
	if len(out) == 0 || !probabilities(cur) {
		return out
	}
	if z, p := spiegelhalter(cur, e.calibrator); !math.IsNaN(z) {
		row := outcome.Blank("", "test", "spiegelhalter_z", rowsOf(cur))
		row.Value, row.P = z, p
		row.Note = "of the probabilities that the reference gives the scores; it takes them as exact"
		out = append(out, row)
	}
	return out
}

// baseline takes the log's first windows with enough outcomes for the reference, where
// that has no figures of its own, such as with scores of training rows: the judged
// rows are those after it. Without enough nothing is changed.
func (e *evaluation) baseline(m *outcome.Met, windows []window) {
	var first tallies
	for _, w := range windows {
		end := w.end
		if !e.period.Until.IsZero() && end.After(e.period.Until) {
			return
		}
		for _, t := range w.joined.rows {
			first.put(t)
		}
		ref := first.sorted()
		n, pos := sums(ref)
		if n < outcome.BaselineRows || min(pos, n-pos) < outcome.BaselineRarer {
			continue
		}
		if ref[0].Score < 0 || ref[len(ref)-1].Score > 1 {
			return
		}
		start, _ := sampled(m.Sample(windows[0].start, end.Add(-time.Microsecond)))
		e.learn(start)
		if e.period.From.Before(end) {
			e.period.From = end
		}
		e.against = fmt.Sprintf("held against the log's first %s, until %s, since %s", words.Count(n, "outcome", "outcomes"), end.Format(time.DateOnly), e.reason)
		return
	}
}
