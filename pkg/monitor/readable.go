package monitor

import (
	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/table"
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
