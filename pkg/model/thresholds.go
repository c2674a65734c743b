package model

import "slices"

// Thresholds returns for each feature the distinct finite values that the
// splits of these trees compare it with, ascending; nil where no split uses it.
// Two values of a feature that lie between the same thresholds, a threshold
// belonging to what is above it, take the same branches everywhere.
func (m *Model) Thresholds() [][]float32 {
	all := make([][]float32, m.NumFeatures)
	for _, t := range m.trees {
		for i := range t.nodes {
			if n := &t.nodes[i]; !n.leaf() && finite(n.value) {
				all[n.feature] = append(all[n.feature], n.value)
			}
		}
	}
	for i, values := range all {
		slices.Sort(values)
		all[i] = slices.Compact(values)
	}
	return all
}
