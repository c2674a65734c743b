package stats

import "math"

// ChiSquaredResult is the outcome of a test of homogeneity.
type ChiSquaredResult struct {
	X2   float64 // statistic, >= 0
	P    float64 // upper tail of the chi-squared distribution
	DF   int     // degrees of freedom, (rows-1)(columns-1) without empty ones
	V    float64 // Cramér's V of the table, bias-corrected, in [0, 1]
	N, M int64   // sizes of the reference and the current sample
}

// ChiSquared tests whether two samples fall into categories with the same
// shares (Pearson's chi-squared test of homogeneity):
//
//	X² = Σ (observed - expected)² / expected
//
// over both sides, where a category's expectation splits its pooled count in the
// ratio n : m. No continuity correction is made. A category empty on both sides is
// dropped; with one left there is nothing to tell apart: X² = 0, DF = 0, P = 1, V = 0.
// V is that of CramersV. The p-value is approximate: pool categories whose
// expectation is below 5 first.
//
// Errors: ErrLength, ErrNegative, ErrEmpty (one side sums to 0), ErrRange (a sum
// above 2^53). Cost: O(categories). Agrees with SciPy's
// chi2_contingency(correction=False).
func ChiSquared(ref, cur []int64) (ChiSquaredResult, error) {
	const name = "ChiSquared"
	n, m, err := aligned(name, ref, cur)
	if err != nil {
		return ChiSquaredResult{}, err
	}
	r, err := contingency(name, [][]int64{ref, cur})
	r.N, r.M = n, m
	return r, err
}

// CramersV returns how strongly the rows and columns of a table of counts are
// associated, from 0 (not) to 1 (one determines the other), corrected for bias
// after Bergsma (2013): with n counts, r rows, k columns, φ² = X²/n,
//
//	φ̃² = max(0, φ² - (r-1)(k-1)/(n-1))
//	r̃ = r - (r-1)²/(n-1),  k̃ = k - (k-1)²/(n-1)
//	V = √(φ̃² / min(r̃-1, k̃-1))
//
// X² is Pearson's, with row and column sums for the expectation; rows and columns without
// counts are dropped. V is 0 where one row or column is left or the denominator is not
// positive.
//
// Errors: ErrEmpty (no counts), ErrLength (rows differ in length), ErrNegative,
// ErrRange (a sum above 2^53). Cost: O(cells).
func CramersV(table [][]int64) (float64, error) {
	r, err := contingency("CramersV", table)
	return r.V, err
}

// contingency tests whether the rows and columns of a table of counts are independent. N
// is the table's sum and M is 0.
func contingency(name string, table [][]int64) (ChiSquaredResult, error) {
	if len(table) == 0 {
		return ChiSquaredResult{}, fault(name, ErrEmpty)
	}
	rows := make([]int64, len(table))
	cols := make([]int64, len(table[0]))
	var all int64
	for i, row := range table {
		if len(row) != len(cols) {
			return ChiSquaredResult{}, faultf(name, ErrLength, "rows of %d and %d cells", len(cols), len(row))
		}
		for j, c := range row {
			if c < 0 {
				return ChiSquaredResult{}, fault(name, ErrNegative)
			}
			if c > maxTotal-all {
				return ChiSquaredResult{}, faultf(name, ErrRange, "counts sum to more than 2^53")
			}
			rows[i] += c
			cols[j] += c
			all += c
		}
	}
	if all == 0 {
		return ChiSquaredResult{}, fault(name, ErrEmpty)
	}
	var x2 sum
	n := float64(all)
	for i, row := range table {
		for j, c := range row {
			if rows[i] == 0 || cols[j] == 0 {
				continue
			}
			e := float64(rows[i]) * float64(cols[j]) / n
			diff := crossDiff(c, all, rows[i], cols[j]) / n
			x2.add(diff * diff / e)
		}
	}
	r, k := positive(rows), positive(cols)
	df := (r - 1) * (k - 1)
	res := ChiSquaredResult{X2: x2.value(), P: 1, DF: df, N: all}
	if df == 0 {
		res.X2 = 0
		return res, nil
	}
	res.P = ChiSquaredSF(res.X2, df)
	res.V = correctedV(res.X2, n, float64(r), float64(k))
	return res, nil
}

func correctedV(x2, n, r, k float64) float64 {
	if n < 2 {
		return 0
	}
	phi2 := math.Max(0, x2/n-(r-1)*(k-1)/(n-1))
	most := math.Min(r-(r-1)*(r-1)/(n-1), k-(k-1)*(k-1)/(n-1)) - 1
	if phi2 == 0 || most <= 0 {
		return 0
	}
	return math.Min(1, math.Sqrt(phi2/most))
}

func positive(counts []int64) int {
	n := 0
	for _, c := range counts {
		if c > 0 {
			n++
		}
	}
	return n
}
