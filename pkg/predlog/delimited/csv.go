package delimited

import (
	"bufio"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/timestamp"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// Read reads a CSV file with a header into t in two passes; again goes back to
// the start of r. Quotes are RFC 4180's; one that is never closed is an error, and
// all lines that a stray one swallows are bad. Fields are separated by what
// Separator finds. Blank fields are null, and so are words for missing values
// (spelling.IsMissing): in numbers always, in text unless they stand in quotes or
// the column is pinned as a category. A column is of numbers when most of its fields
// that are not null read as one, else of text, unless it is pinned; decimal commas
// and thousands separators are read where a column is full of them. Columns that
// are no fixed ones are input fields.
//
// Errors are r's, again's and those of the table's emit, and what is wrong with
// the file as a whole, which begins with name.
func Read(t *mapping.Table, name string, r io.Reader, again func() error) error {
	t.Tally.Begin(name)
	b := bufio.NewReaderSize(r, 1<<16)
	head, err := b.Peek(b.Size())
	if err != nil && err != io.EOF {
		return err
	}
	comma := Separator(head)
	first := newReader(b, comma)
	header, err := first.header(name)
	if err != nil {
		return err
	}
	f := &file{table: t, names: header, european: comma == ';'}
	if f.keys, err = keysOf(t, name, header); err != nil {
		return err
	}
	if err := f.findKinds(name, first); err != nil {
		return err
	}
	if err := again(); err != nil {
		return err
	}
	second := newReader(r, comma)
	if _, err := second.header(name); err != nil {
		return err
	}
	return f.readRows(second)
}

// A file is a file that is being read.
type file struct {
	table *mapping.Table
	keys  []*mapping.Key // by column
	names []string       // of the columns
	clock timestamp.Clock

	european bool // fields are separated as where the comma is decimal
}

// keysOf finds what each column of the header is.
func keysOf(t *mapping.Table, name string, header []string) ([]*mapping.Key, error) {
	if len(header) > batch.MaxColumns {
		return nil, fmt.Errorf("%s:1: %s", name, faults.ManyColumns)
	}
	seen := map[string]bool{}
	keys := make([]*mapping.Key, len(header))
	for i, h := range header {
		switch {
		case !utf8.ValidString(h):
			return nil, fmt.Errorf("%s:1: %s", name, faults.NotUTF8)
		case len(h) > mapping.MaxName:
			return nil, fmt.Errorf("%s:1: %s", name, faults.LongName)
		case seen[h]:
			return nil, fmt.Errorf("%s:1: column %q is there twice", name, h)
		}
		seen[h] = true
		k := t.Column(h, header)
		switch {
		case h == "", k == nil && t.In.Keys[h] == nil && table.IsIndex(h): // an index, as pandas writes it
			k = &mapping.Key{Action: mapping.Drop}
		case t.Marks(h):
			k = &mapping.Key{Action: mapping.Simulated}
		case k != nil:
		case t.Kind == mapping.Requests:
			k = &mapping.Key{Name: h, Action: mapping.Ignore, Lost: faults.Unknown{Name: h}}
		default:
			if k = t.InputKey(t.InputName(h, header)); k == nil {
				return nil, fmt.Errorf("%s:1: %s", name, faults.ManyColumns)
			}
		}
		if k.Action == mapping.Word && k.Col == nil {
			k.Col = t.NewColumn(h)
		}
		keys[i] = k
	}
	return keys, nil
}

// findKinds reads the file once and gives the columns of input fields their
// shapes.
func (f *file) findKinds(name string, r reader) error {
	kinds := make([]inference, len(f.keys))
	var first [][]mapping.Seen
	open := 0 // line of the quote that the last record, of several lines, broke on
	for {
		record, err := r.next()
		if err == io.EOF && open > 0 {
			return fmt.Errorf("%s:%d: a quote is not closed", name, open)
		}
		if err == io.EOF {
			break
		}
		bad := badRecord(err)
		if err != nil && bad == nil {
			return err
		}
		if open = 0; swallowed(bad) > 0 {
			open = bad.StartLine
		}
		if err == nil {
			if len(first) < settleRecords {
				first = append(first, f.seen(record))
			}
			for i, field := range record {
				switch {
				case isBlank(field) || f.keys[i].Col != nil && f.keys[i].Col.IsNone(field):
				case !spelling.IsMissing(field):
					kinds[i].add(field)
				case r.quoted(i):
					kinds[i].quoted++
				}
			}
		}
	}
	f.table.Columns = true
	f.table.Settle(first)
	for i, k := range f.keys {
		if k.Action == mapping.Feature || k.Action == mapping.Measure {
			f.shape(k.Col, &kinds[i])
		}
	}
	return nil
}

// settleRecords are the records by which it is decided which columns a log lacks.
const settleRecords = 20

// seen is a record as it is shown to the table.
func (f *file) seen(record []string) []mapping.Seen {
	list := make([]mapping.Seen, len(record))
	for i, field := range record {
		list[i] = mapping.Seen{Path: f.names[i], Top: true}
		if !isBlank(field) && !spelling.IsMissing(field) {
			list[i].Value = field
		}
	}
	return list
}

// shape gives a column the shape that its fields have, unless it has one.
func (f *file) shape(c *batch.Column, kind *inference) {
	format, numbers := kind.Format(f.european)
	if c.Shape == batch.Unset && kind.Values+kind.quoted > 0 {
		switch c.Decided = true; {
		case spelling.IsMost(numbers, kind.Values) && !kind.Codes():
			f.table.Rows.Shape(c, batch.Floats)
		case f.table.Kind == mapping.References && c.Role == table.Feature && kind.texts.Free():
			c.Role = table.Text
			f.table.Rows.Shape(c, batch.Texts)
		default:
			f.table.Rows.Shape(c, batch.Words)
		}
	}
	switch c.Shape {
	case batch.Floats:
		if c.Decided = true; format != spelling.Plain {
			c.Format = format
		}
	case batch.Words:
		if !c.Pinned && !kind.Codes() {
			c.Numbers += numbers
		}
	}
}

// readRows reads the file again, into rows.
func (f *file) readRows(r reader) error {
	for {
		record, err := r.next()
		if err == io.EOF {
			return nil
		}
		bad := badRecord(err)
		line := 0
		switch {
		case bad != nil:
			line = bad.StartLine
		case err != nil:
			return err
		default:
			line, _ = r.csv.FieldPos(0)
		}
		f.table.Begin(int64(line))
		if bad != nil {
			f.table.Reject(faults.Fault{Reason: reason(err)}, 0, swallowed(bad))
			continue
		}
		size, wrong := f.set(r, record)
		if wrong.Reason != "" {
			if wrong.Lacks != "" && f.table.Tally.Explains() {
				wrong = f.table.Explain(wrong, f.seen(record))
			}
			f.table.Reject(wrong, 0, 0)
		} else if err := f.table.Commit(size); err != nil {
			return err
		}
	}
}

// set sets the row to the record and returns its bytes, or why it is bad.
func (f *file) set(r reader, record []string) (size int, bad faults.Fault) {
	row := f.table.Rows.Row()
	for i, field := range record {
		k := f.keys[i]
		if size += len(field); field == "" || spelling.IsMissing(field) && !f.isValue(r, i, field) {
			continue
		}
		if k.Action == mapping.Simulated && spelling.Value(field) == "true" {
			f.table.Rows.Mark()
		}
		if k.Action == mapping.Drop || k.Action == mapping.Simulated {
			continue
		}
		if k.Action == mapping.Ignore {
			f.table.Tally.Unknown(&k.Lost)
			continue
		}
		c := k.Col
		if c.Shape == batch.Unset { // every record that would have shown it was bad
			continue
		}
		if c.HasNone() && c.IsNone(field) {
			continue
		}
		want := "a number"
		switch c.Shape {
		case batch.Words, batch.Texts:
			if !f.table.Rows.SetText(c, field) {
				return size, faults.Fault{Reason: faults.NotUTF8}
			}
			continue
		case batch.Times:
			if micros, reading := f.clock.Text(k.Format, []byte(field)); reading != timestamp.None {
				f.table.Met(reading)
				c.SetInt(row, micros)
				continue
			}
			want = k.Format.WantFor(k.Name, []byte(field))
		case batch.Ints:
			want = "a whole number"
			if x, ok := k.ParseQuoted(field); ok && x == float64(int64(x)) && (k.Action == mapping.Code || spelling.IsExact(field, x)) {
				c.SetInt(row, int64(x))
				continue
			}
		default:
			if k.Action == mapping.Feature {
				f.table.TakeText(c, field)
				continue
			}
			if isBlank(field) {
				continue
			}
			if x, ok := c.Format.Parse(field); ok && x-x == 0 && spelling.IsExact(field, x) {
				if k.Scale != 0 {
					x *= k.Scale
				}
				c.SetFloat(row, x)
				continue
			}
		}
		got := faults.Quote([]byte(field))
		if k.Required {
			return size, faults.Want(k.Name, want, got)
		}
		f.table.Tally.Mismatch(c.Name, want, got)
	}
	return size, f.table.Missing()
}

// isValue tells whether a word for a missing value, field i of the record, is a
// value none the less: in a column of text, when it stands in quotes or the column
// keeps it. It notes one that is not.
func (f *file) isValue(r reader, i int, field string) bool {
	k := f.keys[i]
	if k.Col == nil || k.Col.Shape != batch.Words && k.Col.Shape != batch.Texts {
		return false
	}
	if k.Col.KeepsWord(field) || r.quoted(i) {
		return true
	}
	if k.Action == mapping.Feature && k.Col.Shape == batch.Words {
		f.table.Tally.MissingWord(k.Col.Name, field)
	}
	return false
}
