package tally

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Row is one row as it was read.
type Row struct {
	Timed       bool    // it has a timestamp
	At          int64   // microseconds
	MS          float64 // NaN: none
	Version, ID string
	Cells       []view.Cell // by the plan's columns
}

// recentRow is one of the newest rows.
type recentRow struct {
	at   int64
	hash uint64
	row  Row
}

func (r recentRow) order(o recentRow) int {
	return cmp.Or(cmp.Compare(o.at, r.at), cmp.Compare(o.hash, r.hash))
}

// recents keeps the newest rows, the newest first, each once. Of rows with one
// timestamp the greater hash counts as newer.
type recents []recentRow

// wants says whether a row would stay.
func (r recents) wants(at int64, hash uint64) bool {
	if len(r) < caps.Recent.N {
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
	*r = (*r)[:min(len(*r), caps.Recent.N)]
}

// view returns the row by the plan's roles.
func (r *Row) view(p *plan.Plan, n int64) view.Row {
	out := view.Row{Score: math.NaN(), MS: r.MS, Version: r.Version, ID: r.ID, Cells: r.Cells, N: n}
	if r.Timed {
		out.At = time.UnixMicro(r.At).UTC()
	}
	for i, c := range r.Cells {
		switch p.Columns[i].Role {
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
