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

// What a File's Choice may be besides the newest.
const (
	First = "first"
	All   = "all"
)

// A File is what one file of outcomes held, and how predictions meet it. All parts
// of a log meet the same one in the same way.
type File struct {
	Digest     int64  // sum of the hashes of its rows, in whatever order
	Kind       string // of outcomes
	Key        string // what rows meet by, in words
	Names      bool   // the key names a row, which may have been scored several times; else several rows may share it
	Resolution int64  // to which timestamps meet, microseconds; 0: the key has none
	Choice     string // which predictions of a key count: the newest, the first or all
	Rows       int64  // rows with a key
	Keyless    int64  // rows without one
	Pending    int64  // rows with a key whose outcome is not known yet
	Known      int64  // keys with one outcome
	Contested  int64  // keys with outcomes that disagree
	First      string // the first keys with an outcome, as Sample writes them
}

// A Row is a key whose outcome is known, and a prediction that has it: the newest, of
// those of one time the one of the higher score, or the first, or each of them.
type Row struct {
	Hash    uint64 // of the key
	At      int64  // microseconds; the least number without a timestamp
	Score   float64
	Entity  uint64 // hash of whom the row belongs to; 0: not known
	Seen    int64  // predictions that have the key; where all are kept, that are alike
	Value   float64
	Version string // of the model that made it; empty: not known
	Scores  string // of each class, as outcome writes them; empty where there is one score
}

// Order is the order of rows: by hash, then the newest and of the higher score first.
func Order(a, b Row) int {
	return cmp.Or(cmp.Compare(a.Hash, b.Hash), cmp.Compare(b.At, a.At), cmp.Compare(b.Score, a.Score), cmp.Compare(b.Entity, a.Entity), cmp.Compare(b.Version, a.Version), cmp.Compare(b.Scores, a.Scores))
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
	Strays       // predictions that met nothing

	rows   []Row // by hash, then by falling time and score
	more   []Row // not sorted in yet
	limit  int   // of rows
	beyond bool  // there were more keys: those from cut on are left out
	cut    uint64
	cells  map[int64]map[float64]int64
}

// New returns the set of a file that has met no prediction.
func New(f File) *Set { return &Set{File: f, limit: keys, cells: make(map[int64]map[float64]int64)} }

// Add adds a row.
func (s *Set) Add(r Row) {
	if s.beyond && r.Hash >= s.cut {
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
	slices.SortFunc(s.more, Order)
	out := make([]Row, 0, len(s.rows)+len(s.more))
	for old, added := s.rows, s.more; len(old)+len(added) > 0; {
		from := &old
		if len(old) == 0 || len(added) > 0 && Order(added[0], old[0]) < 0 {
			from = &added
		}
		r := (*from)[0]
		*from = (*from)[1:]
		n := len(out)
		switch {
		case n == 0 || out[n-1].Hash != r.Hash:
			out = append(out, r)
		case s.File.Choice == All && Order(out[n-1], r) != 0:
			out = append(out, r)
		case s.File.Choice == First && Order(out[n-1], r) != 0:
			r.Seen += out[n-1].Seen
			out[n-1] = r
		default:
			out[n-1].Seen += r.Seen
		}
	}
	if len(out) > s.limit {
		s.leave(out[s.limit].Hash)
	}
	s.rows, s.more = out, s.more[:0]
	s.trim()
}

// trim drops the rows from the cut on.
func (s *Set) trim() {
	if s.beyond {
		n, _ := slices.BinarySearchFunc(s.rows, s.cut, func(r Row, cut uint64) int { return cmp.Compare(r.Hash, cut) })
		s.rows = s.rows[:n]
	}
}

// leave leaves out the keys from a hash on. The cut is the least hash whose rows, with
// those of all smaller ones, are more than the limit, in whichever part they were.
func (s *Set) leave(from uint64) {
	if !s.beyond || from < s.cut {
		s.beyond, s.cut = true, from
	}
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
	s.Strays.merge(&o.Strays)
	if o.beyond {
		s.leave(o.cut)
		s.trim()
	}
	for _, rows := range [][]Row{o.rows, o.more} {
		for _, r := range rows {
			s.Add(r)
		}
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

// Cut is the least hash of those that are not kept; 0 where all are.
func (s *Set) Cut() uint64 {
	if !s.Beyond() {
		return 0
	}
	return s.cut
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

// SetCut is for a set that is restored: keys from a hash on were left out. It says
// whether that can be.
func (s *Set) SetCut(cut uint64) bool {
	s.settle()
	if s.beyond || len(s.rows) > 0 && s.rows[len(s.rows)-1].Hash >= cut {
		return false
	}
	s.leave(cut)
	return true
}
