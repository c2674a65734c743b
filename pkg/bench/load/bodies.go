package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/leadsman/leadsman/pkg/bench"
)

// maxBody bounds a body, and all together have at most this many bytes:
const (
	maxBody     = 1 << 20
	maxBodyText = 64 << 20
)

// ReadBodies returns the lines of r that are not blank, up to bench.MaxBodies.
// None at all is an error; errors begin with name.
func ReadBodies(name string, r io.Reader) ([][]byte, error) {
	s := bufio.NewScanner(io.LimitReader(r, maxBodyText))
	s.Buffer(nil, maxBody)
	var out [][]byte
	for s.Scan() && len(out) < bench.MaxBodies {
		if line := bytes.TrimSpace(s.Bytes()); len(line) > 0 {
			out = append(out, bytes.Clone(line))
		}
	}
	err := s.Err()
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%s: a line is longer than %d bytes", name, maxBody)
	case err == nil && len(out) == 0:
		err = fmt.Errorf("%s: no bodies", name)
	}
	return out, err
}
