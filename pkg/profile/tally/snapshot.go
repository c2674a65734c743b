package tally

import (
	"github.com/leadsman/leadsman/pkg/profile/joined"
	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A Snapshot is all that a profile counted, in canonical order. Equal rows under equal plans give
// equal snapshots, however they were sharded and merged.
type Snapshot struct {
	ledger.Ledger
	Sample      []Sampled        // by ascending hash
	Newest      []Sampled        // the newest first, each once
	Entities    []Sampled        // by ascending Entity: one row of each, and how many it has
	Lines       []verdict.Lines  // as rejects.Sum has them
	Rejects     []verdict.Reject // likewise
	Outcomes    *joined.Set      // nil: none were brought to the rows
	Counted     string           // what the rows are: log or reference; empty without any table
	From, Until int64            // microseconds: rows after it and up to it are judged
}

// A Sampled is one distinct row and how often it was there.
type Sampled struct {
	Hash   uint64
	N      int64
	Row    Row
	Entity uint64 // hash of whom the row belongs to, of Snapshot.Entities
}

// Snapshot returns what was counted so far. It shares the rows' cells with the
// profile.
func (f *Profile) Snapshot() *Snapshot {
	s := &Snapshot{Lines: f.left.Lines(), Rejects: f.left.Rejects(), Outcomes: f.outcomes, Counted: string(f.counted), From: f.from, Until: f.until}
	l := &s.Ledger
	l.Sum("rows", f.rows)
	l.Sum("read", f.read)
	l.Sum("untimed", f.untimed)
	l.Wide("reference", f.values.Wide)
	f.times.Put(l, "")
	if f.simulated {
		l.Most("simulated", 1)
	}
	if f.version != "" {
		l.Name("version", f.versionAt, 1, f.version)
	}
	f.inference.Put(l, "inference/")
	l.Kept("columns", &f.unknown)
	putRepeats(l, "lines", &f.lines)
	putRepeats(l, "inputs", &f.inputs)
	f.versions.Put(l)
	f.traffic.Put(l)
	f.week.PutRows(l)
	f.parts.PutRows(l)
	columns := make([]*ledger.Ledger, len(f.columns))
	inParallel(read.ChunkRows, len(columns), func(i int) {
		columns[i] = ledger.New(f.plan.Columns[i].Name)
		f.columns[i].Put(columns[i])
		f.pairs.Put(columns[i], i)
		f.clusters.Put(columns[i], i)
		f.week.Put(columns[i], i)
		f.parts.Put(columns[i], i)
		columns[i].Sort()
	})
	l.Join(columns)
	f.windows.Put(l)
	l.Sort()
	for h, k := range f.sample.All() {
		s.Sample = append(s.Sample, Sampled{Hash: h, N: k.N, Row: k.Value})
	}
	for _, r := range f.recent {
		s.Newest = append(s.Newest, Sampled{Hash: r.hash, N: 1, Row: r.row})
	}
	for h, k := range f.entities.all() {
		s.Entities = append(s.Entities, Sampled{k.Value.hash, k.N, k.Value.row, h})
	}
	return s
}

func putRepeats(l *ledger.Ledger, key string, r *sketch.Repeats) {
	l.List(key, r.Groups(), 0, 1)
	for h, n := range r.Followed() {
		l.Name(key, int64(h), n, "")
	}
}
