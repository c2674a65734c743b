package jsontext

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
)

const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

// Special returns the first byte at or after p that a JSON string cannot hold
// plainly: a quote, a backslash or a control character.
func Special(b []byte, p int) int {
	for {
		w := binary.LittleEndian.Uint64(b[p:])
		// Each test marks the bytes it looks for, and no byte below the first.
		q := w ^ 0x22*lows
		e := w ^ 0x5c*lows
		if m := ((q-lows)&^q | (e-lows)&^e | (w-0x20*lows)&^w) & highs; m != 0 {
			return p + bits.TrailingZeros64(m)>>3
		}
		p += 8
	}
}

// Space returns the first byte at or after p that is not white space within a
// line.
func Space(b []byte, p int) int {
	for b[p] == ' ' || b[p] == '\t' || b[p] == '\r' {
		p++
	}
	return p
}

// Unescape appends the text of the JSON string whose contents begin at p to
// dst, and returns the position of its closing quote, or -1. Lone surrogates become
// U+FFFD.
func Unescape(dst, b []byte, p int) (text []byte, end int, f faults.Fault) {
	for {
		e := Special(b, p)
		dst = append(dst, b[p:e]...)
		p = e
		switch {
		case b[p] == '"':
			return dst, p, faults.Fault{}
		case b[p] != '\\':
			return dst, -1, BadString(b, p)
		}
		p++
		c := b[p]
		switch c {
		case '"', '\\', '/':
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			r, q := hex4(b, p+1)
			if q < 0 {
				return dst, -1, Syntax(b, hexEnd(b, p+1), `want four hexadecimal digits after \u`)
			}
			if utf16.IsSurrogate(r) {
				var low rune = -1
				if b[q] == '\\' && b[q+1] == 'u' {
					if l, next := hex4(b, q+2); next >= 0 {
						if pair := utf16.DecodeRune(r, l); pair != utf8.RuneError {
							low, q = pair, next
						}
					}
				}
				r = low
				if r < 0 {
					r = utf8.RuneError
				}
			}
			dst = utf8.AppendRune(dst, r)
			p = q
			continue
		default:
			return dst, -1, Syntax(b, p, "unknown escape in a string")
		}
		dst = append(dst, c)
		p++
	}
}

func hex4(b []byte, p int) (r rune, next int) {
	for i := range 4 {
		d := unhex(b[p+i])
		if d < 0 {
			return 0, -1
		}
		r = r<<4 | rune(d)
	}
	return r, p + 4
}

// hexEnd returns the first byte from p that is no hexadecimal digit.
func hexEnd(b []byte, p int) int {
	for unhex(b[p]) >= 0 {
		p++
	}
	return p
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// skipString returns the byte behind the string whose contents begin at p.
func skipString(b []byte, p int) (end int, f faults.Fault) {
	e := Special(b, p)
	if b[e] == '"' {
		return e + 1, faults.Fault{}
	}
	if _, e, f = Unescape(nil, b, p); e < 0 {
		return -1, f
	}
	return e + 1, faults.Fault{}
}

// CheckUTF8 is the fault of text, which begins at position at, if it is not UTF-8.
func CheckUTF8(text []byte, at int) faults.Fault {
	if utf8.Valid(text) {
		return faults.Fault{}
	}
	return faults.Fault{Reason: faults.NotUTF8, At: at}
}

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string. Bytes that are no UTF-8 become
// U+FFFD.
func AppendString(dst []byte, s string) []byte {
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
