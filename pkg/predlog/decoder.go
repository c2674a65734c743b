package predlog

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/table"
)

// LogKind is what the rows are; it is also the name of their table.
type LogKind string

const (
	Predictions LogKind = "predictions"
	Requests    LogKind = "requests"
	References  LogKind = "reference" // raw rows without a record around them, or predictions taken as such
)

// Pin fixes the type of an input field: number, category, text or id.
type Pin struct{ Name, Type string }

// Options say how a log is read.
type Options struct {
	Kind LogKind
	// Fields maps a fixed column (or "input") to the log's own name for it. An
	// empty name for input says that the input fields stand at the top level.
	Fields map[string]string
	// ID names the field, beside the input or in it, that identifies a row.
	ID string
	// Columns pins types. Other input fields have the kind of their first
	// value.
	Columns []Pin
	// Target names the outcome among the columns of a reference.
	Target string
	// InSample says that the scores of a reference are those of the model's own
	// training rows.
	InSample bool
	// Complain, when set, is told the first few bad lines in words; the words
	// hold values of the log.
	Complain func(sentence string)
	// Progress, when set, is told how many bytes of a file were read.
	Progress func(bytes int)
}

// Limits of one line and one batch.
const (
	maxLine       = 16 << 20
	batchRows     = 1 << 16
	batchBytes    = 8 << 20
	maxComplaints = 5
	bufferSize    = 1 << 18
)

// A Decoder turns a log into the batches of one table. A line that cannot be
// read is counted and left out; so is, as null, a value that its column cannot
// hold. The rules:
//
//   - Fields come in any order; null and absent are the same. A prediction
//     must have a timestamp and a score, a request a timestamp and a status
//     code.
//   - A line is bad when it is not one JSON object in UTF-8, when a key is in
//     an object twice, and when a required field is missing or cannot be taken. A reference
//     needs neither, but where it has a timestamp or a score that cannot be
//     taken its line is bad.
//   - Null and counted is a value of another kind than its column's or a nested
//     one, NaN and Infinity, and where a column is not pinned to text an integer
//     beyond 2^53 or a number beyond float64. A field that is ignored may hold
//     them.
//   - Label, model version, endpoint, method and id are text, or the text of a
//     number or bool. A bool in the input is the category "true" or "false".
//   - A timestamp without a zone is taken as UTC and counted.
//   - Lone surrogates become U+FFFD.
//   - Blank lines, a byte order mark at the start and a carriage return at a
//     line's end are ignored. A last line without a newline that stops short is
//     being written: it is counted apart.
//   - A line has at most 16 MiB, a table 4,096 columns. A field whose name has
//     more than 1,024 bytes is unknown.
//   - Unknown fields are counted by name; "simulated": true marks the table.
//
// Columns of numbers are float64, pinned text and ids utf8, all other text is a
// dictionary. Memory is bounded by one batch (65,536 rows or 8 MiB of lines,
// with the longest line on top) and the dictionaries.
type Decoder struct {
	options Options
	emit    func(arrow.RecordBatch) error

	top, in  object
	kinds    map[string]string // pinned types
	cols     []*column
	required []*column
	idKey    *key
	strange  []*key // unknown fields in order of appearance
	overflow *key   // stands for unknown fields beyond maxColumns
	nameless *key   // stands for fields whose name is too long

	buf     []byte
	scratch []byte
	clock   clock

	source string
	line   int64 // over all sources; 1 is the first
	number int64 // within the source
	rows   int   // in the batch
	limit  int   // rows at which the batch goes out
	bytes  int   // of lines in the batch
	known  int   // columns before this line

	fault     fault
	zoneless  bool
	simulated bool
	shaped    []*column   // columns that got their shape in this line
	pending   []typeError // of this line
	unknown   []*key      // in this line
	newKeys   []newKey    // of this line

	marked     bool // the table is marked as simulated
	schema     *arrow.Schema
	complaints int
	rejects    rejects
	summary    Summary
}

type newKey struct {
	o *object
	k *key
}

type typeError struct{ reason, sentence string }

// NewDecoder returns a Decoder that gives its batches to emit. A batch lies in
// the Decoder's memory and is good until emit returns. A later batch may have
// columns that the earlier ones lack: fields appear in a log late.
func NewDecoder(o Options, emit func(arrow.RecordBatch) error) *Decoder {
	const none = "\n" // a literal that no key matches
	d := &Decoder{options: o, emit: emit, overflow: &key{name: "…", literal: none}, nameless: &key{name: "(a name of more than 1024 bytes)", literal: none}}
	d.rejects.index = map[rejectKey]int{}
	d.start()
	d.setLimit()
	for _, c := range d.cols {
		c.room(d.capacity())
	}
	return d
}

