package outcome

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/joined"
)

// Met is the predictions of a log, or of all its parts together, that met their
// outcome. Up to the 2^20 keys that a set keeps it is what one Join finds that has
// read the whole log. Beyond, the rows are a uniform sample of as many keys, each with
// all its predictions: figures rest on the sample, and the counts of keys are
// estimated from it.
type Met struct {
	set       *joined.Set
	rows      []row // of keys that tell something, by entity and falling time
	scores    windows
	threshold float64
	window    time.Duration
}

// MetOf returns what a profile carries; nil for nil.
func MetOf(s *joined.Set, threshold float64, window time.Duration) *Met {
	if s == nil {
		return nil
	}
	m := &Met{set: s, threshold: threshold, window: window, scores: make(windows)}
	rows := s.Rows()
	for i := 0; i < len(rows); {
		n, seen := i, int64(0)
		for ; n < len(rows) && rows[n].Hash == rows[i].Hash; n++ {
			seen += rows[n].Seen
		}
		if seen == 1 || s.File.Names {
			m.take(rows[i:n])
		}
		i = n
	}
	slices.SortFunc(m.rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.Entity, b.Entity), cmp.Compare(b.At, a.At), cmp.Compare(b.Score, a.Score), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Version, b.Version), cmp.Compare(a.Scores, b.Scores))
	})
	for _, c := range s.Cells() {
		w := m.scores[c.Start]
		if w == nil {
			w = make(map[float64]int64)
			m.scores[c.Start] = w
		}
		w[c.Score] += c.N
	}
	return m
}

// A row is a prediction that met its outcome.
type row struct {
	At           int64 // microseconds; the least number without a timestamp
	Score, Value float64
	Entity       uint64 // hash of whom it belongs to
	Version      string // of the model that made it; empty: not known
	Scores       string // of each class; empty where there is one score
}

// between are the rows of predictions in [from, until], zero times being no bounds: of each
// entity one, the newest, or the first where that is chosen, or all. They stand in the
// order of entity and time.
func (m *Met) between(from, until time.Time) []row {
	lo, hi := int64(math.MinInt64), int64(math.MaxInt64)
	if !from.IsZero() {
		lo = from.UnixMicro()
	}
	if !until.IsZero() {
		hi = until.UnixMicro()
	}
	var out []row
	for _, r := range m.rows {
		n := len(out)
		switch {
		case r.At < lo || r.At > hi:
		case n == 0 || out[n-1].Entity != r.Entity || m.clustered():
			out = append(out, r)
		case m.set.File.Choice == joined.First:
			out[n-1] = r
		}
	}
	return out
}

// Sample is those rows as figures and tests take them.
func (m *Met) Sample(from, until time.Time) Sample { return sampleOf(m.between(from, until)) }

// take takes the rows of a key.
func (m *Met) take(rows []joined.Row) {
	for _, r := range rows {
		n := int64(1)
		if m.clustered() {
			n = r.Seen // that are alike
		}
		for range n {
			m.rows = append(m.rows, row{r.At, r.Score, r.Value, r.Entity, r.Version, r.Scores})
		}
	}
}

// clustered says that an entity may have several rows.
func (m *Met) clustered() bool { return m.set.File.Choice == joined.All }

// A Count is how many rows have a score.
type Count struct {
	Score float64
	N     int64
}

func byScore(a, b Count) int { return cmp.Compare(a.Score, b.Score) }

// A Window is the predictions of a UTC window.
type Window struct {
	Start, End time.Time
	Scores     []Count // of all predictions, as cellOf rounds them
	Joined     Sample  // of those that count with an outcome

	met map[float64]int64 // by score, likewise rounded: all with an outcome, as far as they are kept
}

// predictions is how many there are, with an outcome or without.
func (w *Window) predictions() (n int64) {
	for _, c := range w.Scores {
		n += c.N
	}
	return n
}

// outcomes is how many of them have one.
func (w *Window) outcomes() (n int64) {
	for _, k := range w.met {
		n += k
	}
	return n
}

// repeated says that keys were scored several times, of which one prediction is kept.
func (m *Met) repeated() bool {
	return !m.clustered() && slices.ContainsFunc(m.set.Rows(), func(r joined.Row) bool { return r.Seen > 1 })
}

// Windows returns the windows in order of time.
func (m *Met) Windows() []Window {
	if m.window <= 0 {
		return nil
	}
	var starts []int64
	for start := range m.scores {
		starts = append(starts, start)
	}
	slices.Sort(starts)
	byStart := make(map[int64][]row)
	startOf := func(r row) int64 { return r.At - mod(r.At, m.window.Microseconds()) }
	for _, r := range m.between(time.Time{}, time.Time{}) {
		if r.At != math.MinInt64 {
			byStart[startOf(r)] = append(byStart[startOf(r)], r)
		}
	}
	met := make(map[int64]map[float64]int64)
	for _, r := range m.rows {
		if r.At == math.MinInt64 {
			continue
		}
		if met[startOf(r)] == nil {
			met[startOf(r)] = make(map[float64]int64)
		}
		met[startOf(r)][cellOf(r.Score, m.threshold)]++
	}
	var out []Window
	for _, start := range starts {
		w := Window{Start: time.UnixMicro(start).UTC(), Joined: sampleOf(byStart[start]), met: met[start]}
		w.End = w.Start.Add(m.window)
		for s, n := range m.scores[start] {
			w.Scores = append(w.Scores, Count{s, n})
		}
		slices.SortFunc(w.Scores, byScore)
		out = append(out, w)
	}
	return out
}

// Labels returns how many outcomes met a prediction made at since or later;
// since zero, at any time or none.
func (m *Met) Labels(since time.Time) int64 {
	return m.all(int64(len(m.between(since, time.Time{}))))
}
