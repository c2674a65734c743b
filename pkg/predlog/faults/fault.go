package faults

import (
	"fmt"
	"unicode/utf8"
)

// A Fault says why a line was left out. The zero Fault is none.
type Fault struct {
	Reason string // for the table of rejects: no content of the line
	Detail string // what was expected at that byte, for people
	At     int    // position in the buffer
	End    int    // end of the offending token, 0 when it is not known
	Cut    bool   // the line stops short, as a line does that is being written
	Got    string // for people: what stood there, shortened
	Lacks  string // the column that the line has no value for

	Sentences []string // for people: what is said in place of the reason
}

// Reasons that are not about one field.
const (
	NotJSON     = "not JSON"
	NotUTF8     = "not UTF-8"
	NotObject   = "want an object"
	List        = `want one object a line, got a list: jq: ".[]" takes it apart`
	Part        = "want one object a line, got a part of one: jq -c . FILE writes one a line"
	TooDeep     = "nested deeper than 128"
	TooLong     = "longer than 16 MiB"
	BigInteger  = "integer beyond 2^53"
	Huge        = "number out of range"
	NaN         = "NaN and Infinity are not JSON: write null"
	FarTime     = "a time outside the years 1 to 9999"
	notFinite   = "not a finite number"
	LongName    = "the name of a column has more than 1024 bytes"
	ManyColumns = "more than 4096 columns"
)

// MaxLine is the length in bytes from which a line, or a record of several, is
// TooLong.
const MaxLine = 16 << 20

// Missing is the fault of a line without a value for a column that must have one.
func Missing(column string) Fault { return Fault{Reason: "missing " + column, Lacks: column} }

// Want is the fault of a field that holds something else than want.
func Want(field, want, got string) Fault {
	return Fault{Reason: field + ": want " + want, Got: got}
}

// IsValue tells a value that is whole, but that no column can hold, from what
// spoils its line.
func (f Fault) IsValue() bool {
	switch f.Reason {
	case BigInteger, Huge, NaN:
		return f.End > 0
	}
	return false
}

// Quote returns text for an error on the terminal: quoted, control characters
// escaped, at most 40 bytes of it.
func Quote(text []byte) string {
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
