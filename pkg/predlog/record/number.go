package record

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// Text returns v as text: "" for null, a number as AppendNumber has it.
func (v Value) Text() string {
	if v.Kind == Number {
		return string(AppendNumber(nil, v.Num))
	}
	return v.Str
}

// AppendNumber appends x as text: the shortest digits that read back, Python's repr
// without a trailing ".0". It is the one spelling of a number in every reader.
func AppendNumber(dst []byte, x float64) []byte {
	start := len(dst)
	dst = strconv.AppendFloat(dst, x, 'e', -1, 64)
	i := bytes.IndexByte(dst[start:], 'e')
	if i < 0 { // NaN, ±Inf
		return dst
	}
	// Python writes 16 digits before the point and three zeros after it before
	// it turns to an exponent.
	if exp, _ := strconv.Atoi(string(dst[start+i+1:])); exp < -4 || exp >= 16 {
		return dst
	}
	return strconv.AppendFloat(dst[:start], x, 'f', -1, 64)
}

// ParseNumber reads text as a decimal number: an optional sign, digits with at
// most one point, an optional exponent; ASCII white space around it is
// ignored. Words, hexadecimal digits, underscores and numbers too large for a
// float64 are no numbers.
func ParseNumber(s string) (x float64, ok bool) {
	s = strings.Trim(s, " \t\n\v\f\r")
	if s == "" || len(s) > 1024 {
		return 0, false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '.', c == '+', c == '-', c == 'e', c == 'E':
		default:
			return 0, false
		}
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && !math.IsInf(x, 0)
}
