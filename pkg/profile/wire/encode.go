package wire

import (
	"cmp"
	"errors"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Sealed is a profile with the names of its leaves: the runs of the command
// profile that it is the sum of.
type Sealed struct {
	Profile *tally.Profile

	shards
	body *body // of a leaf; nil of a sum
}

// A body is what stands before the shards of an encoded profile, and its digest.
type body struct {
	tally.Snapshot
	rows, newest []row
	entities     []row
	labels       []labels // of outcomes, where they were brought to the rows
	joined       []joinedRow
	cells        []cell
	digest       string
}

// Seal names a profile as one shard of a larger whole. An empty name stands for
// the digest of what it counted, which is all that is ever encoded of it: what
// is added afterwards is not.
func Seal(f *tally.Profile, name string) *Sealed {
	b := bodyOf(f)
	return &Sealed{Profile: f, shards: shards{there: []shard{{cmp.Or(name, b.digest), b.digest, f.Size()}}}, body: b}
}

// Shards returns how many leaves the profile is made of: none of an input that
// had no profile.
func (s *Sealed) Shards() int { return len(s.there) }

// bodyOf encodes what the profile has counted so far.
func bodyOf(f *tally.Profile) *body {
	b := &body{Snapshot: *f.Snapshot()}
	for i := range b.Sample {
		b.rows = append(b.rows, rowOf(&b.Sample[i]))
	}
	for i := range b.Newest {
		b.newest = append(b.newest, rowOf(&b.Newest[i]))
	}
	for i := range b.Entities {
		b.entities = append(b.entities, rowOf(&b.Entities[i]))
	}
	b.Sample, b.Newest, b.Entities = nil, nil, nil
	if s := b.Outcomes; s != nil {
		t := s.File
		b.labels = []labels{{t.Digest, t.Kind, t.Key, t.Names, t.Resolution, t.Choice, t.Rows, t.Keyless, t.Pending, t.Known, t.Contested, t.First, s.Keyless, s.Strays.Encode(), s.Beyond(), int64(s.Cut())}}
		for _, r := range s.Rows() {
			b.joined = append(b.joined, joinedRow{int64(r.Hash), r.At, r.Score, int64(r.Entity), r.Seen, r.Version, r.Value, r.Scores})
		}
		for _, c := range s.Cells() {
			b.cells = append(b.cells, cell(c))
		}
		b.Outcomes = nil
	}
	b.digest = b.sum(f.Plan())
	return b
}

// sum returns the digest of all that was counted under a plan: equal for the
// same rows, however they were sharded and merged.
func (b *body) sum(by *plan.Plan) string {
	d := digestOf(by)
	for i := range b.Counters {
		d.counter(&b.Counters[i])
	}
	for i := range b.Values {
		d.values(&b.Values[i])
	}
	for i := range b.Names {
		d.name(&b.Names[i])
	}
	for i := range b.rows {
		d.row(rowsTable, &b.rows[i])
	}
	for i := range b.newest {
		d.row(newestTable, &b.newest[i])
	}
	for i := range b.entities {
		d.row(entitiesTable, &b.entities[i])
	}
	for i := range b.labels {
		d.labels(&b.labels[i])
	}
	for i := range b.joined {
		d.joined(&b.joined[i])
	}
	for i := range b.cells {
		d.cell(&b.cells[i])
	}
	for i := range b.Lines {
		d.lines(&b.Lines[i])
	}
	for i := range b.Rejects {
		d.reject(&b.Rejects[i])
	}
	return d.sum()
}

func rowOf(s *tally.Sampled) row {
	return row{
		Hash: int64(s.Hash), N: s.N, Timed: s.Row.Timed, At: s.Row.At, MS: s.Row.MS,
		Entity: int64(s.Entity), Version: s.Row.Version, ID: s.Row.ID, Cells: string(appendCells(nil, s.Row.Cells)),
	}
}

// Encode writes the profile's tables, each with at least one batch, the seal
// last.
func (s *Sealed) Encode(write func(arrow.RecordBatch) error) error {
	if len(s.there) == 0 {
		return errors.New("profile: has no seal")
	}
	b := s.body
	if b == nil {
		b = bodyOf(s.Profile)
	}
	rows := s.rows()
	leaves := newDigest()
	for i := range rows {
		leaves.shard(&rows[i])
	}
	leaves.missing(s.unnamed)
	end := seal{Version: plan.Version, PlanID: s.Profile.Plan().ID(), Counted: b.Counted, From: b.From, Until: b.Until, Digest: b.digest, Shards: leaves.sum(), Missing: s.unnamed}
	return b.write(rows, end, write)
}

// write writes all tables.
func (b *body) write(shards []shard, end seal, write func(arrow.RecordBatch) error) error {
	for _, step := range []func() error{
		func() error {
			as := func(r *ledger.Counter) counter { return counter{r.Window, r.Segment, r.Column, r.Key, r.Op, r.At, r.N} }
			return writeAs(countersTable, b.Counters, as, write)
		},
		func() error {
			return writeAs(valuesTable, b.Values, func(r *ledger.Values) values { return values(*r) }, write)
		},
		func() error {
			return writeAs(unseenTable, b.Names, func(r *ledger.Name) unseen { return unseen(*r) }, write)
		},
		func() error { return writeRows(rowsTable, b.rows, write) },
		func() error { return writeRows(newestTable, b.newest, write) },
		func() error { return writeRows(entitiesTable, b.entities, write) },
		func() error { return writeRows(outcomesTable, b.labels, write) },
		func() error { return writeRows(joinedTable, b.joined, write) },
		func() error { return writeRows(cellsTable, b.cells, write) },
		func() error { return writeRows(linesTable, b.Lines, write) },
		func() error { return writeRows(rejectsTable, b.Rejects, write) },
		func() error { return writeRows(shardsTable, shards, write) },
		func() error { return writeRows(sealTable, []seal{end}, write) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// The most rows of a batch, and the most bytes of its lists or texts. A buffer below
// 128 KiB is one block to zstd, which then needs no more memory than that to read it, and
// not the megabytes of a window.
const (
	encodeBatch = 1 << 13
	encodeBytes = 120 << 10
)

// A long row says how many bytes its list or text takes.
type long interface{ bytes() int }

// writeAs writes rows that become rows of a table in batches, one at the least.
func writeAs[S, T any](name string, rows []S, as func(*S) T, write func(arrow.RecordBatch) error) error {
	var batch []T
	held := 0
	for i := range rows {
		row, n := as(&rows[i]), 0
		if l, ok := any(&row).(long); ok {
			n = l.bytes()
		}
		if len(batch) == encodeBatch || len(batch) > 0 && held+n > encodeBytes {
			if err := writeBatch(name, batch, write); err != nil {
				return err
			}
			batch, held = batch[:0], 0
		}
		batch = append(batch, row)
		held += n
	}
	return writeBatch(name, batch, write)
}

// writeRows writes rows of a table in batches, one at the least.
func writeRows[T any](name string, rows []T, write func(arrow.RecordBatch) error) error {
	return writeAs(name, rows, func(r *T) T { return *r }, write)
}

func writeBatch[T any](name string, rows []T, write func(arrow.RecordBatch) error) error {
	rec := table.Encode(name, rows)
	defer rec.Release()
	if !slices.Contains(packedTables, name) {
		return write(rec)
	}
	packed := table.Packed(rec)
	defer packed.Release()
	return write(packed)
}
