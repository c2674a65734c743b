package monitor

import (
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Tables of rows that are read.
const (
	predictions   = "predictions"
	requests      = "requests"
	referenceRows = "reference"
	rejects       = "rejects" // of which the type errors count
)

// each reads the input's tables, gives the known ones to use, and passes the
// others on, and rejects too.
func each(in *table.Reader, known []string, use func(name string, rec arrow.RecordBatch) error, rest func(arrow.RecordBatch) error) error {
	for in.Next() {
		name, rec := in.Table(), in.Batch()
		if slices.Contains(known, name) {
			if err := use(name, rec); err != nil {
				return fmt.Errorf("%s: %w", in.Input(), err)
			}
		}
		if name == rejects || !slices.Contains(known, name) {
			if err := rest(rec); err != nil {
				return err
			}
		}
	}
	return in.Err()
}

// CountReference counts the reference that o names by the plan that was made of
// it; another one is an error.
func CountReference(o Options, p *plan.Plan) (*tally.Profile, error) {
	o = o.settled()
	r := &reference{o: &o, path: o.Reference, target: p.Target, types: p.Types()}
	f := tally.New(p, view.Period{})
	if err := r.each(f.AddRows); err != nil {
		return nil, err
	}
	if f.CheckReference() != nil {
		return nil, r.isAnother()
	}
	f.AddTypeErrors(r.mistyped)
	return f, nil
}

// CountLog counts a part of a log by a plan: the tables predictions and requests
// of the input, or its table reference. Other tables go to rest.
func CountLog(o Options, p *plan.Plan, in *table.Reader, rest func(arrow.RecordBatch) error) (*tally.Profile, error) {
	f := tally.New(p, lastOf(o.Config.Last, o.Now))
	o = o.settled()
	readable := newLeaver(&o)
	kinds := map[bool]bool{} // whether reference rows, whether the log's were there
	err := each(in, []string{predictions, requests, referenceRows, rejects}, func(name string, rec arrow.RecordBatch) error {
		if name == rejects {
			byColumn, err := addTypeErrors(nil, rec)
			f.AddTypeErrors(byColumn)
			return err
		}
		if kinds[name == referenceRows] = true; len(kinds) > 1 {
			return errors.New("has a reference and a log: profile them apart")
		}
		return readable.pass(in.Input(), rec, func(rec arrow.RecordBatch) error { return count(f, rec) })
	}, rest)
	if err == nil && len(kinds) == 0 {
		err = errors.New("no table predictions, requests or reference in the input")
	}
	return f, err
}

// count adds a batch of rows to a profile.
func count(f *tally.Profile, rec arrow.RecordBatch) error {
	name := table.NameOf(rec.Schema())
	var err error
	if name == requests {
		err = f.AddRequests(rec)
	} else {
		err = f.AddRows(rec)
	}
	if err != nil {
		return fmt.Errorf("table %s: %w", name, err)
	}
	return nil
}

// addTypeErrors adds the type errors of a batch of rejects, by column.
func addTypeErrors(sum map[string]int64, rec arrow.RecordBatch) (map[string]int64, error) {
	list, err := table.Decode[verdict.Reject](rec)
	if sum == nil {
		sum = make(map[string]int64)
	}
	for name, n := range faults.TypeErrors(list) {
		sum[name] += n
	}
	return sum, err
}

// Merge adds up the profiles of one plan that the input holds, in any order; a
// shard that comes twice counts once. Other tables go to rest.
func Merge(p *plan.Plan, in *table.Reader, rest func(arrow.RecordBatch) error) (*wire.Sealed, error) {
	m, err := merger(p, in, rest)
	if err != nil {
		return nil, err
	}
	return sum(m)
}

// ReadProfile is Merge for an input whose profiles are to be judged and not to be
// added to others; its errors name the input.
func ReadProfile(p *plan.Plan, in *table.Reader, rest func(arrow.RecordBatch) error) (*tally.Profile, error) {
	m, err := merger(p, in, rest)
	if err != nil {
		return nil, err
	}
	s, err := sum(m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Input(), err)
	}
	return s.Profile, nil
}

func merger(p *plan.Plan, in *table.Reader, rest func(arrow.RecordBatch) error) (*wire.Merger, error) {
	m := wire.NewMerger(p)
	return m, each(in, wire.Tables, func(_ string, rec arrow.RecordBatch) error { return m.Add(rec) }, rest)
}

func sum(m *wire.Merger) (*wire.Sealed, error) {
	s, err := m.Sum()
	if err == nil && s.Shards() == 0 {
		err = errors.New("no profile in the input")
	}
	return s, err
}
