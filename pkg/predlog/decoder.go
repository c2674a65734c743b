package predlog

import (
	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog/arrowlog"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/jq"
	"github.com/leadsman/leadsman/pkg/predlog/jsonl"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// Options say how a log is read.
type Options struct {
	Mapping mapping.Options
	// InSample says that the scores of a reference are those of the model's own
	// training rows.
	InSample bool
	// Records, when set, makes the records that are read of those of the log.
	Records *jq.Pipeline
	// Complain, when set, is told the first few bad lines in words; the words
	// hold values of the log.
	Complain func(sentence string)
	// Progress, when set, is told how many bytes of a file were read.
	Progress func(bytes int)
}

// A Decoder turns a log into the batches of one table. A line that cannot be
// read is counted and left out; so is, as null, a value that its column cannot
// hold. The rules:
//
//   - Fields come in any order; null and absent are the same. A prediction
//     must have a timestamp and a score where its log has them, which the first
//     lines tell, a request a timestamp and a status code.
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
//   - A timestamp without a zone is taken as UTC and counted; so is a number that
//     is a moment of this century since 1970, in one of four units. Numbers of
//     fixed fields may stand in quotes.
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
	table   *mapping.Table
	lines   *jsonl.Reader
	emitted error               // of emit, which is not the source's fault
	frames  *arrowlog.Converter // of Batch
	source  string              // of the batch before

	// each takes a record that programs are to be run on.
	each func(number int64, record any, size int) error
	// Of the records that they make:
	held    []made // waiting to be read
	records int    // among them
	columns bool   // they are made of those of a file of columns
	settled bool   // which columns the log lacks is decided
}

// NewDecoder returns a Decoder that gives its batches to emit. A batch lies in
// the Decoder's memory and is good until emit returns. A later batch may have
// columns that the earlier ones lack: fields appear in a log late.
func NewDecoder(o Options, emit func(arrow.RecordBatch) error) *Decoder {
	d := &Decoder{options: o}
	d.each = d.program
	d.table = mapping.New(o.Mapping, o.Complain, func(rec arrow.RecordBatch) error {
		d.emitted = emit(rec)
		return d.emitted
	})
	if o.Mapping.Kind == mapping.References {
		d.table.Rows.Sample = "held_out"
		if o.InSample {
			d.table.Rows.Sample = "in_sample"
		}
	}
	d.lines = jsonl.NewReader(d.table)
	return d
}

// Close gives the last batch to emit, an empty one when the log had no rows,
// and returns what was seen. Call it once, after the last source.
func (d *Decoder) Close() (faults.Summary, error) { return d.table.Close() }
