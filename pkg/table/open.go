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

	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/table/frame"
)

var errEmpty = errors.New("is empty: want an Arrow stream or a Parquet file")

// openInput opens a file, a directory or a stream and finds out what it is.
func (r *Reader) openInput(in Input) error {
	r.input, r.sealed = in.Name, false
	r.seen, r.ended, r.sum = map[string]int64{}, true, section{}
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
	if !info.Mode().IsRegular() { // which is not sought
		return r.sniff(f, nil)
	}
	return r.sniff(f, f)
}

// openDir puts the directory's Parquet files, in the order of their names, in
// front of the remaining inputs.
func (r *Reader) openDir(dir string) error {
	if err := NoLake(dir); err != nil {
		return err
	}
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

	magicEncrypted = []byte("PARE") // Parquet whose footer is encrypted
)

// headLength is how many first bytes tell what an input is.
const headLength = 256

// IsTable tells, by its first bytes, a Parquet file, or an Arrow stream or file.
func IsTable(head []byte) bool {
	return bytes.HasPrefix(head, magicParquet) || bytes.HasPrefix(head, magicEncrypted) || bytes.HasPrefix(head, magicFile) || bytes.HasPrefix(head, magicStream) || frame.IsLegacy(head)
}

// seekable returns file where it is a regular one, else a spool of what comes.
func (r *Reader) seekable(buf *bufio.Reader, file *os.File) (*os.File, error) {
	if file != nil {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			return file, nil
		}
	}
	spool, err := files.Spool(buf)
	if err != nil {
		return nil, err
	}
	end := r.close
	r.close = func() error {
		if end != nil {
			_ = end() // it was only read
		}
		return spool.Close()
	}
	return spool, nil
}

// openFile begins to read an Arrow file.
func (r *Reader) openFile(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	messages, err := frame.NewFileReader(f, info.Size())
	if err != nil {
		return err
	}
	stream, err := ipc.NewReaderFromMessageReader(messages)
	if err != nil {
		return damaged("Arrow file", err)
	}
	return r.begin(&fileStream{ipcStream{stream, messages}, r.closeInput}, stream.Schema())
}

// sniff looks at the first bytes of from; file is set when it can be sought.
func (r *Reader) sniff(from io.Reader, file *os.File) error {
	buf := bufio.NewReaderSize(from, 1<<16)
	head, err := buf.Peek(headLength)
	if len(head) == 0 {
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if r.Void {
			r.buf = buf
			return nil
		}
		return errEmpty
	}
	switch {
	case bytes.HasPrefix(head, magicStream), frame.IsLegacy(head):
		r.buf = buf
		return nil
	case bytes.HasPrefix(head, magicFile):
		if file, err = r.seekable(buf, file); err != nil {
			return err
		}
		return r.openFile(file)
	case bytes.HasPrefix(head, magicParquet):
		if file, err = r.seekable(buf, file); err != nil {
			return err
		}
		return r.openParquet(file)
	case bytes.HasPrefix(head, magicEncrypted):
		return errors.New("is an encrypted Parquet file: decrypt it before")
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
