package read

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// NameLimit is how many bytes of a name are kept, a category's or other.
const NameLimit = 256

const cellLimit = 8192 // bytes of a string in a row that are kept

// Shorten cuts s to at most limit bytes at a rune's end and makes it valid
// UTF-8, in memory of its own.
func Shorten(s string, limit int) string {
	if len(s) > limit {
		end := limit
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end]
	}
	return strings.Clone(strings.ToValidUTF8(s, "\uFFFD"))
}

// parseNumber reads a decimal number with nothing but ASCII blanks around it:
// no words, no hexadecimal digits, nothing beyond the range of float64.
func parseNumber(s string) (float64, bool) {
	s = strings.Trim(s, " \t\n\v\f\r")
	if s == "" || len(s) > 1024 || strings.Trim(s, "0123456789.+-eE") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && !math.IsInf(x, 0)
}

// FormatNumber returns x the shortest way that reads back, with an exponent
// below 1e-4 and from 1e16.
func FormatNumber(x float64) string {
	if a := math.Abs(x); a != 0 && (a < 1e-4 || a >= 1e16) || x != x {
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
