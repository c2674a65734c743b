package stats

import "math"

// FisherResult is the outcome of Fisher's exact test.
type FisherResult struct {
	OddsRatio float64 // ad/(bc), the sample's; +Inf when only bc is 0, 1 when both are
	P         float64 // two-sided p-value
}

// FisherExact tests whether the 2×2 table of counts
//
//	reference  a  b
//	current    c  d
//
// has independent rows and columns. With the margins given, a is hypergeometric; P is the
// sum of the probabilities of all tables that are no more probable than the observed one
// (to 1e-10 relative, so that rounding does not break ties). Exact, and accurate down to
// 1e-300. A column without counts gives P = 1.
//
// Errors: ErrNegative, ErrEmpty (a row without counts), ErrRange (a sum above 2^53).
// Cost: O(√n) steps for usual tables, O(smallest margin) at worst. Agrees with SciPy's
// fisher_exact.
func FisherExact(a, b, c, d int64) (FisherResult, error) {
	r, s, err := aligned("FisherExact", []int64{a, b}, []int64{c, d})
	if err != nil {
		return FisherResult{}, err
	}
	if r > maxTotal-s {
		return FisherResult{}, faultf("FisherExact", ErrRange, "counts sum to more than 2^53")
	}
	res := FisherResult{OddsRatio: 1, P: 1}
	cross := float64(b) * float64(c)
	if a > 0 && d > 0 || cross > 0 {
		res.OddsRatio = float64(a) * float64(d) / cross
	}
	h := hypergeometric{draws: r, good: a + c, all: r + s}
	lo, hi := max(0, h.good-s), min(r, h.good)
	seen := h.log(a)
	// The mode splits the tables into two sides on which the probability falls outward.
	mode := min(hi, max(lo, int64(float64(r+1)*(float64(h.good+1)/float64(h.all+2)))))
	const tie = 1e-10
	if h.log(mode) <= seen+tie && a == mode {
		return res, nil
	}
	rare := func(x int64) bool { return h.log(x) <= seen+tie }
	// The largest table below the mode, and the smallest above it, that are as rare.
	below, above := lo-1, hi+1
	for from, to := lo, mode; from <= to; {
		mid := from + (to-from)/2
		if rare(mid) {
			below, from = mid, mid+1
		} else {
			to = mid - 1
		}
	}
	for from, to := mode+1, hi; from <= to; {
		mid := from + (to-from)/2
		if rare(mid) {
			above, to = mid, mid-1
		} else {
			from = mid + 1
		}
	}
	res.P = math.Min(1, h.tail(below, lo, -1)+h.tail(above, hi, 1))
	return res, nil
}

// hypergeometric is the number of good ones among draws from all.
type hypergeometric struct{ draws, good, all int64 }

// log returns the logarithm of the probability of x, from three binomials of one
// success probability good/all.
func (h hypergeometric) log(x int64) float64 {
	t := crossDiff(h.draws, h.good, x, h.all) / float64(h.all) // mean - x
	return logBinomial(float64(x), float64(h.draws), t) +
		logBinomial(float64(h.good-x), float64(h.all-h.draws), -t) -
		logBinomial(float64(h.good), float64(h.all), 0)
}

// tail sums the probabilities from x outward to end, in steps of ±1.
func (h hypergeometric) tail(x, end, step int64) float64 {
	if (end-x)*step < 0 {
		return 0
	}
	term := math.Exp(h.log(x))
	p := term
	rest := h.all - h.draws - h.good
	for x != end && term > 0x1p-60*p {
		if step > 0 {
			term *= float64(h.draws-x) * float64(h.good-x) / (float64(x+1) * float64(rest+x+1))
		} else {
			term *= float64(x) * float64(rest+x) / (float64(h.draws-x+1) * float64(h.good-x+1))
		}
		x += step
		p += term
	}
	return p
}
