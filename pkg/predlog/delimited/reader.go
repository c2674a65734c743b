package delimited

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
)

// Separator finds what separates the fields of the header that head begins with:
// commas, or where it has none semicolons or tabs, whichever it has more of.
func Separator(head []byte) rune {
	counts := map[byte]int{}
	quoted := false
	for _, c := range head {
		if c == '\n' && !quoted {
			break
		}
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[c]++
		}
	}
	switch {
	case counts[','] > 0 || counts[';'] == 0 && counts['\t'] == 0:
		return ','
	case counts[';'] >= counts['\t']:
		return ';'
	}
	return '\t'
}

// Table tells whether two lines that text begins with are of a table: of several
// fields, as many in both, of which the first are names: all different, and none
// begins with a digit. The second line may be cut short.
func Table(first, rest []byte) bool {
	comma := Separator(first)
	record, err := newReader(bytes.NewReader(first), comma).next()
	if err != nil || len(record) < 2 {
		return false
	}
	seen := map[string]bool{}
	for i, name := range record {
		if seen[name] || name == "" && i > 0 || name != "" && name[0]-'0' <= 9 {
			return false
		}
		seen[name] = true
	}
	second, _, whole := bytes.Cut(rest, []byte("\n"))
	next, err := newReader(bytes.NewReader(second), comma).next()
	return err == nil && (len(next) == len(record) || !whole && len(next) < len(record))
}

// reader reads records of bounded length.
type reader struct {
	csv   *csv.Reader
	bound *bounded
}

// quoted reports whether field i of the last record stands in quotes.
func (c reader) quoted(i int) bool {
	line, column := c.csv.FieldPos(i)
	raw := c.bound.raw[c.bound.at:]
	for n := c.bound.line; n < line; n++ {
		raw = raw[bytes.IndexByte(raw, '\n')+1:]
	}
	return column <= len(raw) && raw[column-1] == '"'
}

func newReader(r io.Reader, comma rune) reader {
	b := &bounded{r: r, line: 1}
	c := csv.NewReader(b)
	c.ReuseRecord, c.Comma = true, comma
	return reader{c, b}
}

func (c reader) next() ([]string, error) {
	c.bound.begin(c.csv.InputOffset())
	return c.csv.Read()
}

func (c reader) header(name string) ([]string, error) {
	record, err := c.next()
	if err == io.EOF {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s:1: %s", name, reason(err))
	}
	header := append([]string(nil), record...)
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	return header, nil
}

// bounded fails when a record takes more than faults.MaxLine bytes, as one does
// whose quote is never closed. It keeps the record's bytes.
type bounded struct {
	r    io.Reader
	left int
	raw  []byte // what was read, with the record from its first byte on
	at   int    // where that byte is in raw
	from int64  // where it stands in the file
	line int    // and in which line
}

var newline = []byte{'\n'}

// begin sets out on the record that begins at a byte of the file.
func (b *bounded) begin(at int64) {
	b.left = faults.MaxLine
	before := b.raw[b.at : b.at+int(at-b.from)]
	b.line += bytes.Count(before, newline)
	b.at, b.from = b.at+len(before), at
}

var errLongRecord = errors.New("record longer than 16 MiB: is a quote not closed?")

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLongRecord
	}
	n, err := b.r.Read(p)
	b.left -= n
	b.raw = append(append(b.raw[:0], b.raw[b.at:]...), p[:n]...)
	b.at = 0
	return n, err
}

// badRecord returns what is wrong with a record, or nil when err is the
// reader's.
func badRecord(err error) *csv.ParseError {
	var bad *csv.ParseError
	errors.As(err, &bad)
	return bad
}

// swallowed returns how many lines a stray quote drew into the record that
// began before them.
func swallowed(bad *csv.ParseError) int64 {
	if bad == nil || !errors.Is(bad, csv.ErrQuote) {
		return 0
	}
	return int64(bad.Line - bad.StartLine)
}

func reason(err error) string {
	switch {
	case errors.Is(err, csv.ErrFieldCount):
		return "wrong number of fields"
	case errors.Is(err, csv.ErrBareQuote), errors.Is(err, csv.ErrQuote):
		return "stray quote"
	}
	return err.Error()
}
