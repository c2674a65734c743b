package stats

import "math"

// MannWhitneyResult is the outcome of a two-sided Mann–Whitney test.
type MannWhitneyResult struct {
	U       float64 // pairs in which the reference is larger, ties counting half: SciPy's statistic
	P       float64 // two-sided p-value
	Less    float64 // one-sided p-value: small when the reference tends to be less
	Greater float64 // P(cur > ref) + P(cur = ref)/2, in [0, 1]; ½ without drift
	Exact   bool    // whether P is exact
	N, M    int64   // sizes of the reference and the current sample
}

// MannWhitneyCounts tests whether values of one sample tend to be larger than those of the
// other, by counting the pairs in which they are,
//
//	U = #{ref > cur} + ½ #{ref = cur}.
//
// The samples are counted over the same ordered cells; all values of a cell are tied. P is
// exact when a sample has at most 8 values and none are tied; else normal, with continuity
// and tie correction (1 where all values are tied).
//
// Errors: ErrLength, ErrNegative, ErrEmpty, ErrRange (a sum above 2^53). Cost: O(cells), and
// O(U) steps where exact. Agrees with SciPy's mannwhitneyu(ref, cur,
// alternative="two-sided", method="auto"), Less with its alternative="less".
func MannWhitneyCounts(ref, cur []int64) (MannWhitneyResult, error) {
	n, m, err := aligned("MannWhitneyCounts", ref, cur)
	if err != nil {
		return MannWhitneyResult{}, err
	}
	var twice, ties sum // 2U, and Σ(t³ - t) over the cells
	var below int64     // current values in lower cells
	tied := false
	for i, a := range ref {
		b := cur[i]
		twice.add(float64(a) * float64(2*below+b))
		t := float64(a) + float64(b)
		ties.add(t * (t - 1) * (t + 1))
		tied = tied || a+b > 1
		below += b
	}
	u := twice.value() / 2
	fn, fm := float64(n), float64(m)
	r := MannWhitneyResult{U: u, Greater: 1 - u/(fn*fm), N: n, M: m}
	small := math.Min(u, fn*fm-u)
	if r.Exact = !tied && min(n, m) <= 8; r.Exact {
		cdf := func(u float64) float64 {
			if u < 0 {
				return 0
			}
			return mannWhitneyCDF(int(u), int(min(n, m)), float64(max(n, m)))
		}
		r.P = math.Min(1, 2*cdf(small))
		if r.Less = cdf(small); u > small {
			r.Less = 1 - cdf(small-1) // P(U <= u) = P(U >= nm-u)
		}
		return r, nil
	}
	all := fn + fm
	variance := fn * fm / 12 * (all + 1 - ties.value()/(all*(all-1)))
	r.P, r.Less = 1, 1
	if variance > 0 {
		r.Less = NormalSF((fn*fm/2 - u - 0.5) / math.Sqrt(variance))
		r.P = math.Min(1, 2*NormalSF((fn*fm/2-small-0.5)/math.Sqrt(variance)))
	}
	return r, nil
}

// mannWhitneyCDF returns P(U <= u) for samples of k and n values without ties, u not
// above kn/2. The number of arrangements with U = i is the coefficient of qⁱ in the
// Gaussian binomial Π_{j=1..k} (1 - q^(n+j))/(1 - q^j).
func mannWhitneyCDF(u, k int, n float64) float64 {
	c := make([]float64, u+1)
	c[0] = 1
	total := 1.0
	for j := 1; j <= k; j++ {
		total *= (n + float64(j)) / float64(j)
		if lag := n + float64(j); lag <= float64(u) {
			for i := u; i >= int(lag); i-- {
				c[i] -= c[i-int(lag)]
			}
		}
		for i := j; i <= u; i++ {
			c[i] += c[i-j]
		}
	}
	var s sum
	for _, v := range c {
		s.add(v)
	}
	return s.value() / total
}
