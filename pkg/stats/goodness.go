package stats

import "math"

// GoodnessResult is the outcome of a test of fit.
type GoodnessResult struct {
	X2   float64 // statistic, >= 0; +Inf where cur holds a category that ref lacks
	P    float64 // upper tail of the chi-squared distribution
	DF   int     // categories less one
	N, M int64   // sizes of the reference and the current sample
}

// Goodness tests whether a sample falls into categories with the shares of the reference,
// taken for the truth (Pearson's one-sample test of fit):
//
//	X² = Σ (cᵢ - eᵢ)² / eᵢ,  eᵢ = rᵢ m/n.
//
// As the reference is a sample too, the test rejects too often: about twice as much
// variance is at work as it allows for where n = m. ChiSquared knows both samples. A
// category empty on both sides is dropped; with one left X² = 0, DF = 0, P = 1.
//
// Errors: ErrLength, ErrNegative, ErrEmpty (one side sums to 0), ErrRange (a sum above
// 2^53). Cost: O(categories). Agrees with SciPy's chisquare(cur, ref·m/n).
func Goodness(ref, cur []int64) (GoodnessResult, error) {
	return goodness("Goodness", ref, cur, pearsonTerm)
}

// GoodnessG is Goodness with the likelihood ratio G = 2 Σ cᵢ ln(cᵢ/eᵢ) for its statistic.
// Agrees with SciPy's power_divergence(cur, ref·m/n, lambda_="log-likelihood").
func GoodnessG(ref, cur []int64) (GoodnessResult, error) {
	return goodness("GoodnessG", ref, cur, likelihoodTerm)
}

func goodness(name string, ref, cur []int64, term cellTerm) (GoodnessResult, error) {
	n, m, err := aligned(name, ref, cur)
	if err != nil {
		return GoodnessResult{}, err
	}
	res := GoodnessResult{DF: -1, N: n, M: m}
	var x2 sum
	unseen := false
	for i, r := range ref {
		c := cur[i]
		if r == 0 && c == 0 {
			continue
		}
		res.DF++
		if r == 0 {
			unseen = true
			continue
		}
		e := float64(r) * float64(m) / float64(n)
		x2.add(term(float64(c), e, crossDiff(c, n, r, m)/float64(n)))
	}
	switch {
	case res.DF == 0:
		res.P = 1
	case unseen:
		res.X2 = math.Inf(1)
	default:
		res.X2 = x2.value()
		res.P = ChiSquaredSF(res.X2, res.DF)
	}
	return res, nil
}

// cellTerm is a cell's part of a statistic, from its count o, its expectation e and
// the difference o-e, which is more accurate than the two.
type cellTerm func(o, e, diff float64) float64

func pearsonTerm(_, e, diff float64) float64 { return diff * diff / e }

func likelihoodTerm(o, _, diff float64) float64 { return 2 * deviance(o, -diff) }
