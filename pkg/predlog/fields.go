package predlog

// feature reads the value of an input field.
func (d *Decoder) feature(k *key, p int) int {
	b, c := d.buf, k.col
	switch first := b[p]; {
	case first == '"':
		at, n, end := d.text(p)
		if end < 0 {
			return -1
		}
		if c.shape != words && c.shape != texts {
			if c.shape != unset {
				d.mismatch(c, "a number", p, end)
				if d.fault = checkUTF8(b[p:end], p); d.fault.reason != "" {
					return -1
				}
				return end
			}
			d.shape(c, words)
		}
		if !c.setText(d.rows, d.memory(at), at&^scratchBit, n) {
			d.fault = fault{reason: reasonUTF8, at: p}
			return -1
		}
		return end
	case first == '-' || first-'0' <= 9:
		if c.asText {
			return d.numberText(k, p)
		}
		x, end := number(b, p)
		if end < 0 {
			f := numberFault(b, p)
			if f.isValue() && (c.shape == words || c.shape == texts) {
				d.mismatch(c, "a string", p, f.end)
				return f.end
			}
			return d.untaken(k, f)
		}
		switch c.shape {
		case floats:
		case unset:
			d.shape(c, floats)
		default:
			d.mismatch(c, "a string", p, end)
			return end
		}
		c.setFloat(d.rows, x)
		return end
	case first == '{' || first == '[':
		end, f := skip(b, p)
		if end < 0 {
			d.fault = f
			return -1
		}
		d.pending = append(d.pending, typeError{reason: "nested: column " + c.name + ": left out"})
		return end
	}
	end, f := literal(b, p)
	switch {
	case end < 0:
		return d.untaken(k, f)
	case b[p] == 'n':
		return end
	}
	switch c.shape {
	case words, texts:
	case unset:
		d.shape(c, words)
	default:
		d.mismatch(c, "a number", p, end)
		return end
	}
	c.setText(d.rows, b, p, end-p)
	return end
}

// shape gives c the shape of its first value.
func (d *Decoder) shape(c *column, s shape) {
	c.shape = s
	c.room(d.capacity())
	d.shaped = append(d.shaped, c)
}

// numberText sets the column to the text of the number at p: an integer's own digits,
// else the shortest that reads back.
func (d *Decoder) numberText(k *key, p int) int {
	b, c := d.buf, k.col
	x, end := number(b, p)
	if end >= 0 {
		d.scratch = appendRepr(d.scratch[:0], x)
	} else {
		f := numberFault(b, p)
		if f.reason != reasonBigInteger {
			return d.untaken(k, f)
		}
		end = f.end
		d.scratch = append(d.scratch[:0], b[p:end]...)
	}
	n := len(d.scratch)
	d.scratch = append(d.scratch, make([]byte, slack)...)
	c.setText(d.rows, d.scratch, 0, n)
	return end
}

// untaken handles a value that could not be read. One that only its column
// cannot hold is noted and stays null, unless the field is vital; any other
// spoils the line.
func (d *Decoder) untaken(k *key, f fault) int {
	value := f.isValue()
	reason := f.reason
	f.named(k.name, d.buf)
	if !value || k.vital {
		d.fault = f
		return -1
	}
	d.unfit(k.col, reason, f.got)
	return f.end
}

func (d *Decoder) unfit(c *column, reason, got string) {
	e := typeError{reason: "value: column " + c.name + ": " + reason}
	if d.complaints < maxComplaints {
		e.sentence = c.name + ": " + reason
		if got != "" {
			e.sentence += ", got " + got
		}
		e.sentence += "; taken as null"
	}
	d.pending = append(d.pending, e)
}

// mismatch notes the value at p, which is of another kind than its column's; it
// stays null.
func (d *Decoder) mismatch(c *column, want string, p, end int) {
	got := ""
	if d.complaints < maxComplaints {
		got = show(d.buf, p, end)
	}
	d.mismatched(c, want, got)
}

func (d *Decoder) mismatched(c *column, want, got string) {
	e := typeError{reason: typeReason + c.name + ": want " + want}
	if d.complaints < maxComplaints {
		e.sentence = c.name + ": want " + want + ", got " + got + "; taken as null"
	}
	d.pending = append(d.pending, e)
}

