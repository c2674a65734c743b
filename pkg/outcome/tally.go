package outcome

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
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

// add counts a row. Scores must be finite.
func (t *tallies) add(score float64, positive bool) {
	one := Tally{Score: score, N: 1}
	if positive {
		one.Pos = 1
	}
	t.put(one)
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

// Truth is what a reference knows: its scores and outcomes. Label is the text of
// a positive outcome; where it is none or no number, 1 and true are as well.
type Truth struct {
	Label      string
	Target     string // name of the column with outcomes, besides the one with that role
	ID, Entity string // names of the columns with the id and with whom a row belongs to, besides those with these roles; without an entity it is the id

	rows     samples
	target   bool // a column with outcomes was there
	score    bool // a column with scores was there
	inSample bool // the scores are of the model's own training rows
	outside  bool // a score is no probability
	labels   labels
	unknown  int64 // rows without outcome or score
}

// Add takes a batch of reference rows.
func (t *Truth) Add(rec arrow.RecordBatch) {
	target, score := -1, -1
	for i, f := range rec.Schema().Fields() {
		switch role := table.RoleOf(f); {
		case role == table.Target || t.Target != "" && f.Name == t.Target:
			target = i
		case role == table.Score:
			score = i
			if sample, _ := f.Metadata.GetValue(table.KeySample); sample == "in_sample" {
				t.inSample = true
			}
		}
	}
	t.score = t.score || score >= 0
	t.target = t.target || target >= 0
	if target < 0 || score < 0 {
		return
	}
	scores, ok := table.Numbers(rec.Column(score))
	outcomes, known := reader(rec.Column(target), t.Label, &t.labels)
	if !ok || !known {
		t.unknown += rec.NumRows()
		return
	}
	whom := entityOf(rec, t.ID, t.Entity)
	for i := range int(rec.NumRows()) {
		y, some := outcomes(i)
		if !some || rec.Column(score).IsNull(i) {
			t.unknown++
			continue
		}
		s := scores(i)
		if !(s >= 0 && s <= 1) {
			t.outside = true
			continue
		}
		entity := whom(i)
		t.rows.add(entity, hashOf(entity, s, y), s, y)
	}
}

// reader returns how to read a column of outcomes: whether row i is positive,
// and whether that is known. Values that are go to seen. ok is false for a column of another type.
func reader(col arrow.Array, label string, seen *labels) (read func(i int) (positive, some bool), ok bool) {
	if text, ok := table.Strings(col); ok {
		return func(i int) (positive, some bool) {
			if col.IsNull(i) {
				return false, false
			}
			positive, some = parse(text(i), label)
			if some {
				seen.add(spelling.Value(strings.TrimSpace(text(i))))
			}
			return positive, some
		}, true
	}
	if col.DataType().ID() == arrow.NULL {
		return unknown, true
	}
	number, ok := table.Numbers(col)
	if !ok {
		return nil, false
	}
	return func(i int) (positive, some bool) {
		if col.IsNull(i) {
			return false, false
		}
		positive, some = parseNumber(number(i), label)
		if some {
			seen.add(strconv.FormatFloat(number(i), 'f', -1, 64))
		}
		return positive, some
	}, true
}

// unknown reads the outcomes of a column without values.
func unknown(int) (positive, some bool) { return false, false }

// parse reads an outcome: the positive label, 1, true and yes are positive, blank
// is not known yet, and everything else is negative.
func parse(s, label string) (positive, some bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return false, false
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil {
		return parseNumber(v, label)
	}
	switch strings.ToLower(s) {
	case "true", "yes":
		return true, true
	}
	return label != "" && spelling.Value(s) == spelling.Value(label), true
}

func parseNumber(v float64, label string) (positive, some bool) {
	if math.IsNaN(v) {
		return false, false
	}
	if l, err := strconv.ParseFloat(label, 64); err == nil {
		return v == l, true
	}
	return v == 1, true
}
