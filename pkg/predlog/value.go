package predlog

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// Kind is the kind of one raw value.
type Kind uint8

const (
	Null   Kind = iota // absent or null
	Number             // float64
	String             // text; a JSON bool is the string "true" or "false"
)

func (k Kind) String() string {
	switch k {
	case Number:
		return "number"
	case String:
		return "string"
	}
	return "null"
}

// Value is one raw field as a log or a reference holds it. Num is set when
// Kind is Number, Str when it is String.
type Value struct {
	Kind Kind
	Num  float64
	Str  string
}

// NumberValue returns x as a Value; NaN and infinities, which JSON has no
// words for, are null.
func NumberValue(x float64) Value {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Value{}
	}
	return Value{Kind: Number, Num: x}
}

// StringValue returns s as a Value.
func StringValue(s string) Value { return Value{Kind: String, Str: s} }

// Field is one named raw value.
type Field struct {
	Name  string
	Value Value
}

// Prediction is one line of the prediction log.
type Prediction struct {
	At          time.Time
	Input       []Field // in the order in which they are written
	Score       float64
	Label       string
	InferenceMS float64
	Version     string // of the model
	Simulated   bool   // the line comes from no real model in service
}

// Request is one line of the request log.
type Request struct {
	At         time.Time
	Endpoint   string
	Method     string
	Status     int
	ResponseMS float64
	Simulated  bool
}

// AppendPrediction appends p to dst as one line of JSON with its newline:
//
//	{"timestamp":…,"input":{…},"score":…,"label":…,"inference_ms":…,"model_version":…}
//
// and "simulated":true at the end when p is simulated. The time is UTC in
// RFC 3339 with at most microseconds; numbers are the shortest that read back
// the same; NaN and infinities become null.
func AppendPrediction(dst []byte, p Prediction) []byte {
	dst = append(dst, `{"timestamp":`...)
	dst = appendTime(dst, p.At)
	dst = append(dst, `,"input":{`...)
	for i, f := range p.Input {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, f.Name)
		dst = append(dst, ':')
		dst = appendValue(dst, f.Value)
	}
	dst = append(dst, `},"score":`...)
	dst = appendNumber(dst, p.Score)
	dst = append(dst, `,"label":`...)
	dst = appendString(dst, p.Label)
	dst = append(dst, `,"inference_ms":`...)
	dst = appendNumber(dst, p.InferenceMS)
	dst = append(dst, `,"model_version":`...)
	dst = appendString(dst, p.Version)
	return appendEnd(dst, p.Simulated)
}

// AppendRequest appends q to dst as one line of JSON with its newline:
//
//	{"timestamp":…,"endpoint":…,"method":…,"status_code":…,"response_ms":…}
//
// under the rules of [AppendPrediction].
func AppendRequest(dst []byte, q Request) []byte {
	dst = append(dst, `{"timestamp":`...)
	dst = appendTime(dst, q.At)
	dst = append(dst, `,"endpoint":`...)
	dst = appendString(dst, q.Endpoint)
	dst = append(dst, `,"method":`...)
	dst = appendString(dst, q.Method)
	dst = append(dst, `,"status_code":`...)
	dst = strconv.AppendInt(dst, int64(q.Status), 10)
	dst = append(dst, `,"response_ms":`...)
	dst = appendNumber(dst, q.ResponseMS)
	return appendEnd(dst, q.Simulated)
}

func appendEnd(dst []byte, simulated bool) []byte {
	if simulated {
		dst = append(dst, `,"simulated":true`...)
	}
	return append(dst, '}', '\n')
}

func appendTime(dst []byte, t time.Time) []byte {
	dst = append(dst, '"')
	dst = t.UTC().Truncate(time.Microsecond).AppendFormat(dst, time.RFC3339Nano)
	return append(dst, '"')
}

func appendValue(dst []byte, v Value) []byte {
	switch v.Kind {
	case Number:
		return appendNumber(dst, v.Num)
	case String:
		return appendString(dst, v.Str)
	}
	return append(dst, "null"...)
}

func appendNumber(dst []byte, x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return append(dst, "null"...)
	}
	// From 2^53 on an integer's digits would claim more than a float64 holds,
	// and the log's readers refuse them.
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1<<53) {
		return strconv.AppendFloat(dst, x, 'e', -1, 64)
	}
	return strconv.AppendFloat(dst, x, 'f', -1, 64)
}

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string. Bytes that are no UTF-8 become
// U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				i++
				continue
			}
			dst = append(dst, s[start:i]...)
			switch c {
			case '"', '\\':
				dst = append(dst, '\\', c)
			case '\n':
				dst = append(dst, '\\', 'n')
			case '\r':
				dst = append(dst, '\\', 'r')
			case '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			start = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			dst = append(dst, s[start:i]...)
			dst = append(dst, "\ufffd"...)
			i++
			start = i
			continue
		}
		i += n
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}
