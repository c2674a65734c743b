package feature

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/files"
)

// Limits on what Parse accepts.
const (
	maxBytes   = 64 << 20
	maxColumns = 1 << 16
	maxPattern = 4 << 10
)

// Open reads the features file at path. Errors name it.
func Open(path string) (*Pipeline, error) {
	f, err := files.Open(path)
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer f.Close()
	p, err := Parse(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// Parse reads a features file of at most 64 MiB, 65,536 raw fields and 65,536
// columns. It is strict: an unknown or repeated key, a key that the op does not
// use, a column from an undeclared raw field, or an unknown op is an error that
// names the place, like
//
//	columns[3].pattern: op map has no pattern
func Parse(r io.Reader) (*Pipeline, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxBytes {
		return nil, fmt.Errorf("longer than %d MiB", maxBytes>>20)
	}
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}
	if err := checkKeys(data); err != nil {
		return nil, err
	}
	var doc object
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, jsonError("", err)
	}
	p := &Pipeline{}
	var version float64
	var raws, columns []json.RawMessage
	d := reader{o: doc}
	d.need("version", &version)
	d.get("model_sha256", &p.ModelSHA256)
	d.get("missing", &p.gone)
	d.need("raw", &raws)
	d.need("columns", &columns)
	if err := d.done("a features file"); err != nil {
		return nil, err
	}
	if version != 1 {
		return nil, fmt.Errorf("version: want 1, got %v", version)
	}
	for _, k := range sortedKeys(p.ModelSHA256) {
		if b, err := hex.DecodeString(p.ModelSHA256[k]); err != nil || len(b) != 32 {
			return nil, fmt.Errorf("model_sha256.%s: want 64 hexadecimal digits", k)
		}
	}
	switch {
	case len(raws) == 0:
		return nil, errors.New("raw: no fields")
	case len(columns) == 0:
		return nil, errors.New("columns: none")
	case len(raws) > maxColumns:
		return nil, fmt.Errorf("raw: more than %d fields", maxColumns)
	case len(columns) > maxColumns:
		return nil, fmt.Errorf("columns: more than %d", maxColumns)
	}
	if err := p.parseRaw(raws); err != nil {
		return nil, err
	}
	if err := p.parseColumns(columns); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Pipeline) parseRaw(list []json.RawMessage) error {
	p.index = make(map[string]int, len(list))
	for i, m := range list {
		path := fmt.Sprintf("raw[%d]", i)
		var r Raw
		d := readerOf(path, m)
		d.need("name", &r.Name)
		d.need("type", &r.Type)
		if err := d.done("a raw field"); err != nil {
			return err
		}
		if r.Name == "" {
			return fmt.Errorf("%s.name: empty", path)
		}
		if !slices.Contains([]string{"number", "category", "text"}, r.Type) {
			return fmt.Errorf("%s.type: want number, category or text, got %q", path, r.Type)
		}
		if _, dup := p.index[r.Name]; dup {
			return fmt.Errorf("%s.name: %q is declared twice", path, r.Name)
		}
		p.index[r.Name] = i
		p.raw = append(p.raw, r)
	}
	return nil
}

func (p *Pipeline) parseColumns(list []json.RawMessage) error {
	seen := make(map[string]bool, len(list))
	for i, m := range list {
		path := fmt.Sprintf("columns[%d]", i)
		c, err := p.parseColumn(path, m)
		if err != nil {
			return err
		}
		if seen[c.name] {
			return fmt.Errorf("%s.name: %q is declared twice", path, c.name)
		}
		seen[c.name] = true
		p.columns = append(p.columns, c)
	}
	return nil
}

func (p *Pipeline) parseColumn(path string, m json.RawMessage) (column, error) {
	c := column{from: -1, scale: 1, missing: math.NaN(), fallback: math.NaN()}
	var op, from, pattern string
	d := readerOf(path, m)
	d.need("name", &c.name)
	d.need("op", &op)
	if d.err != nil {
		return c, d.err
	}
	if op != "zero" {
		d.need("from", &from)
	} else {
		d.get("from", &from)
	}
	switch op {
	case "number":
		c.op = number
		d.get("missing", &c.missing)
		d.get("scale", &c.scale)
		d.get("offset", &c.offset)
	case "map":
		c.op = lookup
		d.get("missing", &c.missingText)
		c.keepEmpty = d.rule("empty", "missing", "value")
		var entries object
		d.need("map", &entries)
		table := reader{path: path + ".map", o: entries, err: d.err}
		c.table = make(map[string]float64, len(entries))
		for _, k := range sortedKeys(entries) {
			var x float64
			table.get(k, &x)
			c.table[k] = x
		}
		d.err = table.err
		d.get("default", &c.fallback)
	case "onehot":
		c.op = onehot
		d.get("missing", &c.missingText)
		c.keepEmpty = d.rule("empty", "missing", "value")
		d.need("value", &c.text)
	case "present":
		c.op = present
		c.keepEmpty = d.rule("empty", "missing", "value")
	case "length":
		c.op, c.missing = length, 0
		d.get("missing", &c.missing)
	case "count":
		c.op, c.missing = count, 0
		d.get("missing", &c.missing)
		d.need("separator", &c.text)
		c.countBlanks = d.rule("blanks", "skip", "count")
		if d.err == nil && c.text == "" {
			return c, fmt.Errorf("%s.separator: empty", path)
		}
	case "match":
		c.op = match
		d.need("pattern", &pattern)
		if d.err == nil {
			if len(pattern) > maxPattern {
				return c, fmt.Errorf("%s.pattern: longer than %d bytes", path, maxPattern)
			}
			re, err := regexp.Compile("(?i)" + pattern)
			if err != nil {
				return c, fmt.Errorf("%s.pattern: %w", path, err)
			}
			c.pattern, c.words = re, wordsOf(pattern)
		}
	case "zero":
		c.op = zero
	default:
		return c, fmt.Errorf("%s.op: want number, map, onehot, present, length, count, match or zero, got %q", path, op)
	}
	if err := d.done("op " + op); err != nil {
		return c, err
	}
	if c.name == "" {
		return c, fmt.Errorf("%s.name: empty", path)
	}
	if from != "" {
		i, ok := p.index[from]
		if !ok {
			return c, fmt.Errorf("%s.from: %q is no raw field", path, from)
		}
		c.from = i
	} else if c.op != zero {
		return c, fmt.Errorf("%s.from: empty", path)
	}
	return c, nil
}

