package multiclass

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Evaluate makes the report of the judged rows; score is their column of highest scores,
// nil where there is none, met is nil without outcomes. It never fails: where something
// cannot be told, the report says why.
func Evaluate(truth *outcome.Truth, score *view.Column, met *outcome.Met, o outcome.Options) outcome.Report {
	e := evaluation{Options: o, k: len(o.Classes)}
	e.learn(truth)
	r := outcome.Report{Declined: e.reason, InSample: truth.InSample()}
	if met != nil {
		e.period = e.Options.Period(met)
		windows := met.Windows()
		if truth.InSample() || !truth.Known() {
			e.baseline(met, windows)
		}
		r.Meet(met, &e.Options, e.against)
		r.Outcomes, r.Compared = e.outcomes(met, windows, score)
		figures, compared := e.versions(met)
		r.Outcomes, r.Compared = append(r.Outcomes, figures...), append(r.Compared, compared...)
	}
	if score != nil {
		r.Estimates = append(e.estimates("", e.scored(nil)), e.windowed()...)
	}
	return r
}

type evaluation struct {
	outcome.Options
	k       int
	reason  string // why there is nothing to compare with
	ref     sample
	by      estimator
	concept bool // outcomes show concept drift
	period  outcome.Period
	against string // what the figures are held against, where that is not the reference
	pooled  string // which classes are taken together for tests, in words

	selected string // outcomes are of a selection, in words; "" where they are not
}

// learn takes what the reference knows, or why it knows too little.
func (e *evaluation) learn(truth *outcome.Truth) {
	ref := sampled(truth.Sample(), e.k)
	switch {
	case truth.Lacks() != "":
		e.reason = truth.Lacks()
	case len(ref.rows) == 0:
		e.reason = "no row of the reference has an outcome and the scores of all classes"
	case !probabilities(ref.rows):
		e.reason = "the reference's scores are no probabilities: they leave the range from 0 to 1"
	default:
		all := counts(ref.apart, e.k)
		enough := 0
		for _, n := range all {
			if n >= outcome.Fewest {
				enough++
			}
		}
		if enough < 2 {
			e.reason = fmt.Sprintf("the reference has %s of %s: want %d of two classes or more", words.Count(int64(count(ref.apart)), "outcome", "outcomes"), words.List(e.Classes), outcome.Fewest)
		}
	}
	if e.reason == "" {
		e.ref, e.by = ref, learn(ref.rows, e.k)
	}
}

// fewestScored is how many sampled rows of a window are needed for its estimates.
const fewestScored = 50

// scored are the sampled rows of a window, nil for all.
func (e *evaluation) scored(w *view.Window) []row {
	var pairs []outcome.Pair
	for _, r := range e.Scored {
		if w == nil || !r.At.IsZero() && !r.At.Before(w.Start) && r.At.Before(w.Start.Add(w.Length)) {
			pairs = append(pairs, r.Pair)
		}
	}
	return rowsOf(pairs, e.k)
}

// windowed are the estimates of the windows that have enough sampled rows.
func (e *evaluation) windowed() []verdict.Estimate {
	var out []verdict.Estimate
	for i := range e.Windows {
		w := &e.Windows[i]
		if rows := e.scored(w); e.reason == "" && count(rows) >= fewestScored {
			out = append(out, e.estimates(w.Start.UTC().Format(time.RFC3339), rows)...)
		}
	}
	return out
}

