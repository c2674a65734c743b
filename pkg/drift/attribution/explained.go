// Package attribution says which features moved the mean margin, by what the
// model says about rows of both sides.
package attribution

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/stats"
)

const (
	mostRepeated = 1.5      // design effect of a sample, above which its rows are no independent ones
	noField      = "(none)" // stands for the raw feature of a column that is made of none
)

// Explained is what the model says about rows of both sides: how much each of its
// columns adds to each row's margin, as Shapley values (model.Contributions of a
// model with one output). Row after row, a side's Values are those of each column
// and then the bias.
type Explained struct {
	Columns  []string  // the model's
	Sources  []string  // the raw feature that each column is made of; "" for none
	Gains    []float64 // total gain of each column's splits; nil where it is not known
	Logistic bool      // the margins are log-odds
	Differ   float64   // share of the judged rows to which the model gives another score than was logged, where they are too many; else 0
	Gap      float64   // how much higher the model's mean margin of the reference's rows is than their own scores' log-odds, which are held out; 0 where that is not known
	Ref, Cur Rows
}

// Rows are the rows of one side, in an order that is the same for the
// same rows.
type Rows struct {
	Values []float64
	N      []int64 // how often each row was seen; none of them 0
	All    int64   // rows of the side, of which these may be a sample; 0: these are all
}

// repetitive says whether the rows are a sample in which too few rows stand for
// many: what they say then varies more than so many independent rows would.
func (s *Rows) repetitive() bool {
	effect, err := stats.DesignEffect(s.N)
	return err == nil && s.rows() < s.All && effect > mostRepeated
}

// fits says whether the lengths belong together.
func (e *Explained) fits() bool {
	n := len(e.Columns)
	if n == 0 || len(e.Sources) != n || e.Gains != nil && len(e.Gains) != n {
		return false
	}
	for _, side := range []*Rows{&e.Ref, &e.Cur} {
		if len(side.Values) != len(side.N)*(n+1) || slices.ContainsFunc(side.N, func(k int64) bool { return k < 1 }) {
			return false
		}
	}
	return true
}

// The change of the mean margin may be off that of the scores by so much, and by this
// share of it, before its shares explain a change that did not happen.
const (
	gapFloor = 0.2
	gapShare = 0.2
)

// ownRows says whether the model knows the reference's rows too well: it was trained
// on them, and their held-out scores changed otherwise than its margins do.
func (e *Explained) ownRows() bool {
	change := e.Cur.mean(len(e.Columns)+1) - e.Ref.mean(len(e.Columns)+1) + e.Gap
	return math.Abs(e.Gap) > gapFloor+gapShare*math.Abs(change)
}

// mean is the mean margin of the rows, each of which has width values.
func (s *Rows) mean(width int) float64 {
	sum, n := 0.0, 0.0
	for i, k := range s.N {
		for _, v := range s.Values[i*width:][:width] {
			sum += float64(k) * v
		}
		n += float64(k)
	}
	return sum / n
}

// Importance is each raw feature's share of the total gain; nil where it is not
// known.
func (e *Explained) Importance() map[string]float64 {
	total := 0.0
	for _, g := range e.Gains {
		total += g
	}
	if !(total > 0) || len(e.Gains) != len(e.Sources) {
		return nil
	}
	shares := map[string]float64{}
	for i, g := range e.Gains {
		shares[cmp.Or(e.Sources[i], noField)] += g / total
	}
	return shares
}

// rows counts the rows of a side, repeated ones too.
func (s *Rows) rows() int64 {
	var n int64
	for _, k := range s.N {
		n += k
	}
	return n
}

// means are the mean contributions of the columns and the bias, summed as
// distances from the first row, so that a constant's mean is the constant.
func (s *Rows) means(width int) []float64 {
	first := s.Values[:width]
	out := make([]float64, width)
	for i, k := range s.N {
		for j, v := range s.Values[i*width:][:width] {
			out[j] += float64(k) * (v - first[j])
		}
	}
	n := float64(s.rows())
	for j := range out {
		out[j] = first[j] + out[j]/n
	}
	return out
}

func (e *Explained) unit() string {
	if e.Logistic {
		return "log-odds"
	}
	return "margin"
}
