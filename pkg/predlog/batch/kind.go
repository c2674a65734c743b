package batch

import (
	"math"
	"math/bits"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// Odd is what a text in a column of numbers turned out to be.
type Odd uint8

const (
	taken     Odd = iota // it is in the column, or will be when its kind is decided
	blank                // missing
	NotFinite            // a number, but not a finite one; null
	Stray                // text in a column of numbers; null
)

// A kept value waits for the decision on its column's kind.
type kept struct {
	row  int
	x    float64
	text string // of one that came as text, else ""
}

// TakeText takes a text for the row in a column of numbers: a number in quotes,
// or a stray. While the column's first batch is not out, the strays are kept, for
// it may be a column of words.
func (c *Column) TakeText(row int, text string) Odd {
	s := strings.TrimSpace(text)
	if s == "" || c.IsNone(s) {
		return blank
	}
	if isMissing(s) && (c.sealed || c.Decided || c.Pinned) {
		return blank
	}
	if c.Pinned || !spelling.IsCode(s) {
		if x, ok := c.Format.Parse(s); ok && spelling.IsExact(s, x) {
			return c.takeNumber(row, x)
		}
	}
	if c.sealed || c.Decided {
		return Stray
	}
	c.kept = append(c.kept, kept{row: row, text: text})
	return taken
}

// isMissing tells words such as NA, which a column of numbers takes as missing.
func isMissing(text string) bool { return spelling.IsMissing(strings.TrimSpace(text)) }

func (c *Column) takeNumber(row int, x float64) Odd {
	switch {
	case math.IsNaN(x):
		return blank
	case math.IsInf(x, 0):
		if !c.sealed {
			c.infinite++
		}
		return NotFinite
	}
	c.SetFloat(row, x)
	return taken
}

// KeepsNumber takes a number for the row in a column of words whose kind is not
// decided; it returns false where it is, and the number is its text.
func (c *Column) KeepsNumber(row int, x float64) bool {
	if c.Shape != Words || c.Pinned {
		return false
	}
	if c.sealed {
		c.Numbers++
		return false
	}
	c.kept = append(c.kept, kept{row: row, x: x})
	return true
}

// SetNone has the column take the values as missing.
func (c *Column) SetNone(values []string) {
	for _, v := range values {
		v = spelling.Value(v)
		c.none = append(c.none, v)
		if x, ok := spelling.ParseDecimal(v); ok {
			c.noNumber = append(c.noNumber, x)
		}
	}
}

// KeepsWord reports whether a word such as NA is a value of the column, unless it
// is quoted.
func (c *Column) KeepsWord(word string) bool { return c.KeepsAll || slices.Contains(c.Keeps, word) }

// HasNone reports whether there are values that the column takes as missing.
func (c *Column) HasNone() bool { return c.none != nil }

// IsNone reports whether the column takes the text as missing.
func (c *Column) IsNone(text string) bool {
	return c.none != nil && slices.Contains(c.none, spelling.Value(text))
}

// IsNoNumber reports whether the column takes the number as missing.
func (c *Column) IsNoNumber(x float64) bool { return slices.Contains(c.noNumber, x) }

// decide settles the kind of a column when its first batch, of rows rows, goes
// out: a number where most of its values are. odd is told what is in no column of
// numbers.
func (c *Column) decide(rows int, odd func(row int, text string, why Odd)) {
	switch {
	case c.Role != table.Feature && c.Role != table.Target:
	case c.Shape == Floats && len(c.kept) > 0:
		c.decideNumbers(rows, odd)
	case c.Shape == Words && !c.Pinned && !c.Decided:
		c.decideWords(rows, odd)
	}
	c.kept = nil
}

// decideNumbers is decide for a column whose first value was a number, or that is
// pinned as one, and that got texts.
func (c *Column) decideNumbers(rows int, odd func(row int, text string, why Odd)) {
	var col spelling.Column
	col.AddNumbers(c.count(rows) + c.infinite)
	for _, k := range c.kept {
		if !isMissing(k.text) {
			col.Add(k.text, 1)
		}
	}
	format, n := col.Format(false)
	if c.Pinned || spelling.IsMost(n, col.Values) && !col.Codes() {
		c.Format = format
		for _, k := range c.kept {
			if isMissing(k.text) {
				continue
			}
			if x, ok := format.Parse(k.text); !ok || !c.Pinned && spelling.IsCode(strings.TrimSpace(k.text)) {
				odd(k.row, k.text, Stray)
			} else if why := c.takeNumber(k.row, x); why == NotFinite {
				odd(k.row, k.text, why)
			}
		}
		return
	}
	floats, numbers := c.floats, c.kept
	c.Shape, c.floats, c.Numbers = Words, nil, n
	c.room(8 * len(c.valid))
	for row := range rows {
		switch {
		case len(numbers) > 0 && numbers[0].row == row:
			c.setOwn(row, numbers[0].text)
			numbers = numbers[1:]
		case c.Has(row):
			c.setOwn(row, spelling.Number(floats[row]))
		}
	}
}

// mostQuoted is how many numbers in quotes, with fractions, may be categories.
const mostQuoted = 50

// decideWords is decide for a column whose first value was text.
func (c *Column) decideWords(rows int, odd func(row int, text string, why Odd)) {
	if len(c.kept) == 0 && !c.dict.mayBeNumbers() {
		return
	}
	counts := make([]int64, c.dict.len())
	for row := range rows {
		if c.Has(row) {
			counts[c.words[row]]++
		}
	}
	var col spelling.Column
	for i, n := range counts {
		switch text := c.dict.entry(i); {
		case n == 0 || len(text) == 0 || isMissing(string(text)):
		case spelling.CanBegin(text[0]):
			col.Add(string(text), n)
		default:
			col.Values += n
		}
	}
	col.AddNumbers(int64(len(c.kept)))
	format, n := col.Format(false)
	// Texts alone are what their writer says, texts, unless they can hardly be
	// categories, or nobody can write such numbers without quotes.
	c.Quoted = len(c.kept) == 0
	if n == 0 || !spelling.IsMost(n, col.Values) || col.Codes() || c.Quoted && format == spelling.Plain && !(col.Fractions() && c.dict.len() > mostQuoted) {
		c.Quoted = false
		if len(c.kept) > 0 {
			c.Numbers += n
		}
		for _, k := range c.kept {
			c.setOwn(k.row, spelling.Number(k.x))
		}
		return
	}
	words, dict := c.words, c.dict
	c.Shape, c.words, c.dict, c.Format = Floats, nil, nil, format
	c.room(8 * len(c.valid))
	for row := range rows {
		if !c.Has(row) {
			continue
		}
		c.valid[row>>3] &^= 1 << (row & 7)
		text := string(dict.entry(int(words[row])))
		x, ok := format.Parse(text)
		if text == "" || isMissing(text) {
			continue
		} else if !ok || spelling.IsCode(text) {
			odd(row, text, Stray)
		} else if why := c.takeNumber(row, x); why == NotFinite {
			odd(row, text, why)
		}
	}
	for _, k := range c.kept {
		c.SetFloat(k.row, k.x)
	}
}

// setOwn sets a text of our own, which is UTF-8.
func (c *Column) setOwn(row int, text string) {
	c.SetText(row, append([]byte(text), make([]byte, slack)...), 0, len(text))
}

// count returns how many of the first rows rows have a value.
func (c *Column) count(rows int) int64 {
	n := 0
	for i, b := range c.valid {
		if i*8 >= rows {
			break
		}
		n += bits.OnesCount8(b)
	}
	return int64(n)
}

// maxTidied is the length in bytes up to which texts are looked at for outer blanks.
const maxTidied = 64

// spell is how the texts of the column are spelled; nil: as they come. Those of the
// input come as they are, for so the model saw them; who compares them spells them.
func (c *Column) spell() func(text []byte) string {
	switch c.Role {
	case table.Feature:
		return func(text []byte) string {
			if c.Tidied == "" && len(text) <= maxTidied && !spelling.IsText(text) {
				c.Tidied = string(text)
			}
			return ""
		}
	case table.Label, table.Target, table.ID, table.Entity, table.Key:
		return func(text []byte) string {
			if c.Tidied == "" && !spelling.IsText(text) {
				c.Tidied = string(text)
			}
			if !spelling.IsSpelled(text) {
				return spelling.Value(string(text))
			}
			return ""
		}
	case table.Endpoint:
		return func(text []byte) string { return spelling.Endpoint(string(text)) }
	}
	return nil
}
