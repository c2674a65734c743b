package traffic

import (
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// A reference is rows that nights are held against.
type reference struct {
	kind    *kind
	plan    *plan.Plan
	profile *tally.Profile
}

func (k *kind) referenceOf(rows []row) (*reference, error) { return k.referenceBy(rows, 0) }

// referenceBy is one whose profile, and those of nights, keeps so many rows, and counts
// by segments.
func (k *kind) referenceBy(rows []row, sample int64, segments ...string) (*reference, error) {
	o := plan.Options{Threshold: math.NaN(), Window: 24 * time.Hour, SampleRows: sample, Segments: segments}
	if k.entity {
		o.Entity = "lead"
	}
	rec := k.encode("reference", rows)
	defer rec.Release()
	b := plan.NewPlanner(o)
	if err := b.Add(rec); err != nil {
		return nil, err
	}
	p, err := b.Plan()
	if err != nil {
		return nil, err
	}
	f := tally.New(p, view.Period{})
	return &reference{k, p, f}, f.AddRows(rec)
}

// judge compares the last day of a log with the reference. Before, as the rule was,
// takes every row for an independent one of any day.
func (ref *reference) judge(rows []row, before bool) (drift.Report, error) {
	last := rows[len(rows)-1].At.Truncate(24 * time.Hour)
	period := view.Period{From: last.Add(-time.Microsecond), Until: last.Add(24*time.Hour - time.Microsecond)}
	f := tally.New(ref.plan, period)
	rec := ref.kind.encode("predictions", rows)
	defer rec.Release()
	if err := f.AddRows(rec); err != nil {
		return drift.Report{}, err
	}
	then, now := ref.profile.View(), f.View()
	if before {
		then, now = blind(then), blind(now)
	}
	return drift.Compare(then, now, drift.Options{Period: period.Length()}), nil
}

// blind is a view that does not know which rows hang together.
func blind(v view.View) view.View {
	v.Entities, v.EntityCount, v.Week, v.Windows, v.Inputs = nil, 0, nil, nil, view.Repeats{}
	columns := append([]view.Column(nil), v.Columns...)
	for i := range columns {
		columns[i].Clusters, columns[i].Entities = nil, 0
	}
	v.Columns = columns
	return v
}
