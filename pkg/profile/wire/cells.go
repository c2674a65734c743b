package wire

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// appendCells writes cells as a JSON array of null, numbers and strings; a
// number that JSON lacks is an object, {"number":"NaN"}.
func appendCells(b []byte, cells []view.Cell) []byte {
	b = append(b, '[')
	for i, c := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		switch {
		case c.Null:
			b = append(b, "null"...)
		case c.String:
			text, _ := json.Marshal(c.Str) // a string cannot fail
			b = append(b, text...)
		case c.Num-c.Num != 0: // NaN or infinite
			b = append(b, `{"number":"`...)
			b = strconv.AppendFloat(b, c.Num, 'g', -1, 64)
			b = append(b, `"}`...)
		default:
			b = append(b, spelling.Number(c.Num)...)
		}
	}
	return append(b, ']')
}

var errCells = errors.New("cells are not a list of values")

// parseCells reads what appendCells wrote. Texts share the memory of text.
func parseCells(text string) ([]view.Cell, error) {
	rest, ok := strings.CutPrefix(text, "[")
	if !ok {
		return nil, errCells
	}
	var cells []view.Cell
	for rest != "]" {
		if len(cells) > 0 {
			if rest, ok = strings.CutPrefix(rest, ","); !ok {
				return nil, errCells
			}
		}
		n := cellLength(rest)
		if n == 0 {
			return nil, errCells
		}
		c, err := parseCell(rest[:n])
		if err != nil {
			return nil, err
		}
		cells, rest = append(cells, c), rest[n:]
	}
	return cells, nil
}

// cellLength returns how many bytes the first value of s takes, 0 where none ends.
func cellLength(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] == '"':
		for i := 1; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
		return 0
	case s[0] == '{':
		return strings.IndexByte(s, '}') + 1
	}
	return max(0, strings.IndexAny(s, ",]"))
}

// parseCell reads one value. The encoder of JSON writes a text without escapes as it is.
func parseCell(s string) (view.Cell, error) {
	switch {
	case s == "null":
		return view.Cell{Null: true}, nil
	case s[0] == '"' && strings.IndexByte(s, '\\') < 0:
		return view.Cell{String: true, Str: s[1 : len(s)-1]}, nil
	case s[0] == '"':
		c := view.Cell{String: true}
		if json.Unmarshal([]byte(s), &c.Str) != nil {
			return c, errCells
		}
		return c, nil
	case s[0] == '{':
		var odd struct {
			Number string `json:"number"`
		}
		if json.Unmarshal([]byte(s), &odd) != nil {
			return view.Cell{}, errCells
		}
		s = odd.Number
	case s[0] != '-' && (s[0] < '0' || s[0] > '9'):
		return view.Cell{}, errCells
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return view.Cell{}, errCells
	}
	return view.Cell{Num: x}, nil
}
