package predlog

import (
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// The functions below read JSON in a buffer whose line ends in '\n' at or
// before len(b)-slack. No token spans a line, so that newline ends every loop.
// A position of -1 says that there was none.

// slack is how many bytes behind the last newline may be read, never used.
const slack = 16

const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

// closing returns the first byte at or after p that a JSON string cannot hold
// plainly: a quote, a backslash or a control character.
func closing(b []byte, p int) int {
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

func space(b []byte, p int) int {
	for b[p] == ' ' || b[p] == '\t' || b[p] == '\r' {
		p++
	}
	return p
}

// unescape appends the text of the JSON string whose contents begin at p to
// dst, and returns the position of its closing quote. Lone surrogates become
// U+FFFD.
func unescape(dst, b []byte, p int) (text []byte, end int, f fault) {
	for {
		e := closing(b, p)
		dst = append(dst, b[p:e]...)
		p = e
		switch {
		case b[p] == '"':
			return dst, p, fault{}
		case b[p] != '\\':
			return dst, -1, badString(b, p)
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
				return dst, -1, syntaxFault(b, hexEnd(b, p+1), `want four hexadecimal digits after \u`)
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
			return dst, -1, syntaxFault(b, p, "unknown escape in a string")
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

var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// number reads the JSON number at p and returns it and the byte behind it. It
// fails where numberFault has a reason.
func number(b []byte, p int) (x float64, end int) {
	start := p
	negative := b[p] == '-'
	if negative {
		p++
	}
	first := p
	var m uint64
	for c := b[p] - '0'; c <= 9; c = b[p] - '0' {
		m = m*10 + uint64(c)
		p++
	}
	digits := p - first
	if digits == 0 || b[first] == '0' && digits > 1 {
		return 0, -1
	}
	fraction, exponent := 0, 0
	whole := true
	if b[p] == '.' {
		whole = false
		p++
		from := p
		for c := b[p] - '0'; c <= 9; c = b[p] - '0' {
			m = m*10 + uint64(c)
			p++
		}
		if fraction = p - from; fraction == 0 {
			return 0, -1
		}
	}
	if b[p]|0x20 == 'e' {
		whole = false
		p++
		minus := b[p] == '-'
		if minus || b[p] == '+' {
			p++
		}
		from := p
		for b[p]-'0' <= 9 {
			exponent = min(exponent*10+int(b[p]-'0'), 1e6)
			p++
		}
		if p == from {
			return 0, -1
		}
		if minus {
			exponent = -exponent
		}
	}
	if whole && (digits > 16 || m > 1<<53) {
		return 0, -1
	}
	// m is exact up to 19 digits, a float64 up to 2^53, a power of ten up to
	// 10^22: then one division or multiplication rounds once, as it should.
	if e := exponent - fraction; digits+fraction <= 19 && m <= 1<<53 && e >= -22 && e <= 22 {
		x = float64(m)
		if e < 0 {
			x /= pow10[-e]
		} else if e > 0 {
			x *= pow10[e]
		}
		if negative {
			x = -x
		}
		return x, p
	}
	x, err := strconv.ParseFloat(string(b[start:p]), 64)
	if err != nil {
		return 0, -1
	}
	return x, p
}

// numberFault says why number failed at p. The fault has the token's end when
// it is a JSON number, but one that a float64 cannot hold.
func numberFault(b []byte, p int) fault {
	start := p
	if b[p] == '-' {
		p++
	}
	first := p
	for b[p]-'0' <= 9 {
		p++
	}
	switch {
	case p == first:
		return badValue(b, p)
	case b[first] == '0' && p > first+1:
		return syntaxFault(b, first+1, "a number begins with 0")
	}
	reason := reasonBigInteger
	if b[p] == '.' {
		reason = reasonHuge
		p++
		from := p
		for b[p]-'0' <= 9 {
			p++
		}
		if p == from {
			return syntaxFault(b, p, "want a digit after the point")
		}
	}
	if b[p]|0x20 == 'e' {
		reason = reasonHuge
		p++
		if b[p] == '-' || b[p] == '+' {
			p++
		}
		from := p
		for b[p]-'0' <= 9 {
			p++
		}
		if p == from {
			return syntaxFault(b, p, "want a digit in the exponent")
		}
	}
	return fault{reason: reason, at: start, end: p}
}

// maxDepth bounds nesting in what is skipped.
const maxDepth = 128

// skip passes over the value at p, of any kind, and returns the byte behind it.
func skip(b []byte, p int) (end int, f fault) {
	var stack [maxDepth]bool // true inside an object
	depth := 0
	start := p
value:
	switch c := b[p]; {
	case c == '"':
		if p, f = skipString(b, p+1); p < 0 {
			return -1, f
		}
	case c == '-' || c-'0' <= 9:
		// Within what is not read, a number may be of any size, or none.
		if _, end = number(b, p); end < 0 {
			f = numberFault(b, p)
			if end = f.end; end == 0 {
				return -1, f
			}
		}
		p = end
	case c == '{' || c == '[':
		if depth == maxDepth {
			return -1, fault{reason: reasonDeep, at: p}
		}
		stack[depth] = c == '{'
		depth++
		p = space(b, p+1)
		if b[p] == c+2 { // '}' is '{'+2, ']' is '['+2
			goto close
		}
		if c == '{' {
			goto key
		}
		goto value
	default:
		var word fault
		if end, word = literal(b, p); end < 0 {
			if end = word.end; end == 0 {
				return -1, word
			}
		}
		p = end
	}
next:
	if depth == 0 {
		if f := checkUTF8(b[start:p], start); f.reason != "" {
			return -1, f
		}
		return p, fault{}
	}
	p = space(b, p)
	switch {
	case b[p] == ',':
		p = space(b, p+1)
		if stack[depth-1] {
			goto key
		}
		goto value
	case b[p] == '}' && stack[depth-1], b[p] == ']' && !stack[depth-1]:
		goto close
	case stack[depth-1]:
		return -1, syntaxFault(b, p, "want , or } in an object")
	}
	return -1, syntaxFault(b, p, "want , or ] in a list")
key:
	if b[p] != '"' {
		return -1, syntaxFault(b, p, "want a key")
	}
	if p, f = skipString(b, p+1); p < 0 {
		return -1, f
	}
	p = space(b, p)
	if b[p] != ':' {
		return -1, syntaxFault(b, p, "want : after a key")
	}
	p = space(b, p+1)
	goto value
close:
	depth--
	p++
	goto next
}

// skipString returns the byte behind the string whose contents begin at p.
func skipString(b []byte, p int) (end int, f fault) {
	e := closing(b, p)
	if b[e] == '"' {
		return e + 1, fault{}
	}
	if _, e, f = unescape(nil, b, p); e < 0 {
		return -1, f
	}
	return e + 1, fault{}
}

// literal passes over true, false or null.
func literal(b []byte, p int) (end int, f fault) {
	for _, word := range [...]string{"null", "true", "false"} {
		n := 0
		for n < len(word) && b[p+n] == word[n] {
			n++
		}
		if n == len(word) {
			return p + n, fault{}
		}
		if n > 0 {
			return -1, badValue(b, p)
		}
	}
	return -1, badValue(b, p)
}

func checkUTF8(text []byte, at int) fault {
	if utf8.Valid(text) {
		return fault{}
	}
	return fault{reason: reasonUTF8, at: at}
}
