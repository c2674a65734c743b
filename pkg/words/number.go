package words

import (
	"math"
	"strconv"
	"strings"
)

// Digits writes x with n digits that count, or all of its whole part below a
// million, without trailing zeros.
func Digits(x float64, n int) string {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x):
		return "none"
	case a == 0:
		return "0"
	case a >= 1e6 || a < 1e-4:
		return strconv.FormatFloat(x, 'g', n, 64)
	}
	places := max(0, n-1-int(math.Floor(math.Log10(a))))
	s := strconv.FormatFloat(x, 'f', places, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// Number writes x with three digits that count, or all of its whole part.
func Number(x float64) string { return Digits(x, 3) }

// Numbers writes two values with as many digits as it takes to tell them apart,
// up to six.
func Numbers(a, b float64) (string, string) {
	for n := 3; n < 6; n++ {
		if s, t := Digits(a, n), Digits(b, n); s != t {
			return s, t
		}
	}
	return Digits(a, 6), Digits(b, 6)
}

// Signed writes a change with its sign.
func Signed(x float64) string {
	if x > 0 {
		return "+" + Number(x)
	}
	return Number(x)
}

// Percent writes a share: "31 %", "0.4 %", "<0.1 %".
func Percent(share float64) string {
	p := 100 * share
	switch {
	case math.IsNaN(p):
		return "none"
	case p > 0 && p < 0.05:
		return "<0.1 %"
	case p < 1 || p > 99 && p < 100:
		return strings.TrimSuffix(strconv.FormatFloat(p, 'f', 1, 64), ".0") + " %"
	}
	return strconv.FormatFloat(p, 'f', 0, 64) + " %"
}

// Percents writes two shares, with a decimal more when they would read the same.
func Percents(a, b float64) (string, string) {
	s, t := Percent(a), Percent(b)
	if s == t && a != b {
		return strconv.FormatFloat(100*a, 'f', 1, 64) + " %", strconv.FormatFloat(100*b, 'f', 1, 64) + " %"
	}
	return s, t
}

// PSI writes a population stability index with two decimals; a debiased one can
// be a little below 0.
func PSI(x float64) string {
	s := strconv.FormatFloat(x, 'f', 2, 64)
	if s == "-0.00" {
		return "0.00"
	}
	return s
}

// Count writes "1 row", "12 rows".
func Count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + many
}
