package sim

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/leadsman/leadsman/pkg/predlog/delimited"
	"github.com/leadsman/leadsman/pkg/predlog/record"
	"github.com/leadsman/leadsman/pkg/spelling"
)

const (
	maxFile = 512 << 20 // bytes of a file to resample
	maxLine = 16 << 20
)

// A File is rows that somebody has, to be drawn from with replacement. Such
// logs show what drift looks like on one's own data. They prove nothing about
// false alarms, because they repeat the file's own values.
type File struct {
	Rows int

	// Noise is added to numbers: normal, of this many of the column's standard
	// deviations.
	Noise float64

	names   []string
	cells   []record.Value // row after row
	logged  []logged       // nil unless every row has a score
	moments []moments      // of each column's numbers
}

// logged is what the file says about a row beside its input.
type logged struct {
	score          float64
	label, version string
}

type moments struct{ n, mean, std float64 }

// Names returns the names of the columns.
func (f *File) Names() []string { return f.names }

// Scored tells whether every row of the file has a score.
func (f *File) Scored() bool { return f.logged != nil }

// ReadFile reads rows to resample: CSV with a header, or JSON lines, which are
// flat objects or the lines of a prediction log. Fields named score, label and
// model_version are no input, nor is one named in without. CSV is read as
// predlog reads it: separated by commas, semicolons or tabs, missing where
// CSVMissing says so, and a column is numeric when all its other cells are by
// CSVNumber. A column without a name is an index and left out.
func ReadFile(r io.Reader, without []string) (*File, error) {
	in := bufio.NewReaderSize(&capped{r, maxFile}, 1<<16)
	b := builder{at: map[string]int{}, without: without}
	if mark, _ := in.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		in.Discard(3)
	}
	head, err := in.Peek(in.Size())
	switch text := bytes.TrimLeft(head, " \t\r\n"); {
	case err != nil && err != io.EOF:
		return nil, err
	case len(text) == 0:
		return nil, errors.New("no rows")
	case text[0] == '{':
		err = b.readLines(in)
	default:
		err = b.readCSV(in)
	}
	if err != nil {
		return nil, err
	}
	return b.file()
}

// capped ends with an error where a file is too large to keep.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, fmt.Errorf("more than %d MiB: take a sample of its rows", maxFile>>20)
	}
	return n, err
}

// builder collects rows whose columns may come late.
type builder struct {
	without []string
	names   []string
	at      map[string]int
	rows    [][]record.Value
	logged  []logged
}

func (b *builder) set(row []record.Value, name string, v record.Value) []record.Value {
	if slices.Contains(b.without, name) {
		return row
	}
	at, ok := b.at[name]
	if !ok {
		at = len(b.names)
		b.at[name] = at
		b.names = append(b.names, name)
	}
	for len(row) <= at {
		row = append(row, record.Value{})
	}
	row[at] = v
	return row
}

// note takes v as something the log says about a row, or returns false.
func (l *logged) note(name string, v record.Value) bool {
	switch {
	case name == "score":
		l.score = math.NaN()
		if v.Kind == record.Number {
			l.score = v.Num
		}
	case name == "label":
		l.label = v.Text()
	case name == "model_version":
		l.version = v.Text()
	default:
		return false
	}
	return true
}

func (b *builder) readCSV(in *bufio.Reader) error {
	head, err := in.Peek(in.Size())
	if err != nil && err != io.EOF {
		return err
	}
	r := csv.NewReader(in)
	r.ReuseRecord, r.Comma = true, delimited.Separator(head)
	header, err := r.Read()
	if err != nil {
		return err
	}
	header = slices.Clone(header)
	for i, name := range header {
		if name != "" && slices.Contains(header[:i], name) {
			return fmt.Errorf("header: column %q is there twice", name)
		}
	}
	var cells [][]string
	text := make([]bool, len(header))
	for {
		line, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		for i, cell := range line {
			if _, ok := readNumber(cell); !ok && !isMissing(cell) {
				text[i] = true
			}
		}
		cells = append(cells, slices.Clone(line))
	}
	for _, line := range cells {
		l := logged{score: math.NaN()}
		var row []record.Value
		for i, cell := range line {
			if header[i] == "" {
				continue
			}
			var v record.Value
			switch x, ok := readNumber(cell); {
			case isMissing(cell):
			case ok && !text[i]:
				v = record.NumberValue(x)
			default:
				v = record.StringValue(cell)
			}
			if !l.note(header[i], v) {
				row = b.set(row, header[i], v)
			}
		}
		b.rows = append(b.rows, row)
		b.logged = append(b.logged, l)
	}
	return nil
}

