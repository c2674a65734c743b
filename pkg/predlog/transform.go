package predlog

import (
	"bufio"
	"bytes"
	"io"

	"github.com/leadsman/leadsman/pkg/predlog/arrowlog"
	"github.com/leadsman/leadsman/pkg/predlog/delimited"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/jq"
	"github.com/leadsman/leadsman/pkg/predlog/jsontext"
	"github.com/leadsman/leadsman/pkg/predlog/logfile"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
)

// transform reads a source through the programs. A program is given a line that
// begins with { or [ as the JSON that it is and any other line as text, a record of
// CSV as an object of its fields, and a row of Arrow or Parquet as one of its columns.
func (d *Decoder) transform(s *logfile.Source, r *bufio.Reader, head []byte) error {
	switch {
	case table.IsTable(head):
		return d.transformTable(d.open(s, r))
	case d.isCSV(s.Name, head):
		d.columns = true
		return d.named(s, d.released(delimited.Records(d.table, s.Name, r, d.each)))
	}
	return d.named(s, d.released(d.transformLines(s.Name, r)))
}

func (d *Decoder) transformTable(in *table.Reader) error {
	d.columns = true
	return d.released(arrowlog.Records(d.table, in, d.each))
}

// made is what became of a record: another one, or nothing, for a reason or not.
type made struct {
	number int64
	record []byte
	fault  faults.Fault
	half   bool // the last line, which is being written
}

// By the first records it is decided which columns the log lacks: so many wait for
// each other, with no more than so many that became nothing among them.
const (
	firstRecords = 20
	mostHeld     = 1000
)

// put takes what became of a record, or keeps it waiting. Its error is emit's.
func (d *Decoder) put(m made) error {
	if d.settled {
		return d.take(m)
	}
	if d.held = append(d.held, m); m.record != nil {
		d.held[len(d.held)-1].record = bytes.Clone(m.record)
		d.records++
	}
	if d.records == firstRecords || len(d.held) == mostHeld {
		return d.release()
	}
	return nil
}

// release takes what waits.
func (d *Decoder) release() error {
	if d.records > 0 && !d.settled {
		d.settled = true
		if d.table.Kind == mapping.Predictions {
			var lines [][]mapping.Seen
			for _, m := range d.held {
				if seen := mapping.SeenIn(m.record); seen != nil {
					lines = append(lines, seen)
				}
			}
			if d.columns {
				d.table.Flatten(lines)
			}
			d.table.Settle(lines)
		}
	}
	held := d.held
	d.held = nil
	for _, m := range held {
		if err := d.take(m); err != nil {
			return err
		}
	}
	return nil
}

// released is release at the end of a source that was read without an error.
func (d *Decoder) released(err error) error {
	if err != nil {
		return err
	}
	return d.release()
}

func (d *Decoder) take(m made) error {
	if m.record != nil {
		return d.lines.Record(m.record, m.number)
	}
	d.table.Begin(m.number)
	switch {
	case m.half:
		d.table.Tally.Unfinished()
	case m.fault.Reason != "":
		d.table.Reject(m.fault, 0, 0)
	default:
		d.table.Skip()
	}
	return nil
}

// program makes the rows of one record, from the line of that number, of so many
// bytes. Its error is emit's.
func (d *Decoder) program(number int64, record any, size int) error {
	records, ends, f := d.options.Records.Run(record, size)
	if _, text := record.(string); text && f.Reason != "" {
		f.Reason = faults.NotJSON + ", and as text " + f.Reason
	}
	if len(ends) == 0 {
		return d.put(made{number: number, fault: f})
	}
	from := 0
	for _, end := range ends {
		if err := d.put(made{number: number, record: records[from:end]}); err != nil {
			return err
		}
		from = end
	}
	return nil
}

// transformLines reads lines of JSON or text.
func (d *Decoder) transformLines(source string, r *bufio.Reader) error {
	d.table.Tally.Begin(source)
	var line []byte
	for number := int64(1); ; number++ {
		var err error
		var long bool
		if line, long, err = readLine(r, line[:0]); err != nil && err != io.EOF {
			return err
		}
		if number == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		last := err == io.EOF
		if failed := d.transformLine(number, line, long, last); failed != nil {
			return failed
		}
		if last {
			return nil
		}
	}
}

// transformLine reads one line, which is the last and has no newline or not.
func (d *Decoder) transformLine(number int64, line []byte, long, last bool) error {
	text := bytes.TrimRight(line, "\r")
	start := bytes.TrimLeft(text, " \t")
	reject := func(f faults.Fault) error {
		return d.put(made{number: number, fault: f, half: last && f.Cut})
	}
	switch {
	case long:
		return reject(faults.Fault{Reason: faults.TooLong})
	case len(start) == 0:
		return nil
	case start[0] != '{' && start[0] != '[':
		if f := jsontext.CheckUTF8(text, 0); f.Reason != "" {
			return reject(f)
		}
		if last {
			if _, _, f := d.options.Records.Run(string(text), len(text)); f.Reason != "" {
				return reject(faults.Fault{Reason: f.Reason, Cut: true})
			}
		}
		return d.each(number, string(text), len(text))
	}
	size := len(line)
	line = append(append(line, '\n'), make([]byte, jsontext.Slack)...)
	record, f := jq.Decode(line)
	if f.Reason != "" {
		return reject(f)
	}
	return d.each(number, record, size)
}

// readLine appends a line without its newline to line. A long one is left out and
// told; the error is io.EOF where the stream ends.
func readLine(r *bufio.Reader, line []byte) (_ []byte, long bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if !long {
			line = append(line, part...)
			if long = len(line) > faults.MaxLine+1; long {
				line = line[:0]
			}
		}
		if err != bufio.ErrBufferFull {
			return bytes.TrimSuffix(line, []byte("\n")), long, err
		}
	}
}
