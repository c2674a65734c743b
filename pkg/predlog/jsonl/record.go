package jsonl

import (
	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/jsontext"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// record reads one line that begins at p. It returns the position of the
// line's newline, or -1 and leaves in r.fault why the line is bad.
func (r *parser) record(p int) int {
	b := r.buf
	p = jsontext.Space(b, p)
	if r.fault = jsontext.Begun(b, p); r.fault.Reason != "" {
		return -1
	}
	if b[p] != '{' {
		r.fault = faults.Fault{Reason: faults.NotObject, At: p}
		switch {
		case b[p] == '\n':
			return p // a blank line; the caller has looked
		case b[p] == '[':
			r.fault.Reason = faults.List
		case b[p] != '"' && b[p] != '-' && b[p]-'0' > 9:
			if _, f := jsontext.Literal(b, p); f.Reason != "" {
				r.fault = jsontext.Syntax(b, p, "want {")
			}
		}
		return -1
	}
	if p = r.object(&r.table.Top, p+1); p < 0 {
		return -1
	}
	p = jsontext.Space(b, p)
	if b[p] != '\n' {
		r.fault = jsontext.Syntax(b, p, "want the end of the line after the object")
		return -1
	}
	if r.fault = r.table.Missing(); r.fault.Reason != "" {
		r.fault.At = p
		return -1
	}
	return p
}

// object reads the object whose contents begin at p and returns the byte
// behind it.
func (r *parser) object(o *mapping.Object, p int) int {
	b := r.buf
	p = jsontext.Space(b, p)
	if b[p] == '}' {
		return p + 1
	}
	guess := o.First
	var before *mapping.Key
	for {
		k := guess
		switch {
		case k != nil && hasLiteral(b, p, k.Literal):
			p += len(k.Literal)
		case k != nil && k.Next != nil && hasLiteral(b, p, k.Next.Literal):
			k = k.Next
			p += len(k.Literal)
		default:
			if k, p = r.lookUp(o, p); p < 0 {
				return -1
			}
			if before == nil {
				o.First = k
			} else {
				before.Next = k
			}
		}
		if k.Line == r.line {
			r.fault = faults.Fault{Reason: "a key is there twice", Got: faults.Quote([]byte(k.Name)), At: p}
			return -1
		}
		k.Line = r.line
		if b[p] != ':' {
			if p = jsontext.Space(b, p); b[p] != ':' {
				r.fault = jsontext.Syntax(b, p, "want : after a key")
				return -1
			}
		}
		p++
		if b[p] <= ' ' {
			p = jsontext.Space(b, p)
		}
		if k.Action == mapping.Feature {
			p = r.feature(k, p)
		} else {
			p = r.field(k, p)
		}
		if p < 0 {
			return -1
		}
		if b[p] != ',' {
			if p = jsontext.Space(b, p); b[p] == '}' {
				return p + 1
			} else if b[p] != ',' {
				r.fault = jsontext.Syntax(b, p, "want , or } in an object")
				return -1
			}
		}
		p++
		if b[p] <= ' ' {
			p = jsontext.Space(b, p)
		}
		before, guess = k, k.Next
	}
}

func hasLiteral(b []byte, p int, s string) bool {
	return len(b)-p >= len(s) && string(b[p:p+len(s)]) == s
}

// lookUp reads the key at p, makes it known when it is new, and returns the
// byte behind it.
func (r *parser) lookUp(o *mapping.Object, p int) (*mapping.Key, int) {
	b := r.buf
	if b[p] != '"' {
		r.fault = jsontext.Syntax(b, p, "want a key")
		return nil, -1
	}
	at, n, end := r.text(p)
	if end < 0 {
		return nil, -1
	}
	raw := r.memory(at)
	if k := o.Keys[string(raw[at&^scratchBit:][:n])]; k != nil {
		return k, end
	}
	text := string(raw[at&^scratchBit:][:n])
	if r.fault = jsontext.CheckUTF8([]byte(text), p); r.fault.Reason != "" {
		return nil, -1
	}
	if n > mapping.MaxName {
		r.nameless.Line = 0 // there may be several in a line
		return r.nameless, end
	}
	k := &mapping.Key{Name: text, Literal: string(b[p:end]), Lost: faults.Unknown{Name: o.Path + text}}
	if o.Inputs {
		if r.table.Full() {
			r.fault = faults.Fault{Reason: faults.ManyColumns, At: p}
			return nil, -1
		}
		k.Action, k.Col = r.table.NewInput(o, text)
	} else if len(o.Keys) >= batch.MaxColumns {
		r.overflow.Line = 0 // there may be several in a line
		return r.overflow, end
	}
	o.Keys[text] = k
	r.newKeys = append(r.newKeys, newKey{o, k})
	return k, end
}

// text finds the text of the string at p: n bytes from at, in the buffer or,
// when it had escapes, in the scratch space. end is the byte behind the
// closing quote.
func (r *parser) text(p int) (at, n, end int) {
	b := r.buf
	e := jsontext.Special(b, p+1)
	if b[e] == '"' {
		return p + 1, e - p - 1, e + 1
	}
	if b[e] != '\\' {
		r.fault = jsontext.BadString(b, e)
		return 0, 0, -1
	}
	r.scratch, e, r.fault = jsontext.Unescape(r.scratch[:0], b, p+1)
	if e < 0 {
		return 0, 0, -1
	}
	n = len(r.scratch)
	r.scratch = append(r.scratch, make([]byte, jsontext.Slack)...)
	return scratchBit, n, e + 1
}

// scratchBit marks a position in the scratch space.
const scratchBit = 1 << 40

// memory returns the memory in which the text at lies.
func (r *parser) memory(at int) []byte {
	if at&scratchBit != 0 {
		return r.scratch
	}
	return r.buf
}
