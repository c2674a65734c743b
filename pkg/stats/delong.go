package stats

import (
	"errors"
	"math"
	"slices"
)

// A DeLongResult compares the areas under the ROC curves of two scores of the same rows.
type DeLongResult struct {
	A, B   float64 // the areas, in [0, 1]
	SE     float64 // standard error of B - A
	Z      float64 // (B - A)/SE; 0 where both are 0, infinite where SE alone is
	P      float64 // two-sided
	Lo, Hi float64 // 95 % interval of B - A
	N, M   int     // positive and negative rows
}

// DeLongPaired tests whether two scores of the same rows rank the positive ones equally
// well: whether their areas under the ROC curve are one. With the placements of the
// positive rows, V₁₀(i) = mean over negatives j of [xᵢ > yⱼ] + ½[xᵢ = yⱼ], and of the
// negative ones V₀₁(j) likewise over positives, the area is the mean of V₁₀ and
//
//	Var(B - A) = var(V₁₀ᴮ - V₁₀ᴬ)/n + var(V₀₁ᴮ - V₀₁ᴬ)/m
//
// with n positive and m negative rows and variances of n-1 and m-1; z = (B - A)/SE is
// taken for normal, so the test is approximate, and good from some ten rows of either
// kind on. Ties count half. Scores of unlike lengths, NaN, and fewer than two rows of
// either kind are errors. O(n log n); arguments are not changed.
// DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988).
func DeLongPaired(a, b []float64, positive []bool) (DeLongResult, error) {
	if len(a) != len(b) || len(a) != len(positive) {
		return DeLongResult{}, errors.New("DeLongPaired: scores and outcomes of unlike lengths")
	}
	for i := range a {
		if a[i] != a[i] || b[i] != b[i] {
			return DeLongResult{}, errors.New("DeLongPaired: NaN among the scores")
		}
	}
	pa, na := placements(a, positive)
	pb, nb := placements(b, positive)
	r := DeLongResult{N: len(pa), M: len(na)}
	if r.N < 2 || r.M < 2 {
		return r, errors.New("DeLongPaired: want two positive and two negative rows")
	}
	r.A, r.B = mean(pa, 1), mean(pb, 1)
	r.SE = math.Sqrt(differenceVariance(pa, pb)/float64(r.N) + differenceVariance(na, nb)/float64(r.M))
	switch d := r.B - r.A; {
	case r.SE > 0:
		r.Z = d / r.SE
	case d != 0:
		r.Z = math.Inf(1)
		if d < 0 {
			r.Z = math.Inf(-1)
		}
	}
	r.P = min(1, 2*NormalSF(math.Abs(r.Z)))
	half := NormalQuantile(0.975) * r.SE
	r.Lo, r.Hi = r.B-r.A-half, r.B-r.A+half
	return r, nil
}

// placements returns for each positive row the share of negative ones that its score is
// above, and for each negative one the share of positive ones that are above it.
func placements(score []float64, positive []bool) (pos, neg []float64) {
	var of [2][]float64
	for i, p := range positive {
		if p {
			of[1] = append(of[1], score[i])
		} else {
			of[0] = append(of[0], score[i])
		}
	}
	sorted := [2][]float64{slices.Sorted(slices.Values(of[0])), slices.Sorted(slices.Values(of[1]))}
	below := func(sorted []float64, x float64) float64 { // ties count half
		lo, _ := slices.BinarySearch(sorted, x)
		hi := lo
		for width := len(sorted) - lo; width > 0; { // the first above x
			half := width / 2
			if sorted[hi+half] <= x {
				hi, width = hi+half+1, width-half-1
			} else {
				width = half
			}
		}
		return (float64(lo) + float64(hi)) / 2 / float64(len(sorted))
	}
	for _, x := range of[1] {
		pos = append(pos, below(sorted[0], x))
	}
	for _, x := range of[0] {
		neg = append(neg, 1-below(sorted[1], x))
	}
	return pos, neg
}

func differenceVariance(a, b []float64) float64 {
	d := make([]float64, len(a))
	for i := range a {
		d[i] = b[i] - a[i]
	}
	m, sum := mean(d, 1), 0.0
	for _, x := range d {
		sum += (x - m) * (x - m)
	}
	return sum / float64(len(d)-1)
}
