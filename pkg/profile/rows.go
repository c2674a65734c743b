package profile

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

const recentRows = 20 // newest rows that are kept

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
