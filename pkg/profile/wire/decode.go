package wire

import (
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/joined"
	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A decoder reads one encoded profile, table by table, row by row in canonical
// order, and believes it when its seal fits.
type decoder struct {
	plan    *plan.Plan
	rows    *tally.Restorer
	digest  *digest
	leaves  *digest // of the shards
	shards  []shard
	missing int64
	beyond  bool
	cut     uint64
	stage   int // index in Tables of the table that is read
}

func newDecoder(p *plan.Plan) *decoder {
	return &decoder{plan: p, rows: tally.NewRestorer(p), digest: digestOf(p), leaves: newDigest()}
}

// add reads a batch of a profile's table and returns the profile when it was
// the seal.
func (d *decoder) add(rec arrow.RecordBatch) (*Sealed, error) {
	name := table.NameOf(rec.Schema())
	stage := slices.Index(Tables, name)
	if stage != d.stage && stage != d.stage+1 {
		return nil, fmt.Errorf("profile: table %s stands after %s: a table is missing", name, Tables[d.stage])
	}
	d.stage = stage
	var err error
	switch name {
	case countersTable:
		err = each(rec, func(r *counter) error {
			c := ledger.Counter{Window: r.Window, Segment: r.Segment, Column: r.Column, Key: r.Key, Op: r.Op, Numbers: ledger.Numbers{At: r.At, N: r.N}}
			d.digest.counter(&c)
			return d.rows.Counter(&c)
		})
	case valuesTable:
		err = each(rec, func(r *values) error {
			v := ledger.Values(*r)
			d.digest.values(&v)
			return d.rows.Values(&v)
		})
	case unseenTable:
		err = each(rec, func(r *unseen) error {
			n := ledger.Name(*r)
			d.digest.name(&n)
			return d.rows.Name(&n)
		})
	case rowsTable:
		err = each(rec, func(r *row) error { return d.row(name, r, d.rows.Sampled) })
	case newestTable:
		err = each(rec, func(r *row) error { return d.row(name, r, d.rows.Newest) })
	case entitiesTable:
		err = each(rec, func(r *row) error { return d.row(name, r, d.rows.Entity) })
	case outcomesTable:
		err = each(rec, func(r *labels) error {
			d.digest.labels(r)
			d.beyond, d.cut = r.Beyond, uint64(r.Cut)
			f := joined.File{Digest: r.Digest, Kind: r.Kind, Key: r.Key, Names: r.Names, Resolution: r.Resolution, Choice: r.Choice,
				Rows: r.Rows, Keyless: r.Keyless, Pending: r.Pending, Known: r.Known, Contested: r.Contested, First: r.First}
			return d.rows.Outcomes(f, r.Unkeyed, r.Strays)
		})
	case joinedTable:
		err = each(rec, func(r *joinedRow) error {
			d.digest.joined(r)
			return d.rows.Joined(joined.Row{Hash: uint64(r.Hash), At: r.At, Score: r.Score, Entity: uint64(r.Entity), Seen: r.Seen, Version: r.Version, Value: r.Value, Scores: r.Scores})
		})
	case cellsTable:
		err = each(rec, func(c *cell) error {
			d.digest.cell(c)
			return d.rows.Cell(joined.Cell(*c))
		})
	case linesTable:
		err = each(rec, func(l *verdict.Lines) error {
			d.digest.lines(l)
			return d.rows.Lines(*l)
		})
	case rejectsTable:
		err = each(rec, func(r *verdict.Reject) error {
			d.digest.reject(r)
			return d.rows.Reject(*r)
		})
	case shardsTable:
		err = each(rec, func(s *shard) error {
			d.leaves.shard(s)
			if n := len(d.shards); n > 0 && d.shards[n-1].Shard >= s.Shard {
				return errors.New("rows are not in canonical order")
			}
			d.shards = append(d.shards, *s)
			return nil
		})
	case sealTable:
		if rec.NumRows() == 0 {
			return nil, errors.New("profile: table seal: is empty")
		}
		var f *tally.Profile
		if err = each(rec, func(s *seal) (err error) { f, err = d.unseal(s); return err }); err == nil {
			sealed := &Sealed{Profile: f}
			sealed.set(d.shards, d.missing)
			if len(sealed.there) == 0 {
				return nil, errors.New("profile: table shards: names no shard")
			}
			return sealed, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("profile: table %s: %w", name, err)
	}
	return nil, nil
}

// each passes the rows of a batch on.
func each[T any](rec arrow.RecordBatch, use func(r *T) error) error {
	rows, err := table.Decode[T](rec)
	if err != nil {
		return err
	}
	for i := range rows {
		if err := use(&rows[i]); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) row(tableName string, r *row, use func(tally.Sampled) error) error {
	d.digest.row(tableName, r)
	cells, err := parseCells(r.Cells)
	if err != nil {
		return err
	}
	return use(tally.Sampled{
		Hash: uint64(r.Hash), N: r.N, Entity: uint64(r.Entity),
		Row: tally.Row{Timed: r.Timed, At: r.At, MS: r.MS, Version: r.Version, ID: r.ID, Cells: cells},
	})
}

func (d *decoder) unseal(s *seal) (*tally.Profile, error) {
	if s.PlanID != d.plan.ID() {
		return nil, fmt.Errorf("is of plan %.12s, want plan %.12s", s.PlanID, d.plan.ID())
	}
	d.leaves.missing(s.Missing)
	switch {
	case s.Digest != d.digest.sum() || s.Shards != d.leaves.sum():
		return nil, errors.New("does not fit the tables before it: rows are missing or changed")
	case s.Missing < 0:
		return nil, errors.New("misses fewer shards than none")
	}
	d.missing = s.Missing
	if d.beyond {
		if err := d.rows.Beyond(d.cut); err != nil {
			return nil, err
		}
	}
	return d.rows.Profile(s.Counted, s.From, s.Until)
}
