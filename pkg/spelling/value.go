package spelling

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Value returns the one spelling of a text that is a category, a label, an
// outcome or an id: without outer blanks and in Unicode's NFC; a truth value as
// true or false; a decimal number in its shortest form, a whole one with all its
// digits. Codes with leading zeros, numbers with a plus sign and whatever else is
// no plain number stay words.
func Value(s string) string {
	s = Text(s)
	if s == "" {
		return s
	}
	switch c := s[0]; {
	case c-'0' <= 9 || c == '-' || c == '.':
		return decimal(s)
	case len(s) == 4 && (s == "True" || s == "TRUE"):
		return "true"
	case len(s) == 5 && (s == "False" || s == "FALSE"):
		return "false"
	}
	return s
}

// IsSpelled reports whether Value would surely leave the text as it is; it is quick.
func IsSpelled(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	word := false // a byte that no whole number has
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
		word = word || c-'0' > 9
	}
	switch c := text[0]; {
	case text[len(text)-1] <= ' ', c <= ' ', c == 'T', c == 'F', c == '-', c == '.':
		return false
	case c-'0' <= 9:
		return !word
	}
	return true
}

// IsText reports whether Text would leave the text as it is.
func IsText(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	if text[0] <= ' ' || text[len(text)-1] <= ' ' {
		return false
	}
	for len(text) >= 8 {
		if binary.LittleEndian.Uint64(text)&0x8080808080808080 != 0 {
			break
		}
		text = text[8:]
	}
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return norm.NFC.IsNormal(text) && len(bytes.TrimSpace(text)) == len(text)
		}
	}
	return true
}

// Text returns s without outer blanks and in Unicode's NFC.
func Text(s string) string {
	s = strings.TrimSpace(s)
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			if !norm.NFC.IsNormalString(s) {
				s = norm.NFC.String(s)
			}
			break
		}
	}
	return s
}

// decimal returns the shortest form of s where it is a plain decimal number, else
// s. An exponent counts with its sign only, as programs write it: 1e5 may be a name.
func decimal(s string) string {
	digits := strings.TrimPrefix(s, "-")
	whole, rest := digits, ""
	if i := strings.IndexAny(digits, ".eE"); i >= 0 {
		whole, rest = digits[:i], digits[i:]
	}
	if whole != "" && (!areDigits(whole) || IsCode(whole)) || len(s) > 1024 {
		return s
	}
	fraction, exponent := rest, ""
	if i := strings.IndexAny(rest, "eE"); i >= 0 {
		fraction, exponent = rest[:i], rest[i+1:]
		if len(exponent) < 2 || exponent[0] != '-' && exponent[0] != '+' || !areDigits(exponent[1:]) {
			return s
		}
	}
	point := fraction != ""
	fraction = strings.TrimPrefix(fraction, ".")
	if whole == "" && fraction == "" || fraction != "" && !areDigits(fraction) || point && fraction == "" && whole == "" {
		return s
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction == "" && exponent == "" {
		switch {
		case whole == "" || whole == "0": // .0 and -0
			return "0"
		case len(digits) < len(s):
			return "-" + whole
		}
		return whole
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return Number(x)
}
