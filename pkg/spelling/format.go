package spelling

import "strings"

// A Format is how people and spreadsheets write numbers.
type Format uint8

// The formats.
const (
	Plain     Format = iota // 1234.5
	Thousands               // 1,234.5: groups of three digits between commas, blanks or apostrophes
	Comma                   // 1.234,5: a decimal comma; groups between points, blanks or apostrophes
	formats
)

// String says how a format's numbers look.
func (f Format) String() string {
	switch f {
	case Thousands:
		return "thousands separators"
	case Comma:
		return "a decimal comma"
	}
	return "plain numbers"
}

// Parse reads text as a number of the format: what ParseNumber reads, unless the
// format means something else by it, and the format's own marks.
func (f Format) Parse(s string) (x float64, ok bool) {
	if f == Plain {
		return ParseNumber(s)
	}
	x, ok, _ = f.parse(s)
	return x, ok
}

// groupings are what may stand between groups of three digits, besides the
// format's own comma or point.
var groupings = [...]string{"'", "’", "\u00a0", "\u202f", " "}

// parse is Parse; marked tells that the text reads in this format only.
func (f Format) parse(s string) (x float64, ok, marked bool) {
	s = strings.TrimSpace(s)
	if len(s) > 64 {
		x, ok = ParseNumber(s)
		return x, ok, false
	}
	group, point := ",", "."
	if f == Comma {
		group, point = ".", ","
	}
	whole, fraction, pointed := strings.Cut(s, point)
	if strings.ContainsAny(fraction, ".,") {
		return 0, false, false
	}
	if !strings.Contains(whole, group) {
		for _, g := range groupings {
			if strings.Contains(whole, g) {
				group = g
				break
			}
		}
	}
	grouped := strings.Contains(whole, group)
	if !grouped && (f != Comma || !pointed) {
		x, ok = ParseNumber(s)
		return x, ok, false
	}
	if grouped {
		groups := strings.Split(strings.TrimLeft(whole, "+-"), group)
		for i, g := range groups {
			if !areDigits(g) || i > 0 && len(g) != 3 || i == 0 && (len(g) > 3 || g[0] == '0') {
				return 0, false, false
			}
		}
		whole = strings.ReplaceAll(whole, group, "")
	}
	if pointed {
		whole += "." + fraction
	}
	x, ok = ParseDecimal(whole)
	_, plain := ParseDecimal(s)
	return x, ok, ok && !plain
}
