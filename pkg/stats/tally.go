package stats

import "slices"

// tally counts each sample over the distinct values of all of them, in ascending
// order: counts[s][i] is how often samples[s] holds the i-th. It sorts copies.
func tally(samples ...[]float64) (counts [][]int64) {
	var all []float64
	for _, s := range samples {
		all = append(all, s...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	counts = make([][]int64, len(samples))
	for k, s := range samples {
		c := make([]int64, len(all))
		i := 0
		for _, v := range sorted(s) {
			for all[i] != v {
				i++
			}
			c[i]++
		}
		counts[k] = c
	}
	return counts
}
