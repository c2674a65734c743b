package binary

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/outcome"
)

// A Tally is the rows of one score.
type Tally struct {
	Score float64
	N     int64 // rows
	Pos   int64 // of them with a positive outcome; 0 in what has no outcomes
}

// tallyLimit is how many distinct scores are kept apart; beyond, scores are
// rounded to multiples of coarse.
const (
	tallyLimit = 1 << 16
	coarse     = 1. / (1 << 16)
)

// tallies collects rows by score. The result does not depend on their order.
// The zero value is empty.
type tallies struct {
	at      map[float64]*Tally
	rounded bool
}

// put counts the rows of a score.
func (t *tallies) put(more Tally) {
	if t.rounded {
		more.Score = round(more.Score)
	}
	one := t.at[more.Score]
	if one == nil {
		if t.at == nil {
			t.at = make(map[float64]*Tally)
		}
		one = &Tally{Score: more.Score}
		t.at[more.Score] = one
	}
	one.N, one.Pos = one.N+more.N, one.Pos+more.Pos
	if len(t.at) > tallyLimit && !t.rounded {
		t.rounded = true
		old := t.at
		t.at = make(map[float64]*Tally)
		for _, o := range old {
			t.put(*o)
		}
	}
}

func round(score float64) float64 { return math.Round(score/coarse) * coarse }

// sorted returns the tallies by rising score.
func (t *tallies) sorted() []Tally {
	out := make([]Tally, 0, len(t.at))
	for _, one := range t.at {
		out = append(out, *one)
	}
	slices.SortFunc(out, byScore)
	return out
}

func byScore(a, b Tally) int { return cmp.Compare(a.Score, b.Score) }

func sums(ts []Tally) (n, pos int64) {
	for _, t := range ts {
		n, pos = n+t.N, pos+t.Pos
	}
	return n, pos
}

// tallied are the tallies of rows, and whether their scores are rounded.
func tallied(rows []outcome.Pair) (ts []Tally, rounded bool) {
	var t tallies
	for _, p := range rows {
		one := Tally{Score: p.Score, N: p.N}
		if p.Value == 1 {
			one.Pos = p.N
		}
		t.put(one)
	}
	return t.sorted(), t.rounded
}

// counted are the tallies of scores without outcomes.
func counted(counts []outcome.Count) []Tally {
	out := make([]Tally, len(counts))
	for i, c := range counts {
		out[i] = Tally{Score: c.Score, N: c.N}
	}
	return out
}

// Between are the tallies of the predictions in [from, until] that met their outcome.
func Between(m *outcome.Met, from, until time.Time) []Tally {
	s, _ := sampled(m.Sample(from, until))
	return s.rows
}

// A sample is outcome.Sample in tallies.
type sample struct {
	rows   []Tally // by rising score
	apart  []Tally // one row of each entity
	spread float64
}

// eachAlone is a sample of which no two rows belong together.
func eachAlone(rows []Tally) sample { return sample{rows, rows, 1} }

// repeats says that some rows belong together.
func (s *sample) repeats() bool { return rowsOf(s.apart) < rowsOf(s.rows) }

// together is how many times the variance of a figure of all rows is that of as many
// rows of which each has an entity of its own: Σn²/Σn over entities of n rows.
func (s *sample) together() float64 {
	if apart := rowsOf(s.apart); apart > 0 {
		return float64(rowsOf(s.rows)) / float64(apart) * s.spread * s.spread
	}
	return 1
}

// sampled is a sample, and whether its scores are rounded.
func sampled(s outcome.Sample) (out sample, rounded bool) {
	out.rows, rounded = tallied(s.Rows)
	out.apart, _ = tallied(s.Apart)
	out.spread = s.Spread
	return out, rounded
}
