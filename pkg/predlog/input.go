package predlog

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/table"
)

// File reads the file at path: JSON lines or CSV, plain or packed with gzip or
// zstd, or Parquet or Arrow, or a directory of <table>.parquet. What it is is
// seen from its first bytes; text is CSV when it does not begin with an object
// and the name ends in .csv or .tsv or its first line names the timestamp or the score.
func (d *Decoder) File(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		if found, _ := filepath.Glob(filepath.Join(escapeGlob(path), "*.parquet")); len(found) > 0 {
			return d.readTables(table.Open(table.Input{Name: path}))
		}
	}
	return d.readSource(&source{name: path, path: path, progress: d.options.Progress})
}

func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// From reads r in the same way as File reads a file; name stands for it in
// messages.
func (d *Decoder) From(name string, r io.Reader) error {
	return d.readSource(&source{name: name, from: r})
}

func (d *Decoder) readSource(s *source) error {
	r, done, err := s.open()
	if err != nil {
		return err
	}
	defer func() { done() }()
	head, err := r.Peek(1 << 12)
	if err != nil && err != io.EOF && len(head) == 0 {
		return s.fail(err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return fmt.Errorf("%s: is UTF-16: want UTF-8", s.name)
	case isTable(head):
		return d.readTables(table.NewReader(s.name, r))
	case d.isCSV(s, head):
		if s.path == "" {
			f, err := files.Spool(r)
			if err != nil {
				return s.fail(err)
			}
			defer f.Close()
			return s.wrap(d.readCSV(s.name, f, func() error {
				_, err := f.Seek(0, io.SeekStart)
				return err
			}))
		}
		again := &reopened{r: r}
		return s.wrap(d.readCSV(s.name, again, func() error {
			done()
			done = func() {}
			var err error
			if again.r, done, err = s.open(); err != nil {
				done = func() {}
			}
			return err
		}))
	}
	return s.wrap(d.Read(s.name, r))
}

// wrap names the source in an error of its reader. Errors of emit pass.
func (s *source) wrap(err error) error {
	if e, ok := err.(*emitError); ok {
		return e.err
	}
	if err == nil || strings.HasPrefix(err.Error(), s.name+":") {
		return err
	}
	return s.fail(err)
}

// emitError is an error of emit, which is not the source's fault.
type emitError struct{ err error }

func (e *emitError) Error() string { return e.err.Error() }
func (e *emitError) Unwrap() error { return e.err }

type reopened struct{ r *bufio.Reader }

func (o *reopened) Read(p []byte) (int, error) { return o.r.Read(p) }

func isTable(head []byte) bool {
	for _, magic := range []string{"PAR1", "ARROW1", "\xff\xff\xff\xff"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

func (d *Decoder) isCSV(s *source, head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	text := bytes.TrimLeft(head, " \t\r\n")
	if len(text) == 0 || text[0] == '{' || text[0] == '[' {
		return false
	}
	stem := s.name
	for _, ext := range []string{".gz", ".zst", ".zstd"} {
		stem = strings.TrimSuffix(stem, ext)
	}
	switch strings.ToLower(filepath.Ext(stem)) {
	case ".csv", ".tsv":
		return true
	case ".json", ".jsonl", ".ndjson", ".log":
		return false
	}
	if d.options.Kind == References {
		return true
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	for cell := range strings.SplitSeq(strings.TrimRight(string(line), "\r"), string(separator(line))) {
		if k := d.top.keys[strings.Trim(cell, `"`)]; k != nil && k.vital {
			return true
		}
	}
	return false
}
