package xgboost

import (
	"encoding/binary"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// ubjReader is a source on UBJSON as XGBoost writes it: objects without a
// count; arrays plain, with a count, or with a count and one element type.
type ubjReader struct {
	data  []byte
	pos   int
	depth int
	typed byte // type of the next value where a typed array gave it, else 0
}

// ubjSize has the bytes of each value of fixed size after its marker.
var ubjSize = [256]int{'i': 1, 'U': 1, 'I': 2, 'l': 4, 'L': 8, 'd': 4, 'D': 8, 'C': 1}

func (r *ubjReader) fail(what string, args ...any) error {
	return tree.Refuse(tree.ErrFormat, "", "byte %d: %s", r.pos+1, fmt.Sprintf(what, args...))
}

// marker takes the marker of the next value, or returns 0 at the end.
func (r *ubjReader) marker() byte {
	if t := r.typed; t != 0 {
		r.typed = 0
		return t
	}
	if r.pos >= len(r.data) {
		return 0
	}
	r.pos++
	return r.data[r.pos-1]
}

func (r *ubjReader) want(what string, got byte) error {
	if got == 0 && r.pos >= len(r.data) {
		return r.fail("want %s, got the end of the file", what)
	}
	return r.fail("want %s, got marker %q", what, rune(got))
}

// take returns the next n bytes.
func (r *ubjReader) take(n int) ([]byte, error) {
	if n > len(r.data)-r.pos {
		return nil, r.fail("want %d bytes, got the end of the file", n)
	}
	r.pos += n
	return r.data[r.pos-n : r.pos], nil
}

// number reads the integer that follows its marker.
func (r *ubjReader) number(marker byte) (int64, error) {
	if marker == 'd' || marker == 'D' || marker == 'C' || ubjSize[marker] == 0 {
		return 0, r.want("an integer", marker)
	}
	b, err := r.take(ubjSize[marker])
	if err != nil {
		return 0, err
	}
	switch marker {
	case 'i':
		return int64(int8(b[0])), nil
	case 'U':
		return int64(b[0]), nil
	case 'I':
		return int64(int16(binary.BigEndian.Uint16(b))), nil
	case 'l':
		return int64(int32(binary.BigEndian.Uint32(b))), nil
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}

// length reads a count of things that take at least size bytes each.
func (r *ubjReader) length(marker byte, size int) (int, error) {
	n, err := r.number(marker)
	if err != nil {
		return 0, err
	}
	if n < 0 || n > int64(len(r.data)-r.pos)/int64(size) {
		return 0, r.fail("a length of %d, more than the file holds", n)
	}
	return int(n), nil
}

func (r *ubjReader) chars(marker byte) (string, error) {
	n, err := r.length(marker, 1)
	if err != nil {
		return "", err
	}
	b, err := r.take(n)
	if err != nil {
		return "", err
	}
	if !utf8.Valid(b) {
		return "", r.fail("a string that is not UTF-8")
	}
	return string(b), nil
}

func (r *ubjReader) enter() error {
	if r.depth++; r.depth > maxNesting {
		return r.fail("nested deeper than %d levels", maxNesting)
	}
	return nil
}

func (r *ubjReader) object(member func(string) error) error {
	if m := r.marker(); m != '{' {
		return r.want("an object", m)
	}
	return r.members(member)
}

// members reads an object after its opening brace.
func (r *ubjReader) members(member func(string) error) error {
	if err := r.enter(); err != nil {
		return err
	}
	defer func() { r.depth-- }()
	for {
		m := r.marker()
		if m == '}' {
			return nil
		}
		key, err := r.chars(m)
		if err != nil {
			return err
		}
		if err := member(key); err != nil {
			return err
		}
	}
}

func (r *ubjReader) array(element func(int) error) error {
	if m := r.marker(); m != '[' {
		return r.want("an array", m)
	}
	return r.elements(element)
}

// elements reads an array after its opening bracket.
func (r *ubjReader) elements(element func(int) error) error {
	if err := r.enter(); err != nil {
		return err
	}
	defer func() { r.depth-- }()
	next := func() byte {
		if r.pos >= len(r.data) {
			return 0
		}
		return r.data[r.pos]
	}
	var typed byte
	size := 1
	if next() == '$' {
		r.pos++
		typed = r.marker()
		if size = ubjSize[typed]; size == 0 {
			return r.want("an element type of fixed size", typed)
		}
		if next() != '#' {
			return r.want("a count", next())
		}
	}
	if next() == '#' {
		r.pos++
		n, err := r.length(r.marker(), size)
		if err != nil {
			return err
		}
		for i := range n {
			r.typed = typed
			if err := element(i); err != nil {
				return err
			}
		}
		return nil
	}
	for i := 0; next() != ']'; i++ {
		if err := element(i); err != nil {
			return err
		}
	}
	r.pos++
	return nil
}

func (r *ubjReader) text() (string, error) {
	if m := r.marker(); m != 'S' {
		return "", r.want("a string", m)
	}
	return r.chars(r.marker())
}

func (r *ubjReader) integer() (int64, error) { return r.number(r.marker()) }

func (r *ubjReader) float() (float32, error) {
	m := r.marker()
	switch m {
	case 'd':
		b, err := r.take(4)
		if err != nil {
			return 0, err
		}
		return math.Float32frombits(binary.BigEndian.Uint32(b)), nil
	case 'D':
		b, err := r.take(8)
		if err != nil {
			return 0, err
		}
		return float32(math.Float64frombits(binary.BigEndian.Uint64(b))), nil
	case 'i', 'U', 'I', 'l', 'L':
		n, err := r.number(m)
		return float32(n), err
	}
	return 0, r.want("a number", m)
}

func (r *ubjReader) flag() (bool, error) {
	m := r.marker()
	switch m {
	case 'T':
		return true, nil
	case 'F':
		return false, nil
	}
	n, err := r.number(m)
	if err != nil {
		return false, err
	}
	if n != 0 && n != 1 {
		return false, r.fail("want 0 or 1, got %d", n)
	}
	return n == 1, nil
}

func (r *ubjReader) skip() error {
	m := r.marker()
	switch m {
	case '{':
		return r.members(func(string) error { return r.skip() })
	case '[':
		return r.elements(func(int) error { return r.skip() })
	case 'S', 'H':
		_, err := r.chars(r.marker())
		return err
	case 'T', 'F', 'Z', 'N':
		return nil
	}
	if ubjSize[m] == 0 {
		return r.want("a value", m)
	}
	_, err := r.take(ubjSize[m])
	return err
}

func (r *ubjReader) end() error {
	if n := len(r.data) - r.pos; n > 0 {
		return r.fail("%d bytes after the model", n)
	}
	return nil
}
