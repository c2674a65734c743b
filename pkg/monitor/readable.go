package monitor

import (
	"fmt"
	"maps"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/rejects"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A leaver leaves out of rows, as another program may have written them, the
// columns that nobody reads, and notes each once.
type leaver struct {
	notef func(format string, args ...any)
	noted map[faults.Typed]bool
}

func newLeaver(o *Options) *leaver {
	return &leaver{notef: o.Notef, noted: make(map[faults.Typed]bool)}
}

// pass gives use a batch with the columns that are read.
func (l *leaver) pass(input string, rec arrow.RecordBatch, use func(arrow.RecordBatch) error) error {
	rec, left := table.Readable(rec)
	defer rec.Release()
	for _, c := range left {
		if t := (faults.Typed{Source: input, Column: c.Column, Type: c.Why}); !l.noted[t] {
			l.noted[t] = true
			l.notef("%s", t)
		}
	}
	return use(rec)
}

// A frames takes rows of the log as another program wrote them, such as a Parquet
// file of a warehouse, the way that ingest takes them: by the names and types of the
// settings, of which a column may be another's time or score.
type frames struct {
	o        *Options
	left     *rejects.Sum
	decoders map[string]*predlog.Decoder // by table
}

// simulated is the column that says of rows that they are.
const simulated = "simulated"

// mapped says whether the current batch is one that must be taken that way: where
// nothing is set and the columns are leadsman's own, it can be counted as it is.
func (f *frames) mapped(in *table.Reader) bool {
	name, c := in.Table(), f.o.Config
	if !in.Foreign() || name != predictions && name != requests {
		return false
	}
	if len(c.Fields.Of(mapping.Kind(name))) > 0 || len(c.Ignore) > 0 || len(c.Pins()) > 0 || c.Plan.ID != "" || c.Plan.Entity != "" || len(c.Plan.Classes) > 0 || len(c.Outcomes.By) > 0 {
		return true
	}
	for _, field := range in.Schema().Fields() {
		switch role := read.RoleOf(field); {
		case arrow.IsNested(field.Type.ID()), field.Name == simulated:
			return true
		case role == table.Timestamp && field.Type.ID() != arrow.TIMESTAMP, role == table.Score && !arrow.IsFloating(field.Type.ID()):
			return true
		}
	}
	return false
}

// add takes the current batch over and gives what it holds to use, with the role of
// every column; its batches are good until use returns.
func (f *frames) add(in *table.Reader, p *plan.Plan, use func(arrow.RecordBatch) error) error {
	kind, c := mapping.Kind(in.Table()), f.o.Config
	d := f.decoders[in.Table()]
	if d == nil {
		programs, err := c.Programs.Of(kind)
		if err != nil {
			return c.At(err)
		}
		if programs != nil {
			return fmt.Errorf("%s: the settings run a program on the records of %s: pass the file through ingest", in.Input(), kind)
		}
		d = predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{
			Kind: kind, Fields: c.Fields.Of(kind), Ignore: c.Ignore, Beside: c.Segments, Classes: c.Plan.Classes, ID: c.Plan.ID, Entity: c.Plan.Entity, Keys: c.Outcomes.Columns(), Columns: c.PinsBy(p),
		}}, use)
		if f.decoders == nil {
			f.decoders = make(map[string]*predlog.Decoder)
		}
		f.decoders[in.Table()] = d
	}
	return d.Batch(in.Input(), in.Batch())
}

// close gives what is left of the rows to use, and counts what was left out.
func (f *frames) close() error {
	for _, name := range slices.Sorted(maps.Keys(f.decoders)) {
		seen, err := f.decoders[name].Close()
		if err != nil {
			return err
		}
		for _, note := range seen.Notes() {
			f.o.Notef("%s", note)
		}
		f.left.AddLines([]verdict.Lines{seen.Read(name, false)})
		if err := f.left.AddRejects(seen.RejectsOf(name)); err != nil {
			return err
		}
	}
	return nil
}
