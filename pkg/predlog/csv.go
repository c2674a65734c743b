package predlog

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/table"
)

// readCSV reads a CSV file with a header in two passes; again goes back to the
// start of r. Quotes are RFC 4180's; one that is never closed is an error, and
// all lines that a stray one swallows are bad. Fields are separated by commas, or
// where the header has none by semicolons or tabs, whichever it has more of.
// What pandas.read_csv takes for missing, in text and numbers, is null: an empty
// field and the words in missing. A column is of
// numbers when every field that is not null reads as one (ParseNumber, and no
// integer beyond 2^53), else of text, unless it is pinned. Columns that are no
// fixed ones are input fields.
func (d *Decoder) readCSV(name string, r io.Reader, again func() error) error {
	d.source, d.number = name, 0
	b := bufio.NewReaderSize(r, 1<<16)
	comma, err := CSVSeparator(b)
	if err != nil {
		return err
	}
	first := newCSV(b, comma)
	header, err := first.header(name)
	if err != nil {
		return err
	}
	keys, err := d.csvKeys(name, header)
	if err != nil {
		return err
	}
	kinds := make([]inference, len(keys))
	open := 0 // line of the quote that the last record, of several lines, broke on
	for {
		record, err := first.next()
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
			for i, field := range record {
				kinds[i].add(field)
			}
		}
	}
	for i, k := range keys {
		if k.action != feature || k.col.shape != unset || kinds[i].n == 0 {
			continue
		}
		f := &kinds[i]
		switch {
		case !f.text:
			k.col.shape = floats
		case d.options.Kind == References && k.col.role == table.Feature && isText(f.n, f.length, f.kept, int64(len(f.seen))):
			k.col.shape, k.col.role = texts, table.Text
		default:
			k.col.shape = words
		}
		k.col.room(d.capacity())
	}
	if err := again(); err != nil {
		return err
	}
	second := newCSV(r, comma)
	if _, err := second.header(name); err != nil {
		return err
	}
	for {
		record, err := second.next()
		if err == io.EOF {
			return nil
		}
		line := 0
		bad := badRecord(err)
		if bad != nil {
			line = bad.StartLine
		} else if err != nil {
			return err
		} else {
			line, _ = second.csv.FieldPos(0)
		}
		d.begin()
		d.number = int64(line)
		if err != nil {
			err = d.reject(fault{reason: csvReason(err)}, 0)
			d.summary.Lines += swallowed(bad)
			d.summary.Bad += swallowed(bad)
		} else {
			err = d.csvRow(keys, record)
		}
		if err != nil {
			return err
		}
	}
}

// csvKeys finds what each column of the header is.
func (d *Decoder) csvKeys(name string, header []string) ([]*key, error) {
	if len(header) > maxColumns {
		return nil, fmt.Errorf("%s:1: %s", name, reasonColumns)
	}
	seen := map[string]bool{}
	keys := make([]*key, len(header))
	for i, h := range header {
		switch {
		case !utf8.ValidString(h):
			return nil, fmt.Errorf("%s:1: not UTF-8", name)
		case len(h) > maxKey:
			return nil, fmt.Errorf("%s:1: %s", name, reasonKey)
		case seen[h]:
			return nil, fmt.Errorf("%s:1: column %q is there twice", name, h)
		}
		seen[h] = true
		k := d.top.keys[h]
		switch {
		case h == "": // an index without a name, as pandas writes it
			k = &key{action: ignore}
		case k != nil && k.action != input && k.action != simulated && k.action != ignore:
		case d.options.Kind == Requests:
			k = &key{name: h, action: ignore}
		default:
			if k = d.in.keys[h]; k == nil {
				if len(d.cols) >= maxColumns {
					return nil, fmt.Errorf("%s:1: %s", name, reasonColumns)
				}
				k = &key{name: h, literal: string(appendString(nil, h)), action: feature, col: d.newColumn(h)}
				d.in.keys[h] = k
			}
		}
		if k.action == word && k.col == nil {
			k.col, d.idKey = d.newColumn(h), k
		}
		keys[i] = k
	}
	return keys, nil
}

func (d *Decoder) csvRow(keys []*key, record []string) error {
	size := 0
	for i, field := range record {
		k := keys[i]
		if size += len(field); CSVMissing(field) {
			continue
		}
		if k.action == ignore {
			d.unknown = append(d.unknown, k)
			continue
		}
		c := k.col
		shape := c.shape
		if shape == unset { // every record that would have shown it was bad
			continue
		}
		switch shape {
		case words, texts:
			d.scratch = append(append(d.scratch[:0], field...), make([]byte, slack)...)
			if !c.setText(d.rows, d.scratch, 0, len(field)) {
				return d.reject(fault{reason: reasonUTF8}, 0)
			}
			continue
		case times:
			micros, zone, ok := d.clock.parse([]byte(field))
			if ok {
				d.zoneless = d.zoneless || !zone
				c.setInt(d.rows, micros)
				continue
			}
		default:
			x, ok := CSVNumber(field)
			if ok && shape == floats {
				c.setFloat(d.rows, x)
				continue
			}
			if ok && x == float64(int64(x)) {
				c.setInt(d.rows, int64(x))
				continue
			}
		}
		want := "a number"
		switch shape {
		case times:
			want = "an RFC 3339 timestamp"
		case ints:
			want = "a whole number"
		}
		if k.vital {
			return d.reject(fault{reason: k.name + ": want " + want, got: quote([]byte(field))}, 0)
		}
		d.mismatched(c, want, quote([]byte(field)))
	}
	for _, c := range d.required {
		if !c.has(d.rows) {
			return d.reject(fault{reason: "missing " + c.name}, 0)
		}
	}
	return d.commit(size)
}

