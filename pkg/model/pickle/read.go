package pickle

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxDepth bounds pickles in pickles, which joblib writes for arrays of objects.
const maxDepth = 16

// Read reads the pickle at the start of data. It takes time and memory in
// proportion to data's length.
func Read(data []byte) (Value, error) {
	r := &reader{data: data}
	return r.pickle(0)
}

// reader is what all pickles of a file share.
type reader struct {
	data []byte
	pos  int
}

// machine is the state of one pickle.
type machine struct {
	*reader
	depth int
	stack []Value
	marks []int // lengths of the stack
	memo  map[uint64]Value
	done  bool
}

func (r *reader) fail(what string, args ...any) error {
	return fmt.Errorf("%w: byte %d: %s", errFormat, r.pos, fmt.Sprintf(what, args...))
}

func (r *reader) pickle(depth int) (Value, error) {
	if depth > maxDepth {
		return nil, r.fail("more than %d pickles in each other", maxDepth)
	}
	m := &machine{reader: r, depth: depth, memo: map[uint64]Value{}}
	for !m.done {
		code, err := r.take(1)
		if err != nil {
			return nil, err
		}
		if err := m.step(code[0]); err != nil {
			return nil, err
		}
	}
	return m.pop()
}

// take returns the next n bytes.
func (r *reader) take(n uint64) ([]byte, error) {
	if n > uint64(len(r.data)-r.pos) {
		return nil, r.fail("the file ends within a value")
	}
	b := r.data[r.pos : r.pos+int(n)]
	r.pos += int(n)
	return b, nil
}

// line returns the bytes up to the end of the line.
func (r *reader) line() (string, error) {
	n := bytes.IndexByte(r.data[r.pos:], '\n')
	if n < 0 {
		return "", r.fail("the file ends within a line")
	}
	b, err := r.take(uint64(n) + 1)
	return string(b[:len(b)-1]), err
}

// number reads a little-endian number of so many bytes.
func (r *reader) number(size uint64) (uint64, error) {
	b, err := r.take(size)
	if err != nil {
		return 0, err
	}
	var wide [8]byte
	copy(wide[:], b)
	return binary.LittleEndian.Uint64(wide[:]), nil
}

// counted reads bytes after their number, which has so many bytes.
func (r *reader) counted(size uint64) ([]byte, error) {
	n, err := r.number(size)
	if err != nil {
		return nil, err
	}
	return r.take(n)
}

func (m *machine) push(v Value) { m.stack = append(m.stack, v) }

// floor is the lowest place of the stack that may be taken.
func (m *machine) floor() int {
	if n := len(m.marks); n > 0 {
		return m.marks[n-1]
	}
	return 0
}

func (m *machine) pop() (Value, error) {
	if len(m.stack) <= m.floor() {
		return nil, m.fail("nothing on the stack")
	}
	v := m.stack[len(m.stack)-1]
	m.stack = m.stack[:len(m.stack)-1]
	return v, nil
}

// popMark returns the values above the last mark.
func (m *machine) popMark() ([]Value, error) {
	if len(m.marks) == 0 {
		return nil, m.fail("no mark on the stack")
	}
	at := m.floor()
	m.marks = m.marks[:len(m.marks)-1]
	values := append([]Value(nil), m.stack[at:]...)
	m.stack = m.stack[:at]
	return values, nil
}

func (m *machine) top() (Value, error) {
	v, err := m.pop()
	if err == nil {
		m.push(v)
	}
	return v, err
}

// pushed puts a value that was read without an error.
func pushed[T any](m *machine, v T, err error) error {
	if err == nil {
		m.push(v)
	}
	return err
}

// whole is a number as Python writes one on a line.
func (m *machine) whole(text string) Value {
	switch text {
	case "00":
		return false
	case "01":
		return true
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(text, "L"), 10, 64)
	if err != nil {
		return nil
	}
	return n
}

// long is a whole number in two's complement.
func long(b []byte) Value {
	if len(b) > 8 {
		return nil
	}
	if len(b) == 0 {
		return int64(0)
	}
	var wide [8]byte
	if b[len(b)-1] >= 0x80 {
		wide = [8]byte{255, 255, 255, 255, 255, 255, 255, 255}
	}
	copy(wide[:], b)
	return int64(binary.LittleEndian.Uint64(wide[:]))
}

func float(b []byte) float64 { return math.Float64frombits(binary.BigEndian.Uint64(b)) }
