package predlog

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/predlog/arrowlog"
	"github.com/leadsman/leadsman/pkg/predlog/delimited"
	"github.com/leadsman/leadsman/pkg/predlog/logfile"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
)

// File reads the file at path: JSON lines or CSV, plain or packed as logfile knows
// it, or Parquet or Arrow, or a directory of <table>.parquet or of logs. Folders like
// day=2026-01-05 on its way are fields of its rows; a Delta, Iceberg or Hudi table is
// refused. What it is is
// seen from its first bytes; text that does not begin with an object is CSV when
// its name ends in .csv or .tsv, its first two lines are of a table
// (delimited.Table), or the first names the timestamp or the score, and so is that
// of a reference.
func (d *Decoder) File(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil: // opening it says so
	case info.IsDir():
		return d.folder(path)
	case !info.Mode().IsRegular():
		f, err := os.Open(path) // which gives its contents once
		if err != nil {
			return (&logfile.Source{Name: path}).Fail(err)
		}
		defer f.Close()
		return d.read(&logfile.Source{Name: path, From: f, Progress: d.options.Progress})
	}
	if err := table.NoLake(path); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	d.table.Partition(path)
	defer d.table.Partition("")
	return d.read(&logfile.Source{Name: path, Path: path, Progress: d.options.Progress})
}

// Batch reads a batch of rows that somebody else has read of a table: source names it.
// A program is not run on them.
func (d *Decoder) Batch(source string, rec arrow.RecordBatch) error {
	if d.frames == nil {
		d.frames = arrowlog.NewConverter(d.table)
	}
	if d.source != source {
		d.source = source
		d.table.Tally.Begin(source)
	}
	if s, _ := table.MetaOf(rec.Schema(), table.KeySimulated); s == "true" {
		d.table.Rows.Mark()
	}
	return d.frames.Rows(source, rec)
}

// folder reads the tables in a directory, else all logs in it.
func (d *Decoder) folder(dir string) error {
	if err := table.NoLake(dir); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if found, _ := filepath.Glob(filepath.Join(escapeGlob(dir), "*.parquet")); len(found) > 0 {
		d.table.Partition(found[0])
		defer d.table.Partition("")
		if d.options.Records != nil {
			return d.transformTable(table.Open(table.Input{Name: dir}))
		}
		return arrowlog.Read(d.table, table.Open(table.Input{Name: dir}))
	}
	paths, err := logfile.Folder(dir)
	if err != nil {
		return err
	}
	for _, path := range paths {
		if err := d.File(path); err != nil {
			return err
		}
	}
	return nil
}

// Again is File for a file that is read by others too, or was before.
func (d *Decoder) Again(path string) error {
	local, err := files.Reread(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if local == path {
		return d.File(path)
	}
	return d.read(&logfile.Source{Name: path, Path: local, Progress: d.options.Progress})
}

func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// From reads r in the same way as File reads a file; name stands for it in
// messages.
func (d *Decoder) From(name string, r io.Reader) error {
	return d.read(&logfile.Source{Name: name, From: r})
}

// unread are forms of files by their first bytes that are not read, and what is in
// their place.
var unread = []struct{ magic, is string }{
	{"\xff\xfe", "UTF-16: want UTF-8"},
	{"\xfe\xff", "UTF-16: want UTF-8"},
	{"PK\x03\x04", "a zip archive or a spreadsheet: want what is in it, as CSV, JSON lines, Parquet or Arrow"},
	{"ORC", "ORC: want Parquet, as pyarrow.orc.read_table and pyarrow.parquet.write_table make it"},
	{"\x80\x02", pickled}, {"\x80\x03", pickled}, {"\x80\x04", pickled}, {"\x80\x05", pickled},
	{"\x89HDF\r\n", "HDF5: want Parquet, as to_parquet writes it"},
	{"SQLite format 3\x00", "a database of SQLite: want a table of it, as CSV, JSON lines or Parquet"},
	{"Obj\x01", "Avro: want JSON lines or Parquet"},
	{"FEA1", "Feather of version 1: want version 2 or Parquet"},
}

const pickled = "a pickle of Python: want Parquet, as to_parquet writes it"

// foreign is what a file is that begins so and is of a form that is not read; "" for
// another.
func foreign(head []byte) string {
	for _, u := range unread {
		// A line of text may begin like a magic of letters.
		if bytes.HasPrefix(head, []byte(u.magic)) && (!isWord(u.magic) || bytes.IndexByte(head, 0) >= 0) {
			return u.is
		}
	}
	return ""
}

func isWord(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= utf8.RuneSelf })
}

