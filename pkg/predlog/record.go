package predlog

import (
	"fmt"
	"slices"

	"github.com/leadsman/leadsman/pkg/table"
)

// action is what to do with a key's value.
type action uint8

const (
	ignore    action = iota // an unknown field
	timestamp               // RFC 3339 text
	measure                 // a number
	code                    // a whole number
	word                    // text, or the text of a number or bool
	feature                 // an input field
	input                   // the object of input fields
	simulated               // true when the log is simulated
)

// key is one key of an object, with what follows it as a rule.
type key struct {
	name     string
	literal  string // with its quotes, as it was written first
	next     *key   // the key that came after it last time it was looked up
	line     int64  // the last line it was seen in
	action   action
	required bool
	col      *column
	seen     int64 // lines that were kept, of an unknown field
}

// object is the keys of one level of the records.
type object struct {
	first  *key
	keys   map[string]*key
	inputs bool // unknown keys are features
}

// The fixed columns, in the order of the table. alias is another name that the
// field goes by.
var fixed = map[LogKind][]struct {
	name, alias string
	role        table.Role
	action      action
	shape       shape
	required    bool
}{
	References: {
		{"timestamp", "", table.Timestamp, timestamp, times, false},
		{"score", "", table.Score, measure, floats, false},
		{"label", "", table.Label, word, words, false},
		{"inference_ms", "", table.Latency, measure, floats, false},
		{"model_version", "", table.ModelID, word, words, false},
	},
	Predictions: {
		{"timestamp", "", table.Timestamp, timestamp, times, true},
		{"score", "", table.Score, measure, floats, true},
		{"label", "", table.Label, word, words, false},
		{"inference_ms", "", table.Latency, measure, floats, false},
		{"model_version", "", table.ModelID, word, words, false},
	},
	Requests: {
		{"timestamp", "", table.Timestamp, timestamp, times, true},
		{"endpoint", "path", table.Endpoint, word, words, false},
		{"method", "", table.Method, word, words, false},
		{"status_code", "", table.Status, code, ints, true},
		{"response_ms", "response_time_ms", table.Latency, measure, floats, false},
	},
}

// FieldNames returns the names that Options.Fields may map for a kind of log.
func FieldNames(kind LogKind) []string {
	var names []string
	for _, f := range fixed[kind] {
		names = append(names, f.name)
	}
	if kind != Requests {
		names = append(names, "input")
	}
	return names
}

// start makes the fixed columns and the keys that lead to them.
func (d *Decoder) start() {
	d.top.keys = map[string]*key{}
	d.in.keys = map[string]*key{}
	d.in.inputs = true
	d.kinds = map[string]string{}
	for _, p := range d.options.Columns {
		d.kinds[p.Name] = p.Type
	}
	add := func(k *key) {
		if _, taken := d.top.keys[k.name]; !taken {
			k.literal = string(appendString(nil, k.name))
			d.top.keys[k.name] = k
		}
	}
	for _, f := range fixed[d.options.Kind] {
		if f.name == d.options.Target {
			continue
		}
		c := &column{name: f.name, role: f.role, shape: f.shape, pinned: true, optional: d.options.Kind == References}
		d.cols = append(d.cols, c)
		names := []string{f.name}
		if f.alias != "" {
			names = append(names, f.alias)
		}
		if configured, ok := d.options.Fields[f.name]; ok {
			names = []string{configured}
		}
		for _, n := range names {
			add(&key{name: n, action: f.action, required: f.required, col: c})
		}
		if f.required {
			d.required = append(d.required, c)
		}
	}
	add(&key{name: "simulated", action: simulated})
	if d.options.Kind == References {
		d.top.inputs = true
	}
	if d.options.Kind != Requests {
		where, ok := d.options.Fields["input"]
		switch {
		case !ok:
			add(&key{name: "input", action: input})
		case where == "":
			d.top.inputs = true
		default:
			add(&key{name: where, action: input})
		}
		if id := d.options.ID; id != "" && !d.top.inputs {
			// The id may stand beside the input or in it; its column appears
			// with its first value.
			add(&key{name: id, action: word})
		}
	}
}

