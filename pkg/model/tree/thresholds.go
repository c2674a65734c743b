package tree

import "slices"

// Thresholds returns for each feature the distinct finite values that the
// splits of these trees compare it with, ascending; nil where no split uses it.
// Two values of a feature that lie between the same thresholds, a threshold
// belonging to what is above it, take the same branches everywhere.
func (e *Ensemble) Thresholds() [][]float32 {
	all := make([][]float32, e.NumFeatures)
	for _, t := range e.Trees {
		for i := range t.Nodes {
			if n := &t.Nodes[i]; !n.IsLeaf() && finite(n.Value) {
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
