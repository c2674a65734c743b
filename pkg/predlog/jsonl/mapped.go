package jsonl

import (
	"fmt"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/jsontext"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/timestamp"
)

// skip passes over a value that leads nowhere.
func (r *parser) skip(p int) int {
	end, f := jsontext.Skip(r.buf, p)
	if end < 0 {
		r.fault = f
		return -1
	}
	return end
}

// under reads an object or a list that holds mapped fields.
func (r *parser) under(k *mapping.Key, p int) int {
	if r.buf[p] == '{' {
		return r.object(k.Under, p+1)
	}
	start := p
	b, n := r.buf, 0
	if p = jsontext.Space(b, p+1); b[p] == ']' {
		p++
	} else {
		for {
			if n < len(k.Items) && k.Items[n] != nil {
				p = r.item(k.Items[n], p)
			} else {
				p = r.skip(p)
			}
			if p < 0 {
				return -1
			}
			n++
			if p = jsontext.Space(b, p); b[p] == ']' {
				p++
				break
			} else if b[p] != ',' {
				r.fault = jsontext.Syntax(b, p, "want , or ] in a list")
				return -1
			}
			p = jsontext.Space(b, p+1)
		}
	}
	if k.Vector && n != len(k.Items) {
		r.fault = faults.Want(k.Name, "as many values as names", fmt.Sprint(n))
		r.fault.At = start
		return -1
	}
	return p
}

func (r *parser) item(k *mapping.Key, p int) int {
	k.Line = r.line
	if k.Action == mapping.Feature {
		return r.feature(k, p)
	}
	return r.field(k, p)
}

// moment reads a timestamp that is no text.
func (r *parser) moment(k *mapping.Key, p int) int {
	b := r.buf
	if b[p] != '-' && b[p]-'0' > 9 {
		return r.wrongKind(k, p, k.Format.Want())
	}
	var micros int64
	var reading timestamp.Reading
	x, end := jsontext.Number(b, p)
	if end >= 0 {
		micros, reading = k.Format.Number(x)
	} else {
		f := jsontext.NumberFault(b, p)
		if f.Reason != faults.BigInteger {
			return r.unreadable(k, f)
		}
		end = f.End
		micros, reading = r.clock.Text(k.Format, b[p:end])
	}
	if reading == timestamp.None {
		return r.wrongKind(k, p, k.Format.Want())
	}
	r.table.Met(reading)
	k.Col.SetInt(r.row, micros)
	return end
}

// quoted reads a number that stands as text; an empty text is none.
func (r *parser) quoted(k *mapping.Key, p int) int {
	at, n, end := r.text(p)
	switch {
	case end < 0:
		return -1
	case n == 0:
		return end
	}
	x, ok := k.ParseQuoted(string(r.memory(at)[at&^scratchBit:][:n]))
	if !ok {
		return r.wrongKind(k, p, "a number")
	}
	if !r.setNumber(k, x) {
		return r.wrongKind(k, p, "a whole number")
	}
	return end
}

// setNumber sets a fixed column's number; false where it must be whole and is not.
func (r *parser) setNumber(k *mapping.Key, x float64) bool {
	if k.Action == mapping.Measure {
		if k.Scale != 0 {
			x *= k.Scale
		}
		k.Col.SetFloat(r.row, x)
		return true
	}
	if x != float64(int64(x)) {
		return false
	}
	k.Col.SetInt(r.row, int64(x))
	return true
}
