package cli

import (
	"errors"
	"io"
	"os"
	"sync"
)

var errClosed = errors.New("is closed")

// stdout is standard output. One that was closed when the process began is an error of
// the first write: what was to go there would be lost without a word.
type stdout struct {
	file  *os.File
	first sync.Once
	lost  error
}

func (s *stdout) Write(b []byte) (int, error) {
	s.first.Do(func() {
		if wasClosed(s.file) {
			s.lost = errClosed
		}
	})
	if s.lost != nil {
		return 0, s.lost
	}
	return s.file.Write(b)
}

// An output remembers the first error of writing to it: those who print a help, or a
// line, do not look.
type output struct {
	io.Writer
	mutex sync.Mutex
	err   error
}

func (o *output) Write(b []byte) (int, error) {
	n, err := o.Writer.Write(b)
	if err != nil {
		o.mutex.Lock()
		defer o.mutex.Unlock()
		if o.err == nil {
			o.err = &outputErr{err}
		}
		return n, o.err
	}
	return n, nil
}

func (o *output) failed() error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.err
}

// outputErr names the output, once.
type outputErr struct{ err error }

func (e *outputErr) Error() string {
	var path *os.PathError
	if errors.As(e.err, &path) {
		return "stdout: " + path.Err.Error()
	}
	if errors.Is(e.err, errClosed) {
		return "stdout " + e.err.Error()
	}
	return e.err.Error()
}

func (e *outputErr) Unwrap() error { return e.err }
