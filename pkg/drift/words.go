package drift

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// number writes x with three digits that count, or all of its whole part.
func number(x float64) string { return digits(x, 3) }

// digits writes x with n digits that count, or all of its whole part below a
// million, without trailing zeros.
func digits(x float64, n int) string {
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

// numbers writes two values with as many digits as it takes to tell them apart,
// up to six.
func numbers(a, b float64) (string, string) {
	for n := 3; n < 6; n++ {
		if s, t := digits(a, n), digits(b, n); s != t {
			return s, t
		}
	}
	return digits(a, 6), digits(b, 6)
}

func signed(x float64) string {
	if x > 0 {
		return "+" + number(x)
	}
	return number(x)
}

// percent writes a share: "31 %", "0.4 %", "<0.1 %".
func percent(share float64) string {
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

// percents writes two shares, with a decimal more when they would read the same.
func percents(a, b float64) (string, string) {
	s, t := percent(a), percent(b)
	if s == t && a != b {
		return strconv.FormatFloat(100*a, 'f', 1, 64) + " %", strconv.FormatFloat(100*b, 'f', 1, 64) + " %"
	}
	return s, t
}

// psiWords writes a PSI with two decimals; a debiased one can be below 0.
func psiWords(x float64) string {
	s := strconv.FormatFloat(x, 'f', 2, 64)
	if s == "-0.00" {
		return "0.00"
	}
	return s
}

// count writes "1 row", "12 rows".
func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + many
}

// long writes a length of time in the largest unit that it is a whole number of.
func long(d time.Duration) string {
	for _, u := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		if n := d / u.length; n > 1 && d%u.length == 0 {
			return count(int64(n), u.name, u.name+"s")
		} else if n == 1 && d == u.length {
			return u.name
		}
	}
	return d.String()
}

const longestName = 40

// name makes a category or column fit to stand in a sentence: one line, at most
// 40 characters.
func name(s string) string {
	if s == "" {
		return "(empty)"
	}
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n == longestName {
			b.WriteString("...")
			break
		}
		if !unicode.IsPrint(r) {
			r = ' '
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// list joins up to three names and says how many more there are.
func list(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

func verb(up bool) string {
	if up {
		return "rose"
	}
	return "fell"
}

// rounded rounds x to a tenth to a hundredth of scale, or to three digits
// without a scale, so that no one row's exact value is shown.
func rounded(x, scale float64) float64 { return roundedBy(x, scale, 0) }

func roundedBy(x, scale float64, more int) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) || x == 0 {
		return x
	}
	if !(scale > 0) || math.IsInf(scale, 1) {
		y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3+more, 64), 64)
		if err != nil {
			return x
		}
		return y
	}
	places := 1 - int(math.Floor(math.Log10(scale))) + more
	if places < 0 {
		step := math.Pow10(-places)
		return math.Round(x/step) * step
	}
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', min(places, 300), 64), 64)
	if err != nil || math.IsInf(y, 0) {
		return x
	}
	return y
}

// roundedEdges rounds ascending edges alike, with as many digits as keep
// different edges different.
func roundedEdges(edges []float64, scale float64) []float64 {
	out := make([]float64, len(edges))
	for more := 0; ; more++ {
		apart := true
		for i, e := range edges {
			out[i] = roundedBy(e, scale, more)
			apart = apart && (i == 0 || out[i] > out[i-1])
		}
		if apart || more == 15 {
			return out
		}
	}
}
