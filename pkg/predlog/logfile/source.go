package logfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
)

// A Source is a log to read: a file, which can be opened again, or a stream that
// is open already.
type Source struct {
	Name string    // in messages
	Path string    // of the file; empty for a stream
	From io.Reader // the stream

	// Progress, when set, is told how many bytes were read, packed as they are.
	Progress func(bytes int)

	size  int64 // of the file that was opened
	plain bool  // it is regular and not packed
}

// Plain returns the size of a file that was opened, and whether it is a regular one
// that is not packed: it can be read at any place.
func (s *Source) Plain() (bytes int64, plain bool) { return s.size, s.plain }

// Open returns the contents, unpacked, and how to close them. Errors name the
// source.
func (s *Source) Open() (*bufio.Reader, func(), error) {
	from, done := s.From, func() {}
	if s.Path != "" {
		f, err := os.Open(s.Path)
		if err != nil {
			return nil, nil, s.Fail(err)
		}
		if info, err := f.Stat(); err == nil {
			if info.IsDir() {
				f.Close()
				return nil, nil, fmt.Errorf("%s: is a directory: name the logs in it", s.Name)
			}
			s.size, s.plain = info.Size(), info.Mode().IsRegular()
		}
		from, done = f, func() { f.Close() }
	}
	if s.Progress != nil {
		from = &progressReader{from, s.Progress}
	}
	b := bufio.NewReaderSize(from, 1<<16)
	head, err := b.Peek(longestMagic)
	if err != nil && err != io.EOF {
		done()
		return nil, nil, s.Fail(err)
	}
	unpacked, err := unpack(b, head)
	if err != nil {
		done()
		return nil, nil, s.Fail(err)
	}
	if unpacked == nil {
		return b, done, nil
	}
	s.plain = false
	ahead := readAhead(unpacked)
	closeFile := done
	return bufio.NewReaderSize(ahead, 1<<16), func() { ahead.stop(); closeFile() }, nil
}

// Fail names the source in err, once.
func (s *Source) Fail(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	switch {
	case errors.Is(err, gzip.ErrHeader):
		err = errBehind
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = errors.New("the compressed file is cut short")
	}
	return fmt.Errorf("%s: %w", s.Name, err)
}

// Size adds up the bytes of files as they lie there, as far as they can be known
// beforehand.
func Size(paths []string) (bytes int64) {
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

// progressReader tells what is read.
type progressReader struct {
	from     io.Reader
	progress func(bytes int)
}

func (c *progressReader) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.progress(n)
	return n, err
}
