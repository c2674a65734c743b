package jsontext

import "github.com/leadsman/leadsman/pkg/predlog/faults"

// Syntax is the fault of a line that stops being JSON at p.
func Syntax(b []byte, p int, detail string) faults.Fault {
	return faults.Fault{Reason: faults.NotJSON, Detail: detail, At: p, Cut: b[p] == '\n'}
}

// Begun is the fault of a line that holds the opening bracket at p and nothing else, as
// JSON over several lines has; none for another line.
func Begun(b []byte, p int) faults.Fault {
	if b[p] != '{' && b[p] != '[' {
		return faults.Fault{}
	}
	q := Space(b, p+1)
	if b[q] != '\n' {
		return faults.Fault{}
	}
	return faults.Fault{Reason: faults.Part, At: q, Cut: true}
}

// BadString is the fault of a string that is ended by a control character.
func BadString(b []byte, p int) faults.Fault {
	return Syntax(b, p, "control character in a string")
}

// badValue is the fault of a byte that no value begins with.
func badValue(b []byte, p int) faults.Fault {
	for _, word := range [...]string{"NaN", "Infinity", "-Infinity", "nan", "inf", "-inf", "-NaN", "-nan"} {
		for q := p; q >= p-1 && q >= 0; q-- { // the number's reader has passed the sign
			if end := q + len(word); hasWord(b, q, word) && !isWordByte(b[end]) {
				return faults.Fault{Reason: faults.NaN, At: q, End: end}
			}
		}
	}
	n := p
	for b[n] >= 'a' && b[n] <= 'z' {
		n++
	}
	// Half of true, false or null is a line cut there.
	return faults.Fault{Reason: faults.NotJSON, Detail: "want a value", At: p, Cut: b[n] == '\n' && n-p < 5}
}

func isWordByte(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c-'0' <= 9 || c == '_' }

func hasWord(b []byte, p int, word string) bool {
	for i := range len(word) {
		if b[p+i] != word[i] {
			return false
		}
	}
	return true
}
