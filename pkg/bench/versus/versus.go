// Package versus compares two models on the same labelled rows: how they rank, how they
// classify, how fast they are.
package versus

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/bench/check"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A Side is one of the two models.
type Side struct {
	Source   bench.Source
	Model    *model.Model
	Pipeline *feature.Pipeline
	Rows     feature.RawRows // the same raw rows for both
}

// Options say how outcomes are read and scores cut.
type Options struct {
	Label     string  // column of the outcome
	Positive  string  // outcome that is positive; "" where they are 0 and 1, or truth values
	Threshold float64 // from which a score is a predicted positive
	Calls     int     // timed calls of one row, for each model
	Seed      uint64  // of the resamples
	Maker     model.Maker
}

// maxRows bounds the rows that are compared, and resamples how often they are drawn
// anew for an interval.
const (
	maxRows   = 1 << 20
	resamples = 2000
	// maxWork bounds rows times resamples; beyond, there are fewer resamples.
	maxWork = 200_000_000
)

// Run compares the models: a table with a row for each figure.
func Run(a, b Side, o Options) (*Result, error) {
	r := &Result{Threshold: o.Threshold}
	var scores [2][]float64
	var values [2][]float64
	var outcomes [2][]string
	for i, s := range []Side{a, b} {
		if k := s.Model.Outputs(); k > 1 {
			return nil, fmt.Errorf("%s gives %d scores a row, want one", s.Source.Name, k)
		}
		engine, err := o.Maker(s.Model)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Source.Name, err)
		}
		if values[i], outcomes[i], err = read(s, o.Label); err != nil {
			return nil, err
		}
		got := make([]float32, len(outcomes[i]))
		if err := engine.Predict(values[i], got); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Source.Name, err)
		}
		for _, x := range got {
			scores[i] = append(scores[i], float64(x))
		}
	}
	positive, err := positives(outcomes[0], o)
	if err != nil {
		return nil, err
	}
	if err := r.ranks(scores, positive); err != nil {
		return nil, err
	}
	r.classifies(scores, positive, o)
	if o.Calls > 0 {
		times, err := bench.Pair([2]bench.Source{a.Source, b.Source}, values, o.Maker, o.Calls)
		if err != nil {
			return nil, err
		}
		r.Timings = times[:]
		r.add("mean_ms", verdict.Comparison{A: times[0].MeanMS, B: times[1].MeanMS, Method: "wall time of calls of one row, in turns"})
		r.add("p50_ms", verdict.Comparison{A: times[0].P50MS, B: times[1].P50MS, Method: "wall time of calls of one row, in turns"})
		r.add("p95_ms", verdict.Comparison{A: times[0].P95MS, B: times[1].P95MS, Method: "wall time of calls of one row, in turns"})
		r.add("cpu_ms", verdict.Comparison{A: times[0].CPUMS, B: times[1].CPUMS, Method: "mean CPU time of calls of one row, in turns"})
	}
	for i := range r.Rows {
		c := &r.Rows[i]
		c.ModelA, c.ModelB = a.Source.Name, b.Source.Name
		c.HashA, c.HashB = a.Model.SHA256, b.Model.SHA256
		c.N, c.Positives, c.Threshold = int64(len(positive)), int64(r.Positives), o.Threshold
	}
	return r, nil
}

// read returns the model's rows, and the outcomes' texts.
func read(s Side, label string) (values []float64, outcomes []string, err error) {
	width := len(s.Pipeline.Columns())
	found := false
	err = s.Pipeline.Each(s.Rows, func(rec arrow.RecordBatch) (bool, error) {
		k := int(rec.NumRows())
		if len(outcomes)+k > maxRows {
			return false, fmt.Errorf("%s: more than %d rows", s.Rows.Name, maxRows)
		}
		more := make([]float64, k*width)
		if err := s.Pipeline.Batch(rec, more); err != nil {
			return false, fmt.Errorf("%s: %w", s.Rows.Name, err)
		}
		values = append(values, more...)
		texts, ok := check.Texts(rec, label)
		found = found || ok
		outcomes = append(outcomes, texts...)
		return true, nil
	})
	if err == nil && !found {
		err = fmt.Errorf("%s: no column %q: name that of the outcome with --label", s.Rows.Name, label)
	}
	return values, outcomes, err
}

