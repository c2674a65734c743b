package outcome

import (
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/joined"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Sample is rows with outcomes. What makes a row's outcome makes those of the other
// rows of its entity too, so figures and effects are of all rows, and evidence is of
// one row of each entity.
type Sample struct {
	Rows   []Pair  // by score and outcome
	Apart  []Pair  // one row of each entity; Rows itself where no two belong together
	Spread float64 // of a figure of all rows: its standard error over that of a figure of Apart, if rows of one entity all agree; 1 or more
}

// sampleOf is the sample of rows in the order of entity.
func sampleOf(rows []row) Sample {
	out := Sample{Rows: pairsOf(rows), Spread: 1}
	var apart []row
	sum, squares, n := 0.0, 0.0, 0.0
	for i, r := range rows {
		if n++; i == 0 || r.Entity == 0 || rows[i-1].Entity != r.Entity {
			apart, n = append(apart, r), 1
		}
		sum++
		squares += 2*n - 1 // n² less what was before
	}
	if out.Apart = out.Rows; len(apart) < len(rows) {
		out.Apart, out.Spread = pairsOf(apart), math.Sqrt(float64(len(apart))*squares)/sum
	}
	return out
}

// pairsOf counts rows of one score and one outcome.
func pairsOf(rows []row) []Pair {
	all := make([]Pair, len(rows))
	for i, r := range rows {
		all[i] = Pair{r.Score, r.Value, 1, r.Scores}
	}
	slices.SortFunc(all, orderPairs)
	out := all[:0]
	for _, p := range all {
		if n := len(out); n > 0 && orderPairs(out[n-1], p) == 0 {
			out[n-1].N++
		} else {
			out = append(out, p)
		}
	}
	return slices.Clip(out)
}

// namesOf reads a column as names: the first of these that there is, which is one of
// that name or else one of that role. A null, and all without a column, is empty.
func namesOf(rec arrow.RecordBatch, of ...named) func(i int) string {
	for _, want := range of {
		at := -1
		for i, f := range rec.Schema().Fields() {
			if want.name != "" && f.Name == want.name || at < 0 && want.role != "" && table.RoleOf(f) == want.role {
				at = i
			}
		}
		if at < 0 {
			continue
		}
		col := rec.Column(at)
		read, ok := table.Strings(col)
		if !ok {
			number, some := table.Numbers(col)
			if !some {
				continue
			}
			read = func(i int) string { return spelling.Number(number(i)) }
		}
		return func(i int) string {
			if col.IsNull(i) {
				return ""
			}
			return read(i)
		}
	}
	return func(int) string { return "" }
}

// named is a column by its name, empty for none, or its role.
type named struct {
	name string
	role table.Role
}

// entityOf reads the hash of whom a row belongs to, 0 where it does not say. Without a
// name for it, or with the id's, that is the id.
func entityOf(rec arrow.RecordBatch, id, entity string) func(i int) uint64 {
	of := []named{{entity, table.Entity}}
	if entity == "" || entity == id {
		of = append(of, named{id, table.ID})
	}
	names := namesOf(rec, of...)
	return func(i int) uint64 {
		if name := names(i); name != "" {
			return joined.Hash([]byte(name))
		}
		return 0
	}
}