// field reads the value of a field that is no input field.
func (d *Decoder) field(k *key, p int) int {
	b, c := d.buf, k.col
	if b[p] == 'n' && b[p+1] == 'u' && k.action != input {
		end, f := literal(b, p)
		if end < 0 {
			d.fault = f
		} else if k.action == ignore {
			d.unknown = append(d.unknown, k)
		}
		return end
	}
	if c != nil && c.has(d.rows) {
		d.fault = fault{reason: c.name + ": is there twice, by two names", at: p}
		return -1
	}
	switch k.action {
	case timestamp:
		if b[p] != '"' {
			return d.wrong(k, p, "an RFC 3339 timestamp")
		}
		at, n, end := d.text(p)
		if end < 0 {
			return -1
		}
		micros, zone, ok := d.clock.parse(d.memory(at)[at&^scratchBit:][:n])
		if !ok {
			return d.wrong(k, p, "an RFC 3339 timestamp")
		}
		if !zone {
			d.zoneless = true
		}
		c.setInt(d.rows, micros)
		return end
	case measure, code:
		if b[p] != '-' && b[p]-'0' > 9 {
			return d.wrong(k, p, "a number")
		}
		x, end := number(b, p)
		if end < 0 {
			return d.untaken(k, numberFault(b, p))
		}
		if k.action == measure {
			c.setFloat(d.rows, x)
			return end
		}
		if x != float64(int64(x)) {
			return d.wrong(k, p, "a whole number")
		}
		c.setInt(d.rows, int64(x))
		return end
	case word:
		return d.word(k, p)
	case input:
		return d.input(k, p)
	case simulated:
		end, f := skip(b, p)
		if d.fault = f; end >= 0 && b[p] == 't' {
			d.simulated = true
		}
		return end
	}
	end, f := skip(b, p)
	if end < 0 {
		d.fault = f
		return -1
	}
	d.unknown = append(d.unknown, k)
	return end
}

// word reads a text field, for which numbers and bools give their text.
func (d *Decoder) word(k *key, p int) int {
	b, c := d.buf, k.col
	if c == nil { // the id beside the input
		k.col = d.newColumn(k.name)
		c = k.col
		d.idKey = k
	}
	switch {
	case b[p] == '"':
		at, n, end := d.text(p)
		if end < 0 {
			return -1
		}
		if !c.setText(d.rows, d.memory(at), at&^scratchBit, n) {
			d.fault = fault{reason: reasonUTF8, at: p}
			return -1
		}
		return end
	case b[p] == '-' || b[p]-'0' <= 9:
		return d.numberText(k, p)
	case b[p] == '{' || b[p] == '[':
		return d.wrong(k, p, "text")
	}
	end, f := literal(b, p)
	if end < 0 {
		return d.untaken(k, f)
	}
	c.setText(d.rows, b, p, end-p)
	return end
}

func (d *Decoder) input(k *key, p int) int {
	b := d.buf
	if b[p] == '{' {
		return d.object(&d.in, p+1)
	}
	end, f := skip(b, p)
	switch {
	case end < 0:
		d.fault = f
		return -1
	case b[p] == 'n' && b[p+1] == 'u':
		return end
	}
	d.fault = fault{reason: k.name + ": want an object", got: show(b, p, end), at: p}
	return -1
}

// wrong handles a value of the wrong kind in a fixed field: where the field is
// vital the line is bad, else the field is null and the error counted.
func (d *Decoder) wrong(k *key, p int, want string) int {
	b := d.buf
	if c := b[p]; c == 'n' || c == 'N' || c == 'i' || c == 'I' {
		_, f := literal(b, p)
		return d.untaken(k, f)
	}
	end, f := skip(b, p)
	if end < 0 {
		d.fault = f
		d.fault.named(k.name, b)
		return -1
	}
	if !k.vital {
		d.mismatch(k.col, want, p, end)
		return end
	}
	d.fault = fault{reason: k.name + ": want " + want, got: show(b, p, end), at: p}
	return -1
}

// named puts the field's name before a fault that concerns its value.
func (f *fault) named(field string, b []byte) {
	switch f.reason {
	case reasonBigInteger, reasonHuge:
		f.got = show(b, f.at, f.end)
		fallthrough
	case reasonNaN:
		f.reason = field + ": " + f.reason
	}
}

// show returns the JSON value at b[p:end] for an error on the terminal.
func show(b []byte, p, end int) string {
	switch b[p] {
	case '"':
		text, _, _ := unescape(nil, b, p+1)
		return quote(text)
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
