package tree

import (
	"math"
	"slices"
)

// Thresholds returns for each feature the distinct finite values that the
// splits of these trees compare it with, ascending; nil where no split uses it.
// Two values of a feature that lie between the same thresholds, a threshold
// belonging to what is above it, take the same branches everywhere.
func (e *Ensemble) Thresholds() [][]float64 {
	all := make([][]float64, e.NumFeatures)
	for _, t := range e.Trees {
		for i := range t.Nodes {
			switch n := &t.Nodes[i]; {
			case n.IsLeaf():
			case n.Category:
				all[n.Feature] = e.Sets[int(n.Value)].appendBounds(all[n.Feature])
			case finite(n.Value):
				all[n.Feature] = append(all[n.Feature], n.Value)
			}
		}
	}
	for i, values := range all {
		slices.Sort(values)
		all[i] = slices.Compact(values)
	}
	return all
}

// Below returns the largest number below x that the ensemble tells from it.
func (e *Ensemble) Below(x float64) float64 {
	if e.Double {
		return math.Nextafter(x, math.Inf(-1))
	}
	return float64(math.Nextafter32(float32(x), float32(math.Inf(-1))))
}
