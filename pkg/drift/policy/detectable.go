package policy

import (
	"math"

	"github.com/leadsman/leadsman/pkg/stats"
)

// Power is that of the smallest detectable effect.
const Power = 0.8

// Noncentralities remembers what a chi-squared test needs to be seen, which is
// slow to find and the same for many columns and pairs.
type Noncentralities map[noncentrality]float64

type noncentrality struct {
	df    int
	alpha float64
}

// Least returns the noncentrality at which a chi-squared test of df degrees of
// freedom rejects at alpha with the chance Power; NaN where there is none.
func (known Noncentralities) Least(df int, alpha float64) float64 {
	key := noncentrality{df, alpha}
	if _, ok := known[key]; !ok {
		// A PSI is the noncentrality times 1/n + 1/m, here 1.
		l, err := stats.DetectablePSI(2, 2, df+1, alpha, Power)
		if err != nil {
			l = math.NaN()
		}
		known[key] = l
	}
	return known[key]
}