// CSVNumber reads a field as a number of which every digit counts: as
// ParseNumber does, but no integer beyond 2^53.
func CSVNumber(s string) (float64, bool) {
	x, ok := ParseNumber(s)
	if ok && math.Abs(x) >= 1<<53 && !strings.ContainsAny(s, ".eE") {
		return x, strings.TrimLeft(strings.TrimSpace(s), "+-0") == "9007199254740992"
	}
	return x, ok
}

// missing are the words that pandas.read_csv takes for missing unless it is told
// otherwise (its na_values).
var missing = map[string]bool{
	"#N/A": true, "#N/A N/A": true, "#NA": true, "-1.#IND": true, "-1.#QNAN": true, "-NaN": true, "-nan": true, "1.#IND": true, "1.#QNAN": true,
	"<NA>": true, "N/A": true, "NA": true, "NULL": true, "NaN": true, "None": true, "n/a": true, "nan": true, "null": true,
}

// CSVMissing reports whether pandas.read_csv takes a field for missing: an empty
// one, and words such as NA, NaN, None and null.
func CSVMissing(field string) bool {
	if field == "" {
		return true
	}
	switch field[0] {
	case '#', '-', '1', '<', 'N', 'n':
		return missing[field]
	}
	return false
}

// inference gathers what a column of a file tells about its kind.
type inference struct {
	n      int64
	text   bool // a field is no number
	length int64
	seen   map[uint64]struct{} // hashes of the texts, up to a bound
	kept   int64               // texts looked up in seen
}

const maxSeen = 1 << 14

var inferenceSeed = maphash.MakeSeed()

func (f *inference) add(field string) {
	if CSVMissing(field) {
		return
	}
	f.n++
	f.length += int64(utf8.RuneCountInString(field))
	if !f.text {
		_, ok := CSVNumber(field)
		f.text = !ok
	}
	if len(f.seen) < maxSeen {
		if f.seen == nil {
			f.seen = map[uint64]struct{}{}
		}
		f.seen[maphash.String(inferenceSeed, field)] = struct{}{}
		f.kept++
	}
}

// isText is the rule by which a reference's column of strings is free text and
// not categories: its values have more than 60 characters on average, or more
// than 20 and nine in ten of at least 50 looked at are distinct.
func isText(values, length, looked, distinct int64) bool {
	return length > 60*values || length > 20*values && looked >= 50 && 10*distinct >= 9*looked
}

// CSVSeparator finds what separates the fields of the header that r begins with,
// as far as r's buffer holds it: commas, or where it has none semicolons or tabs,
// whichever it has more of. Nothing is read from r.
func CSVSeparator(r *bufio.Reader) (rune, error) {
	head, err := r.Peek(r.Size())
	if err != nil && err != io.EOF {
		return 0, err
	}
	return separator(head), nil
}

// separator finds what separates the fields of the header that head begins
// with.
func separator(head []byte) rune {
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

// csvReader reads records of bounded length.
type csvReader struct {
	csv   *csv.Reader
	bound *bounded
}

func newCSV(r io.Reader, comma rune) csvReader {
	b := &bounded{r: r}
	c := csv.NewReader(b)
	c.ReuseRecord, c.Comma = true, comma
	return csvReader{c, b}
}

func (c csvReader) next() ([]string, error) {
	c.bound.left = maxLine
	return c.csv.Read()
}

func (c csvReader) header(name string) ([]string, error) {
	record, err := c.next()
	if err == io.EOF {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s:1: %s", name, csvReason(err))
	}
	header := append([]string(nil), record...)
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	return header, nil
}

// bounded fails when a record takes more than maxLine bytes, as one does
// whose quote is never closed.
type bounded struct {
	r    io.Reader
	left int
}

var errLongRecord = errors.New("record longer than 16 MiB: is a quote not closed?")

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLongRecord
	}
	n, err := b.r.Read(p)
	b.left -= n
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

func csvReason(err error) string {
	switch {
	case errors.Is(err, csv.ErrFieldCount):
		return "wrong number of fields"
	case errors.Is(err, csv.ErrBareQuote), errors.Is(err, csv.ErrQuote):
		return "stray quote"
	}
	return err.Error()
}
