package feature

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/predlog/record"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// Raw is one field of a raw row.
type Raw struct {
	Name string
	Type string // number, category or text
}

// Pipeline computes the model's row from a raw one. It is safe for concurrent
// use.
type Pipeline struct {
	// ModelSHA256 holds the digests of the model files that the pipeline was
	// made with, by format; it may be empty.
	ModelSHA256 map[string]string

	gone    []float64 // values of any column that stand for a missing one
	raw     []Raw
	index   map[string]int // raw name → place in raw
	columns []column
}

type op uint8

const (
	number op = iota
	lookup
	onehot
	present
	length
	count
	match
	zero
)

type column struct {
	name        string
	op          op
	from        int // place in raw; -1 for none
	scale       float64
	offset      float64
	missing     float64
	missingText string
	table       map[string]float64
	fallback    float64
	text        string // the value of onehot, the separator of count
	keepEmpty   bool   // "" is a text as any other, and not missing
	countBlanks bool   // blank parts count too
	pattern     *regexp.Regexp
	words       words // what pattern says, when it is a list of words
}

// Raw returns the raw fields in the order in which Row takes them. The caller
// must not change them.
func (p *Pipeline) Raw() []Raw { return p.raw }

// Columns returns the names of the model's columns in the order in which Row
// writes them.
func (p *Pipeline) Columns() []string {
	names := make([]string, len(p.columns))
	for i, c := range p.columns {
		names[i] = c.name
	}
	return names
}

// Row writes the model's row for the raw values in, which are in Raw order, to
// out. Its only error is a wrong length of in or out.
func (p *Pipeline) Row(in []record.Value, out []float64) error {
	if len(in) != len(p.raw) {
		return fmt.Errorf("feature: want %d raw values, got %d", len(p.raw), len(in))
	}
	if len(out) != len(p.columns) {
		return fmt.Errorf("feature: want room for %d columns, got %d", len(p.columns), len(out))
	}
	for i := range p.columns {
		c := &p.columns[i]
		var v record.Value
		if c.from >= 0 {
			v = in[c.from]
		}
		out[i] = c.value(v)
	}
	p.forget(out)
	return nil
}

// forget makes NaN of the values that stand for a missing one, which the model
// compares in float32.
func (p *Pipeline) forget(out []float64) {
	for _, gone := range p.gone {
		for i, x := range out {
			if float32(x) == float32(gone) {
				out[i] = math.NaN()
			}
		}
	}
}

func (c *column) value(v record.Value) float64 {
	switch c.op {
	case number:
		return c.number(v)
	case zero:
		return 0
	}
	if v.Kind == record.Null {
		return c.null()
	}
	return c.ofText(v.Text())
}

func (c *column) number(v record.Value) float64 {
	x := c.missing
	switch v.Kind {
	case record.Number:
		x = v.Num
	case record.String:
		if f, ok := spelling.ParseDecimal(v.Str); ok {
			x = f
		}
	}
	return c.linear(x)
}

// linear keeps its two roundings apart: a fused multiply-add would differ from
// Python's result.
func (c *column) linear(x float64) float64 {
	if math.IsNaN(x) {
		x = c.missing
	}
	return float64(x*c.scale) + c.offset
}

// null is the value of a text op for a raw null.
func (c *column) null() float64 {
	switch c.op {
	case length, count:
		return c.missing
	case present:
		return 0
	}
	switch {
	case c.keepEmpty && c.missingText != "": // null is none, whatever "" is
		return c.of(c.missingText)
	case c.keepEmpty && c.op == lookup:
		return c.fallback
	case c.keepEmpty:
		return 0
	}
	return c.ofText("")
}

// ofText is the value of a text op for s.
func (c *column) ofText(s string) float64 {
	switch c.op {
	case number:
		return c.number(record.StringValue(s))
	case lookup, onehot:
		if s == "" && !c.keepEmpty {
			s = c.missingText
		}
		return c.of(s)
	case present:
		return truth(s != "" || c.keepEmpty)
	case length:
		return float64(utf8.RuneCountInString(s))
	case count:
		n := 0
		for part := range strings.SplitSeq(s, c.text) {
			if c.countBlanks || strings.TrimSpace(part) != "" {
				n++
			}
		}
		return float64(n)
	case match:
		return truth(c.matches(s))
	}
	return 0
}

// of is the value of map or onehot for the text.
func (c *column) of(s string) float64 {
	if c.op == onehot {
		return truth(s == c.text)
	}
	if x, ok := c.table[s]; ok {
		return x
	}
	return c.fallback
}

func (c *column) matches(s string) bool {
	if c.words == nil || !plain(s) {
		return c.pattern.MatchString(s)
	}
	var buf [128]byte
	return c.words.find(lowerASCII(buf[:0], s))
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
