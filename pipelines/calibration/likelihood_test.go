package main

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Where the log-odds of the outcome are straight in those of the score, both rules
// reject alike: the one that is held against the stratified test is no straw man.
func TestLikelihoodRatioIsRightWhereItsLinkIs(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	p := &binaries[0]
	rejected, found := 0, 0
	const trials = 100
	for range trials {
		ref := p.draw(r, 300, states[0], nil)
		if likelihoodRatio(ref, p.draw(r, 500, states[0], nil)) < 0.05 {
			rejected++
		}
		if likelihoodRatio(ref, p.draw(r, 500, states[0], func(_ *rand.Rand, _, chance float64) float64 { return chance / 2 })) < 0.05 {
			found++
		}
	}
	// Binomial bounds at 5 % of 100: up to 14 but for one in ten thousand.
	if rejected > 14 || found < 95 {
		t.Errorf("%d and %d of %d", rejected, found, trials)
	}
	if x := beta(r, 2, 3); !(x > 0 && x < 1) || math.IsNaN(x) {
		t.Errorf("beta %v", x)
	}
}
