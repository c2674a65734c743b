package predlog

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Files returns the files that operands name. An operand that is no file and
// holds *, ? or [ is a pattern; one that matches nothing is an error. The
// files of a rotated log come oldest first, where the first of them stood:
// x.jsonl-20260301, x.jsonl.2.gz, x.jsonl.1, x.jsonl. Other files keep the
// order they were given in.
func Files(operands []string) ([]string, error) {
	var names []string
	for _, o := range operands {
		if _, err := os.Lstat(o); err == nil || !strings.ContainsAny(o, "*?[") {
			names = append(names, o)
			continue
		}
		found, err := filepath.Glob(o)
		if err != nil {
			return nil, fmt.Errorf("%s: bad pattern", o)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: no file matches", o)
		}
		names = append(names, found...)
	}
	families := map[string][]string{}
	for _, n := range names {
		stem, _ := rotation(n)
		families[stem] = append(families[stem], n)
	}
	var sorted []string
	for _, n := range names {
		stem, _ := rotation(n)
		family := families[stem]
		delete(families, stem)
		slices.SortStableFunc(family, func(a, b string) int {
			_, x := rotation(a)
			_, y := rotation(b)
			return cmp.Or(cmp.Compare(x.rank, y.rank), strings.Compare(x.date, y.date), cmp.Compare(y.number, x.number))
		})
		sorted = append(sorted, family...)
	}
	return sorted, nil
}

// age is where a file stands in its rotation: by date, then numbers from high
// to low, then the live log.
type age struct {
	rank   int
	date   string
	number int
}

var rotated = regexp.MustCompile(`^(.+)[.-](\d{1,5}|\d{6,14}|\d{4}-\d\d-\d\d(?:[T_-]?[\d:-]+)?)$`)

func rotation(path string) (stem string, a age) {
	stem = path
	for _, ext := range []string{".gz", ".zst", ".zstd"} {
		stem = strings.TrimSuffix(stem, ext)
	}
	m := rotated.FindStringSubmatch(stem)
	if m == nil {
		return stem, age{rank: 2}
	}
	if len(m[2]) <= 5 {
		n, _ := strconv.Atoi(m[2])
		return m[1], age{rank: 1, number: n}
	}
	return m[1], age{date: m[2]}
}

// A source is an input that can be opened again when path is set; from is one
// that is open already.
type source struct {
	name string
	path string
	from io.Reader

	progress func(bytes int)
}

// Read counts what is read of from.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if s.progress != nil {
		s.progress(n)
	}
	return n, err
}

// open returns the contents, unpacked, and how to close them.
func (s *source) open() (*bufio.Reader, func(), error) {
	done := func() {}
	if s.path != "" {
		f, err := os.Open(s.path)
		if err != nil {
			return nil, nil, s.fail(err)
		}
		if info, err := f.Stat(); err == nil && info.IsDir() {
			f.Close()
			return nil, nil, fmt.Errorf("%s: is a directory without .parquet files: name the logs in it", s.name)
		}
		s.from, done = f, func() { f.Close() }
	}
	b := bufio.NewReaderSize(s, 1<<16)
	head, err := b.Peek(4)
	if err != nil && err != io.EOF {
		done()
		return nil, nil, s.fail(err)
	}
	var unpacked io.Reader
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			done()
			return nil, nil, s.fail(err)
		}
		unpacked = z
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			done()
			return nil, nil, s.fail(err)
		}
		unpacked = z.IOReadCloser()
	default:
		return b, done, nil
	}
	ahead := readAhead(unpacked)
	closeFile := done
	return bufio.NewReaderSize(ahead, 1<<16), func() { ahead.stop(); closeFile() }, nil
}

// fail names the source in err, once.
func (s *source) fail(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	switch {
	case errors.Is(err, gzip.ErrHeader):
		err = errors.New("behind the compressed data is something else")
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = errors.New("the compressed file is cut short")
	}
	return fmt.Errorf("%s: %w", s.name, err)
}

// ahead unpacks on a goroutine of its own while its reader is busy.
type ahead struct {
	blocks chan []byte
	free   chan []byte
	quit   chan struct{}
	done   chan struct{}
	block  []byte // being read
	rest   []byte // of block
	err    error  // why blocks was closed
}

func readAhead(r io.Reader) *ahead {
	a := &ahead{blocks: make(chan []byte, 2), free: make(chan []byte, 4), quit: make(chan struct{}), done: make(chan struct{})}
	for range 4 {
		a.free <- make([]byte, bufferSize)
	}
	go func() {
		defer close(a.done)
		defer close(a.blocks)
		for {
			var b []byte
			select {
			case b = <-a.free:
			case <-a.quit:
				return
			}
			// Not io.ReadFull: it would call a short last block cut.
			n := 0
			var err error
			for n < bufferSize && err == nil {
				var m int
				m, err = r.Read(b[n:bufferSize])
				n += m
			}
			if n > 0 {
				select {
				case a.blocks <- b[:n]:
				case <-a.quit:
					return
				}
			}
			if err != nil {
				a.err = err
				return
			}
		}
	}()
	return a
}

func (a *ahead) Read(p []byte) (int, error) {
	if len(a.rest) == 0 {
		if a.block != nil {
			a.free <- a.block[:bufferSize]
			a.block = nil
		}
		b, ok := <-a.blocks
		if !ok {
			return 0, a.err
		}
		a.block, a.rest = b, b
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// stop ends the goroutine.
func (a *ahead) stop() {
	close(a.quit)
	<-a.done
}