// estimates are those of sampled rows without outcomes, or why there are none; those of a
// window are of all classes and of their shares.
func (e *evaluation) estimates(window string, rows []row) []verdict.Estimate {
	nan := math.NaN()
	blank := verdict.Estimate{Window: window, Value: nan, SamplingError: nan, Lo: nan, Hi: nan, PopulationLo: nan, PopulationHi: nan, Reference: nan}
	if e.reason != "" && e.against == "" {
		blank.Note = "no estimate: " + e.reason
		return []verdict.Estimate{blank}
	}
	n := count(rows)
	if n == 0 {
		blank.Note = "no estimate: no sampled row has the scores of all classes"
		return []verdict.Estimate{blank}
	}
	was := map[string]float64{} // by figure and class
	name := func(metric string, class int) string { return fmt.Sprint(metric, " ", class) }
	for _, f := range figures(e.ref.rows, e.k) {
		was[name(f.metric, f.class)] = f.value
	}
	q := expect(rows, e.by.chances(rows), e.k)
	own := expect(e.ref.rows, e.by.chances(e.ref.rows), e.k)
	sampling := samplingErrors(e.ref.rows, e.k, n)
	notes := e.notes(rows)
	changed := (own.auc - was[name(auc, -1)]) * math.Max(0, math.Min(1, (q.auc-0.5)/(own.auc-0.5)))
	if changed-changed == 0 {
		notes = append(notes, fmt.Sprintf("the ROC AUC is changed by %s: by so much, less the nearer to chance, the same estimate of the reference's own scores is off what its outcomes gave", words.SignedColumn(-changed)))
	} else {
		changed = 0
	}
	note := strings.Join(notes, "; ")
	var out []verdict.Estimate
	add := func(metric string, class int, value, se float64) {
		if math.IsNaN(value) {
			return
		}
		x := blank
		x.Metric, x.N, x.Value, x.SamplingError, x.Calibration, x.Note = metric, int64(n), value, se, e.by.name(), note
		if class >= 0 {
			x.Class = e.Classes[class]
		}
		if v, ok := was[name(metric, class)]; ok {
			x.Reference = v
		}
		if se > 0 {
			// The calibration is as uncertain as figures of so many rows as the reference has.
			both := se * math.Sqrt(math.Max(1, e.Together)+n/count(e.ref.apart)) // rows of one entity count once
			x.Lo, x.Hi = math.Max(0, value-outcome.Z95*both), value+outcome.Z95*both
			if metric != logLoss {
				x.Hi = math.Min(1, x.Hi)
			}
			x.PopulationLo, x.PopulationHi = x.Lo, x.Hi
		}
		out = append(out, x)
	}
	for _, metric := range []string{auc, accuracy, precision, recall, specific, f1} {
		v := q.means[metric]
		if metric == auc {
			v = math.Max(0, math.Min(1, v-changed))
		}
		add(metric, -1, v, sampling[metric])
	}
	add(logLoss, -1, q.loss, math.NaN())
	for c := range e.k {
		if window == "" {
			add(auc, c, q.areas[c], math.NaN())
		}
		add(share, c, q.share[c], math.Sqrt(was[name(share, c)]*(1-was[name(share, c)])/n))
	}
	if window != "" {
		return out
	}
	for y, line := range q.table {
		for p, v := range line {
			add(confusion, y, v, math.NaN())
			out[len(out)-1].Predicted = e.Classes[p]
		}
	}
	return out
}

// notes are what to know before believing the estimates of rows.
func (e *evaluation) notes(rows []row) []string {
	n := count(rows)
	out := []string{fmt.Sprintf("of %s", words.Count(int64(n), "sampled row", "sampled rows"))}
	if e.concept {
		out = append(out, "they are not to be believed: outcomes show that a score does not mean what it meant (concept drift)")
	}
	if m := int64(count(e.ref.rows)); m < outcome.SmallReference {
		out = append(out, fmt.Sprintf("they lean on only %d reference rows", m))
	}
	for _, side := range []struct {
		name string
		rows []row
	}{{"the reference's scores", e.ref.rows}, {"the scores", rows}} {
		if m, worst := notOne(side.rows); m > 0 {
			out = append(out, fmt.Sprintf("in %s of the rows %s do not sum to 1 (as far from it as %s); they are taken as they are", words.Percent(m/count(side.rows)), side.name, words.Number(worst)))
		}
	}
	return out
}

// baseline takes the log's first windows with enough outcomes for the reference, where
// that has no figures of its own: the judged rows are those after it.
func (e *evaluation) baseline(m *outcome.Met, windows []outcome.Window) {
	for _, w := range windows {
		if !e.period.Until.IsZero() && w.End.After(e.period.Until) {
			return
		}
		first := sampled(m.Sample(windows[0].Start, w.End.Add(-time.Microsecond)), e.k)
		enough := 0
		for _, n := range counts(first.rows, e.k) {
			if n >= outcome.BaselineRarer {
				enough++
			}
		}
		if count(first.rows) < outcome.BaselineRows || enough < 2 {
			continue
		}
		if !probabilities(first.rows) {
			return
		}
		e.ref, e.by = first, learn(first.rows, e.k)
		if e.period.From.Before(w.End) {
			e.period.From = w.End
		}
		e.against = fmt.Sprintf("held against the log's first %s, until %s, since %s", words.Count(int64(count(first.rows)), "outcome", "outcomes"), w.End.Format(time.DateOnly), e.reason)
		return
	}
}

func (e *evaluation) outcomes(m *outcome.Met, windows []outcome.Window, score *view.Column) ([]verdict.Outcome, []outcome.Comparison) {
	judged := m.Sample(e.period.From, e.period.Until)
	var out []verdict.Outcome
	out, e.selected = m.Joined(e.period, &judged, e.against, score)
	cur := sampled(judged, e.k)
	var compared []outcome.Comparison
	if len(cur.rows) > 0 && len(e.ref.rows) > 0 {
		compared = e.compared(cur)
	}
	if len(cur.rows) > 0 {
		out = append(out, e.metrics(cur, compared, e.selected)...)
		out = append(out, e.tables(cur.rows)...)
		for _, c := range compared {
			if c.Metric == recalibration {
				row := outcome.Blank("", "test", c.Metric, c.N)
				row.Class, row.Value, row.P = c.Class, c.Statistic, c.P
				out = append(out, row)
			}
		}
	}
	for _, w := range windows {
		of := sampled(w.Joined, e.k)
		if len(of.rows) == 0 || e.period.Young != "" && w.Start.After(e.period.Until) {
			continue // what waits for most of its outcomes has no quality yet
		}
		for _, f := range widened(of, e.k) {
			out = append(out, e.rowOf(w.Start.Format(time.RFC3339), f))
		}
	}
	return out, compared
}

