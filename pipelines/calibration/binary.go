package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/leadsman/leadsman/pkg/outcome/binary"
)

// A twoKinds is a population of scores with outcomes.
type twoKinds struct {
	name   string
	scores [2]float64                  // parameters of the beta distribution of the scores where nothing shifted
	truth  func(score float64) float64 // chance of a positive
	write  func(score float64) float64 // the score as it is logged; nil: as it is
}

// binaries have links of different forms: the test of what a score means and the
// intervals of estimates must not lean on one.
var binaries = []twoKinds{
	{"right probabilities", [2]float64{1.5, 2.5}, func(s float64) float64 { return s }, nil},
	{"cubed, s³", [2]float64{1.5, 2.5}, func(s float64) float64 { return s * s * s }, nil},
	{"S-curve", [2]float64{1.5, 2.5}, func(s float64) float64 { return 0.05 + 0.9/(1+math.Exp(-12*(s-0.45))) }, nil},
	{"saturated scores", [2]float64{1.5, 2.5}, func(s float64) float64 { return 0.1 + 0.8*s },
		func(s float64) float64 { return math.Min(1, math.Max(0, 2*s-0.4)) }},
	{"rare, 2.5 %", [2]float64{0.6, 23}, func(s float64) float64 { return s }, nil},
}

// A state is how the scores of the judged rows are distributed: the parameters'
// factors.
type state struct {
	name string
	a, b float64
}

var states = []state{
	{"as they were", 1, 1},
	{"higher", 1.8, 1},
	{"lower", 1, 1.6},
	{"closer", 2.5, 2.5},
	{"wider", 0.5, 0.5},
}

// draw draws rows; meaning, which may be nil, changes the chance of a positive.
func (p *twoKinds) draw(r *rand.Rand, n int, s state, meaning func(r *rand.Rand, score, chance float64) float64) []binary.Tally {
	at := map[float64]*binary.Tally{}
	for range n {
		x := beta(r, s.a*p.scores[0], s.b*p.scores[1])
		chance := p.truth(x)
		if meaning != nil {
			chance = meaning(r, x, chance)
		}
		if p.write != nil {
			x = p.write(x)
		}
		x = math.Round(1e3*x) / 1e3 // as many logs write scores, and so that few are distinct
		t := at[x]
		if t == nil {
			t = &binary.Tally{Score: x}
			at[x] = t
		}
		t.N++
		if r.Float64() < chance {
			t.Pos++
		}
	}
	out := make([]binary.Tally, 0, len(at))
	for _, t := range at {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b binary.Tally) int {
		if a.Score < b.Score {
			return -1
		}
		return 1
	})
	return out
}

// beta draws from a beta distribution.
func beta(r *rand.Rand, a, b float64) float64 {
	x, y := gamma(r, a), gamma(r, b)
	return x / (x + y)
}

// gamma draws from a gamma distribution of scale 1 (Marsaglia and Tsang 2000).
func gamma(r *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(r, shape+1) * math.Pow(r.Float64(), 1/shape)
	}
	d := shape - 1./3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.NormFloat64()
		v := (1 + c*x) * (1 + c*x) * (1 + c*x)
		if v > 0 && math.Log(1-r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
