package monitor

import (
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/rejects"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// Tables of rows that are read.
const (
	predictions   = "predictions"
	requests      = "requests"
	referenceRows = "reference"
	linesRead     = "lines"
	rejected      = "rejects"
)

// counted are the tables of which no row goes on.
var counted = []string{predictions, requests, referenceRows}

// each reads the input's tables, gives the known ones to use, and passes the
// others on.
func each(in *table.Reader, known []string, use func(name string, rec arrow.RecordBatch) error, rest func(arrow.RecordBatch) error) error {
	for in.Next() {
		name, rec := in.Table(), in.Batch()
		if slices.Contains(known, name) {
			if err := use(name, rec); err != nil {
				return fmt.Errorf("%s: %w", in.Input(), err)
			}
		} else if err := rest(rec); err != nil {
			return err
		}
	}
	return in.Err()
}

// CountReference counts the reference that o names by the plan that was made of
// it; another one is an error.
func CountReference(o Options, p *plan.Plan) (*tally.Profile, error) {
	o = o.settled()
	r := &reference{o: &o, path: o.Reference, target: p.Target, types: p.Types(), known: true}
	f := tally.New(p, view.Period{})
	if err := r.each(f.AddRows); err != nil {
		return nil, err
	}
	if f.CheckReference() != nil {
		return nil, r.isAnother()
	}
	f.AddTypeErrors(r.left.Types())
	return f, nil
}

// CountLog counts a part of a log by a plan: the tables predictions and requests
// of the input, or its table reference. Other tables go to rest.
func CountLog(o Options, p *plan.Plan, in *table.Reader, rest func(arrow.RecordBatch) error) (*tally.Profile, error) {
	in.Indexed = counted
	f := tally.New(p, lastOf(o.Config.Last, o.Now))
	o = o.settled()
	readable := newLeaver(&o)
	kinds := map[bool]bool{} // whether reference rows, whether the log's were there
	outcomes := meeting{o: &o}
	var left rejects.Sum
	foreign := frames{o: &o, left: &left}
	rows := func(rec arrow.RecordBatch) error {
		if err := outcomes.add(rec, func() (*plan.Plan, error) { return p, nil }); err != nil {
			return err
		}
		return count(f, rec)
	}
	err := each(in, []string{predictions, requests, referenceRows, linesRead, rejected}, func(name string, rec arrow.RecordBatch) error {
		if name == linesRead || name == rejected {
			return addLeft(rec, func(string) *rejects.Sum { return &left })
		}
		if kinds[name == referenceRows] = true; len(kinds) > 1 {
			return errors.New("has a reference and a log: profile them apart")
		}
		if foreign.mapped(in) {
			return foreign.add(in, p, rows)
		}
		return readable.pass(in.Input(), rec, rows)
	}, rest)
	if err == nil {
		err = foreign.close()
	}
	if err == nil && len(kinds) == 0 && in.Table() != "" { // an input of nothing is an empty part
		err = errors.New("no table predictions, requests or reference in the input")
	}
	f.AddLeft(&left)
	outcomes.into(f)
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

// Merge adds up the profiles of one plan that the input holds, in any order; a
// shard that comes twice counts once. Other tables go to rest, what a person should
// know to notef.
func Merge(p *plan.Plan, in *table.Reader, notef func(string, ...any), rest func(arrow.RecordBatch) error) (*wire.Sealed, error) {
	m, err := merger(p, in, rest)
	if err != nil {
		return nil, err
	}
	return sum(m, notef)
}

// ReadProfile is Merge for an input whose profiles are to be judged and not to be
// added to others; its errors name the input.
func ReadProfile(p *plan.Plan, in *table.Reader, notef func(string, ...any), rest func(arrow.RecordBatch) error) (*wire.Sealed, error) {
	m, err := merger(p, in, rest)
	if err != nil {
		return nil, err
	}
	s, err := sum(m, notef)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Input(), err)
	}
	return s, nil
}

func merger(p *plan.Plan, in *table.Reader, rest func(arrow.RecordBatch) error) (*wire.Merger, error) {
	m := wire.NewMerger(p)
	return m, each(in, wire.Tables, func(_ string, rec arrow.RecordBatch) error { return m.Add(rec) }, rest)
}

func sum(m *wire.Merger, notef func(string, ...any)) (*wire.Sealed, error) {
	s, err := m.Sum()
	if err == nil && s.Shards() == 0 {
		err = errors.New("no profile in the input")
	}
	if twice := m.Twice(); err == nil && len(twice) > 0 {
		notef("%s without a name of their own came more than once and count once, %.12s first: if they are different parts of the log with the same rows, name them with --shard",
			words.Count(int64(len(twice)), "profile", "profiles"), twice[0])
	}
	return s, err
}