// rowOf is the row of a figure.
func (e *evaluation) rowOf(window string, f figure) verdict.Outcome {
	row := outcome.Blank(window, "metric", f.metric, int64(f.n))
	row.Value, row.Lo, row.Hi = f.value, f.lo, f.hi
	if f.class >= 0 {
		row.Class = e.Classes[f.class]
	}
	return row
}

// widened are the figures of all rows, with the intervals of one row of each entity: as
// far to either side, and farther where some entities have many rows. A figure that one
// row of each has not is none.
func widened(s sample, k int) []figure {
	all := figures(s.rows, k)
	if count(s.apart) == count(s.rows) {
		return all
	}
	type name struct {
		metric string
		class  int
	}
	apart := map[name]figure{}
	for _, f := range figures(s.apart, k) {
		apart[name{f.metric, f.class}] = f
	}
	var out []figure
	for _, f := range all {
		if one, ok := apart[name{f.metric, f.class}]; ok {
			f.lo, f.hi = f.value-s.spread*(one.value-one.lo), f.value+s.spread*(one.hi-one.value)
			if f.lo = math.Max(0, f.lo); f.metric != logLoss {
				f.hi = math.Min(1, f.hi)
			}
			out = append(out, f)
		}
	}
	return out
}

// metrics are the figures of the judged rows with what they are held against.
func (e *evaluation) metrics(cur sample, compared []outcome.Comparison, note string) []verdict.Outcome {
	type name struct{ metric, class string }
	was := map[name]float64{}
	for _, f := range figures(e.ref.rows, e.k) {
		row := e.rowOf("", f)
		was[name{row.Metric, row.Class}] = row.Value
	}
	if e.pooled != "" {
		note = strings.TrimPrefix(note+"; "+e.pooled, "; ")
	}
	var out []verdict.Outcome
	for _, f := range widened(cur, e.k) {
		row := e.rowOf("", f)
		row.Note = note
		if v, ok := was[name{row.Metric, row.Class}]; ok {
			row.Reference = v
		}
		for _, c := range compared {
			if c.Metric == row.Metric && c.Class == row.Class {
				row.P = c.P
				if e.pooled == "" || c.Class != "" { // else it is of fewer classes than Value
					row.Expected = c.Expected
				}
			}
		}
		out = append(out, row)
	}
	// Classes that are taken together stand as one, for the tests are of them all.
	for _, c := range compared {
		if c.Class == otherClasses && c.Metric != recalibration {
			row := outcome.Blank("", "metric", c.Metric, c.N)
			row.Class, row.Value, row.Reference, row.Expected, row.P, row.Note = c.Class, c.Cur, c.Ref, c.Expected, c.P, note
			out = append(out, row)
		}
	}
	return out
}

// tables are the confusion matrices of the judged rows: with the reference's, made as
// large.
func (e *evaluation) tables(rows []row) []verdict.Outcome {
	n := count(rows)
	was := [][]float64(nil)
	if len(e.ref.rows) > 0 {
		was = table(e.ref.rows, e.k)
	}
	var out []verdict.Outcome
	for y, line := range table(rows, e.k) {
		for p, v := range line {
			row := outcome.Blank("", confusion, "rows", int64(n))
			row.Class, row.Predicted, row.Value = e.Classes[y], e.Classes[p], v
			if was != nil {
				row.Reference = was[y][p] / count(e.ref.rows) * n
			}
			out = append(out, row)
		}
	}
	if m, worst := notOne(rows); m > 0 {
		row := outcome.Blank("", "count", "scores that do not sum to 1", int64(m))
		row.Value, row.Note = m, "rows with an outcome, their sum as far from 1 as "+words.Number(worst)+"; taken as they are"
		out = append(out, row)
	}
	return out
}

// versions are the figures of each version of the model and their comparisons, where
// several scored: those over all classes.
func (e *evaluation) versions(m *outcome.Met) (rows []verdict.Outcome, compared []outcome.Comparison) {
	concept, pooled := e.concept, e.pooled // are of all rows
	defer func() { e.concept, e.pooled = concept, pooled }()
	for _, v := range m.Versions(e.period.From, e.period.Until, e.K) {
		s, name := sampled(v.Sample, e.k), cmp.Or(v.Name, view.MissingPart)
		if len(e.ref.rows) > 0 && len(s.rows) > 0 {
			for _, c := range e.compared(s) {
				if c.Class == "" {
					c.Version = name
					compared = append(compared, c)
				}
			}
		}
		for _, f := range widened(s, e.k) {
			if f.class < 0 {
				row := e.rowOf("", f)
				row.Kind, row.Version, row.Note = "version", name, e.selected
				rows = append(rows, row)
			}
		}
	}
	return rows, compared
}
