package main

import (
	"bytes"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/sim"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/testdata"
)

// A world is the sample case's population and the model in service. References
// and nights are both drawn from it, never from each other.
type world struct {
	population *sim.Population
	drifts     sim.Scenarios
	scorer     *sim.Scorer
	config     *config.Config
	pins       []mapping.Pin
}

func newWorld() (*world, error) {
	w := new(world)
	var err error
	if w.config, err = config.Parse("sample case", testdata.Config); err != nil {
		return nil, err
	}
	types := make(map[string]string)
	for name, c := range w.config.Plan.Columns {
		types[name] = c.Type
	}
	w.pins = mapping.Pins(types)
	if w.population, err = sim.ReadPopulation(bytes.NewReader(testdata.Population)); err != nil {
		return nil, err
	}
	if w.drifts, err = sim.ReadScenarios(bytes.NewReader(testdata.Scenarios)); err != nil {
		return nil, err
	}
	if w.scorer, err = sim.ReadScorer(bytes.NewReader(testdata.Model), bytes.NewReader(testdata.Features)); err != nil {
		return nil, err
	}
	w.scorer.Version, w.scorer.Threshold = "sample", w.config.Plan.Threshold
	w.scorer.Labels = [2]string{"not_" + w.config.Plan.PositiveLabel, w.config.Plan.PositiveLabel}
	return w, nil
}

const day = 24 * time.Hour

// predictions draws a log and decodes it, batch by batch.
func (w *world) predictions(seed uint64, rows int64, s *sim.Scenario, period time.Duration, use func(arrow.RecordBatch) error) error {
	var log bytes.Buffer
	o := sim.Options{Seed: seed, Rows: rows, Start: firstDay, Period: period, Scenario: s}
	if err := sim.Predictions(&log, w.population, w.scorer, o); err != nil {
		return err
	}
	return w.decode(mapping.Predictions, &log, use)
}

// requests draws the request log of the same service.
func (w *world) requests(seed uint64, rows int64, s *sim.Scenario, period time.Duration, use func(arrow.RecordBatch) error) error {
	var log bytes.Buffer
	o := sim.Options{Seed: seed, Rows: rows, Start: firstDay, Period: period, Scenario: s}
	if err := sim.Requests(&log, o); err != nil {
		return err
	}
	return w.decode(mapping.Requests, &log, use)
}

func (w *world) decode(kind mapping.Kind, log *bytes.Buffer, use func(arrow.RecordBatch) error) error {
	d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: kind, Columns: w.pins}}, use)
	if err := d.From("log", log); err != nil {
		return err
	}
	sum, err := d.Close()
	if err == nil && sum.Bad > 0 {
		err = fmt.Errorf("%d bad lines", sum.Bad)
	}
	return err
}

// A form is what of a prediction is compared: the lead as it came, or the
// model's row made of it.
type form struct {
	name    string
	columns int
	of      func(arrow.RecordBatch) (arrow.RecordBatch, error)
}

// forms are the 19 columns of a lead and the 47 of the model's row.
func (w *world) forms() []form {
	raw := func(rec arrow.RecordBatch) (arrow.RecordBatch, error) {
		rec.Retain()
		return rec, nil
	}
	return []form{
		{fmt.Sprintf("%d raw", len(w.population.Names())), len(w.population.Names()), raw},
		{fmt.Sprintf("%d of the model", len(w.scorer.Pipeline.Columns())), len(w.scorer.Pipeline.Columns()), w.modelRows},
	}
}

// modelRows replaces the lead's columns by those that the model is given.
func (w *world) modelRows(rec arrow.RecordBatch) (arrow.RecordBatch, error) {
	names := w.scorer.Pipeline.Columns()
	rows := make([]float64, int(rec.NumRows())*len(names))
	if err := w.scorer.Pipeline.Batch(rec, rows); err != nil {
		return nil, err
	}
	var fields []arrow.Field
	var cols []arrow.Array
	for i, f := range rec.Schema().Fields() {
		if role := table.RoleOf(f); role != table.Feature && role != table.Text {
			fields, cols = append(fields, f), append(cols, rec.Column(i))
		}
	}
	for j, name := range names {
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		for i := j; i < len(rows); i += len(names) {
			b.Append(rows[i])
		}
		fields, cols = append(fields, table.Field(name, arrow.PrimitiveTypes.Float64, table.Feature)), append(cols, b.NewArray())
	}
	meta := rec.Schema().Metadata()
	return array.NewRecordBatch(arrow.NewSchema(fields, &meta), cols, rec.NumRows()), nil
}

// A reference is a plan and the rows behind it.
type reference struct {
	of      form
	plan    *plan.Plan
	profile *tally.Profile
	view    view.View
}

// reference draws a reference of fresh rows. It has scores, which the model
// gives to rows that it has not seen, but no labels, like the sample's.
func (w *world) reference(seed uint64, rows int64, of form) (*reference, error) {
	return w.planned(func(use func(arrow.RecordBatch) error) error {
		return w.predictions(seed, rows, nil, day, func(rec arrow.RecordBatch) error {
			part, err := of.of(without(rec, "label"))
			if err != nil {
				return err
			}
			defer part.Release()
			return use(part)
		})
	}, of)
}

// planned makes a plan of rows, and counts them by it.
func (w *world) planned(each func(use func(arrow.RecordBatch) error) error, of form) (*reference, error) {
	o := plan.Options{Threshold: w.config.Plan.Threshold, PositiveLabel: w.config.Plan.PositiveLabel, Window: day, Columns: w.config.Plan.Columns}
	planner := plan.NewPlanner(o)
	if err := each(planner.Add); err != nil {
		return nil, err
	}
	plan, err := planner.Plan()
	if err != nil {
		return nil, err
	}
	p := tally.New(plan, view.Period{})
	if err := each(p.AddRows); err != nil {
		return nil, err
	}
	return &reference{of, plan, p, p.View()}, nil
}

// without leaves a column out.
func without(rec arrow.RecordBatch, name string) arrow.RecordBatch {
	var fields []arrow.Field
	var cols []arrow.Array
	for i, f := range rec.Schema().Fields() {
		if f.Name != name {
			fields, cols = append(fields, f), append(cols, rec.Column(i))
		}
	}
	meta := rec.Schema().Metadata()
	return array.NewRecordBatch(arrow.NewSchema(fields, &meta), cols, rec.NumRows())
}

// judge compares what was counted with the reference.
func (w *world) judge(ref *reference, cur *tally.Profile, policy policy.Policy) drift.Report {
	return drift.Compare(ref.view, cur.View(), drift.Options{
		Policy:    policy,
		Threshold: w.config.Plan.Threshold, PositiveLabel: w.config.Plan.PositiveLabel, Period: cur.Period().Length(),
		Limits: w.config.Limits,
	})
}

// night draws one night of fresh rows and counts it by each reference's plan.
func (w *world) night(seed uint64, rows int64, refs []*reference) ([]*tally.Profile, error) {
	profiles := make([]*tally.Profile, len(refs))
	for i, ref := range refs {
		profiles[i] = tally.New(ref.plan, view.Period{})
	}
	return profiles, w.predictions(seed, rows, nil, day, func(rec arrow.RecordBatch) error {
		parts := map[string]arrow.RecordBatch{}
		for i, ref := range refs {
			part := parts[ref.of.name]
			if part == nil {
				var err error
				if part, err = ref.of.of(rec); err != nil {
					return err
				}
				defer part.Release()
				parts[ref.of.name] = part
			}
			if err := profiles[i].AddRows(part); err != nil {
				return err
			}
		}
		return nil
	})
}
