package pyprofile

import (
	"encoding/binary"
	"fmt"
	"math"
)

// readStats reads cProfile's statistics: a marshalled dict from (file, line, name) to
// (primitive calls, calls, own time, cumulative time, callers), times in seconds.
func readStats(data []byte) (map[string]times, error) {
	m := &marshal{data: data}
	v, err := m.value(0)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errKind, err)
	}
	entries, ok := v.([]pair)
	if !ok {
		return nil, errKind
	}
	out := map[string]times{}
	for _, e := range entries {
		key, ok := e.key.([]any)
		row, ok2 := e.value.([]any)
		if !ok || !ok2 || len(key) != 3 || len(row) != 5 {
			return nil, errKind
		}
		file, ok := key[0].(string)
		line, ok2 := key[1].(int64)
		name, ok3 := key[2].(string)
		own, ok4 := seconds(row[2])
		all, ok5 := seconds(row[3])
		if !ok || !ok2 || !ok3 || !ok4 || !ok5 {
			return nil, errKind
		}
		n := function(file, line, name)
		t := out[n]
		out[n] = times{t.flat + own*1e3, t.cumulative + all*1e3}
	}
	return out, nil
}

func seconds(v any) (float64, bool) {
	switch x := v.(type) {
	case float64:
		return x, x >= 0 && !math.IsInf(x, 0)
	case int64:
		return float64(x), x >= 0
	}
	return 0, false
}

// pair is an entry of a dict.
type pair struct{ key, value any }

// marshal reads Python's marshal format, as far as statistics hold it: None, truth
// values, numbers, texts, tuples and dicts.
type marshal struct {
	data []byte
	at   int
	refs []any
}

// maxNested bounds tuples and dicts within each other.
const maxNested = 32

func (m *marshal) take(n int) ([]byte, error) {
	if n < 0 || n > len(m.data)-m.at {
		return nil, fmt.Errorf("byte %d: the file ends within a value", m.at)
	}
	b := m.data[m.at : m.at+n]
	m.at += n
	return b, nil
}

func (m *marshal) long() (int, error) {
	b, err := m.take(4)
	if err != nil {
		return 0, err
	}
	return int(int32(binary.LittleEndian.Uint32(b))), nil
}

func (m *marshal) value(depth int) (any, error) {
	code, err := m.take(1)
	if err != nil {
		return nil, err
	}
	if depth > maxNested {
		return nil, fmt.Errorf("byte %d: nested too deeply", m.at)
	}
	kind, kept, place := code[0]&0x7f, code[0]&0x80 != 0, len(m.refs)
	if kept {
		m.refs = append(m.refs, nil)
	}
	v, err := m.one(kind, depth)
	if err == nil && kept {
		m.refs[place] = v
	}
	return v, err
}

// end is what ends a dict.
type end struct{}

func (m *marshal) one(kind byte, depth int) (any, error) {
	size := func(n int, err error) ([]byte, error) {
		if err != nil {
			return nil, err
		}
		return m.take(n)
	}
	short := func() (int, error) {
		b, err := m.take(1)
		if err != nil {
			return 0, err
		}
		return int(b[0]), nil
	}
	switch kind {
	case '0':
		return end{}, nil
	case 'N':
		return nil, nil
	case 'T', 'F':
		return kind == 'T', nil
	case 'i':
		n, err := m.long()
		return int64(n), err
	case 'l': // digits of 15 bits
		n, err := m.long()
		b, err := size(2*max(n, -n), err)
		if err != nil {
			return nil, err
		}
		x := int64(0)
		for i := len(b) - 2; i >= 0; i -= 2 {
			if x > math.MaxInt64>>16 {
				return nil, fmt.Errorf("byte %d: too large a number", m.at)
			}
			x = x<<15 | int64(binary.LittleEndian.Uint16(b[i:]))
		}
		if n < 0 {
			x = -x
		}
		return x, nil
	case 'g':
		b, err := m.take(8)
		if err != nil {
			return nil, err
		}
		return math.Float64frombits(binary.LittleEndian.Uint64(b)), nil
	case 's', 'u', 'a', 'A', 't':
		b, err := size(m.long())
		return string(b), err
	case 'z', 'Z':
		b, err := size(short())
		return string(b), err
	case 'r':
		n, err := m.long()
		if err != nil || n < 0 || n >= len(m.refs) {
			return nil, fmt.Errorf("byte %d: refers to nothing", m.at)
		}
		return m.refs[n], nil
	case '(', ')':
		n, err := 0, error(nil)
		if kind == '(' {
			n, err = m.long()
		} else {
			n, err = short()
		}
		if err != nil || n < 0 || n > len(m.data)-m.at {
			return nil, fmt.Errorf("byte %d: a tuple of %d", m.at, n)
		}
		out := make([]any, 0, n)
		for range n {
			v, err := m.value(depth + 1)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, nil
	case '{':
		var out []pair
		for {
			key, err := m.value(depth + 1)
			if err != nil {
				return nil, err
			}
			if key == (end{}) {
				return out, nil
			}
			value, err := m.value(depth + 1)
			if err != nil {
				return nil, err
			}
			out = append(out, pair{key, value})
		}
	}
	return nil, fmt.Errorf("byte %d: code %q is not understood", m.at-1, kind)
}