// record reads one line that begins at p. It returns the position of the
// line's newline, or -1 and leaves in d.fault why the line is bad.
func (d *Decoder) record(p int) int {
	b := d.buf
	p = space(b, p)
	if b[p] != '{' {
		d.fault = fault{reason: reasonObject, at: p}
		switch {
		case b[p] == '\n':
			return p // a blank line; the caller has looked
		case b[p] == '[':
			d.fault.reason = reasonArray
		case b[p] != '"' && b[p] != '-' && b[p]-'0' > 9:
			if _, f := literal(b, p); f.reason != "" {
				d.fault = syntaxFault(b, p, "want {")
			}
		}
		return -1
	}
	if p = d.object(&d.top, p+1); p < 0 {
		return -1
	}
	p = space(b, p)
	if b[p] != '\n' {
		d.fault = syntaxFault(b, p, "want the end of the line after the object")
		return -1
	}
	for _, c := range d.required {
		if !c.has(d.rows) {
			d.fault = fault{reason: "missing " + c.name, at: p}
			return -1
		}
	}
	return p
}

// object reads the object whose contents begin at p and returns the byte
// behind it.
func (d *Decoder) object(o *object, p int) int {
	b := d.buf
	p = space(b, p)
	if b[p] == '}' {
		return p + 1
	}
	guess := o.first
	var before *key
	for {
		k := guess
		switch {
		case k != nil && hasLiteral(b, p, k.literal):
			p += len(k.literal)
		case k != nil && k.next != nil && hasLiteral(b, p, k.next.literal):
			k = k.next
			p += len(k.literal)
		default:
			if k, p = d.lookUp(o, p); p < 0 {
				return -1
			}
			if before == nil {
				o.first = k
			} else {
				before.next = k
			}
		}
		if k.line == d.line {
			d.fault = fault{reason: "a key is there twice", got: quote([]byte(k.name)), at: p}
			return -1
		}
		k.line = d.line
		if b[p] != ':' {
			if p = space(b, p); b[p] != ':' {
				d.fault = syntaxFault(b, p, "want : after a key")
				return -1
			}
		}
		p++
		if b[p] <= ' ' {
			p = space(b, p)
		}
		if k.action == feature {
			p = d.feature(k, p)
		} else {
			p = d.field(k, p)
		}
		if p < 0 {
			return -1
		}
		if b[p] != ',' {
			if p = space(b, p); b[p] == '}' {
				return p + 1
			} else if b[p] != ',' {
				d.fault = syntaxFault(b, p, "want , or } in an object")
				return -1
			}
		}
		p++
		if b[p] <= ' ' {
			p = space(b, p)
		}
		before, guess = k, k.next
	}
}

func hasLiteral(b []byte, p int, s string) bool {
	return len(b)-p >= len(s) && string(b[p:p+len(s)]) == s
}

// lookUp reads the key at p, makes it known when it is new, and returns the
// byte behind it.
func (d *Decoder) lookUp(o *object, p int) (*key, int) {
	b := d.buf
	if b[p] != '"' {
		d.fault = syntaxFault(b, p, "want a key")
		return nil, -1
	}
	at, n, end := d.text(p)
	if end < 0 {
		return nil, -1
	}
	raw := d.memory(at)
	if k := o.keys[string(raw[at&^scratchBit:][:n])]; k != nil {
		return k, end
	}
	if n > maxKey {
		d.fault = fault{reason: reasonKey, at: p}
		return nil, -1
	}
	text := string(raw[at&^scratchBit:][:n])
	if d.fault = checkUTF8([]byte(text), p); d.fault.reason != "" {
		return nil, -1
	}
	k := &key{name: text, literal: string(b[p:end])}
	if o.inputs {
		if len(d.cols) >= maxColumns {
			d.fault = fault{reason: reasonColumns, at: p}
			return nil, -1
		}
		k.action, k.col = feature, d.newColumn(text)
	} else if len(o.keys) >= maxColumns {
		d.overflow.line = 0 // there may be several in a line
		return d.overflow, end
	}
	o.keys[text] = k
	d.newKeys = append(d.newKeys, newKey{o, k})
	return k, end
}

// maxColumns bounds the columns of a table, and the unknown fields counted by
// name.
const maxColumns = 4096

// maxKey bounds the names that are kept.
const maxKey = 1024

