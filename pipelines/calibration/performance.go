package main

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/leadsman/leadsman/pkg/verdict"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/binary"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/sim"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/testdata"
)

// A performance is how well the model's quality is known, over seeds.
type performance struct {
	reference string
	scenario  string
	rows      int64
	seeds     int

	area, rate  int     // estimates whose interval holds what the same rows' outcomes gave
	off         float64 // mean of the estimated area less the realised one
	realised    int     // DeLong's intervals that hold the population's area
	concept     int     // warnings of the recalibration test
	fell        int     // realised areas below the reference's beyond chance, as realised_auc_drop asks
	fellByScore int     // the same of the estimated area
}

// The references whose outcomes the judged rows are held against: the sample's,
// with cross-fitted scores, and fresh rows of the model in service.
var performanceReferences = []struct {
	name string
	rows int64 // 0: the sample's
}{{"the sample's 303", 0}, {"303 fresh", 303}, {"1,000 fresh", 1000}}

var performanceScenarios = []struct {
	name  string
	rows  int64
	times int // as many seeds: false alarms are rare
}{{"none", 500, 3}, {"none", 2000, 1}, {"concept-drift", 500, 1}, {"concept-drift", 2000, 1}, {"engagement-drop", 500, 1}, {"label-delay", 500, 1}, {"mean-shift", 500, 1}}

// conceptBar is the share of false alarms that the recalibration test may have.
const conceptBar = 0.05

// leastCovered is the share of 95 % intervals that must hold the truth: of 40
// that keep their word fewer have a chance of 0.4 %.
const leastCovered = 0.85

