package profile

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

const (
	sampleRows = 2048 // distinct rows in the sample, unless the plan says otherwise
	recentRows = 20
	cellLimit  = 8192 // bytes of a string in a row that are kept
)

// rawRow is one row as it was read.
type rawRow struct {
	timed       bool
	at          int64   // microseconds
	ms          float64 // NaN: none
	version, id string
	cells       []view.Cell
}

// recentRow is one of the newest rows.
type recentRow struct {
	at   int64
	hash uint64
	row  rawRow
}

func (r recentRow) order(o recentRow) int {
	return cmp.Or(cmp.Compare(o.at, r.at), cmp.Compare(o.hash, r.hash))
}

// recents keeps the newest rows, the newest first, each once. Of rows with one
// timestamp the greater hash counts as newer.
type recents []recentRow

// wants says whether a row would stay.
func (r recents) wants(at int64, hash uint64) bool {
	if len(r) < recentRows {
		return true
	}
	return recentRow{at: at, hash: hash}.order(r[len(r)-1]) < 0
}

func (r *recents) add(x recentRow) {
	i, found := slices.BinarySearchFunc(*r, x, recentRow.order)
	if found {
		return
	}
	*r = slices.Insert(*r, i, x)
	*r = (*r)[:min(len(*r), recentRows)]
}

// view returns the row by the plan's roles.
func (r *rawRow) view(p *Plan, n int64) view.Row {
	out := view.Row{Score: math.NaN(), MS: r.ms, Version: r.version, ID: r.id, Cells: r.cells, N: n}
	if r.timed {
		out.At = time.UnixMicro(r.at).UTC()
	}
	for i, c := range r.cells {
		switch p.columns[i].role {
		case table.Score:
			if !c.Null && !c.String {
				out.Score = c.Num
			}
		case table.Label:
			out.Label = c.Str
		}
	}
	return out
}

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
		case !finite(c.Num):
			b = append(b, `{"number":"`...)
			b = strconv.AppendFloat(b, c.Num, 'g', -1, 64)
			b = append(b, `"}`...)
		default:
			b = append(b, formatNumber(c.Num)...)
		}
	}
	return append(b, ']')
}

// parseCells reads what appendCells wrote.
func parseCells(text string, want int) ([]view.Cell, error) {
	var raw []any
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, errors.New("cells are not JSON")
	}
	if len(raw) != want {
		return nil, errors.New("cells do not fit the plan's columns")
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
