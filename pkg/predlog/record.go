package predlog

import (
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
	name    string
	literal string // with its quotes, as it was written first
	next    *key   // the key that came after it last time it was looked up
	line    int64  // the last line it was seen in
	action  action
	vital   bool // a value that cannot be taken spoils the line
	col     *column
	seen    int64 // lines that were kept, of an unknown field
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
	vital       bool // a log must have it, and a reference nothing else in its place
}{
	References: {
		{"timestamp", "", table.Timestamp, timestamp, times, true},
		{"score", "", table.Score, measure, floats, true},
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
			add(&key{name: n, action: f.action, vital: f.vital, col: c})
		}
		if f.vital && d.options.Kind != References {
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
	text := string(raw[at&^scratchBit:][:n])
	if d.fault = checkUTF8([]byte(text), p); d.fault.reason != "" {
		return nil, -1
	}
	if n > maxKey {
		d.nameless.line = 0 // there may be several in a line
		return d.nameless, end
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
