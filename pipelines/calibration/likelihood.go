package main

import (
	"math"

	"github.com/leadsman/leadsman/pkg/outcome/binary"
	"github.com/leadsman/leadsman/pkg/stats"
)

// likelihoodRatio is the p-value of the test that the stratified one is held against on the same
// draws: logistic regressions of the outcome on the score's log-odds, two against
// one. It is right where the log-odds of the outcome are straight in those of the
// score.
func likelihoodRatio(ref, cur []binary.Tally) float64 {
	both := append(append([]binary.Tally(nil), ref...), cur...)
	a, b, all := fitLogistic(ref), fitLogistic(cur), fitLogistic(both)
	df := 2
	if a.flat || b.flat {
		// One score on a side tells of no slope.
		df = 1
		a, b, all = fitLevel(ref), fitLevel(cur), fitLevel(both)
	}
	return stats.ChiSquaredSF(math.Max(0, 2*(a.likelihood+b.likelihood-all.likelihood)), df)
}

// logistic is P(y) = 1/(1+exp(-(level + slope x))), x the score's log-odds.
type logistic struct {
	level, slope float64
	likelihood   float64 // natural logarithm
	flat         bool    // all scores are one
}

// logOdds of a score; certain ones are taken as one in a million.
func logOdds(score float64) float64 {
	p := math.Min(math.Max(score, 1e-6), 1-1e-6)
	return math.Log(p / (1 - p))
}

func (l *logistic) probability(score float64) float64 {
	return 1 / (1 + math.Exp(-(l.level + l.slope*logOdds(score))))
}

func (l *logistic) fit(ts []binary.Tally) float64 {
	sum := 0.0
	for _, t := range ts {
		z := l.level + l.slope*logOdds(t.Score)
		// log(1+exp(z)), safe at both ends
		soft := math.Max(z, 0) + math.Log1p(math.Exp(-math.Abs(z)))
		sum += float64(t.Pos)*z - float64(t.N)*soft
	}
	return sum
}

func fitLevel(ts []binary.Tally) logistic {
	n, pos := int64(0), int64(0)
	for _, t := range ts {
		n, pos = n+t.N, pos+t.Pos
	}
	// Half a row keeps the level of one class finite.
	p := math.Min(math.Max(float64(pos)/float64(n), 0.5/float64(n+1)), 1-0.5/float64(n+1))
	l := logistic{level: math.Log(p / (1 - p)), flat: true}
	l.likelihood = l.fit(ts)
	return l
}

// fitLogistic maximises the likelihood by Newton's method with halved steps.
// Where the classes are apart and no maximum exists, it stops far out, where the
// likelihood no longer grows.
func fitLogistic(ts []binary.Tally) logistic {
	l := fitLevel(ts)
	for _, t := range ts {
		if logOdds(t.Score) != logOdds(ts[0].Score) {
			l.flat = false
		}
	}
	if l.flat {
		return l
	}
	for range 50 {
		var g0, g1, h00, h01, h11 float64
		for _, t := range ts {
			x, n := logOdds(t.Score), float64(t.N)
			p := l.probability(t.Score)
			r, w := float64(t.Pos)-n*p, n*p*(1-p)
			g0, g1 = g0+r, g1+r*x
			h00, h01, h11 = h00+w, h01+w*x, h11+w*x*x
		}
		det := h00*h11 - h01*h01
		if !(det > 1e-12*h00*h11) {
			break
		}
		d0, d1 := (h11*g0-h01*g1)/det, (h00*g1-h01*g0)/det
		next := l
		for step := 1.0; step > 1e-6; step /= 2 {
			next.level, next.slope = l.level+step*d0, l.slope+step*d1
			if next.likelihood = next.fit(ts); next.likelihood > l.likelihood {
				break
			}
		}
		if !(next.likelihood > l.likelihood) {
			break
		}
		done := next.likelihood-l.likelihood < 1e-12*math.Abs(l.likelihood)
		if l = next; done {
			break
		}
	}
	return l
}
