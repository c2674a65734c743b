package stats

import (
	"math/rand/v2"
	"slices"
)

// PermutationResult is the outcome of a permutation test.
type PermutationResult struct {
	Statistic float64 // of the samples as they are
	P         float64 // (Reached + 1)/(Rounds + 1), never 0
	Reached   int     // rounds whose statistic was at least as large
	Rounds    int
	N, M      int64 // sizes of the reference and the current sample
}

// Permutation tests whether two samples can be told apart by a statistic for which larger
// means further apart: it deals the pooled values at random to samples of the same
// sizes, and counts how often their statistic is at least as large,
//
//	P = (b + 1)/(rounds + 1),
//
// which is valid, if coarse, for any number of rounds. The statistic is handed slices that
// it may reorder and must not keep. Equal sources of rng give equal results.
//
// Errors: ErrEmpty, ErrNaN (also when the statistic is NaN), ErrRange (rounds < 1, nil
// statistic or rng). Cost: rounds times that of the statistic, and O(n) each.
func Permutation(ref, cur []float64, statistic func(ref, cur []float64) float64, rounds int, rng *rand.Rand) (PermutationResult, error) {
	if err := ordered("Permutation", ref, cur); err != nil {
		return PermutationResult{}, err
	}
	if rounds < 1 || statistic == nil || rng == nil {
		return PermutationResult{}, faultf("Permutation", ErrRange, "%d rounds, and a statistic and a source are needed", rounds)
	}
	n := len(ref)
	r := PermutationResult{Rounds: rounds, N: int64(n), M: int64(len(cur))}
	r.Statistic = statistic(slices.Clone(ref), slices.Clone(cur))
	if r.Statistic != r.Statistic {
		return PermutationResult{}, faultf("Permutation", ErrNaN, "the statistic of the samples")
	}
	pooled := slices.Concat(ref, cur)
	for range rounds {
		rng.Shuffle(len(pooled), func(i, j int) { pooled[i], pooled[j] = pooled[j], pooled[i] })
		s := statistic(pooled[:n:n], pooled[n:])
		if s != s {
			return PermutationResult{}, faultf("Permutation", ErrNaN, "the statistic of a round")
		}
		if s >= r.Statistic {
			r.Reached++
		}
	}
	r.P = float64(r.Reached+1) / float64(rounds+1)
	return r, nil
}
