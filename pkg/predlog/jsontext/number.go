package jsontext

import (
	"math"
	"strconv"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
)

var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// Number reads the JSON number at p and returns it and the byte behind it, or -1:
// then NumberFault says why.
func Number(b []byte, p int) (x float64, end int) {
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

// NumberFault says why Number failed at p. The fault has the token's end when it
// is a JSON number, but one that a float64 cannot hold.
func NumberFault(b []byte, p int) faults.Fault {
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
		return Syntax(b, first+1, "a number begins with 0")
	}
	reason := faults.BigInteger
	if b[p] == '.' {
		reason = faults.Huge
		p++
		from := p
		for b[p]-'0' <= 9 {
			p++
		}
		if p == from {
			return Syntax(b, p, "want a digit after the point")
		}
	}
	if b[p]|0x20 == 'e' {
		reason = faults.Huge
		p++
		if b[p] == '-' || b[p] == '+' {
			p++
		}
		from := p
		for b[p]-'0' <= 9 {
			p++
		}
		if p == from {
			return Syntax(b, p, "want a digit in the exponent")
		}
	}
	return faults.Fault{Reason: reason, At: start, End: p}
}

// AppendNumber appends x as a JSON number, the shortest that reads back the same;
// NaN and infinities, which JSON has no words for, become null.
func AppendNumber(dst []byte, x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return append(dst, "null"...)
	}
	// From 2^53 on an integer's digits would claim more than a float64 holds,
	// and the log's readers refuse them.
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1<<53) {
		return strconv.AppendFloat(dst, x, 'e', -1, 64)
	}
	return strconv.AppendFloat(dst, x, 'f', -1, 64)
}
