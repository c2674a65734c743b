package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/leadsman/leadsman/pkg/words"
)

// Formats are the formats of a View.
var Formats = []string{"arrow", "parquet", "jsonl", "csv"}

// A View is the Sink that writes one table of a bundle for other programs.
// Other tables are left out.
type View struct {
	// Safe keeps a spreadsheet from running a text of CSV as a formula: one that begins
	// like it gets an apostrophe before it. Other programs read that as part of the text.
	Safe bool

	table  string
	others []string // names of the tables that were left out
	out    *bufio.Writer
	schema *arrow.Schema // of the first batch, nil before it
	enc    encoder
	format string
}

// encoder writes the batches of one schema.
type encoder interface {
	Write(rec arrow.RecordBatch) error
	Close() error
}

// NewView returns a View of the named table on w, in one of Formats.
func NewView(w io.Writer, table, format string) *View {
	return &View{table: table, out: bufio.NewWriterSize(w, 1<<20), format: format}
}

// Write implements Sink.
func (v *View) Write(rec arrow.RecordBatch) error {
	if name := NameOf(rec.Schema()); name != v.table {
		if len(v.others) < 100 && !slices.Contains(v.others, name) {
			v.others = append(v.others, name)
		}
		return nil
	}
	if v.schema == nil {
		v.schema = rec.Schema()
		var err error
		if v.enc, err = v.newEncoder(rec); err != nil {
			return err
		}
	} else if !sameSchema(v.schema, rec.Schema()) && v.format != "jsonl" {
		return fmt.Errorf("table %s: gains columns on the way, which %s cannot hold: use jsonl, or -o DIR/", v.table, v.format)
	}
	return v.enc.Write(rec)
}

func (v *View) newEncoder(rec arrow.RecordBatch) (encoder, error) {
	switch v.format {
	case "arrow":
		// Without its name the stream is an ordinary one, which needs no closing list.
		return &bare{w: ipc.NewWriter(v.out, ipc.WithSchema(nameless(v.schema)))}, nil
	case "parquet":
		return parquetWriter(v.out, rec)
	case "jsonl":
		return &jsonLines{out: v.out}, nil
	case "csv":
		w := csv.NewWriter(v.out)
		header := make([]string, v.schema.NumFields())
		for i, f := range v.schema.Fields() {
			header[i] = f.Name
			if v.Safe {
				header[i] = withoutFormula(f.Name)
			}
		}
		return &csvRows{w, v.Safe}, w.Write(header)
	}
	return nil, fmt.Errorf("format %q: want one of %v", v.format, Formats)
}

// Close completes the view. A table that never came is an error.
func (v *View) Close() error {
	if v.enc == nil {
		return fmt.Errorf("table %s: is not in the output%s", v.table, words.DidYouMean(v.table, v.others))
	}
	if err := v.enc.Close(); err != nil {
		return err
	}
	return v.out.Flush()
}

// Abort implements Sink.
func (v *View) Abort() {}

// bare writes a table as a stream without leadsman's name.
type bare struct{ w *ipc.Writer }

func (b *bare) Write(rec arrow.RecordBatch) error {
	plain := array.NewRecordBatch(nameless(rec.Schema()), rec.Columns(), rec.NumRows())
	defer plain.Release()
	return b.w.Write(plain)
}

func (b *bare) Close() error { return b.w.Close() }

func nameless(s *arrow.Schema) *arrow.Schema {
	meta := arrow.NewMetadata(nil, nil)
	return arrow.NewSchema(s.Fields(), &meta)
}

type jsonLines struct {
	out  *bufio.Writer
	line bytes.Buffer
}

func (j *jsonLines) Write(rec arrow.RecordBatch) error {
	cells := cellsOf(rec)
	keys := make([][]byte, len(cells))
	for i := range keys {
		key, err := json.Marshal(rec.ColumnName(i))
		if err != nil {
			return err
		}
		keys[i] = append(key, ':')
	}
	for row := range int(rec.NumRows()) {
		j.line.Reset()
		j.line.WriteByte('{')
		for i, c := range cells {
			if i > 0 {
				j.line.WriteByte(',')
			}
			j.line.Write(keys[i])
			text, quoted := c(row)
			switch {
			case text == "" && !quoted:
				j.line.WriteString("null")
			case quoted:
				s, err := json.Marshal(text)
				if err != nil {
					return err
				}
				j.line.Write(s)
			default:
				j.line.WriteString(text)
			}
		}
		j.line.WriteString("}\n")
		if _, err := j.out.Write(j.line.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonLines) Close() error { return nil }

type csvRows struct {
	w    *csv.Writer
	safe bool
}

// withoutFormula puts an apostrophe before what a spreadsheet would take for a formula.
func withoutFormula(text string) string {
	if r, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, " \u00a0")); strings.ContainsRune("=+-@\t\r\n|＝＋－＠", r) && text != "" {
		return "'" + text
	}
	return text
}

func (c *csvRows) Write(rec arrow.RecordBatch) error {
	cells := cellsOf(rec)
	row := make([]string, len(cells))
	for i := range int(rec.NumRows()) {
		for j, of := range cells {
			text, quoted := of(i)
			if row[j] = text; quoted && c.safe {
				row[j] = withoutFormula(text)
			}
		}
		if err := c.w.Write(row); err != nil {
			return err
		}
	}
	return nil
}

func (c *csvRows) Close() error {
	c.w.Flush()
	return c.w.Error()
}

// A cell returns the text of a row's value and whether JSON quotes it. Null,
// and a number that JSON cannot hold, is "" unquoted. What is neither number nor
// text is JSON itself, bytes in base64.
type cell func(row int) (text string, quoted bool)

func cellsOf(rec arrow.RecordBatch) []cell {
	cells := make([]cell, rec.NumCols())
	for i, col := range rec.Columns() {
		col = Plain(col)
		c := cellOf(col)
		cells[i] = func(row int) (string, bool) {
			if col.IsNull(row) {
				return "", false
			}
			return c(row)
		}
	}
	return cells
}

func cellOf(col arrow.Array) cell {
	if text, ok := Strings(col); ok {
		return func(row int) (string, bool) { return text(row), true }
	}
	if at, ok := Times(col); ok {
		layout := time.RFC3339Nano
		if UnitOf(col.DataType()) == "d" {
			layout = time.DateOnly
		}
		return func(row int) (string, bool) { return time.UnixMicro(at(row)).UTC().Format(layout), true }
	}
	if b, ok := col.(*array.Boolean); ok {
		return func(row int) (string, bool) { return strconv.FormatBool(b.Value(row)), false }
	}
	if b, ok := col.(*array.Uint64); ok { // beyond int64
		return func(row int) (string, bool) { return strconv.FormatUint(b.Value(row), 10), false }
	}
	if whole, ok := Integers(col); ok {
		return func(row int) (string, bool) { return strconv.FormatInt(whole(row), 10), false }
	}
	if text, ok := Decimals(col); ok {
		return func(row int) (string, bool) { return text(row), false }
	}
	if number, ok := Numbers(col); ok {
		return func(row int) (string, bool) {
			x := number(row)
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return "", false
			}
			return strconv.FormatFloat(x, 'g', -1, 64), false
		}
	}
	return func(row int) (string, bool) {
		text, err := json.Marshal(col.GetOneForMarshal(row))
		if err != nil || string(text) == "null" { // NaN in a list
			return "", false
		}
		return string(text), false
	}
}