// Read reads one source to its end. Its error is the reader's or emit's.
func (d *Decoder) Read(source string, r io.Reader) error {
	d.source, d.number = source, 0
	d.buf = d.buf[:cap(d.buf)]
	if len(d.buf) < bufferSize {
		d.buf = make([]byte, bufferSize)
	}
	from, to := 0, 0 // what is not parsed yet
	first, skipping := true, false
	for {
		if to > len(d.buf)-2*slack {
			if from > 0 {
				copy(d.buf, d.buf[from:to])
				from, to = 0, to-from
			} else if len(d.buf) < maxLine+bufferSize {
				d.buf = append(d.buf, make([]byte, len(d.buf))...)
			}
		}
		n, err := r.Read(d.buf[to : len(d.buf)-slack])
		old := to
		to += n
		if first && to-from >= 3 {
			first = false
			if bytes.HasPrefix(d.buf[from:to], []byte("\xef\xbb\xbf")) {
				from += 3
			}
		}
		atEnd := err == io.EOF
		if err != nil && !atEnd {
			return err
		}
		last := bytes.LastIndexByte(d.buf[old:to], '\n')
		if last >= 0 {
			last += old
			if skipping {
				from = old + bytes.IndexByte(d.buf[old:to], '\n') + 1
				skipping = false
			}
			if from, err = d.lines(from, last); err != nil {
				return err
			}
		}
		if skipping {
			from = to
		} else if to-from > maxLine {
			d.begin()
			if err := d.reject(fault{reason: reasonLong, at: from}, from); err != nil {
				return err
			}
			skipping, from = true, to
		}
		if atEnd {
			if from < to && !skipping {
				d.buf[to] = '\n'
				return d.lastLine(from, to)
			}
			return nil
		}
		if from == to {
			from, to = 0, 0
		}
	}
}

// lines reads the lines from p to the newline at last and returns the byte
// behind it.
func (d *Decoder) lines(p, last int) (int, error) {
	for p <= last {
		q, err := d.oneLine(p)
		if err != nil {
			return 0, err
		}
		p = q + 1
	}
	return p, nil
}

// oneLine reads the line at p and returns its newline.
func (d *Decoder) oneLine(p int) (int, error) {
	d.begin()
	start := space(d.buf, p)
	if d.buf[start] == '\n' {
		return start, nil
	}
	end := d.record(start)
	if end < 0 {
		end = max(d.fault.at, p)
		end += bytes.IndexByte(d.buf[end:], '\n')
		return end, d.reject(d.fault, p)
	}
	if end-p > maxLine {
		return end, d.reject(fault{reason: reasonLong, at: p}, p)
	}
	return end, d.commit(end - p)
}

// lastLine reads the source's last line, which has no newline of its own.
func (d *Decoder) lastLine(p, end int) error {
	d.begin()
	start := space(d.buf, p)
	if start == end {
		return nil
	}
	if d.record(start) >= 0 {
		return d.commit(end - p)
	}
	if d.fault.cut {
		d.rollBack()
		d.summary.Half = append(d.summary.Half, fmt.Sprintf("%s:%d", d.source, d.number))
		return nil
	}
	return d.reject(d.fault, p)
}

// begin sets out on the next line.
func (d *Decoder) begin() {
	d.line++
	d.number++
	d.known = len(d.cols)
	d.zoneless, d.simulated = false, false
	d.shaped, d.pending, d.unknown, d.newKeys = d.shaped[:0], d.pending[:0], d.unknown[:0], d.newKeys[:0]
}

// commit keeps the row that was read.
func (d *Decoder) commit(size int) error {
	d.summary.Lines++
	d.summary.Rows++
	d.rows++
	d.bytes += size
	if d.zoneless {
		d.summary.Zoneless++
	}
	for _, e := range d.pending {
		d.rejects.add(d.source, e.reason, d.number)
		d.summary.TypeErrors++
		if e.sentence != "" && d.complaints < maxComplaints {
			d.complain(e.sentence)
		}
	}
	for _, k := range d.unknown {
		if k.seen++; k.seen == 1 {
			d.strange = append(d.strange, k)
		}
	}
	if d.simulated && !d.marked {
		// The mark is the whole table's: what was read before it goes out
		// without it only if a batch is already gone.
		d.marked, d.schema = true, nil
	}
	if d.rows >= d.limit || d.bytes >= batchBytes {
		return d.flush()
	}
	return nil
}

