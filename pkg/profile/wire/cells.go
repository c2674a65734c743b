package wire

import (
	"encoding/json"
	"errors"
	"strconv"

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

// parseCells reads what appendCells wrote.
func parseCells(text string) ([]view.Cell, error) {
	var raw []any
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, errors.New("cells are not JSON")
	}
	cells := make([]view.Cell, len(raw))
	for i, v := range raw {
		switch v := v.(type) {
		case nil:
			cells[i].Null = true
		case string:
			cells[i].String, cells[i].Str = true, v
		case float64:
			cells[i].Num = v
		case map[string]any:
			s, _ := v["number"].(string)
			x, err := strconv.ParseFloat(s, 64)
			if err != nil {
				return nil, errors.New("cells hold what is no value")
			}
			cells[i].Num = x
		default:
			return nil, errors.New("cells hold what is no value")
		}
	}
	return cells, nil
}
