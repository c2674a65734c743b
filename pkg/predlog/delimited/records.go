package delimited

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// Records reads a CSV file with a header and gives each record to each, with the
// number of its line and its bytes: an object of its fields, null where
// one is blank or a word for a missing value without quotes, a number what
// spelling.Exact reads, else text. Bad records are t's rejects.
//
// Errors are r's and each's, and what is wrong with the file as a whole.
func Records(t *mapping.Table, name string, r io.Reader, each func(line int64, record any, size int) error) error {
	t.Tally.Begin(name)
	b := bufio.NewReaderSize(r, 1<<16)
	head, err := b.Peek(b.Size())
	if err != nil && err != io.EOF {
		return err
	}
	c := newReader(b, Separator(head))
	header, err := c.header(name)
	if err != nil {
		return err
	}
	if len(header) > batch.MaxColumns {
		return fmt.Errorf("%s:1: %s", name, faults.ManyColumns)
	}
	seen := map[string]bool{}
	for _, h := range header {
		switch {
		case !utf8.ValidString(h):
			return fmt.Errorf("%s:1: %s", name, faults.NotUTF8)
		case seen[h]:
			return fmt.Errorf("%s:1: column %q is there twice", name, h)
		}
		seen[h] = true
	}
	for {
		fields, err := c.next()
		if err == io.EOF {
			return nil
		}
		if bad := badRecord(err); bad != nil {
			t.Begin(int64(bad.StartLine))
			t.Reject(faults.Fault{Reason: reason(err)}, 0, swallowed(bad))
			continue
		} else if err != nil {
			return err
		}
		line, _ := c.csv.FieldPos(0)
		record, size := make(map[string]any, len(fields)), 0
		valid := true
		for i, field := range fields {
			size += len(field)
			valid = valid && utf8.ValidString(field)
			record[header[i]] = valueOf(strings.Clone(field), func() bool { return c.quoted(i) })
		}
		if !valid {
			t.Begin(int64(line))
			t.Reject(faults.Fault{Reason: faults.NotUTF8}, 0, 0)
		} else if err := each(int64(line), record, size); err != nil {
			return err
		}
	}
}

// valueOf is a field as a program takes it.
func valueOf(field string, quoted func() bool) any {
	if isBlank(field) || spelling.IsMissing(field) && !quoted() {
		return nil
	}
	if x, ok := spelling.Exact(field); ok {
		return x
	}
	return field
}