// newColumn makes the column of an input field. It has no shape before its
// first value, unless its type is pinned.
func (d *Decoder) newColumn(field string) *column {
	c := &column{name: field, role: table.Feature}
	for slices.ContainsFunc(d.cols, func(o *column) bool { return o.name == c.name }) {
		c.name = InputPrefix + c.name
	}
	if field == d.options.ID && field != "" {
		c.role, c.shape, c.asText, c.pinned = table.ID, texts, true, true
	}
	switch d.kinds[field] {
	case "number":
		c.shape, c.pinned = floats, true
	case "category":
		c.shape, c.asText, c.pinned = words, true, true
	case "text":
		c.shape, c.asText, c.pinned, c.role = texts, true, true, table.Text
	case "id":
		c.shape, c.asText, c.pinned, c.role = texts, true, true, table.ID
	}
	if field == d.options.Target && field != "" {
		c.role = table.Target
	}
	d.cols = append(d.cols, c)
	d.setLimit()
	if c.shape != unset {
		c.room(d.capacity())
	}
	return c
}

// text finds the text of the string at p: n bytes from at, in the buffer or,
// when it had escapes, in the scratch space. end is the byte behind the
// closing quote.
func (d *Decoder) text(p int) (at, n, end int) {
	b := d.buf
	e := closing(b, p+1)
	if b[e] == '"' {
		return p + 1, e - p - 1, e + 1
	}
	if b[e] != '\\' {
		d.fault = badString(b, e)
		return 0, 0, -1
	}
	d.scratch, e, d.fault = unescape(d.scratch[:0], b, p+1)
	if e < 0 {
		return 0, 0, -1
	}
	n = len(d.scratch)
	d.scratch = append(d.scratch, make([]byte, slack)...)
	return scratchBit, n, e + 1
}

// scratchBit marks a position in the scratch space.
const scratchBit = 1 << 40

// memory returns the memory in which the text at lies.
func (d *Decoder) memory(at int) []byte {
	if at&scratchBit != 0 {
		return d.scratch
	}
	return d.buf
}

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
			return d.numberText(c, p)
		}
		x, end := number(b, p)
		if end < 0 {
			d.fault = numberFault(b, p)
			d.fault.named(k.name, b)
			return -1
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
		d.fault = f
		d.fault.named(k.name, b)
		return -1
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

// numberText sets c to the text of the number at p: an integer's own digits,
// else the shortest that reads back.
func (d *Decoder) numberText(c *column, p int) int {
	b := d.buf
	x, end := number(b, p)
	if end >= 0 {
		d.scratch = appendRepr(d.scratch[:0], x)
	} else {
		d.fault = numberFault(b, p)
		if d.fault.reason != reasonBigInteger {
			return -1
		}
		end = d.fault.end
		d.scratch = append(d.scratch[:0], b[p:end]...)
	}
	n := len(d.scratch)
	d.scratch = append(d.scratch, make([]byte, slack)...)
	c.setText(d.rows, d.scratch, 0, n)
	return end
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
	d.pending = append(d.pending, typeError{
		reason:   "type: column " + c.name + ": want " + want,
		sentence: fmt.Sprintf("%s: want %s, got %s; taken as null", c.name, want, got),
	})
}

// field reads the value of a field that is no input field.
func (d *Decoder) field(k *key, p int) int {
	b, c := d.buf, k.col
	if b[p] == 'n' && k.action != input {
		end, f := literal(b, p)
		if end < 0 {
			d.fault = f
			d.fault.named(k.name, b)
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
			d.fault = numberFault(b, p)
			d.fault.named(k.name, b)
			return -1
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
		return d.numberText(c, p)
	case b[p] == '{' || b[p] == '[':
		return d.wrong(k, p, "text")
	}
	end, f := literal(b, p)
	if end < 0 {
		d.fault = f
		d.fault.named(k.name, b)
		return -1
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
	case b[p] == 'n':
		return end
	}
	d.fault = fault{reason: k.name + ": want an object", got: show(b, p, end), at: p}
	return -1
}

// wrong handles a value of the wrong kind in a fixed field: where the field is
// required the line is bad, else the field is null and the error counted.
func (d *Decoder) wrong(k *key, p int, want string) int {
	b := d.buf
	end, f := skip(b, p)
	if end < 0 {
		d.fault = f
		d.fault.named(k.name, b)
		return -1
	}
	if !k.required {
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
