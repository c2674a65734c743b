package wire

import (
	"errors"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Merger reads encoded profiles of one plan, one after another, and merges
// them. The same shard with the same digest counts once; with another digest it
// is refused. The tables of one profile may come in any order, as they do from a
// directory, but for counters, which comes first.
type Merger struct {
	plan    *plan.Plan
	pending map[string][]arrow.RecordBatch // of the profile that is read, by table
	sum     *Sealed                        // nil before the first
	twice   []string
}

// NewMerger returns a Merger of the plan's profiles.
func NewMerger(p *plan.Plan) *Merger {
	return &Merger{plan: p, pending: make(map[string][]arrow.RecordBatch)}
}

// Add reads a batch of one of Tables.
func (m *Merger) Add(rec arrow.RecordBatch) error {
	name := table.NameOf(rec.Schema())
	switch {
	case len(m.pending) == 0 && name != countersTable:
		return fmt.Errorf("profile: begins with table %s, want %s: a table is missing", name, countersTable)
	case len(m.pending) > 1 && name == countersTable:
		if err := m.flush(); err != nil {
			return err
		}
	}
	rec.Retain()
	m.pending[name] = append(m.pending[name], rec)
	if name == sealTable && len(m.pending) == len(Tables) {
		return m.flush()
	}
	return nil
}

// flush decodes the pending profile and adds it to the sum.
func (m *Merger) flush() error {
	d := newDecoder(m.plan)
	var f *Sealed
	err := m.foreign()
	for _, name := range Tables {
		for _, rec := range m.pending[name] {
			if err == nil && f == nil {
				f, err = d.add(rec)
			}
			rec.Release()
		}
	}
	clear(m.pending)
	switch {
	case err != nil:
		return err
	case f == nil:
		return errors.New("profile: ends without its seal: it is not complete")
	}
	return m.merge(f)
}

// foreign says so when the pending profile's seal names another version or plan: its
// counters would be refused for reasons that are hard to read.
func (m *Merger) foreign() error {
	for _, rec := range m.pending[sealTable] {
		rows, err := table.Decode[seal](rec)
		switch {
		case err != nil || len(rows) == 0:
		case rows[0].Version != plan.Version:
			return fmt.Errorf("profile: %w", otherVersion("profile", rows[0].Version))
		case rows[0].PlanID != m.plan.ID():
			return fmt.Errorf("profile: was counted by plan %.12s, want one of plan %.12s", rows[0].PlanID, m.plan.ID())
		}
	}
	return nil
}

// otherVersion is the fault of a plan or a profile that another leadsman made by driftcalc
// plan or driftcalc profile.
func otherVersion(step string, version int64) error {
	return fmt.Errorf("has version %d, this leadsman reads %d: make it anew with driftcalc %s", version, plan.Version, step)
}

func (m *Merger) merge(f *Sealed) error {
	if m.sum == nil {
		m.sum = f
		return nil
	}
	how, twice, err := m.sum.relate(&f.shards)
	if err == nil && how != apart {
		err = m.sum.Profile.Fits(f.Profile)
	}
	if err != nil {
		return err
	}
	m.twice = append(m.twice, twice...)
	sum := &Sealed{Profile: m.sum.Profile, shards: m.sum.shards}
	switch how {
	case apart:
		if err := sum.Profile.Merge(f.Profile); err != nil {
			return err
		}
	case around:
		sum.Profile = f.Profile
	}
	sum.merge(&f.shards, how)
	m.sum = sum
	return nil
}

// Twice are the shards without a name of their own that came more than once: runs of
// profile again, or different parts of a log with the same rows.
func (m *Merger) Twice() []string { return m.twice }

// Sum returns the sum of what was added: the empty profile, which has no shards,
// when that was nothing. A profile without its seal is refused.
func (m *Merger) Sum() (*Sealed, error) {
	if len(m.pending) > 0 {
		if err := m.flush(); err != nil {
			return nil, err
		}
	}
	if m.sum == nil {
		return &Sealed{Profile: tally.New(m.plan, view.Period{})}, nil
	}
	return m.sum, nil
}