// positives says which rows had the positive outcome.
func positives(outcomes []string, o Options) ([]bool, error) {
	seen := map[string]int{}
	for _, t := range outcomes {
		seen[t]++
	}
	names := make([]string, 0, len(seen))
	for t := range seen {
		names = append(names, t)
	}
	slices.Sort(names)
	want := o.Positive
	if want == "" {
		for _, pair := range [][2]string{{"0", "1"}, {"false", "true"}} {
			if slices.Equal(names, pair[:]) {
				want = pair[1]
			}
		}
	}
	if want == "" || seen[want] == 0 {
		if len(names) > 6 {
			names = append(names[:6], "…")
		}
		if want == "" {
			return nil, fmt.Errorf("%s: outcomes are %s: say which is positive with --positive", o.Label, strings.Join(names, ", "))
		}
		return nil, fmt.Errorf("%s: no row has the outcome %q: they are %s", o.Label, want, strings.Join(names, ", "))
	}
	if o.Positive == "" || len(names) == 2 {
		out := make([]bool, len(outcomes))
		for i, t := range outcomes {
			out[i] = t == want
		}
		return out, nil
	}
	return nil, fmt.Errorf("%s: %d outcomes (%s), want two: leave out the rows of others", o.Label, len(seen), strings.Join(names, ", "))
}

// A Result is how two models compare.
type Result struct {
	Rows      []verdict.Comparison
	Timings   []verdict.Timing // of both; none where they were not timed
	Positives int              // of the rows
	Threshold float64
}

func (r *Result) add(metric string, c verdict.Comparison) {
	c.Metric, c.Difference = metric, c.B-c.A
	if c.Lo == 0 && c.Hi == 0 {
		c.Lo, c.Hi = math.NaN(), math.NaN()
	}
	if c.P == 0 {
		c.P = math.NaN()
	}
	r.Rows = append(r.Rows, c)
}

// ranks compares the areas under the ROC curves.
func (r *Result) ranks(scores [2][]float64, positive []bool) error {
	for _, p := range positive {
		if p {
			r.Positives++
		}
	}
	d, err := stats.DeLongPaired(scores[0], scores[1], positive)
	if err != nil {
		return errors.New("want at least two rows of either outcome, and a score of each")
	}
	r.add("auc", verdict.Comparison{A: d.A, B: d.B, Lo: d.Lo, Hi: d.Hi, P: max(d.P, math.SmallestNonzeroFloat64), Method: "DeLong, paired"})
	return nil
}

// matrix counts rows by prediction and outcome.
type matrix struct{ tp, fp, fn, tn float64 }

func (m *matrix) put(predicted, positive bool) {
	switch {
	case predicted && positive:
		m.tp++
	case predicted:
		m.fp++
	case positive:
		m.fn++
	default:
		m.tn++
	}
}

// The figures of a matrix; NaN where nothing was predicted that they are of.
var figures = []struct {
	name string
	of   func(m matrix) float64
}{
	{"f1", func(m matrix) float64 { return 2 * m.tp / (2*m.tp + m.fp + m.fn) }},
	{"precision", func(m matrix) float64 { return m.tp / (m.tp + m.fp) }},
	{"recall", func(m matrix) float64 { return m.tp / (m.tp + m.fn) }},
	{"accuracy", func(m matrix) float64 { return (m.tp + m.tn) / (m.tp + m.tn + m.fp + m.fn) }},
}

// classifies compares what the models predict from the threshold on; intervals are of
// the rows, drawn anew with both models' predictions.
func (r *Result) classifies(scores [2][]float64, positive []bool, o Options) {
	n := len(positive)
	count := func(i int, m *[2]matrix) {
		for side := range m {
			m[side].put(scores[side][i] >= o.Threshold, positive[i])
		}
	}
	var all [2]matrix
	for i := range n {
		count(i, &all)
	}
	drawn := make([][]float64, len(figures))
	rng := rand.New(rand.NewPCG(o.Seed, 0))
	for range min(resamples, max(maxWork/n, 200)) {
		var m [2]matrix
		for range n {
			count(rng.IntN(n), &m)
		}
		for k, f := range figures {
			if d := f.of(m[1]) - f.of(m[0]); d == d {
				drawn[k] = append(drawn[k], d)
			}
		}
	}
	for k, f := range figures {
		c := verdict.Comparison{A: f.of(all[0]), B: f.of(all[1]), Lo: math.NaN(), Hi: math.NaN(), Method: fmt.Sprintf("at %v, bootstrap of rows", o.Threshold)}
		if q, err := stats.Quantiles(drawn[k], 0.025, 0.975); err == nil {
			c.Lo, c.Hi = q[0], q[1]
		}
		r.add(f.name, c)
	}
}
