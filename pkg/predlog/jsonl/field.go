package jsonl

import (
	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/jsontext"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/timestamp"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// feature reads the value of an input field.
func (r *parser) feature(k *mapping.Key, p int) int {
	b, c := r.buf, k.Col
	switch first := b[p]; {
	case first == '"':
		at, n, end := r.text(p)
		if end < 0 {
			return -1
		}
		if c.HasNone() && c.IsNone(string(r.memory(at)[at&^scratchBit:][:n])) {
			return end
		}
		if c.Shape != batch.Words && c.Shape != batch.Texts {
			if c.Shape != batch.Unset {
				if r.fault = jsontext.CheckUTF8(b[p:end], p); r.fault.Reason != "" {
					return -1
				}
				r.table.TakeText(c, string(r.memory(at)[at&^scratchBit:][:n]))
				return end
			}
			r.table.Rows.Shape(c, batch.Words)
		}
		if !c.SetText(r.row, r.memory(at), at&^scratchBit, n) {
			r.fault = faults.Fault{Reason: faults.NotUTF8, At: p}
			return -1
		}
		return end
	case first == '-' || first-'0' <= 9:
		if c.AsText {
			return r.numberText(k, p)
		}
		x, end := jsontext.Number(b, p)
		if end < 0 {
			if c.Shape == batch.Words || c.Shape == batch.Texts {
				return r.numberText(k, p)
			}
			return r.unreadable(k, jsontext.NumberFault(b, p))
		}
		if c.HasNone() && c.IsNoNumber(x) {
			return end
		}
		switch c.Shape {
		case batch.Floats:
		case batch.Unset:
			r.table.Rows.Shape(c, batch.Floats)
		default:
			if !c.KeepsNumber(r.row, x) {
				return r.numberText(k, p)
			}
			return end
		}
		c.SetFloat(r.row, x)
		return end
	case first == '{' || first == '[':
		end, f := jsontext.Skip(b, p)
		if end < 0 {
			r.fault = f
			return -1
		}
		r.table.Tally.Nested(c.Name)
		return end
	}
	end, f := jsontext.Literal(b, p)
	switch {
	case end < 0:
		return r.unreadable(k, f)
	case b[p] == 'n':
		return end
	}
	switch c.Shape {
	case batch.Words, batch.Texts:
	case batch.Unset:
		r.table.Rows.Shape(c, batch.Words)
	default:
		r.table.TakeText(c, string(b[p:end]))
		return end
	}
	c.SetText(r.row, b, p, end-p)
	return end
}

// numberText sets the column to the text of the number at p: an integer's own
// digits, else the shortest that reads back.
func (r *parser) numberText(k *mapping.Key, p int) int {
	b, c := r.buf, k.Col
	x, end := jsontext.Number(b, p)
	if end >= 0 {
		r.scratch = spelling.AppendNumber(r.scratch[:0], x)
	} else {
		f := jsontext.NumberFault(b, p)
		if f.Reason != faults.BigInteger {
			return r.unreadable(k, f)
		}
		end = f.End
		r.scratch = append(r.scratch[:0], b[p:end]...)
	}
	n := len(r.scratch)
	r.scratch = append(r.scratch, make([]byte, jsontext.Slack)...)
	c.SetText(r.row, r.scratch, 0, n)
	return end
}

// unreadable handles a value that could not be read. One that only its column
// cannot hold is noted and stays null, unless the field is required; any other
// spoils the line.
func (r *parser) unreadable(k *mapping.Key, f faults.Fault) int {
	value := f.IsValue()
	reason := f.Reason
	named(&f, k.Name, r.buf)
	if !value || k.Required {
		r.fault = f
		return -1
	}
	r.table.Tally.Unfit(k.Col.Name, reason, f.Got)
	return f.End
}

// field reads the value of a field that is no input field.
func (r *parser) field(k *mapping.Key, p int) int {
	b, c := r.buf, k.Col
	if b[p] == '{' && k.Under != nil || b[p] == '[' && k.Items != nil {
		return r.under(k, p)
	}
	if b[p] == 'n' && b[p+1] == 'u' && k.Action != mapping.Input {
		end, f := jsontext.Literal(b, p)
		if end < 0 {
			r.fault = f
		} else if k.Action == mapping.Ignore {
			r.table.Tally.Unknown(&k.Lost)
		}
		return end
	}
	if c != nil && c.Has(r.row) {
		if k.Rivals == nil {
			r.fault = faults.Fault{Reason: c.Name + ": is there twice, by two names", At: p}
			return -1
		} else if k.Beaten(r.line) {
			return r.skip(p)
		}
	}
	switch k.Action {
	case mapping.Timestamp:
		if b[p] != '"' {
			return r.moment(k, p)
		}
		at, n, end := r.text(p)
		if end < 0 {
			return -1
		}
		text := r.memory(at)[at&^scratchBit:][:n]
		if k.Format == nil {
			if micros, zone, ok := r.clock.Parse(text); ok {
				if !zone {
					r.table.Tally.Zoneless()
				}
				c.SetInt(r.row, micros)
				return end
			}
		}
		micros, reading := r.clock.Text(k.Format, text)
		if reading == timestamp.None {
			if n == 0 {
				return end
			}
			return r.wrongKind(k, p, k.Format.WantFor(k.Name, text))
		}
		r.table.Met(reading)
		c.SetInt(r.row, micros)
		return end
	case mapping.Measure, mapping.Code:
		if b[p] == '"' {
			return r.quoted(k, p)
		}
		if b[p] != '-' && b[p]-'0' > 9 {
			return r.wrongKind(k, p, k.WantNumber(b[p] == '['))
		}
		x, end := jsontext.Number(b, p)
		if end < 0 {
			return r.unreadable(k, jsontext.NumberFault(b, p))
		}
		if !r.setNumber(k, x) {
			return r.wrongKind(k, p, "a whole number")
		}
		return end
	case mapping.Word:
		return r.word(k, p)
	case mapping.Input:
		return r.input(k, p)
	case mapping.Inner:
		if k.AsInput {
			return r.plainInput(k, p)
		}
		return r.skip(p)
	case mapping.Drop:
		return r.skip(p)
	case mapping.Simulated:
		end, f := jsontext.Skip(b, p)
		if r.fault = f; end >= 0 && b[p] == 't' {
			r.simulated = true
		}
		return end
	}
	end, f := jsontext.Skip(b, p)
	if end < 0 {
		r.fault = f
		return -1
	}
	r.table.Tally.Unknown(&k.Lost)
	return end
}

// word reads a text field, for which numbers and bools give their text.
func (r *parser) word(k *mapping.Key, p int) int {
	b, c := r.buf, k.Col
	if c == nil { // the id beside the input
		c = r.table.NewColumn(k.Name)
		k.Col = c
		r.newColumns = append(r.newColumns, k)
	}
	switch {
	case b[p] == '"':
		at, n, end := r.text(p)
		if end < 0 {
			return -1
		}
		if !c.SetText(r.row, r.memory(at), at&^scratchBit, n) {
			r.fault = faults.Fault{Reason: faults.NotUTF8, At: p}
			return -1
		}
		return end
	case b[p] == '-' || b[p]-'0' <= 9:
		return r.numberText(k, p)
	case b[p] == '{' || b[p] == '[':
		return r.wrongKind(k, p, "text")
	}
	end, f := jsontext.Literal(b, p)
	if end < 0 {
		return r.unreadable(k, f)
	}
	c.SetText(r.row, b, p, end-p)
	return end
}

// input reads an input that is not what it should be.
func (r *parser) input(k *mapping.Key, p int) int {
	b := r.buf
	end, f := jsontext.Skip(b, p)
	switch {
	case end < 0:
		r.fault = f
		return -1
	case b[p] == 'n' && b[p+1] == 'u':
		return end
	case k.AsInput:
		return r.plainInput(k, p)
	}
	r.fault = faults.Want(k.Name, k.WantInput(b[p:end]), show(b, p, end))
	r.fault.At = p
	return -1
}

// plainInput reads a field that would be an input field, were nothing mapped in it.
func (r *parser) plainInput(k *mapping.Key, p int) int {
	if k.Col == nil {
		k.Col = r.table.NewColumn(k.Name)
		r.newColumns = append(r.newColumns, k)
	}
	return r.feature(k, p)
}

// wrongKind handles a value of the wrong kind in a fixed field: where the field is
// required the line is bad, else the field is null and the error counted.
func (r *parser) wrongKind(k *mapping.Key, p int, want string) int {
	b := r.buf
	if c := b[p]; c == 'n' || c == 'N' || c == 'i' || c == 'I' {
		_, f := jsontext.Literal(b, p)
		return r.unreadable(k, f)
	}
	end, f := jsontext.Skip(b, p)
	if end < 0 {
		r.fault = f
		named(&r.fault, k.Name, b)
		return -1
	}
	if !k.Required {
		r.mismatch(k.Col, want, p, end)
		return end
	}
	r.fault = faults.Want(k.Name, want, show(b, p, end))
	r.fault.At = p
	return -1
}

// named puts the field's name before a fault that concerns its value.
func named(f *faults.Fault, field string, b []byte) {
	switch f.Reason {
	case faults.BigInteger, faults.Huge:
		f.Got = show(b, f.At, f.End)
		fallthrough
	case faults.NaN:
		f.Reason = field + ": " + f.Reason
	}
}

// show returns the JSON value at b[p:end] for an error on the terminal.
func show(b []byte, p, end int) string {
	switch b[p] {
	case '"':
		text, _, _ := jsontext.Unescape(nil, b, p+1)
		return faults.Quote(text)
	case '{':
		return "an object"
	case '[':
		return "a list"
	}
	if end-p > 40 {
		return string(b[p:p+40]) + "…"
	}
	return string(b[p:end])
}
