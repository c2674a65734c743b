package stats

import (
	"math"
	"slices"
)

// The functions below take two samples as they are drawn, as SciPy's do: by the counts of
// their distinct values they reach the functions under test.

// tally counts each sample over the distinct values of all of them, in ascending
// order: counts[s][i] is how often samples[s] holds the i-th. It sorts copies.
func tally(samples ...[]float64) (counts [][]int64) {
	all := slices.Concat(samples...)
	slices.Sort(all)
	all = slices.Compact(all)
	for _, s := range samples {
		c := make([]int64, len(all))
		i := 0
		for _, v := range sorted(s) {
			for all[i] != v {
				i++
			}
			c[i]++
		}
		counts = append(counts, c)
	}
	return counts
}

func byCounts[T any](test func(ref, cur []int64) (T, error), ref, cur []float64) (r T, err error) {
	if err := ordered("byCounts", ref, cur); err != nil {
		return r, err
	}
	c := tally(ref, cur)
	return test(c[0], c[1])
}

func ks(ref, cur []float64) (KSResult, error) { return byCounts(KSCounts, ref, cur) }

func mannWhitney(ref, cur []float64) (MannWhitneyResult, error) {
	return byCounts(MannWhitneyCounts, ref, cur)
}

func cramerVonMises(ref, cur []float64) (CramerVonMisesResult, error) {
	return byCounts(CramerVonMisesCounts, ref, cur)
}

func andersonDarling(samples ...[]float64) (AndersonDarlingResult, error) {
	if err := ordered("andersonDarling", samples...); err != nil {
		return AndersonDarlingResult{}, err
	}
	return AndersonDarlingCounts(tally(samples...)...)
}

func eppsSingleton(ref, cur []float64) (EppsSingletonResult, error) {
	if err := finite("eppsSingleton", ref, cur); err != nil {
		return EppsSingletonResult{}, err
	}
	x := slices.Concat(ref, cur)
	slices.Sort(x)
	c := tally(ref, cur)
	return EppsSingletonCounts(slices.Compact(x), c[0], c[1])
}

// ones are the weights of a sample whose values count alike.
func ones(x []float64) []float64 { return slices.Repeat([]float64{1}, len(x)) }

func wasserstein(ref, cur []float64) (float64, error) {
	return onSorted(WassersteinWeighted, ref, cur)
}

func energy(ref, cur []float64) (float64, error) { return onSorted(EnergyWeighted, ref, cur) }

func onSorted(distance func(refX, refW, curX, curW []float64) (float64, error), ref, cur []float64) (float64, error) {
	if err := ordered("onSorted", ref, cur); err != nil {
		return 0, err
	}
	return distance(sorted(ref), ones(ref), sorted(cur), ones(cur))
}

// ksP returns the p-value of a gap d between n and m values.
func ksP(d float64, n, m int64) float64 {
	if max(n, m) > ksExactLimit {
		return ksLarge(d, n, m)
	}
	return ksExact(n, m, int64(math.RoundToEven(d*float64(n/gcd(n, m)*m))))
}

// pearson returns the correlation of x and y.
// correlated returns Pearson's correlation and the mean square of its influence.
func correlated(x, y []float64) (r, v float64) {
	mx, my := mean(x, 1), mean(y, 1)
	n := float64(len(x))
	sx, sy := math.Sqrt(squares(x, 1, mx)/n), math.Sqrt(squares(y, 1, my)/n)
	for i := range x {
		r += (x[i] - mx) / sx * (y[i] - my) / sy / n
	}
	for i := range x {
		a, b := (x[i]-mx)/sx, (y[i]-my)/sy
		d := a*b - r*(a*a+b*b)/2
		v += d * d / n
	}
	return r, v
}
