package outcome

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Alpha is the q-value, and the p-value of the test of concept drift, below
// which a change is called one.
const Alpha = 0.01

// fewest is how many rows of each class a figure needs to be judged.
const fewest = 10

// smallReference is below how many rows an estimate says that it leans on few.
const smallReference = 1000

// z95 is the normal quantile of a 95 % interval.
const z95 = 1.959963984540054

// Options say what is called positive, and which rows are judged.
type Options struct {
	Threshold   float64   // scores from it on are called positive; NaN: no confusion
	From, Until time.Time // timestamps of the oldest and the newest judged row

	// Windows are the profile's, which estimates by window are made of where
	// outcomes are missing.
	Windows []view.Window
}

// A Report is the rows of the two tables. Outcomes is nil without outcomes.
type Report struct {
	Estimates []verdict.Estimate
	Outcomes  []verdict.Outcome
}

// Evaluate makes the report of the judged rows' score column, nil where there is
// none; join is nil without outcomes. It never fails: where something cannot be
// told, the report says why.
func Evaluate(truth *Truth, score *view.Column, join *Join, o Options) Report {
	e := evaluation{Options: o, reason: truth.declines()}
	if truth.target && e.reason == "" {
		e.ref = truth.rows.sorted()
		e.calibrator = calibrate(e.ref)
		known := measure(e.ref, o.Threshold)
		e.known = known.values()
		e.spread = samplingErrors(e.ref, o.Threshold, rowsOf(e.ref))
		_, e.spread[0] = AUC(e.ref)
		e.off = offset{estimateQuality(e.ref, e.calibrator, o.Threshold), known}
		e.rounded = truth.rows.rounded
	}
	var r Report
	if join != nil {
		r.Outcomes = e.outcomes(join, score)
	}
	if score != nil {
		scores, exact := scoresOf(score)
		r.Estimates = e.estimates("", scores, exact)
		if join == nil && e.reason == "" {
			r.Estimates = append(r.Estimates, e.windowed(score, scores)...)
		}
	}
	if join != nil && e.reason == "" {
		for _, w := range join.byWindow() {
			r.Estimates = append(r.Estimates, e.estimates(name(w.Start), w.Scores, true)...)
		}
	}
	return r
}