func (d *Decoder) read(s *logfile.Source) error {
	r, done, err := s.Open()
	if err != nil {
		return err
	}
	defer func() { done() }()
	r, head, err := beginning(r)
	if err != nil && err != io.EOF && len(head) == 0 {
		return s.Fail(err)
	}
	if what := foreign(head); what != "" {
		return fmt.Errorf("%s: is %s", s.Name, what)
	}
	switch {
	case d.options.Records != nil:
		return d.transform(s, r, head)
	case table.IsTable(head):
		return arrowlog.Read(d.table, d.open(s, r))
	case d.isCSV(s.Name, head):
		if s.Path == "" {
			f, err := files.Spool(r)
			if err != nil {
				return s.Fail(err)
			}
			defer f.Close()
			return d.named(s, delimited.Read(d.table, s.Name, f, func() error {
				_, err := f.Seek(0, io.SeekStart)
				return err
			}))
		}
		again := &reopened{r: r}
		return d.named(s, delimited.Read(d.table, s.Name, again, func() error {
			done()
			done = func() {}
			var err error
			if again.r, done, err = s.Open(); err != nil {
				done = func() {}
			}
			return err
		}))
	}
	return d.named(s, d.lines.Read(s.Name, r))
}

const (
	headBytes  = 1 << 12 // by which the format of an input is told
	mostHeader = 1 << 20 // of a line of names, which is needed whole
)

// beginning shows the first bytes of r, of a text its first line and more, and returns a
// reader of all.
func beginning(r *bufio.Reader) (*bufio.Reader, []byte, error) {
	for size := headBytes; ; size *= 4 {
		if size > r.Size() {
			r = bufio.NewReaderSize(r, size)
		}
		head, err := r.Peek(size)
		text := bytes.TrimLeft(head, " \t\r\n")
		line := bytes.IndexByte(text, '\n')
		if err != nil || size >= mostHeader || line >= 0 && line+1 < len(text) || table.IsTable(head) || len(text) > 0 && (text[0] == '{' || text[0] == '[') {
			return r, head, err
		}
	}
}

// named names the source in an error of its reader. Errors of emit pass.
func (d *Decoder) named(s *logfile.Source, err error) error {
	if err == nil || d.emitted != nil || strings.HasPrefix(err.Error(), s.Name+":") {
		return err
	}
	return s.Fail(err)
}

type reopened struct{ r *bufio.Reader }

func (o *reopened) Read(p []byte) (int, error) { return o.r.Read(p) }

// open returns a Reader of the table in s, of which r are the contents. A file that
// is not packed is read where it lies, since Parquet is not read in order.
func (d *Decoder) open(s *logfile.Source, r *bufio.Reader) *table.Reader {
	if size, plain := s.Plain(); plain && s.Path == s.Name {
		if rest := int(size) - r.Buffered(); s.Progress != nil {
			s.Progress(rest)
		}
		return table.Open(table.Input{Name: s.Path})
	}
	return table.NewReader(s.Name, r)
}

func (d *Decoder) isCSV(name string, head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	text := bytes.TrimLeft(head, " \t\r\n")
	if len(text) == 0 || text[0] == '{' || text[0] == '[' {
		return false
	}
	switch strings.ToLower(filepath.Ext(logfile.Stem(name))) {
	case ".csv", ".tsv":
		return true
	case ".json", ".jsonl", ".ndjson", ".log":
		return false
	}
	if d.table.Kind == mapping.References {
		return true
	}
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	if delimited.Table(line, rest) {
		return true
	}
	for cell := range strings.SplitSeq(strings.TrimRight(string(line), "\r"), string(delimited.Separator(line))) {
		if d.table.Required(strings.Trim(cell, `"`)) {
			return true
		}
	}
	return false
}
