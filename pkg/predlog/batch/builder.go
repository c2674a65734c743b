package batch

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/table"
)

// MaxColumns bounds the columns of a table.
const MaxColumns = 4096

// Limits of one batch.
const (
	maxRows  = 1 << 16
	maxBytes = 8 << 20 // of lines
)

// slack is how many bytes behind a text Column.SetText may read.
const slack = 8

// A Builder builds the batches of one table. Memory is bounded by one batch and
// the dictionaries of its columns.
type Builder struct {
	// Sample is what the schema says of the column of scores, held_out or
	// in_sample; nothing where it is empty.
	Sample string

	// Provenance says in words where the rows come from, empty for nothing.
	Provenance string
	// Odd, when set, is told of values that are in no column after all: of their
	// row in the batch, when it goes out.
	Odd func(c *Column, row int, text string, why Odd)

	name   string
	emit   func(arrow.RecordBatch) error
	cols   []*Column
	known  int       // columns before this row
	shaped []*Column // columns that got their shape in this row

	rows    int // in the batch
	limit   int // rows at which the batch goes out
	bytes   int // of lines in the batch
	marked  bool
	schema  *arrow.Schema // of the last batch, nil when the next has another
	scratch []byte
}

// NewBuilder returns a Builder of the table name that gives its batches to emit.
// A batch lies in the Builder's memory and is good until emit returns. A later
// batch may have columns that the earlier ones lack.
func NewBuilder(name string, emit func(arrow.RecordBatch) error) *Builder {
	b := &Builder{name: name, emit: emit}
	b.setLimit()
	return b
}

// Add puts a column behind the others: from this row on, for good when the row
// is committed.
func (b *Builder) Add(c *Column) {
	b.cols = append(b.cols, c)
	b.setLimit()
	if c.Shape != Unset {
		c.room(b.capacity())
	}
}

// Shape gives c the shape of its first value.
func (b *Builder) Shape(c *Column, s Shape) {
	c.Shape = s
	c.room(b.capacity())
	b.shaped = append(b.shaped, c)
}

// Columns are all columns, of which some may have no value yet.
func (b *Builder) Columns() []*Column { return b.cols }

// Row is the place of the current row, for the setters of columns.
func (b *Builder) Row() int { return b.rows }

// Begin sets out on the next row.
func (b *Builder) Begin() {
	b.known, b.shaped = len(b.cols), b.shaped[:0]
}

// SetText sets the row's text in c, which may lie at the end of its memory. It
// returns false when it is not UTF-8.
func (b *Builder) SetText(c *Column, text string) bool {
	b.scratch = append(append(b.scratch[:0], text...), make([]byte, slack)...)
	return c.SetText(b.rows, b.scratch, 0, len(text))
}

// Mark marks the table as simulated: that of the batches that are not out yet.
func (b *Builder) Mark() {
	if !b.marked {
		b.marked, b.schema = true, nil
	}
}

// Commit keeps the row, which was made of a line of size bytes.
func (b *Builder) Commit(size int) error {
	b.rows++
	b.bytes += size
	if b.rows >= b.limit || b.bytes >= maxBytes {
		return b.flush()
	}
	return nil
}

// Undo takes the row back, with the columns and shapes that came with it.
func (b *Builder) Undo() {
	for _, c := range b.cols {
		c.undo(b.rows)
	}
	for _, c := range b.shaped {
		c.Shape = Unset
	}
	b.cols = b.cols[:b.known]
	b.setLimit()
}

// Close gives the last batch to emit, an empty one when there were no rows.
func (b *Builder) Close() error {
	if b.rows > 0 || b.schema == nil {
		return b.flush()
	}
	return nil
}

// setLimit sets how many rows a batch may have: fewer when columns are many.
func (b *Builder) setLimit() {
	b.limit = min(maxRows, max(256, maxBytes/(12*max(1, len(b.cols)))))
}

// capacity is the number of rows to make room for.
func (b *Builder) capacity() int { return max(b.limit, b.rows+1) }

// flush gives the batch to emit.
func (b *Builder) flush() error {
	var cols []*Column
	for _, c := range b.cols {
		if c.Shape != Unset && (c.sealed || !c.Optional || !c.empty()) {
			first := !c.sealed
			if first {
				b.schema = nil
				c.decide(b.rows, func(row int, text string, why Odd) {
					if b.Odd != nil {
						b.Odd(c, row, text, why)
					}
				})
				c.sealed = true
			}
			if c.texts() {
				c.texting.add(c, b.rows)
			}
			if first {
				c.settle(b.rows)
			}
			cols = append(cols, c)
		}
	}
	arrays := make([]arrow.Array, len(cols))
	for i, c := range cols {
		arrays[i] = c.array(b.rows)
	}
	if b.schema == nil {
		b.schema = b.makeSchema(cols)
	}
	rec := array.NewRecordBatch(b.schema, arrays, int64(b.rows))
	err := b.emit(rec)
	for _, c := range cols {
		c.reset(b.rows)
	}
	b.rows, b.bytes = 0, 0
	return err
}

func (b *Builder) makeSchema(cols []*Column) *arrow.Schema {
	fields := make([]arrow.Field, len(cols))
	for i, c := range cols {
		var extra []string
		switch {
		case c.Role == table.Latency:
			extra = []string{table.KeyUnit, "ms"}
		case c.Role == table.Score && b.Sample != "":
			extra = []string{table.KeySample, b.Sample}
			if b.Provenance != "" {
				extra = append(extra, table.KeyProvenance, b.Provenance)
			}
		case c.Unit != "" && c.Shape == Floats:
			extra = []string{table.KeyUnit, c.Unit}
		}
		fields[i] = table.Field(c.Name, c.arrowType(), c.Role, extra...)
	}
	s := table.Named(b.name, arrow.NewSchema(fields, nil))
	if b.marked {
		s = table.WithMeta(s, table.KeySimulated, "true")
	}
	return s
}
