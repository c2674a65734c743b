package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/verdict"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// A telling is what the domain classifier says of pairs without drift.
type telling struct {
	aucs           []float64
	mde            float64
	low            int // pairs with p <= 5 %
	loud, unjudged int // at warn or above, at insufficient
}

// lowP is a p-value that a true null may have in one case of twenty.
const lowP = 0.05

func (c *telling) count(r *drift.Report) {
	for _, f := range r.Findings {
		if f.Check != verdict.CheckMultivariate || math.IsNaN(f.Effect) {
			continue
		}
		c.aucs, c.mde = append(c.aucs, f.Effect), f.MDE
		if f.P <= lowP {
			c.low++
		}
		switch {
		case verdict.Reaches(f.Level, verdict.Warn):
			c.loud++
		case f.Level == verdict.Insufficient:
			c.unjudged++
		}
	}
}

// A seeing is how often the classifier finds the scenario correlation-only in a
// night against the sample's reference.
type seeing struct {
	night         int64
	seeds, warned int
	both          int // the two columns lead the importance
	sum           float64
}

// together judges nights in which two columns go together in another way, each
// as it was by itself.
func (w *world) together(s sizes) ([]*seeing, error) {
	sample, err := w.sampleReference(nil)
	if err != nil {
		return nil, err
	}
	scenario, err := w.drifts.Named("correlation-only")
	if err != nil {
		return nil, err
	}
	var out []*seeing
	var mu sync.Mutex
	for _, m := range []int64{100, 150, 200, scenarioRows} {
		o := &seeing{night: m, seeds: s.seeds}
		seed := uint64(multivariateNights + s.seeds*len(out))
		out = append(out, o)
		err := inParallel(s.seeds, func(k int) error {
			p := tally.New(sample.plan, view.Period{})
			err := w.predictions(seed+uint64(k), m, scenario, day, func(rec arrow.RecordBatch) error { return p.AddRows(rec) })
			if err != nil {
				return err
			}
			report := w.judge(sample, p, policy.Calibrated)
			mu.Lock()
			defer mu.Unlock()
			o.count(&report)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (o *seeing) count(r *drift.Report) {
	for _, f := range r.Findings {
		if f.Check == verdict.CheckMultivariate {
			o.sum += f.Effect
			if verdict.Reaches(f.Level, verdict.Warn) {
				o.warned++
			}
		}
	}
	var first []string
	for _, s := range r.Statistics {
		if s.Name == "domain_importance" && len(first) < 2 {
			first = append(first, s.Subject)
		}
	}
	if slices.Contains(first, "llm_quality") && slices.Contains(first, "llm_decision_maker") {
		o.both++
	}
}

// quietTellings sums the pairs without drift up.
func (r *results) quietTellings() (low, loud, pairs int) {
	for _, c := range r.cells {
		low, loud, pairs = low+c.told.low, loud+c.told.loud, pairs+len(c.told.aucs)
	}
	return low, loud, pairs
}

func (r *results) multivariateFaults() (out []string) {
	low, loud, pairs := r.quietTellings()
	// A pair depends on those of the same reference or night, so the bars are
	// twice what is promised.
	if float64(low) > 2*lowP*float64(pairs) {
		out = append(out, fmt.Sprintf("multivariate: p is at most %v in %d of %d pairs without drift", lowP, low, pairs))
	}
	if float64(loud) > 0.01*float64(pairs) {
		out = append(out, fmt.Sprintf("multivariate: %d of %d pairs without drift at warn or above", loud, pairs))
	}
	for _, o := range r.unseen {
		if o.night == scenarioRows && float64(o.warned) < leastFound*float64(o.seeds) {
			out = append(out, fmt.Sprintf("multivariate: correlation-only found at %d of %d seeds", o.warned, o.seeds))
		}
	}
	return out
}

func (r *results) multivariateSection(b *strings.Builder) {
	low, loud, pairs := r.quietTellings()
	fmt.Fprintf(b, `
## All features together: production told from reference by a classifier

Without drift, the pairs of the first table. The check spends 0.25 %% of the run's 5 %%, so at most about that share of pairs
may be at warn or above; of p-values about one in twenty may be at most 0.05, fewer where the rounds end early. "AUC" is the
cross-validated one in the middle of the pairs, beside it the middle 90 %% of them; "visible" is the AUC that is found with
80 %% power. All sizes: %s %% of %d pairs at warn or above (%s), p at most 0.05 in %s %% (%s).

| columns | reference rows | rows a night | at warn or above, %% | p at most 0.05, %% | interval | AUC | 5 %% to 95 %% | visible | not judged, %% |
|---|---|---|---|---|---|---|---|---|---|
`, percent(loud, pairs), pairs, within(loud, pairs), percent(low, pairs), within(low, pairs))
	for _, c := range r.cells {
		t := &c.told
		aucs := slices.Sorted(slices.Values(t.aucs))
		n := len(aucs)
		if n == 0 {
			continue
		}
		at := func(q float64) float64 { return aucs[int(q*float64(n-1)+0.5)] }
		fmt.Fprintf(b, "| %s | %d | %d | %s | %s | %s | %.3f | %.3f–%.3f | %.2f | %s |\n", c.view, c.reference, c.night, percent(t.loud, n),
			percent(t.low, n), within(t.low, n), at(0.5), at(0.05), at(0.95), t.mde, percent(t.unjudged, n))
	}
	fmt.Fprintf(b, `
With drift that no column shows by itself: `+"`correlation-only`"+` against the sample's reference of 303 rows, %d seeds. The bar is
95 %% at %d rows.

| rows a night | at warn or above, %% | interval | the two columns lead, %% of those | mean AUC |
|---|---|---|---|---|
`, r.unseen[0].seeds, scenarioRows)
	for _, o := range r.unseen {
		fmt.Fprintf(b, "| %d | %s | %s | %s | %.2f |\n", o.night, percent(o.warned, o.seeds), within(o.warned, o.seeds), percent(o.both, o.warned), o.sum/float64(o.seeds))
	}
}
