package jq

import (
	"encoding/json"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/jsontext"
)

// maxDepth bounds the nesting of a record.
const maxDepth = 128

// Decode reads the JSON object or list at b[0], which ends with a newline and
// jsontext.Slack bytes behind it, as a program takes it. The fault is that of a line
// that holds anything else.
func Decode(b []byte) (any, faults.Fault) {
	p := jsontext.Space(b, 0)
	if f := jsontext.Begun(b, p); f.Reason != "" {
		return nil, f
	}
	d := decoder{b: b}
	v, p := d.value(p, 0)
	if p < 0 {
		return nil, d.fault
	}
	if p = jsontext.Space(b, p); b[p] != '\n' {
		return nil, jsontext.Syntax(b, p, "want the end of the line after the value")
	}
	return v, faults.Fault{}
}

type decoder struct {
	b       []byte
	scratch []byte
	fault   faults.Fault
}

func (d *decoder) value(p, depth int) (any, int) {
	b := d.b
	switch c := b[p]; {
	case c == '"':
		return d.text(p)
	case c == '{':
		return d.object(p, depth+1)
	case c == '[':
		return d.list(p, depth+1)
	case c == '-' || c-'0' <= 9:
		x, end := jsontext.Number(b, p)
		if end < 0 {
			switch f := jsontext.NumberFault(b, p); {
			case f.Reason == faults.NaN:
				return d.nonFinite(p, f)
			case f.IsValue():
				return json.Number(b[p:f.End]), f.End
			default:
				d.fault = f
				return nil, -1
			}
		}
		if n := int(x); float64(n) == x && (n != 0 || !math.Signbit(x)) {
			return n, end
		}
		return x, end
	}
	end, f := jsontext.Literal(b, p)
	switch {
	case end >= 0 && b[p] == 'n':
		return nil, end
	case end >= 0:
		return b[p] == 't', end
	case f.Reason == faults.NaN:
		return d.nonFinite(p, f)
	}
	d.fault = f
	return nil, -1
}

// nonFinite is the number at p, a word which is no JSON, such as NaN.
func (d *decoder) nonFinite(p int, f faults.Fault) (any, int) {
	x, err := strconv.ParseFloat(string(d.b[p:f.End]), 64)
	if err != nil { // -NaN
		x = math.NaN()
	}
	return x, f.End
}

func (d *decoder) text(p int) (any, int) {
	b := d.b
	if e := jsontext.Special(b, p+1); b[e] == '"' {
		d.fault = jsontext.CheckUTF8(b[p+1:e], p+1)
		if d.fault.Reason != "" {
			return nil, -1
		}
		return string(b[p+1 : e]), e + 1
	}
	var end int
	if d.scratch, end, d.fault = jsontext.Unescape(d.scratch[:0], b, p+1); end < 0 {
		return nil, -1
	}
	if d.fault = jsontext.CheckUTF8(d.scratch, p+1); d.fault.Reason != "" {
		return nil, -1
	}
	return string(d.scratch), end + 1
}

func (d *decoder) list(p, depth int) (any, int) {
	b := d.b
	if depth > maxDepth {
		d.fault = faults.Fault{Reason: faults.TooDeep, At: p}
		return nil, -1
	}
	list := []any{}
	p = jsontext.Space(b, p+1)
	if b[p] == ']' {
		return list, p + 1
	}
	for {
		var v any
		if v, p = d.value(p, depth); p < 0 {
			return nil, -1
		}
		list = append(list, v)
		switch p = jsontext.Space(b, p); b[p] {
		case ']':
			return list, p + 1
		case ',':
			p = jsontext.Space(b, p+1)
		default:
			d.fault = jsontext.Syntax(b, p, "want , or ] in a list")
			return nil, -1
		}
	}
}

func (d *decoder) object(p, depth int) (any, int) {
	b := d.b
	if depth > maxDepth {
		d.fault = faults.Fault{Reason: faults.TooDeep, At: p}
		return nil, -1
	}
	object := map[string]any{}
	p = jsontext.Space(b, p+1)
	if b[p] == '}' {
		return object, p + 1
	}
	for {
		if b[p] != '"' {
			d.fault = jsontext.Syntax(b, p, "want a key")
			return nil, -1
		}
		key, q := d.text(p)
		if q < 0 {
			return nil, -1
		}
		name := key.(string)
		if _, twice := object[name]; twice {
			d.fault = faults.Fault{Reason: "a key is there twice", At: p}
			return nil, -1
		}
		if p = jsontext.Space(b, q); b[p] != ':' {
			d.fault = jsontext.Syntax(b, p, "want : after a key")
			return nil, -1
		}
		var v any
		if v, p = d.value(jsontext.Space(b, p+1), depth); p < 0 {
			return nil, -1
		}
		object[name] = v
		switch p = jsontext.Space(b, p); b[p] {
		case '}':
			return object, p + 1
		case ',':
			p = jsontext.Space(b, p+1)
		default:
			d.fault = jsontext.Syntax(b, p, "want , or } in an object")
			return nil, -1
		}
	}
}

// appendJSON appends a value of a program as JSON to dst, keys in their order. NaN and
// infinities stay what they are: the reader of the line counts them.
func appendJSON(dst []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		return strconv.AppendBool(dst, v)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case float64:
		switch {
		case math.IsNaN(v):
			return append(dst, "NaN"...)
		case math.IsInf(v, 1):
			return append(dst, "Infinity"...)
		case math.IsInf(v, -1):
			return append(dst, "-Infinity"...)
		}
		return jsontext.AppendNumber(dst, v)
	case *big.Int:
		return v.Append(dst, 10)
	case json.Number:
		return append(dst, v...)
	case string:
		return jsontext.AppendString(dst, v)
	case []any:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSON(dst, e)
		}
		return append(dst, ']')
	case map[string]any:
		dst = append(dst, '{')
		for i, key := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(jsontext.AppendString(dst, key), ':')
			dst = appendJSON(dst, v[key])
		}
		return append(dst, '}')
	}
	panic("jq: a value of another type")
}

// Line is a text as Decode takes it.
func Line(text []byte) []byte {
	return append(append(append([]byte{}, text...), '\n'), make([]byte, jsontext.Slack)...)
}
