package pickle

import "strings"

// step does one opcode, as Python's pickletools describes it.
func (m *machine) step(code byte) error {
	switch code {
	case '.':
		m.done = true
	case 0x80: // PROTO
		_, err := m.take(1)
		return err
	case 0x95: // FRAME
		_, err := m.take(8)
		return err
	case '(':
		m.marks = append(m.marks, len(m.stack))
	case '0':
		_, err := m.pop()
		return err
	case '1':
		_, err := m.popMark()
		return err
	case '2':
		v, err := m.top()
		return pushed(m, v, err)
	case 'N':
		m.push(nil)
	case 0x88:
		m.push(true)
	case 0x89:
		m.push(false)
	case 'F', 'I', 'L', 'P', 'S', 'V', 'c', 'i', 'g', 'p':
		return m.lines(code)
	case 'J', 'K', 'M', 0x8a, 0x8b, 'G':
		return m.binary(code)
	case 'T', 'U', 'X', 0x8c, 0x8d, 'B', 'C', 0x8e, 0x96:
		return m.text(code)
	case 'h', 'j', 'q', 'r', 0x94:
		return m.remember(code)
	case 'R', 0x81, 0x92, 'o', 'b', 0x93, 'Q':
		return m.call(code)
	default:
		return m.gather(code)
	}
	return nil
}

// lines does opcodes whose arguments are lines.
func (m *machine) lines(code byte) error {
	text, err := m.line()
	if err != nil {
		return err
	}
	switch code {
	case 'F':
		m.push(nil) // nobody asks
	case 'I', 'L':
		m.push(m.whole(text))
	case 'S':
		m.push(strings.Trim(text, `'"`))
	case 'V':
		m.push(text)
	case 'P':
		m.push(&Object{Class: "persistent"})
	case 'c', 'i':
		name, err := m.line()
		if err != nil {
			return err
		}
		class := Class(text + "." + name)
		if code == 'c' {
			m.push(class)
			return nil
		}
		args, err := m.popMark()
		return pushed(m, &Object{Class: class, Args: &List{args}}, err)
	case 'g', 'p':
		n, ok := m.whole(text).(int64)
		if !ok || n < 0 {
			return m.fail("place %q in the memo", text)
		}
		return m.memoise(code == 'p', uint64(n))
	}
	return nil
}

// binary does opcodes that push a number.
func (m *machine) binary(code byte) error {
	switch code {
	case 'J':
		n, err := m.number(4)
		return pushed(m, int64(int32(n)), err)
	case 'K':
		n, err := m.number(1)
		return pushed(m, int64(n), err)
	case 'M':
		n, err := m.number(2)
		return pushed(m, int64(n), err)
	case 'G':
		b, err := m.take(8)
		if err != nil {
			return err
		}
		m.push(float(b))
		return nil
	}
	size := uint64(1)
	if code == 0x8b {
		size = 4
	}
	b, err := m.counted(size)
	return pushed(m, long(b), err)
}

// text does opcodes that push text or bytes.
func (m *machine) text(code byte) error {
	size := map[byte]uint64{'U': 1, 0x8c: 1, 'C': 1, 'T': 4, 'X': 4, 'B': 4, 0x8d: 8, 0x8e: 8, 0x96: 8}[code]
	b, err := m.counted(size)
	if err != nil {
		return err
	}
	switch code {
	case 'B', 'C', 0x8e, 0x96:
		m.push(b)
	default:
		m.push(string(b))
	}
	return nil
}

// remember does opcodes of the memo.
func (m *machine) remember(code byte) error {
	if code == 0x94 {
		return m.memoise(true, uint64(len(m.memo)))
	}
	size := uint64(1)
	if code == 'j' || code == 'r' {
		size = 4
	}
	n, err := m.number(size)
	if err != nil {
		return err
	}
	return m.memoise(code == 'q' || code == 'r', n)
}

func (m *machine) memoise(put bool, at uint64) error {
	if put {
		v, err := m.top()
		m.memo[at] = v
		return err
	}
	v, ok := m.memo[at]
	if !ok {
		return m.fail("nothing at place %d of the memo", at)
	}
	m.push(v)
	return nil
}

// call does opcodes that would call something.
func (m *machine) call(code byte) error {
	if code == 'o' {
		args, err := m.popMark()
		if err != nil || len(args) == 0 {
			return m.fail("a call of nothing")
		}
		m.push(&Object{Class: className(args[0]), Args: &List{args[1:]}})
		return nil
	}
	last, err := m.pop()
	if err != nil {
		return err
	}
	if code == 'Q' {
		m.push(&Object{Class: "persistent"})
		return nil
	}
	if code == 0x92 { // keywords, after the arguments
		if last, err = m.pop(); err != nil {
			return err
		}
	}
	if code == 'b' {
		target, err := m.top()
		if err != nil {
			return err
		}
		if o, ok := target.(*Object); ok {
			o.State = last
			return m.array(o)
		}
		return nil
	}
	first, err := m.pop()
	if err != nil {
		return err
	}
	if code == 0x93 {
		module, _ := first.(string)
		name, _ := last.(string)
		m.push(Class(module + "." + name))
		return nil
	}
	m.push(&Object{Class: className(first), Args: last})
	return nil
}

func className(v Value) Class {
	switch v := v.(type) {
	case Class:
		return v
	case *Object:
		return v.Class
	}
	return "?"
}

// gather does opcodes of lists, dicts and sets.
func (m *machine) gather(code byte) error {
	switch code {
	case ']', ')', 0x8f:
		m.push(&List{})
		return nil
	case '}':
		m.push(&Dict{})
		return nil
	case 't', 'l', 0x91:
		values, err := m.popMark()
		return pushed(m, &List{values}, err)
	case 'd':
		values, err := m.popMark()
		if err != nil {
			return err
		}
		d := &Dict{}
		m.push(d)
		return m.add(d, values)
	case 0x85, 0x86, 0x87:
		values := make([]Value, code-0x84)
		for i := len(values) - 1; i >= 0; i-- {
			v, err := m.pop()
			if err != nil {
				return err
			}
			values[i] = v
		}
		m.push(&List{values})
		return nil
	}
	var values []Value
	var err error
	switch code {
	case 'e', 'u', 0x90:
		values, err = m.popMark()
	case 'a', 's':
		for range map[byte]int{'a': 1, 's': 2}[code] {
			var v Value
			if v, err = m.pop(); err != nil {
				return err
			}
			values = append([]Value{v}, values...)
		}
	default:
		return m.fail("opcode %#x is not understood", code)
	}
	if err != nil {
		return err
	}
	target, err := m.top()
	if err != nil {
		return err
	}
	return m.add(target, values)
}

// add adds values to a list, dict or object.
func (m *machine) add(target Value, values []Value) error {
	switch t := target.(type) {
	case *List:
		t.Values = append(t.Values, values...)
	case *Object:
		t.Items.Values = append(t.Items.Values, values...)
	case *Dict:
		if len(values)%2 != 0 {
			return m.fail("a key without a value")
		}
		for i := 0; i < len(values); i += 2 {
			t.Keys, t.Values = append(t.Keys, values[i]), append(t.Values, values[i+1])
		}
	}
	return nil
}