// performance compares estimates with the truth.
func (w *world) performance(s sizes) ([]*performance, error) {
	sample := &outcome.Truth{Label: w.config.Plan.PositiveLabel, Target: w.config.Plan.Target}
	o := predlog.Options{Mapping: mapping.Options{Target: w.config.Plan.Target, Columns: w.pins}}
	_, err := predlog.ReferenceFrom("sample", bytes.NewReader(testdata.Reference), o, func(rec arrow.RecordBatch) error {
		sample.Add(rec)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var all []*performance
	for k, of := range performanceScenarios {
		scenario, err := w.drifts.Named(of.name)
		if err != nil {
			return nil, err
		}
		many, err := w.joined(uint64(performanceTruths+k), s.truthRows, scenario)
		if err != nil {
			return nil, err
		}
		truth, _ := binary.AUC(tallies(many))
		cells := make([]*performance, len(performanceReferences))
		for i, ref := range performanceReferences {
			cells[i] = &performance{reference: ref.name, scenario: of.name, rows: of.rows, seeds: of.times * s.seeds}
		}
		all = append(all, cells...)
		var mu sync.Mutex
		err = inParallel(of.times*s.seeds, func(seed int) error {
			place := uint64(seed*10 + k)
			cur, err := w.joined(performanceNights+place, of.rows, scenario)
			if err != nil {
				return err
			}
			for i, ref := range performanceReferences {
				known := sample
				if ref.rows > 0 {
					rows, err := w.joined(performanceReference+place*10+uint64(i), ref.rows, nil)
					if err != nil {
						return err
					}
					known = truthOf(tallies(rows))
				}
				e := evaluate(known, cur)
				mu.Lock()
				cells[i].add(e, truth)
				mu.Unlock()
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// joined draws rows from the population, and brings their scores and outcomes
// together.
func (w *world) joined(seed uint64, rows int64, s *sim.Scenario) (*outcome.Met, error) {
	var known bytes.Buffer
	o := sim.Options{Seed: seed, Rows: rows, Start: firstDay, Period: day, Scenario: s, ID: "lead"}
	if err := sim.Outcomes(&known, w.population, o, sim.Knowledge{}); err != nil {
		return nil, err
	}
	j := &outcome.Join{ID: "lead", Threshold: math.NaN()}
	_, err := predlog.ReferenceFrom("outcomes", &known, predlog.Options{Mapping: mapping.Options{ID: "lead"}}, func(rec arrow.RecordBatch) error {
		if missing := j.AddOutcomes(rec); missing != "" {
			return fmt.Errorf("outcomes: no %s", missing)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var log bytes.Buffer
	if err := sim.Predictions(&log, w.population, w.scorer, o); err != nil {
		return nil, err
	}
	d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions, Columns: w.pins, ID: "lead"}}, func(rec arrow.RecordBatch) error {
		j.AddRows(rec)
		return nil
	})
	if err := d.From("log", &log); err != nil {
		return nil, err
	}
	_, err = d.Close()
	return outcome.MetOf(j.Set(), math.NaN(), 0), err
}

func tallies(m *outcome.Met) []binary.Tally { return binary.Between(m, time.Time{}, time.Time{}) }

// truthOf is a reference with these scores and outcomes.
func truthOf(ts []binary.Tally) *outcome.Truth {
	score, target := array.NewFloat64Builder(memory.DefaultAllocator), array.NewFloat64Builder(memory.DefaultAllocator)
	rows := int64(0)
	for _, t := range ts {
		rows += t.N
		for k := range t.N {
			score.Append(t.Score)
			if k < t.Pos {
				target.Append(1)
			} else {
				target.Append(0)
			}
		}
	}
	known := &outcome.Truth{}
	known.Add(array.NewRecordBatch(arrow.NewSchema([]arrow.Field{
		table.Field("score", arrow.PrimitiveTypes.Float64, table.Score),
		table.Field("outcome", arrow.PrimitiveTypes.Float64, table.Target),
	}, nil), []arrow.Array{score.NewArray(), target.NewArray()}, rows))
	return known
}

// evaluated is one log's quality.
type evaluated struct {
	outcome.Report
	outcome.Drops
}

func evaluate(known *outcome.Truth, m *outcome.Met) evaluated {
	column := &view.Column{Number: &view.Number{Values: func() ([]float64, []int64, bool) {
		var x []float64
		var n []int64
		for _, t := range tallies(m) {
			x, n = append(x, t.Score), append(n, t.N)
		}
		return x, n, true
	}}}
	o := outcome.Options{Threshold: 0.5}
	return evaluated{binary.Evaluate(known, column, m, o), binary.FindDrops(known, column, m, o)}
}

func (p *performance) add(e evaluated, truth float64) {
	measured := map[string]verdict.Outcome{}
	for _, o := range e.Outcomes {
		if o.Window == "" && (o.Kind == "metric" || o.Kind == "test") {
			measured[o.Metric] = o
		}
	}
	for _, x := range e.Estimates {
		truth := measured[x.Metric].Value
		holds := x.Window == "" && x.Lo <= truth && truth <= x.Hi
		switch x.Metric {
		case "roc_auc":
			p.off += (x.Value - truth) / float64(p.seeds)
			if holds {
				p.area++
			}
		case "positive_rate":
			if holds {
				p.rate++
			}
		}
	}
	if m := measured["roc_auc"]; m.Lo <= truth && truth <= m.Hi {
		p.realised++
	}
	if measured["recalibration"].P < outcome.Alpha {
		p.concept++
	}
	if e.RealisedAUC.Lo > 0 {
		p.fell++
	}
	if e.EstimatedAUC.Lo > 0 {
		p.fellByScore++
	}
}

// fault is the promise that was not kept.
func (p *performance) fault() string {
	switch {
	case p.quiet() && float64(p.concept) > conceptBar*float64(p.seeds):
		return fmt.Sprintf("%s, %d rows against %s: concept drift is seen at %d of %d seeds", p.scenario, p.rows, p.reference, p.concept, p.seeds)
	case p.quiet() && float64(p.realised) < leastCovered*float64(p.seeds):
		return fmt.Sprintf("%s, %d rows: %d of %d intervals of the realised area hold the population's", p.scenario, p.rows, p.realised, p.seeds)
	case p.drifts() && p.rows == scenarioRows && float64(p.concept) < leastFound*float64(p.seeds):
		return fmt.Sprintf("%s, %d rows against %s: found at %d of %d seeds", p.scenario, p.rows, p.reference, p.concept, p.seeds)
	}
	return ""
}

// quiet tells whether nothing drifts.
func (p *performance) quiet() bool { return p.scenario == "none" || p.scenario == "label-delay" }

// drifts tells whether a score means something else than it did.
func (p *performance) drifts() bool {
	return p.scenario == "concept-drift" || p.scenario == "engagement-drop"
}

func (r *results) performanceSection(b *strings.Builder) {
	fmt.Fprintf(b, `
## Estimated and realised performance

How well the model's quality is known: without outcomes (CBPE), and with those of the same rows. "Estimates that hold" is the
share of logs whose 95 %% interval of the estimated ROC AUC / share of positives holds what their outcomes then gave; "off" is the mean of
the estimated less the realised area. "DeLong holds" is the share of realised areas whose interval holds that of %d rows of the
population. "Concept drift" is how often the recalibration test warns (at p < %g): a false alarm without it, its power with it.
"Drops" is how often a realised / an estimated area lies below the reference's beyond chance, as `+"`retrain`"+` asks (nominally 2.5 %% where
nothing drifted). Without drift, late outcomes or not, the bars are %.0f %% of false alarms and %.0f %% of realised areas held; with it, at %d rows, %.0f %% found.

| scenario | reference | rows | logs | estimates that hold, %% | off | DeLong holds, %% | concept drift, %% | drops, %% |
|---|---|---|---|---|---|---|---|---|
`, r.sizes.truthRows, outcome.Alpha, 100*conceptBar, 100*leastCovered, scenarioRows, 100*leastFound)
	for _, p := range r.performance {
		n := p.seeds
		fmt.Fprintf(b, "| %s | %s | %d | %d | %s / %s | %+.3f | %s | %s | %s / %s |\n", p.scenario, p.reference, p.rows, n,
			percent(p.area, n), percent(p.rate, n), p.off, percent(p.realised, n), percent(p.concept, n), percent(p.fell, n), percent(p.fellByScore, n))
	}
	b.WriteString("\n")
}
