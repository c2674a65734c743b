package jsontext

import "github.com/leadsman/leadsman/pkg/predlog/faults"

// maxDepth bounds nesting in what is skipped.
const maxDepth = 128

// Skip passes over the value at p, of any kind, and returns the byte behind it, or
// -1 and why there is no value. Numbers may be of any size, and NaN and Infinity
// are let pass.
func Skip(b []byte, p int) (end int, f faults.Fault) {
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
		if _, end = Number(b, p); end < 0 {
			f = NumberFault(b, p)
			if end = f.End; end == 0 {
				return -1, f
			}
		}
		p = end
	case c == '{' || c == '[':
		if depth == maxDepth {
			return -1, faults.Fault{Reason: faults.TooDeep, At: p}
		}
		stack[depth] = c == '{'
		depth++
		p = Space(b, p+1)
		if b[p] == c+2 { // '}' is '{'+2, ']' is '['+2
			goto close
		}
		if c == '{' {
			goto key
		}
		goto value
	default:
		var word faults.Fault
		if end, word = Literal(b, p); end < 0 {
			if end = word.End; end == 0 {
				return -1, word
			}
		}
		p = end
	}
next:
	if depth == 0 {
		if f := CheckUTF8(b[start:p], start); f.Reason != "" {
			return -1, f
		}
		return p, faults.Fault{}
	}
	p = Space(b, p)
	switch {
	case b[p] == ',':
		p = Space(b, p+1)
		if stack[depth-1] {
			goto key
		}
		goto value
	case b[p] == '}' && stack[depth-1], b[p] == ']' && !stack[depth-1]:
		goto close
	case stack[depth-1]:
		return -1, Syntax(b, p, "want , or } in an object")
	}
	return -1, Syntax(b, p, "want , or ] in a list")
key:
	if b[p] != '"' {
		return -1, Syntax(b, p, "want a key")
	}
	if p, f = skipString(b, p+1); p < 0 {
		return -1, f
	}
	p = Space(b, p)
	if b[p] != ':' {
		return -1, Syntax(b, p, "want : after a key")
	}
	p = Space(b, p+1)
	goto value
close:
	depth--
	p++
	goto next
}

// Literal passes over true, false or null and returns the byte behind it, or -1 and
// what else is there.
func Literal(b []byte, p int) (end int, f faults.Fault) {
	for _, word := range [...]string{"null", "true", "false"} {
		n := 0
		for n < len(word) && b[p+n] == word[n] {
			n++
		}
		if n == len(word) {
			return p + n, faults.Fault{}
		}
		if n > 0 {
			return -1, badValue(b, p)
		}
	}
	return -1, badValue(b, p)
}