// declines says why the reference allows no estimate, or nothing.
func (t *Truth) declines() string {
	n, pos := sums(t.rows.sorted())
	switch {
	case !t.target:
		return "the reference has no outcomes: name their column with --target or in monitor.yaml"
	case !t.score:
		return "the reference has no scores"
	case t.inSample:
		return "the reference's scores are of the model's own training rows, which it scores too well: give scores of rows that it had not seen"
	case t.outside:
		return "the reference's scores are no probabilities: they leave the range from 0 to 1"
	case pos < fewest || n-pos < fewest:
		return fmt.Sprintf("the reference has %s: want %d of each", bothKinds(pos, n-pos), fewest)
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
	Options
	reason     string // why there is no estimate
	ref        []Tally
	rounded    bool
	calibrator calibrator
	known      []float64 // Metrics on the reference
	spread     []float64 // their standard errors there
	off        offset
	concept    bool // outcomes show concept drift
}

// estimates are one window's.
func (e *evaluation) estimates(window string, scores []Tally, exact bool) []verdict.Estimate {
	if e.reason != "" {
		return []verdict.Estimate{{Window: window, Value: math.NaN(), SamplingError: math.NaN(), Lo: math.NaN(), Hi: math.NaN(), Reference: math.NaN(),
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
	if n := rowsOf(e.ref); n < smallReference && window == "" {
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
	errors := samplingErrors(e.ref, e.Threshold, q.N)
	var out []verdict.Estimate
	for i, v := range q.values() {
		if math.IsNaN(v) {
			continue
		}
		top, calibration := 1.0, e.spread[i]
		reference := e.known[i]
		if i >= len(metricNames)-4 {
			top = float64(q.N)
			calibration *= top / float64(rowsOf(e.ref))
			reference = math.NaN() // a count of other rows
		}
		v = math.Min(top, math.Max(0, v-off[i]))
		lo, hi := around(v, math.Hypot(errors[i], calibration))
		out = append(out, verdict.Estimate{
			Window: window, Metric: metricNames[i], N: q.N, Value: v, SamplingError: errors[i],
			Lo: math.Max(0, lo), Hi: math.Min(top, hi),
			Reference: reference, Calibration: e.calibrator.name(), Note: note,
		})
	}
	return out
}

// blank is a row without numbers.
func blank(window, kind, metric string, n int64) verdict.Outcome {
	nan := math.NaN()
	return verdict.Outcome{Window: window, Kind: kind, Metric: metric, N: n, Score: nan, Value: nan, Lo: nan, Hi: nan, Reference: nan, P: nan, Q: nan}
}

func (e *evaluation) outcomes(j *Join, score *view.Column) []verdict.Outcome {
	out := j.tally()
	cur := j.Between(e.From, e.Until)
	n, _ := sums(cur)
	row := blank("", "count", "joined", n)
	row.Value = float64(n)
	out = append(out, row)
	if score != nil {
		row = blank("", "count", "unlabelled", max(0, score.Values()-n))
		row.Value, row.Note = float64(row.N), "judged predictions without an outcome"
		out = append(out, row)
	}
	// A reference in the sample knows no quality, but the rest goes on.
	ref := e.ref
	if n > 0 {
		out = append(out, e.metrics(ref, cur)...)
		out = append(out, curve("curve", cur)...)
		if len(ref) > 0 {
			out = append(out, curve("reference_curve", ref)...)
		}
		out = append(out, e.tops(ref, cur)...)
		out = append(out, e.tests(ref, cur)...)
	}
	for _, w := range j.byWindow() {
		if len(w.Joined) == 0 {
			continue
		}
		for _, m := range append(e.figures(w.Joined), e.tops(nil, w.Joined)...) {
			m.Window = name(w.Start)
			out = append(out, m)
		}
	}
	return out
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
		m := blank("", "metric", metric, n)
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
	add("average_precision", q.AP, math.NaN())
	if !math.IsNaN(e.Threshold) {
		wilson("accuracy", q.TP+q.TN, float64(n))
		wilson("precision", q.TP, q.TP+q.FP)
		wilson("recall", q.TP, q.TP+q.FN)
		wilson("specificity", q.TN, q.TN+q.FP)
		add("f1", q.F1, math.NaN())
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

// metrics are the figures of the judged rows, held against the reference's: the
// area under the curve and the losses by their standard errors, rates by two
// proportions. A metric at q < Alpha that is worse is at warn. The rate of
// positives is tested, and not judged: it is the rows', not the model's.
func (e *evaluation) metrics(ref, cur []Tally) []verdict.Outcome {
	out := e.figures(cur)
	if len(ref) == 0 {
		return out
	}
	_, pos := sums(cur)
	n := rowsOf(cur)
	known := make(map[string]verdict.Outcome)
	for _, m := range e.figures(ref) {
		known[m.Metric] = m
	}
	var tested []int
	var ps []float64
	for i := range out {
		m := &out[i]
		was, ok := known[m.Metric]
		if !ok {
			continue
		}
		switch m.Metric {
		case "true_positives", "false_positives", "false_negatives", "true_negatives":
			continue
		}
		m.Reference = was.Value
		switch m.Metric {
		case "roc_auc", "brier", "log_loss":
			se := math.Hypot(standardError(ref, m.Metric), standardError(cur, m.Metric))
			if d := math.Abs(m.Value - was.Value); d == 0 {
				m.P = 1
			} else if se > 0 {
				m.P = 2 * stats.NormalSF(d/se)
			}
		case "accuracy", "precision", "recall", "specificity", "positive_rate":
			t, err := stats.TwoProportions(int64(math.Round(was.Value*float64(was.N))), was.N, int64(math.Round(m.Value*float64(m.N))), m.N)
			if err == nil {
				m.P = t.P
			}
		default:
			continue
		}
		if m.Metric == "positive_rate" {
			continue
		}
		if min(pos, n-pos) < fewest {
			m.P, m.Level = math.NaN(), verdict.Insufficient
		}
		if !math.IsNaN(m.P) {
			tested, ps = append(tested, i), append(ps, m.P)
		}
	}
	qs, err := stats.BenjaminiHochberg(ps)
	if err != nil {
		return out
	}
	for k, i := range tested {
		m := &out[i]
		m.Q, m.Level = qs[k], verdict.OK
		worse := m.Value < m.Reference
		if m.Metric == "brier" || m.Metric == "log_loss" {
			worse = m.Value > m.Reference
		}
		if worse && m.Q < Alpha {
			m.Level = verdict.Warn
		}
	}
	return out
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
		row := blank("", kind, "positive_rate", b.N)
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
		p, lift := blank("", "top", "precision_at_k", k), blank("", "top", "lift_at_k", k)
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
func (e *evaluation) tests(ref, cur []Tally) []verdict.Outcome {
	if len(ref) == 0 || len(cur) == 0 {
		return nil
	}
	n, _ := sums(cur)
	row := blank("", "test", "recalibration", n)
	r := Recalibration(ref, cur)
	row.Value, row.P = r.X2, r.P
	switch {
	case r.Rarer < fewest:
		row.Level = verdict.Insufficient
		row.Note = fmt.Sprintf("Too few outcomes to tell whether a score still means what it meant: want %d of each kind.", fewest)
		return []verdict.Outcome{row}
	case r.Left > MostLeft:
		row.Level = verdict.Insufficient
		row.Note = fmt.Sprintf("%s of the rows have scores where the reference has none: what those mean cannot be told.", words.Percent(r.Left))
		return []verdict.Outcome{row}
	}
	row.Level = verdict.OK
	before, now := words.Percents(r.Expected, r.Observed)
	row.Note = fmt.Sprintf("No sign that a score means something else than it did: rows with these scores were positive in %s of cases, now in %s.", before, now)
	if r.P < Alpha {
		e.concept = true
		row.Level = verdict.Warn
		row.Note = fmt.Sprintf("A score does not mean what it meant: rows with these scores were positive in %s of cases, now in %s. Retrain on rows with new outcomes.", before, now)
	}
	if r.Left > 0 {
		row.Note += fmt.Sprintf(" %s of the rows, with scores where the reference has none, are left out.", words.Percent(r.Left))
	}
	out := []verdict.Outcome{row}
	if !probabilities(cur) {
		return out
	}
	if z, p := spiegelhalter(cur, e.calibrator); !math.IsNaN(z) {
		row := blank("", "test", "spiegelhalter_z", n)
		row.Value, row.P = z, p
		row.Note = "of the probabilities that the reference gives the scores; it takes them as exact"
		out = append(out, row)
	}
	return out
}

// tally says how the outcomes met the log.
func (j *Join) tally() []verdict.Outcome {
	known, contested := j.countKeys()
	var met, ambiguous int64
	for i := range j.joined {
		switch one := &j.joined[i]; {
		case one.seen == 0 || !one.known || one.contested:
		case j.usable(one):
			met++
		default:
			ambiguous++
		}
	}
	met, ambiguous = j.all(met), j.all(ambiguous)
	var out []verdict.Outcome
	add := func(metric string, n int64, note string) {
		row := blank("", "count", metric, n)
		row.Value, row.Note = float64(n), note
		out = append(out, row)
	}
	key := "timestamp"
	if j.byID {
		key = "id"
	}
	add("outcomes", j.counts.outcomes+j.counts.keyless, "rows in the outcomes file")
	add("pending", j.counts.pending, "rows without an outcome yet")
	add("keyless", j.counts.keyless, "rows without "+key)
	add("contested", contested, "keys with outcomes that disagree; left out")
	add("ambiguous", ambiguous, "moments that several predictions share; left out")
	add("unmatched", known-met-ambiguous, "outcomes of no prediction in the log")
	share := blank("", "count", "joined_share", known)
	share.Note = "share of the known outcomes that met a prediction, by " + key
	if len(j.inputs) > 0 && !j.byID {
		share.Note += " and the inputs " + strings.Join(j.inputs, ", ")
	}
	if j.keyless {
		share.Note += "; some predictions have none"
	}
	if text := j.sampled(); text != "" {
		share.Note += "; estimated: " + text
	}
	if known > 0 {
		share.Value = float64(met) / float64(known)
	}
	return append(out, share)
}