type object = map[string]json.RawMessage

// reader takes the keys of one object, each once, and keeps the first error.
type reader struct {
	path string
	o    object
	err  error
}

func readerOf(path string, m json.RawMessage) *reader {
	d := &reader{path: path}
	if err := json.Unmarshal(m, &d.o); err != nil {
		d.err = jsonError(path, err)
	} else if d.o == nil {
		d.err = fmt.Errorf("%s: want an object, got null", path)
	}
	return d
}

func (d *reader) at(key string) string {
	if d.path == "" {
		return key
	}
	return d.path + "." + key
}

// get reads an optional key into v.
func (d *reader) get(key string, v any) {
	m, ok := d.o[key]
	delete(d.o, key)
	if !ok || d.err != nil {
		return
	}
	if _, list := v.(*[]json.RawMessage); !list && bytes.Contains(m, []byte("null")) && hasNull(m) {
		d.err = fmt.Errorf("%s: holds null", d.at(key))
		return
	}
	if err := json.Unmarshal(m, v); err != nil {
		d.err = jsonError(d.at(key), err)
	}
}

func (d *reader) need(key string, v any) {
	if _, ok := d.o[key]; !ok && d.err == nil {
		d.err = fmt.Errorf("%s: missing", d.at(key))
	}
	d.get(key, v)
}

// rule reads an optional key that is one of two words, of which usual is that of a
// file without it, and reports whether it is other.
func (d *reader) rule(key, usual, other string) bool {
	word := usual
	d.get(key, &word)
	if d.err == nil && word != usual && word != other {
		d.err = fmt.Errorf("%s: want %s or %s, got %q", d.at(key), usual, other, word)
	}
	return word == other
}

// done returns the first error, or one for a key that nobody took.
func (d *reader) done(what string) error {
	if d.err != nil {
		return d.err
	}
	for _, k := range sortedKeys(d.o) {
		return fmt.Errorf("%s: %s has no %s", d.at(k), what, k)
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// hasNull reports whether the JSON in m holds the word null outside of strings.
// encoding/json would read it as zero.
func hasNull(m []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(m))
	dec.UseNumber()
	for {
		t, err := dec.Token()
		if err != nil {
			return false
		}
		if t == nil {
			return true
		}
	}
}

// jsonError puts encoding/json's complaint in our words.
func jsonError(path string, err error) error {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		if te.Field != "" {
			path = strings.TrimPrefix(path+"."+te.Field, ".")
		}
		want := map[string]string{"float64": "a number", "string": "a string"}[te.Type.String()]
		switch {
		case want != "":
		case te.Type.Kind().String() == "map":
			want = "an object"
		default:
			want = "a list"
		}
		err = fmt.Errorf("want %s, got %s", want, te.Value)
	}
	if path == "" {
		return err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// checkKeys refuses a document in which an object has one key twice, of which
// encoding/json would silently keep the last.
func checkKeys(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var stack []map[string]bool // nil for an array
	key := false                // the next string token is a key
	for {
		t, err := dec.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("byte %d: %w", dec.InputOffset(), err)
		}
		switch t := t.(type) {
		case json.Delim:
			switch t {
			case '{':
				stack = append(stack, map[string]bool{})
			case '[':
				stack = append(stack, nil)
			default:
				stack = stack[:len(stack)-1]
			}
		case string:
			if key {
				top := stack[len(stack)-1]
				if top[t] {
					return fmt.Errorf("byte %d: key %q is there twice", dec.InputOffset(), t)
				}
				top[t] = true
				key = false
				continue
			}
		}
		key = len(stack) > 0 && stack[len(stack)-1] != nil
	}
}
