package xgboost

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// jsonReader is a source on JSON text. Beyond the standard it takes the bare
// words NaN, Infinity and -Infinity for numbers, which XGBoost writes.
type jsonReader struct {
	data  []byte
	pos   int
	depth int
}

func (r *jsonReader) fail(what string, args ...any) error {
	return tree.Refuse(tree.ErrFormat, "", "byte %d: %s", r.pos+1, fmt.Sprintf(what, args...))
}

// peek skips white space and returns the next byte, or 0 at the end.
func (r *jsonReader) peek() byte {
	for r.pos < len(r.data) {
		switch c := r.data[r.pos]; c {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return c
		}
	}
	return 0
}

// want fails, naming what was wanted and what stands there.
func (r *jsonReader) want(what string) error {
	if r.peek(); r.pos >= len(r.data) {
		return r.fail("want %s, got the end of the file", what)
	}
	c, _ := utf8.DecodeRune(r.data[r.pos:])
	return r.fail("want %s, got %q", what, c)
}

func (r *jsonReader) expect(c byte, what string) error {
	if r.peek() != c {
		return r.want(what)
	}
	r.pos++
	return nil
}

func (r *jsonReader) enter() error {
	if r.depth++; r.depth > maxNesting {
		return r.fail("nested deeper than %d levels", maxNesting)
	}
	return nil
}

func (r *jsonReader) object(member func(string) error) error {
	if err := r.expect('{', "an object"); err != nil {
		return err
	}
	return r.members('}', "',' or '}'", func(int) error {
		key, err := r.text()
		if err != nil {
			return err
		}
		if err := r.expect(':', "':'"); err != nil {
			return err
		}
		return member(key)
	})
}

func (r *jsonReader) array(element func(int) error) error {
	if err := r.expect('[', "an array"); err != nil {
		return err
	}
	return r.members(']', "',' or ']'", element)
}

// members reads what stands between an opening bracket and its end.
func (r *jsonReader) members(end byte, want string, read func(int) error) error {
	if err := r.enter(); err != nil {
		return err
	}
	defer func() { r.depth-- }()
	if r.peek() == end {
		r.pos++
		return nil
	}
	for i := 0; ; i++ {
		if err := read(i); err != nil {
			return err
		}
		switch r.peek() {
		case ',':
			r.pos++
		case end:
			r.pos++
			return nil
		default:
			return r.want(want)
		}
	}
}

func (r *jsonReader) text() (string, error) {
	if r.peek() != '"' {
		return "", r.want("a string")
	}
	start := r.pos
	for i := start + 1; i < len(r.data); i++ {
		switch c := r.data[i]; {
		case c == '\\':
			i++
		case c == '"':
			raw := r.data[start : i+1]
			var s string
			if !utf8.Valid(raw) {
				return "", r.fail("a string that is not UTF-8")
			}
			if err := json.Unmarshal(raw, &s); err != nil {
				return "", r.fail("a string with a wrong escape")
			}
			r.pos = i + 1
			return s, nil
		case c < ' ':
			return "", r.fail("a control character in a string")
		}
	}
	return "", r.fail("a string without its end")
}

// word returns the run of letters, digits, signs and points that comes next.
func (r *jsonReader) word() []byte {
	r.peek()
	end := r.pos
	for end < len(r.data) {
		c := r.data[end]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '+' || c == '.' {
			end++
			continue
		}
		break
	}
	return r.data[r.pos:end]
}

func (r *jsonReader) integer() (int64, error) {
	w := r.word()
	if !isNumber(w) {
		return 0, r.want("an integer")
	}
	n, err := strconv.ParseInt(string(w), 10, 64)
	if err != nil {
		return 0, r.fail("want an integer, got %s", tree.Clip(string(w)))
	}
	r.pos += len(w)
	return n, nil
}

func (r *jsonReader) float() (float32, error) {
	w := r.word()
	var x float64
	switch {
	case string(w) == "NaN":
		x = math.NaN()
	case string(w) == "Infinity":
		x = math.Inf(1)
	case string(w) == "-Infinity":
		x = math.Inf(-1)
	case isNumber(w):
		var err error
		if x, err = strconv.ParseFloat(string(w), 32); err != nil {
			return 0, r.fail("%s does not fit float32", tree.Clip(string(w)))
		}
	default:
		return 0, r.want("a number")
	}
	r.pos += len(w)
	return float32(x), nil
}

func (r *jsonReader) flag() (bool, error) {
	w := r.word()
	switch string(w) {
	case "0", "false":
		r.pos += len(w)
		return false, nil
	case "1", "true":
		r.pos += len(w)
		return true, nil
	}
	return false, r.want("0, 1, false or true")
}

func (r *jsonReader) skip() error {
	var err error
	switch r.peek() {
	case '{':
		return r.object(func(string) error { return r.skip() })
	case '[':
		return r.array(func(int) error { return r.skip() })
	case '"':
		_, err = r.text()
	case 't', 'f', 'n':
		w := r.word()
		if s := string(w); s != "true" && s != "false" && s != "null" {
			return r.want("a value")
		}
		r.pos += len(w)
	default:
		w := r.word()
		if s := string(w); !isNumber(w) && s != "NaN" && s != "Infinity" && s != "-Infinity" {
			return r.want("a value")
		}
		r.pos += len(w)
	}
	return err
}

func (r *jsonReader) end() error {
	if r.peek(); r.pos < len(r.data) {
		return r.want("the end of the file")
	}
	return nil
}

// isNumber reports whether w is a number as JSON writes it.
func isNumber(w []byte) bool {
	digits := func() bool {
		n := 0
		for n < len(w) && w[n] >= '0' && w[n] <= '9' {
			n++
		}
		w = w[n:]
		return n > 0
	}
	w = bytes.TrimPrefix(w, []byte("-"))
	zero := len(w) > 1 && w[0] == '0' && w[1] >= '0' && w[1] <= '9'
	if zero || !digits() {
		return false
	}
	if len(w) > 0 && w[0] == '.' {
		if w = w[1:]; !digits() {
			return false
		}
	}
	if len(w) > 0 && (w[0] == 'e' || w[0] == 'E') {
		w = w[1:]
		if len(w) > 0 && (w[0] == '-' || w[0] == '+') {
			w = w[1:]
		}
		if !digits() {
			return false
		}
	}
	return len(w) == 0
}
