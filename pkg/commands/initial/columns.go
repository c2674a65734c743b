package initial

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/jq"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/timestamp"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// linesOf are records as lines of JSON whose fields were met; text has none.
func linesOf(records []predlog.Record) [][]mapping.Seen {
	var lines [][]mapping.Seen
	for _, r := range records {
		line, ends, _ := (&jq.Pipeline{}).Run(r.Value, r.Size)
		if len(ends) == 0 {
			continue
		}
		if seen := mapping.SeenIn(line); seen != nil {
			lines = append(lines, seen)
		}
	}
	return lines
}

// columns are the fields of lines, each with what its values are.
type columns struct {
	rows  int // that were looked at
	names []string
	of    map[string]*column
}

type column struct {
	values  int // that are not null
	numbers int
	length  int
	seen    map[string]int // values, up to mostSeen
	lo, hi  float64
}

// mostSeen bounds the values that are told apart.
const mostSeen = 2000

func columnsOf(lines [][]mapping.Seen) *columns {
	c := &columns{rows: len(lines), of: map[string]*column{}}
	for _, line := range lines {
		for _, s := range line {
			var text string
			switch v := s.Value.(type) {
			case string:
				text = v
			case json.Number:
				text = string(v)
			case bool:
				text = strconv.FormatBool(v)
			default:
				continue
			}
			col := c.of[s.Path]
			if col == nil {
				col = &column{seen: map[string]int{}}
				c.of[s.Path], c.names = col, append(c.names, s.Path)
			}
			col.add(text)
		}
	}
	return c
}

func (c *column) add(text string) {
	c.values++
	c.length += len(text)
	if x, ok := spelling.ParseNumber(text); ok {
		if c.numbers == 0 || x < c.lo {
			c.lo = x
		}
		if c.numbers == 0 || x > c.hi {
			c.hi = x
		}
		c.numbers++
	}
	if text = spelling.Value(text); len(c.seen) < mostSeen || c.seen[text] > 0 {
		c.seen[text]++
	}
}

// kind is what the values are taken for.
func (c *column) kind() string {
	switch {
	case spelling.IsMost(int64(c.numbers), int64(c.values)):
		return "number"
	case c.length > 40*c.values:
		return "text"
	case c.values >= 50 && len(c.seen)*10 > 9*min(c.values, mostSeen):
		return "id"
	}
	return "category"
}

// describe says what a column holds, without a value of it.
func (c *column) describe() string {
	switch c.kind() {
	case "number":
		return fmt.Sprintf("numbers from %s to %s", spelling.Number(c.lo), spelling.Number(c.hi))
	case "text":
		return "long texts"
	case "id":
		return "another word in almost every row"
	}
	return fmt.Sprintf("%d different words", len(c.seen))
}

// moment says how a timestamp is written.
func (c *column) moment() string {
	if c.kind() != "number" {
		return "moments as text"
	}
	for _, unit := range []struct {
		name string
		from float64 // the year 2000
	}{{"nanoseconds", 9e17}, {"microseconds", 9e14}, {"milliseconds", 9e11}} {
		if c.lo >= unit.from {
			return unit.name + " since 1970"
		}
	}
	return "seconds since 1970"
}

// formats are those by which all values are moments that are none without a format.
func (c *column) formats() []string { return timestamp.Guess(slices.Collect(maps.Keys(c.seen))...) }

// targets are the columns of a reference that may be its outcomes, the likeliest
// first: those with the name of one, then those of two values that the log lacks.
func (c *columns) targets(inLog func(name string) bool) []string {
	named := []string{"target", "label", "y", "outcome", "class", "converted", "engaged", "churn", "churned", "default", "defaulted", "fraud", "is_fraud", "clicked"}
	var byName, byValues []string
	for _, name := range c.names {
		switch {
		case inLog(name):
		case slices.Contains(named, strings.ToLower(name)):
			byName = append(byName, name)
		case len(c.of[name].seen) == 2:
			byValues = append(byValues, name)
		}
	}
	return append(byName, byValues...)
}

// positive is which of two values of an outcome is the positive one; "" where that
// does not show.
func (c *column) positive() string {
	if len(c.seen) != 2 {
		return ""
	}
	for _, word := range []string{"1", "true", "yes", "y", "positive", "pos", "converted", "engaged", "churned", "churn", "fraud", "default", "bad"} {
		for value := range c.seen {
			if strings.EqualFold(value, word) {
				return value
			}
		}
	}
	return ""
}
