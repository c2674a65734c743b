package spelling

import "strings"

// A Column counts the texts of a column, to tell whether they are numbers.
type Column struct {
	Values  int64 // that are not missing
	read    [formats]int64
	marked  [formats]int64 // that read in this format only
	pointed int64          // plain numbers with a point, which may be another number in a format
	codes   int64
	width   int             // in digits, of the first code
	widths  [maxWidth]int64 // whole numbers and codes by their digits
}

const maxWidth = 24

// Most is the share of a column's values, in hundredths, from which on they are
// numbers and the others strays.
const Most = 95

// IsMost reports whether part of all values are as many as make a column one of
// numbers.
func IsMost(part, all int64) bool { return all > 0 && part*100 >= Most*all }

// Add adds n values of that text, which is not missing.
func (c *Column) Add(s string, n int64) {
	c.Values += n
	if s = strings.TrimSpace(s); s == "" || !CanBegin(s[0]) {
		return
	}
	if areDigits(s) && len(s) < maxWidth {
		c.widths[len(s)] += n
	}
	if IsCode(s) {
		if c.codes == 0 {
			c.width = len(s)
		}
		c.codes += n
		return
	}
	x, plain := ParseNumber(s)
	if plain && !IsExact(s, x) {
		return
	}
	if plain {
		c.read[Plain] += n
		c.read[Thousands] += n
		point := strings.IndexByte(s, '.')
		if point < 0 {
			c.read[Comma] += n
			return
		}
		if c.pointed += n; len(s)-point != len(".000") {
			return // which the decimal comma's points never stand before
		}
	} else if !strings.ContainsAny(s, ",.' ’\u00a0\u202f") {
		return
	}
	for f := Thousands; f < formats; f++ {
		if plain && f == Thousands {
			continue
		}
		_, ok, marked := f.parse(s)
		if ok {
			c.read[f] += n
		}
		if marked {
			c.marked[f] += n
		}
	}
}

// CanBegin reports whether a number, or a blank before one, may begin with the byte.
func CanBegin(b byte) bool {
	switch b {
	case '+', '-', '.', ',', 'i', 'I', 'n', 'N':
		return true
	case ' ', '\t', '\n', '\v', '\f', '\r', 0xc2: // of U+00A0
		return true
	}
	return b-'0' <= 9
}

// AddNumbers adds n values that came as numbers.
func (c *Column) AddNumbers(n int64) {
	c.Values += n
	for f := range c.read {
		c.read[f] += n
	}
}

// Format returns the format in which most of the values are numbers, and how many
// are: plain, unless the marks of another stand in one value of a hundred at least,
// and three. european says that of two that fit equally it is the decimal comma.
func (c *Column) Format(european bool) (best Format, numbers int64) {
	list := []Format{Thousands, Comma}
	if european {
		list = []Format{Comma, Thousands}
	}
	for _, f := range list {
		switch {
		case c.marked[f] < 3 || 100*c.marked[f] < c.Values:
		case f == Comma && c.pointed > c.marked[f]: // points are decimal here
		case c.read[f] > c.read[best]:
			best = f
		}
	}
	return best, c.read[best]
}

// Fractions reports whether most of the values are numbers with a point.
func (c *Column) Fractions() bool { return 2*c.pointed > c.Values }

// Codes reports whether the values are codes: words of digits, some of which begin
// with a zero and which mostly have one length, or of which one in twenty begins so.
func (c *Column) Codes() bool {
	if c.codes == 0 {
		return false
	}
	return 100*c.codes >= (100-Most)*c.Values || c.width < maxWidth && IsMost(c.widths[c.width], c.Values)
}