// readNumber reads a cell as a number of which every digit counts.
func readNumber(cell string) (float64, bool) {
	x, ok := spelling.ParseDecimal(cell)
	return x, ok && spelling.IsExact(cell, x)
}

func isMissing(cell string) bool { return cell == "" || spelling.IsMissing(cell) }

func (b *builder) readLines(in *bufio.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), maxLine)
	n := 0
	for ; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if err := b.line(line); err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("line %d: %w", n+1, err)
	}
	return nil
}

func (b *builder) line(line []byte) error {
	fields, err := members(line)
	if err != nil {
		return err
	}
	l := logged{score: math.NaN()}
	var input []member
	isLog := false
	for _, f := range fields {
		switch {
		case f.Name == "input" && f.raw != nil:
			if input, err = members(f.raw); err != nil {
				return fmt.Errorf("input: %w", err)
			}
			isLog = true
		case f.raw == nil:
			l.note(f.Name, f.Value)
		}
	}
	if !isLog {
		input = fields
	}
	var row []record.Value
	for _, f := range input {
		if f.raw != nil {
			return fmt.Errorf("%s: want a number, a string or null", f.Name)
		}
		if isLog || !new(logged).note(f.Name, f.Value) {
			row = b.set(row, f.Name, f.Value)
		}
	}
	b.rows = append(b.rows, row)
	b.logged = append(b.logged, l)
	return nil
}

func (b *builder) file() (*File, error) {
	if len(b.rows) == 0 || len(b.names) == 0 {
		return nil, errors.New("no rows")
	}
	f := &File{Rows: len(b.rows), names: b.names, logged: b.logged, moments: make([]moments, len(b.names))}
	for _, row := range b.rows {
		for len(row) < len(b.names) {
			row = append(row, record.Value{})
		}
		f.cells = append(f.cells, row...)
	}
	for _, l := range b.logged {
		if math.IsNaN(l.score) {
			f.logged = nil
		}
	}
	for i := range b.names {
		m := &f.moments[i]
		squares := 0.0
		for at := i; at < len(f.cells); at += len(b.names) {
			if v := f.cells[at]; v.Kind == record.Number {
				m.n++
				d := v.Num - m.mean
				m.mean += d / m.n
				squares += float64(d * (v.Num - m.mean))
			}
		}
		if m.n > 0 {
			m.std = math.Sqrt(squares / m.n)
		}
	}
	return f, nil
}

func (f *File) rows(r *rand.Rand) rowDrawer {
	return &resampler{f: f, r: r, values: make([]record.Value, len(f.names))}
}

type resampler struct {
	f      *File
	r      *rand.Rand
	values []record.Value
}

func (d *resampler) row(nudges []nudge) drawn {
	at := d.r.IntN(d.f.Rows)
	copy(d.values, d.f.cells[at*len(d.values):])
	for i := range d.values {
		v, m := &d.values[i], d.f.moments[i]
		var n nudge
		if nudges != nil {
			n = nudges[i]
		}
		if n.negate {
			*v = d.f.cells[d.r.IntN(d.f.Rows)*len(d.values)+i]
		}
		if n.missing > 0 && d.r.Float64() < n.missing {
			*v = record.Value{}
		}
		if v.Kind != record.Number {
			continue
		}
		if d.f.Noise > 0 {
			v.Num += float64(d.f.Noise * m.std * d.r.NormFloat64())
		}
		if n.shift != 0 || n.spread != 0 {
			v.Num = m.mean + float64((v.Num-m.mean)*(1+n.spread)) + float64(n.shift*m.std)
		}
	}
	row := drawn{values: d.values}
	if d.f.logged != nil {
		row.logged = &d.f.logged[at]
	}
	return row
}
