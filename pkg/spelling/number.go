package spelling

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// AppendNumber appends x as text: the shortest digits that read back, Python's repr
// without a trailing ".0"; -0 is 0.
func AppendNumber(dst []byte, x float64) []byte {
	x += 0 // -0
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

// Number returns x as AppendNumber has it.
func Number(x float64) string { return string(AppendNumber(nil, x)) }

// ParseDecimal reads text as a decimal number: an optional sign, digits with at
// most one point, an optional exponent; ASCII white space around it is
// ignored. Words, hexadecimal digits, underscores and numbers too large for a
// float64 are no numbers.
func ParseDecimal(s string) (x float64, ok bool) {
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

// Exact reads text that is a number in full: a decimal one that a float64 keeps, and
// no code with leading zeros.
func Exact(s string) (x float64, ok bool) {
	x, ok = ParseDecimal(s)
	return x, ok && IsExact(s, x) && !IsCode(s)
}

// ParseNumber reads text as a number: a decimal one, or a word for what is not
// finite, such as inf, -Infinity and NaN, in any case.
func ParseNumber(s string) (x float64, ok bool) {
	if x, ok = ParseDecimal(s); ok {
		return x, true
	}
	return parseNonFinite(strings.TrimSpace(s))
}

func parseNonFinite(s string) (float64, bool) {
	if len(s) < 3 || len(s) > 9 {
		return 0, false
	}
	sign, word := 1, s
	switch s[0] {
	case '-':
		sign, word = -1, s[1:]
	case '+':
		word = s[1:]
	}
	switch strings.ToLower(word) {
	case "inf", "infinity":
		return math.Inf(sign), true
	case "nan":
		return math.NaN(), true
	}
	return 0, false
}

// IsExact reports whether a float64 holds the number that s is: it is no whole
// number beyond 2^53.
func IsExact(s string, x float64) bool {
	if math.Abs(x) < 1<<53 || math.IsInf(x, 0) || strings.ContainsAny(s, ".eE") {
		return true
	}
	return strings.TrimLeft(strings.TrimSpace(s), "+-0") == "9007199254740992"
}

// IsCode reports whether s is a code of digits that begins with a zero, as some
// postcodes do: as a number it would lose it.
func IsCode(s string) bool {
	if len(s) < 2 || s[0] != '0' {
		return false
	}
	return areDigits(s)
}

func areDigits(s string) bool {
	for i := range len(s) {
		if s[i]-'0' > 9 {
			return false
		}
	}
	return s != ""
}