// reject counts the line at p as bad and takes back what it set.
func (d *Decoder) reject(f fault, p int) error {
	d.rollBack()
	d.summary.Lines++
	d.summary.Bad++
	d.rejects.add(d.source, f.reason, d.number)
	if d.complaints < maxComplaints {
		s := f.reason
		switch {
		case f.detail != "":
			s += fmt.Sprintf(" at byte %d: %s", f.at-p+1, f.detail)
		case f.got != "":
			s += ", got " + f.got
		}
		d.complain(s)
	}
	return nil
}

func (d *Decoder) complain(sentence string) {
	if d.complaints++; d.options.Complain != nil {
		d.options.Complain(fmt.Sprintf("%s:%d: %s", d.source, d.number, sentence))
	}
}

// rollBack undoes the current line.
func (d *Decoder) rollBack() {
	for _, c := range d.cols {
		c.undo(d.rows)
	}
	for _, c := range d.shaped {
		c.shape = unset
	}
	if len(d.newKeys) > 0 {
		gone := map[*key]bool{}
		for _, n := range d.newKeys {
			delete(n.o.keys, n.k.name)
			gone[n.k] = true
		}
		for _, o := range []*object{&d.top, &d.in} {
			if gone[o.first] {
				o.first = nil
			}
			for _, k := range o.keys {
				if gone[k.next] {
					k.next = nil
				}
			}
		}
	}
	kept := len(d.cols)
	for kept > d.known {
		kept--
		if d.idKey != nil && d.idKey.col == d.cols[kept] {
			d.idKey.col = nil
		}
	}
	d.cols = d.cols[:kept]
	d.setLimit()
}

// setLimit sets how many rows a batch may have: fewer when columns are many.
func (d *Decoder) setLimit() {
	d.limit = min(batchRows, max(256, batchBytes/(12*max(1, len(d.cols)))))
}

// capacity is the number of rows to make room for.
func (d *Decoder) capacity() int { return max(d.limit, d.rows+1) }

// flush gives the batch to emit.
func (d *Decoder) flush() error {
	var cols []*column
	for _, c := range d.cols {
		if c.shape != unset && (c.sealed || !c.optional || !c.empty()) {
			if !c.sealed {
				d.schema = nil
				c.sealed = true
				if d.options.Kind == References {
					c.settle(d.rows)
				}
			}
			cols = append(cols, c)
		}
	}
	arrays := make([]arrow.Array, len(cols))
	for i, c := range cols {
		arrays[i] = c.array(d.rows)
	}
	if d.schema == nil {
		d.schema = d.makeSchema(cols)
	}
	rec := array.NewRecordBatch(d.schema, arrays, int64(d.rows))
	err := d.emit(rec)
	for _, c := range cols {
		c.reset(d.rows)
	}
	d.rows, d.bytes = 0, 0
	if err != nil {
		return &emitError{err}
	}
	return nil
}

func (d *Decoder) makeSchema(cols []*column) *arrow.Schema {
	fields := make([]arrow.Field, len(cols))
	for i, c := range cols {
		var extra []string
		if c.role == table.Latency {
			extra = []string{table.KeyUnit, "ms"}
		}
		if c.role == table.Score && d.options.Kind == References {
			extra = []string{table.KeySample, "held_out"}
			if d.options.InSample {
				extra[1] = "in_sample"
			}
		}
		fields[i] = table.Field(c.name, c.arrowType(), c.role, extra...)
	}
	s := table.Named(string(d.options.Kind), arrow.NewSchema(fields, nil))
	if d.marked {
		s = table.WithMeta(s, table.KeySimulated, "true")
	}
	return s
}

// Close gives the last batch to emit, an empty one when the log had no rows,
// and returns what was seen. Call it once, after the last Read.
func (d *Decoder) Close() (Summary, error) {
	if d.rows > 0 || d.schema == nil {
		if err := d.flush(); err != nil {
			return d.summary, errors.Unwrap(err)
		}
	}
	for _, c := range d.cols {
		if c.shape == unset {
			d.summary.Empty = append(d.summary.Empty, c.name)
		} else if !c.pinned {
			d.summary.Inferred++
		}
	}
	for _, k := range d.strange {
		d.summary.Unknown = append(d.summary.Unknown, Unknown{k.name, k.seen})
	}
	d.summary.Rejects = d.rejects.list
	return d.summary, nil
}
