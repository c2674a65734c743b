package outcome

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/joined"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// A sample is rows with outcomes. What makes a row positive makes the other rows of
// its entity positive too, so figures and effects are of all rows, and evidence is of
// one row of each entity.
type sample struct {
	rows   []Tally // by rising score
	apart  []Tally // one row of each entity; rows itself where no two belong together
	spread float64 // of a figure of all rows: its standard error over that of a figure of apart, if rows of one entity all agree; 1 or more
}

// eachAlone is a sample of which no two rows belong together.
func eachAlone(rows []Tally) sample { return sample{rows, rows, 1} }

// repeats says that some rows belong together.
func (s *sample) repeats() bool { return rowsOf(s.apart) < rowsOf(s.rows) }

// mostOwners is how many entities a row is kept of, those of smallest hash.
const mostOwners = 1 << 20

// An owner is the row that is kept of an entity: that of smallest hash, so that the
// order of rows does not tell.
type owner struct {
	rows     int64 // of the entity
	hash     uint64
	score    float64
	positive bool
}

// samples collects rows by score and by entity. The zero value is empty.
type samples struct {
	rows, alone tallies // alone are of nobody that is known
	owners      map[uint64]owner
	cut         bool   // there were more than mostOwners
	most        uint64 // greatest hash of an entity that is kept, if cut
}

// add counts a row; entity is the hash of whom it belongs to, 0 where that is not
// known, hash its own.
func (s *samples) add(entity, hash uint64, score float64, positive bool) {
	s.rows.add(score, positive)
	if entity == 0 {
		s.alone.add(score, positive)
		return
	}
	if s.cut && entity > s.most {
		return
	}
	if s.owners == nil {
		s.owners = make(map[uint64]owner)
	}
	one, known := s.owners[entity]
	if !known || hash < one.hash {
		one.hash, one.score, one.positive = hash, score, positive
	}
	one.rows++
	if s.owners[entity] = one; len(s.owners) > 2*mostOwners {
		s.settle()
	}
}

// settle leaves the entities of smallest hash. One that was driven out never comes
// back, so that all rows of those that are left were counted.
func (s *samples) settle() {
	if len(s.owners) <= mostOwners {
		return
	}
	hashes := slices.Sorted(maps.Keys(s.owners))
	for _, h := range hashes[mostOwners:] {
		delete(s.owners, h)
	}
	s.cut, s.most = true, hashes[mostOwners-1]
}

// hashOf is the hash of a row that has no key.
func hashOf(entity uint64, score float64, positive bool) uint64 {
	b := binary.BigEndian.AppendUint64(nil, entity)
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(score))
	if positive {
		b = append(b, 1)
	}
	return joined.Hash(b)
}

// sample returns what was added.
func (s *samples) sample() sample {
	out := eachAlone(s.rows.sorted())
	if s.owners == nil {
		return out
	}
	apart := tallies{}
	sum, squares := 0.0, 0.0
	for _, t := range s.alone.sorted() {
		apart.put(t)
		sum, squares = sum+float64(t.N), squares+float64(t.N)
	}
	s.settle()
	for _, o := range s.owners {
		apart.add(o.score, o.positive)
		n := float64(o.rows)
		sum, squares = sum+n, squares+n*n // whole numbers, in whatever order
	}
	if sum == squares {
		return out // each row is of another entity
	}
	out.apart = apart.sorted()
	out.spread = math.Sqrt(float64(rowsOf(out.apart))*squares) / sum
	return out
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
