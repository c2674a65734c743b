package words

import (
	"math"
	"strconv"
	"strings"
)

// None stands where there is no number, no date and no name.
const None = "–"

// Digits writes x with n digits that count, or all of its whole part below 1e15,
// without trailing zeros. What is no finite number is None.
func Digits(x float64, n int) string {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return None
	case a == 0:
		return "0"
	case a >= 1e15 || a < 1e-4:
		return strings.ReplaceAll(strconv.FormatFloat(x, 'g', n, 64), "-", minus)
	}
	s := Fixed(x, max(0, n-1-int(math.Floor(math.Log10(a)))))
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// The minus, and what stands between thousands: a narrow space that does not break.
const (
	minus     = "−"
	thousands = "\u202f"
)

// Fixed writes x with so many decimals, thousands apart from five digits of the
// whole part on, and 0 without a sign. What is no finite number is None.
func Fixed(x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return None
	}
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	signed := x < 0 && strings.Trim(s, "0.") != ""
	whole, fraction, _ := strings.Cut(s, ".")
	if len(whole) > 4 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + thousands + whole[i:]
		}
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if signed {
		whole = minus + whole
	}
	return whole
}

// Whole writes a whole number.
func Whole(n int64) string {
	if n == math.MinInt64 {
		return Fixed(float64(n), 0)
	}
	s := strconv.FormatInt(max(n, -n), 10)
	if len(s) > 4 {
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + thousands + s[i:]
		}
	}
	if n < 0 {
		s = minus + s
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

// Signed writes a change with its sign and three digits that count.
func Signed(x float64) string { return SignedDigits(x, 3) }

// SignedDigits writes a change with its sign and n digits that count.
func SignedDigits(x float64, n int) string { return plus(x, Digits(x, n)) }

// plus puts its sign before a number above 0 as it is written.
func plus(x float64, s string) string {
	if x > 0 && s != None && strings.Trim(s, "0.") != "" {
		return "+" + s
	}
	return s
}

// Column writes x as its neighbours in a column are written: with three decimals,
// or, from a thousand on, as a Number.
func Column(x float64) string {
	if math.Abs(x) >= 1000 {
		return Number(x)
	}
	return Fixed(x, 3)
}

// SignedColumn is Column for a change.
func SignedColumn(x float64) string { return plus(x, Column(x)) }

// Aligned writes numbers that stand together with as many decimals each: those that
// the longest of them needs for three digits that count.
func Aligned(xs ...float64) []string {
	most := 0
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = Number(x)
		if strings.Contains(out[i], "e") {
			return each(xs, Number)
		}
		_, decimals, _ := strings.Cut(out[i], ".")
		most = max(most, len(decimals))
	}
	return each(xs, func(x float64) string { return Fixed(x, most) })
}

func each(xs []float64, write func(float64) string) []string {
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = write(x)
	}
	return out
}

// Interval writes both ends of an interval, with the decimals that the larger needs
// for three digits; "" where an end is not known.
func Interval(lo, hi float64) string {
	if math.IsNaN(lo) || math.IsNaN(hi) {
		return ""
	}
	most := math.Max(math.Abs(lo), math.Abs(hi))
	if !(most >= 1e-6 && most < 1e6) {
		return Number(lo) + " to " + Number(hi)
	}
	decimals := max(0, 2-int(math.Floor(math.Log10(most))))
	return Fixed(lo, decimals) + " to " + Fixed(hi, decimals)
}

// Percent writes a share: "31 %", "4 %", "0.4 %", "<0.1 %", ">99.9 %"; below ten and
// above 99 in a hundred with a decimal, unless that is 0.
func Percent(share float64) string {
	p := 100 * share
	a := math.Abs(p)
	switch {
	case math.IsNaN(p) || math.IsInf(p, 0):
		return None
	case p > 0 && p < 0.05:
		return "<0.1 %"
	case p < 0 && p > -0.05:
		return "0 %"
	case p >= 99.95 && p < 100:
		return ">99.9 %"
	case a < 9.95 || p > 99 && p < 100:
		return strings.TrimSuffix(Fixed(p, 1), ".0") + " %"
	}
	return Fixed(p, 0) + " %"
}

// Percents writes two shares, with as many decimals as it takes to tell them
// apart, up to three.
func Percents(a, b float64) (string, string) {
	s, t := Percent(a), Percent(b)
	for decimals := 1; s == t && a != b && decimals <= 3 && s != None; decimals++ {
		s, t = Fixed(100*a, decimals)+" %", Fixed(100*b, decimals)+" %"
	}
	return s, t
}

// PercentDown writes a share of which limits near 1 are asked: above 90 % with a
// decimal that is never rounded up to what a limit may ask for.
func PercentDown(share float64) string {
	if share > 0.9 && share < 1 {
		return Fixed(math.Floor(1000*share+1e-9)/10, 1) + " %"
	}
	return Percent(share)
}

// Points writes the difference of two shares in percentage points, with its sign.
func Points(difference float64) string {
	s := plus(difference, Fixed(100*difference, 1))
	if s == "0.0" {
		return "0"
	}
	return s
}

// PSI writes a population stability index with two decimals; a debiased one can
// be a little below 0.
func PSI(x float64) string { return Fixed(x, 2) }

// PValue writes a p-value; below 0.001 the exact value says no more.
func PValue(p float64) string {
	if p < 0.001 {
		return "<0.001"
	}
	return Fixed(p, 3)
}

// Times writes a ratio.
func Times(x float64) string {
	if s := Number(x); s != None {
		return s + " ×"
	}
	return None
}

// Count writes "1 row", "12 rows".
func Count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Whole(n) + " " + many
}
