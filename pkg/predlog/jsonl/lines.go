package jsonl

import (
	"bytes"
	"io"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/jsontext"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// bufferSize is how much of a stream is read at once.
const bufferSize = 1 << 18

// A Reader reads JSON lines, from one stream after another.
type Reader struct {
	parser
	settled bool // the first lines were shown to the table
}

// NewReader returns a Reader into t.
func NewReader(t *mapping.Table) *Reader { return &Reader{parser: newParser(t)} }

// Read reads one source to its end. Its error is from's or that of the table's
// emit.
func (r *Reader) Read(source string, in io.Reader) error {
	r.table.Tally.Begin(source)
	r.buf = r.buf[:cap(r.buf)]
	if len(r.buf) < bufferSize {
		r.buf = make([]byte, bufferSize)
	}
	from, to := 0, 0 // what is not parsed yet
	first, skipping := true, false
	for {
		if to > len(r.buf)-2*jsontext.Slack {
			if from > 0 {
				copy(r.buf, r.buf[from:to])
				from, to = 0, to-from
			} else if len(r.buf) < faults.MaxLine+bufferSize {
				r.buf = append(r.buf, make([]byte, len(r.buf))...)
			}
		}
		n, err := in.Read(r.buf[to : len(r.buf)-jsontext.Slack])
		old := to
		to += n
		if first && to-from >= 3 {
			first = false
			if bytes.HasPrefix(r.buf[from:to], []byte("\xef\xbb\xbf")) {
				from += 3
			}
		}
		atEnd := err == io.EOF
		if err != nil && !atEnd {
			return err
		}
		last := bytes.LastIndexByte(r.buf[old:to], '\n')
		if last >= 0 {
			last += old
			if skipping {
				from = old + bytes.IndexByte(r.buf[old:to], '\n') + 1
				skipping = false
			}
			r.settle(from, last)
			if from, err = r.lines(from, last); err != nil {
				return err
			}
		}
		if skipping {
			from = to
		} else if to-from > faults.MaxLine {
			r.begin(0)
			r.reject(faults.Fault{Reason: faults.TooLong, At: from}, from)
			skipping, from = true, to
		}
		if atEnd {
			if from < to && !skipping {
				r.buf[to] = '\n'
				r.settle(from, to)
				return r.lastLine(from, to)
			}
			return nil
		}
		if from == to {
			from, to = 0, 0
		}
	}
}

// settleLines are the lines by which it is decided which columns a log lacks.
const settleLines = 20

// settle shows the table the first lines of those from p to the newline at last.
func (r *Reader) settle(p, last int) {
	if r.settled || r.table.Kind != mapping.Predictions {
		return
	}
	r.settled = true
	var lines [][]mapping.Seen
	for p <= last && len(lines) < settleLines {
		end := p + bytes.IndexByte(r.buf[p:], '\n')
		if seen := mapping.SeenIn(r.buf[p:end]); seen != nil {
			lines = append(lines, seen)
		}
		p = end + 1
	}
	r.table.Settle(lines)
}

// lines reads the lines from p to the newline at last and returns the byte
// behind it.
func (r *Reader) lines(p, last int) (int, error) {
	for p <= last {
		q, err := r.oneLine(p)
		if err != nil {
			return 0, err
		}
		p = q + 1
	}
	return p, nil
}

// oneLine reads the line at p and returns its newline.
func (r *Reader) oneLine(p int) (int, error) {
	r.begin(0)
	return r.begun(p)
}

// Record reads one record without a newline that was made of the line of that
// number; several may have been made of one. Its error is that of the table's emit.
func (r *Reader) Record(text []byte, number int64) error {
	r.buf = r.buf[:cap(r.buf)]
	if need := len(text) + 1 + jsontext.Slack; need > len(r.buf) {
		r.buf = make([]byte, 2*need)
	}
	r.buf[copy(r.buf, text)] = '\n'
	r.begin(number)
	_, err := r.begun(0)
	return err
}

// begun reads the line at p, which was set out on, and returns its newline.
func (r *Reader) begun(p int) (int, error) {
	start := jsontext.Space(r.buf, p)
	if r.buf[start] == '\n' {
		return start, nil
	}
	end := r.record(start)
	if end < 0 {
		end = max(r.fault.At, p)
		end += bytes.IndexByte(r.buf[end:], '\n')
		r.reject(r.fault, p)
		return end, nil
	}
	if end-p > faults.MaxLine {
		r.reject(faults.Fault{Reason: faults.TooLong, At: p}, p)
		return end, nil
	}
	return end, r.commit(end - p)
}

// lastLine reads the source's last line, which has no newline of its own.
func (r *Reader) lastLine(p, end int) error {
	r.begin(0)
	start := jsontext.Space(r.buf, p)
	if start == end {
		return nil
	}
	if r.record(start) >= 0 {
		return r.commit(end - p)
	}
	if r.fault.Cut {
		r.undo()
		r.table.Rows.Undo()
		r.table.Tally.Unfinished()
		return nil
	}
	r.reject(r.fault, p)
	return nil
}

// begin sets out on the line of that number; 0 is the one behind the last.
func (r *Reader) begin(number int64) {
	r.table.Begin(number)
	r.parser.begin()
}

// commit keeps the row that was read.
func (r *Reader) commit(size int) error {
	if r.simulated {
		// The mark is the whole table's: what was read before it goes out
		// without it only if a batch is already gone.
		r.table.Rows.Mark()
	}
	return r.table.Commit(size)
}

// reject counts the line at p as bad.
func (r *Reader) reject(f faults.Fault, p int) {
	r.undo()
	if f.Lacks != "" && r.table.Tally.Explains() {
		f = r.table.Explain(f, mapping.SeenIn(r.buf[p:f.At]))
	}
	r.table.Reject(f, p, 0)
}
