package predlog

import (
	"fmt"
	"unicode/utf8"
)

// A fault says why a line was rejected. The zero fault is none.
type fault struct {
	reason string // for the table of rejects: no content of the line
	detail string // what was expected at that byte, for people
	at     int    // position in the buffer
	end    int    // end of the offending token, 0 when it is not known
	cut    bool   // the line stops short, as a line does that is being written
	got    string // for people: what stood there, shortened
}

// Reasons that are not about one field.
const (
	reasonSyntax     = "not JSON"
	reasonUTF8       = "not UTF-8"
	reasonObject     = "want an object"
	reasonArray      = "want one object a line, got a list"
	reasonDeep       = "nested deeper than 128"
	reasonLong       = "longer than 16 MiB"
	reasonBigInteger = "integer beyond 2^53"
	reasonHuge       = "number out of range"
	reasonNaN        = "NaN and Infinity are not JSON: write null"
	reasonKey        = "the name of a column has more than 1024 bytes"
	reasonColumns    = "more than 4096 columns"
)

func syntaxFault(b []byte, p int, detail string) fault {
	return fault{reason: reasonSyntax, detail: detail, at: p, cut: b[p] == '\n'}
}

// badString is the fault of a string that is ended by a control character.
func badString(b []byte, p int) fault {
	return syntaxFault(b, p, "control character in a string")
}

// badValue is the fault of a byte that no value begins with.
func badValue(b []byte, p int) fault {
	for _, word := range [...]string{"NaN", "Infinity", "-Infinity", "nan", "inf", "-inf", "-NaN", "-nan"} {
		for q := p; q >= p-1 && q >= 0; q-- { // number has passed the sign
			if end := q + len(word); hasWord(b, q, word) && !isWordByte(b[end]) {
				return fault{reason: reasonNaN, at: q, end: end}
			}
		}
	}
	n := p
	for b[n] >= 'a' && b[n] <= 'z' {
		n++
	}
	// Half of true, false or null is a line cut there.
	return fault{reason: reasonSyntax, detail: "want a value", at: p, cut: b[n] == '\n' && n-p < 5}
}

func isWordByte(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c-'0' <= 9 || c == '_' }

// isValue tells a value that is whole, but that no column can hold, from what
// spoils its line.
func (f fault) isValue() bool {
	switch f.reason {
	case reasonBigInteger, reasonHuge, reasonNaN:
		return f.end > 0
	}
	return false
}

func hasWord(b []byte, p int, word string) bool {
	for i := range len(word) {
		if b[p+i] != word[i] {
			return false
		}
	}
	return true
}

// quote returns text for an error on the terminal: quoted, control characters
// escaped, at most 40 bytes of it.
func quote(text []byte) string {
	const most = 40
	if len(text) <= most {
		return fmt.Sprintf("%q", text)
	}
	n := most
	for n > most-utf8.UTFMax && !utf8.RuneStart(text[n]) {
		n--
	}
	return fmt.Sprintf("%q…", text[:n])
}
