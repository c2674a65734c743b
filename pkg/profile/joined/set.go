package joined

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
)

// Hash is the hash of a key.
func Hash(key []byte) uint64 { return sketch.HashString(string(key)) }

// Name is the name by which a version is known.
func Name(version string) string { return read.Name(version, caps.NameBytes.N) }

// Limits of a Set.
const (
	keys    = 1 << 20 // that are kept, those of smallest hash
	windows = 1000    // the newest
)

// A File is what one file of outcomes held. All parts of a log meet the same one.
type File struct {
	Digest    int64  // sum of the hashes of its rows, in whatever order
	ByID      bool   // rows meet by id, else by timestamp
	Inputs    string // and by these inputs that the file repeats, with ", " between
	Rows      int64  // rows with a key
	Keyless   int64  // rows without one
	Pending   int64  // rows with a key whose outcome is not known yet
	Known     int64  // keys with one outcome
	Contested int64  // keys with outcomes that disagree
}

// A Row is a key whose outcome is known, and the newest of the predictions that have
// it; of those of one time the one of the higher score.
type Row struct {
	Hash     uint64 // of the key
	At       int64  // microseconds; the least number without a timestamp
	Score    float64
	Seen     int64 // predictions that have the key
	Positive bool
	Entity   uint64 // hash of whom that prediction belongs to; 0: not known
	Version  string // of the model that made it; empty: not known
}

// After says that r's prediction is the one to keep of two that a key has: the
// newer, of one time that of the higher score, and of one score that of an order
// that only has to be one.
func (r *Row) After(o *Row) bool {
	return cmp.Or(cmp.Compare(r.At, o.At), cmp.Compare(r.Score, o.Score), cmp.Compare(r.Entity, o.Entity), cmp.Compare(r.Version, o.Version)) > 0
}

// A Cell is how many predictions of a window have about one score, with an outcome
// or without.
type Cell struct {
	Start int64 // of the UTC window, microseconds
	Score float64
	N     int64
}

// A Set is the outcomes' meeting with a log. Of more than 2^20 keys it keeps a
// uniform sample of as many: which keys it is depends on nothing but their hashes, so
// that of each that is kept all predictions are known, in whichever part they were.
type Set struct {
	File    File
	Keyless bool // a batch of predictions had nothing to meet outcomes by

	rows   []Row // by hash
	more   []Row // not sorted in yet
	limit  int   // of rows
	beyond bool  // there were more keys
	cells  map[int64]map[float64]int64
}

// New returns the set of a file that has met no prediction.
func New(f File) *Set { return &Set{File: f, limit: keys, cells: make(map[int64]map[float64]int64)} }

// Add adds a row.
func (s *Set) Add(r Row) {
	if s.beyond && r.Hash > s.rows[len(s.rows)-1].Hash {
		return
	}
	if s.more = append(s.more, r); len(s.more) > max(1024, len(s.rows)/2) {
		s.settle()
	}
}

// settle sorts in what was added.
func (s *Set) settle() {
	if len(s.more) == 0 {
		return
	}
	slices.SortFunc(s.more, func(a, b Row) int { return cmp.Compare(a.Hash, b.Hash) })
	out := make([]Row, 0, len(s.rows)+len(s.more))
	for old, added := s.rows, s.more; len(old)+len(added) > 0; {
		from := &old
		if len(old) == 0 || len(added) > 0 && added[0].Hash < old[0].Hash {
			from = &added
		}
		r := (*from)[0]
		*from = (*from)[1:]
		if n := len(out); n > 0 && out[n-1].Hash == r.Hash {
			out[n-1] = one(out[n-1], r)
		} else {
			out = append(out, r)
		}
	}
	if s.beyond = s.beyond || len(out) > s.limit; len(out) > s.limit {
		out = out[:s.limit]
	}
	s.rows, s.more = out, s.more[:0]
}

// one is the row of a key that two have.
func one(a, b Row) Row {
	if b.After(&a) {
		a.At, a.Score, a.Entity, a.Version = b.At, b.Score, b.Entity, b.Version
	}
	a.Seen += b.Seen
	a.Positive = a.Positive || b.Positive
	return a
}

// Count adds predictions to a cell. Beyond the limit the newest windows stay.
func (s *Set) Count(c Cell) {
	w := s.cells[c.Start]
	if w == nil {
		if len(s.cells) == windows {
			oldest := slices.Min(slices.Collect(maps.Keys(s.cells)))
			if c.Start < oldest {
				return
			}
			delete(s.cells, oldest)
		}
		w = make(map[float64]int64)
		s.cells[c.Start] = w
	}
	w[c.Score] += c.N
}

// Fits says why o cannot be added. Either may be nil, of rows that no outcomes were
// brought to.
func (s *Set) Fits(o *Set) error {
	switch {
	case s == nil || o == nil:
		return errors.New("some parts of the log were profiled with --outcomes and some without")
	case s.File != o.File:
		return errors.New("two parts of the log were profiled with different --outcomes")
	}
	return nil
}

// Merge adds o, which stays as it is.
func (s *Set) Merge(o *Set) {
	s.Keyless = s.Keyless || o.Keyless
	for _, rows := range [][]Row{o.rows, o.more} {
		for _, r := range rows {
			s.Add(r)
		}
	}
	if o.beyond {
		s.settle()
		s.beyond = true
	}
	for start, w := range o.cells {
		for score, n := range w {
			s.Count(Cell{start, score, n})
		}
	}
}

// Rows are the keys that are kept and have met a prediction, by hash.
func (s *Set) Rows() []Row {
	s.settle()
	return s.rows
}

// Beyond says that there were more keys than are kept.
func (s *Set) Beyond() bool {
	s.settle()
	return s.beyond
}

// Keys is how many keys have met a prediction: where not all are kept estimated, with
// a relative error of 0.1 %, by how far the hashes of those that are reach.
func (s *Set) Keys() int64 {
	rows := s.Rows()
	if !s.beyond {
		return int64(len(rows))
	}
	return min(s.File.Known, int64(float64(len(rows)-1)/(float64(rows[len(rows)-1].Hash)/(1<<64))))
}

// Cells are the predictions by window and score, in this order.
func (s *Set) Cells() []Cell {
	var out []Cell
	for start, w := range s.cells {
		for score, n := range w {
			out = append(out, Cell{start, score, n})
		}
	}
	slices.SortFunc(out, OrderCells)
	return out
}

// OrderCells is the order of Cells.
func OrderCells(a, b Cell) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Score, b.Score))
}

// SetBeyond is for a set that is restored: there were more keys than its rows.
func (s *Set) SetBeyond() bool {
	s.settle()
	s.beyond = len(s.rows) == s.limit
	return s.beyond
}
