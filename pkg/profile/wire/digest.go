package wire

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
	"strconv"

	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A digest hashes rows as they stand in an encoded profile: strings after their
// lengths, numbers as eight bytes.
type digest struct {
	h   hash.Hash
	buf []byte
}

func newDigest() *digest { return &digest{h: sha256.New()} }

// digestOf returns the digest of a profile that counted nothing yet by the plan.
func digestOf(p *plan.Plan) *digest {
	d := newDigest()
	d.text("leadsman profile")
	d.number(plan.Version)
	d.text(p.ID())
	d.end()
	return d
}

func (d *digest) text(s string) {
	d.buf = binary.LittleEndian.AppendUint64(d.buf, uint64(len(s)))
	d.buf = append(d.buf, s...)
}

func (d *digest) number(n int64) { d.buf = binary.LittleEndian.AppendUint64(d.buf, uint64(n)) }

func (d *digest) list(n []int64) {
	d.number(int64(len(n)))
	for _, v := range n {
		d.number(v)
	}
}

func (d *digest) end() {
	d.h.Write(d.buf)
	d.buf = d.buf[:0]
}

func (d *digest) sum() string { return hex.EncodeToString(d.h.Sum(nil)) }

func (d *digest) counter(r *ledger.Counter) {
	d.text(countersTable)
	for _, s := range []string{r.Window, r.Segment, r.Column, r.Key, r.Op} {
		d.text(s)
	}
	d.list(r.At)
	d.list(r.N)
	d.end()
}

func (d *digest) values(r *ledger.Values) {
	d.text(valuesTable)
	for _, s := range []string{r.Window, r.Segment, r.Column, r.Key} {
		d.text(s)
	}
	d.number(int64(len(r.X)))
	for _, x := range r.X {
		d.number(int64(math.Float64bits(x)))
	}
	d.list(r.N)
	d.end()
}

func (d *digest) name(r *ledger.Name) {
	d.text(unseenTable)
	for _, s := range []string{r.Window, r.Segment, r.Column, r.Key, r.Name} {
		d.text(s)
	}
	d.number(r.Hash)
	d.number(r.N)
	d.end()
}

func (d *digest) row(tableName string, r *row) {
	d.text(tableName)
	d.number(r.Hash)
	d.number(r.N)
	d.number(r.Entity)
	d.text(strconv.FormatBool(r.Timed))
	d.number(r.At)
	ms := r.MS
	if ms != ms {
		ms = math.NaN()
	}
	d.number(int64(math.Float64bits(ms)))
	for _, s := range []string{r.Version, r.ID, r.Cells} {
		d.text(s)
	}
	d.end()
}

func (d *digest) labels(r *labels) {
	d.text(outcomesTable)
	for _, n := range []int64{r.Digest, r.Resolution, r.Rows, r.Keyless, r.Pending, r.Known, r.Contested, r.Cut} {
		d.number(n)
	}
	for _, s := range []string{r.Kind, r.Key, r.Choice, r.First, r.Strays} {
		d.text(s)
	}
	for _, b := range []bool{r.Names, r.Unkeyed, r.Beyond} {
		d.text(strconv.FormatBool(b))
	}
	d.end()
}

func (d *digest) joined(r *joinedRow) {
	d.text(joinedTable)
	d.number(r.Hash)
	d.number(r.At)
	d.number(int64(math.Float64bits(r.Score)))
	d.number(r.Entity)
	d.number(r.Seen)
	d.text(r.Version)
	d.number(int64(math.Float64bits(r.Value)))
	if r.Scores != "" {
		d.text(r.Scores)
	}
	d.end()
}

func (d *digest) cell(c *cell) {
	d.text(cellsTable)
	d.number(c.Start)
	d.number(int64(math.Float64bits(c.Score)))
	d.number(c.N)
	d.end()
}

func (d *digest) lines(l *verdict.Lines) {
	d.text(linesTable)
	d.text(l.Log)
	d.text(strconv.FormatBool(l.Allowed))
	for _, n := range []int64{l.Lines, l.Rows, l.Skipped, l.Bad, l.NoZone} {
		d.number(n)
	}
	d.end()
}

func (d *digest) reject(r *verdict.Reject) {
	d.text(rejectsTable)
	for _, s := range []string{r.Log, r.Source, r.Kind, r.Column, r.Reason, r.FirstLines} {
		d.text(s)
	}
	d.number(r.Count)
	d.end()
}

func (d *digest) missing(n int64) {
	d.number(n)
	d.end()
}

func (d *digest) shard(s *shard) {
	d.text(s.Shard)
	d.text(s.Digest)
	d.number(s.Rows)
	d.end()
}
