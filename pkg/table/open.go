package table

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/table/frame"
)

var errEmpty = errors.New("is empty: want an Arrow stream or a Parquet file")

// openInput opens a file, a directory or a stream and finds out what it is.
func (r *Reader) openInput(in Input) error {
	r.input = in.Name
	r.seen, r.ended, r.indexed = map[string]int64{}, true, false
	if in.From != nil {
		return r.sniff(in.From, nil)
	}
	info, err := os.Stat(in.Name)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return r.openDir(in.Name)
	}
	f, err := os.Open(in.Name)
	if err != nil {
		return err
	}
	r.close = f.Close
	return r.sniff(f, f)
}

// openDir puts the directory's Parquet files, in the order of their names, in
// front of the remaining inputs.
func (r *Reader) openDir(dir string) error {
	paths, err := filepath.Glob(filepath.Join(escapeGlob(dir), "*.parquet"))
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		return errors.New("is a directory without .parquet files")
	}
	sort.Strings(paths)
	if err := checkDir(paths); err != nil {
		return err
	}
	var inputs []Input
	for _, p := range paths {
		inputs = append(inputs, Input{Name: p})
	}
	r.inputs = append(inputs, r.inputs[r.at:]...)
	r.at = 0
	return nil
}

func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

var (
	magicStream  = []byte{0xff, 0xff, 0xff, 0xff}
	magicParquet = []byte("PAR1")
	magicFile    = []byte("ARROW1")
)

// sniff looks at the first bytes of from; file is set when it can be sought.
func (r *Reader) sniff(from io.Reader, file *os.File) error {
	buf := bufio.NewReaderSize(from, 1<<16)
	head, err := buf.Peek(len(magicFile))
	if len(head) == 0 {
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		return errEmpty
	}
	switch {
	case bytes.HasPrefix(head, magicStream):
		r.buf = buf
		return nil
	case bytes.HasPrefix(head, magicFile):
		// An Arrow file is a stream between eight bytes and an index.
		if _, err := buf.Discard(8); err != nil {
			return frame.ErrCut
		}
		r.buf, r.indexed = buf, true
		return nil
	case bytes.HasPrefix(head, magicParquet):
		if file == nil {
			if file, err = files.Spool(buf); err != nil {
				return err
			}
			r.close = file.Close
		}
		return r.openParquet(file)
	case head[0] == '{':
		return errors.New("holds JSON, not Arrow: pass logs through ingest first")
	case head[0] == 0x1f, head[0] == 0x28:
		return errors.New("is compressed: want an Arrow stream or a Parquet file (ingest reads compressed logs)")
	}
	if n := len(head); bytes.HasPrefix(magicStream, head[:min(n, 4)]) {
		return frame.ErrCut
	}
	return errors.New("is neither an Arrow stream nor a Parquet file")
}
