package explain

import "github.com/leadsman/leadsman/pkg/model/tree"

// MeanGain returns the gain of each feature: the mean over the splits on it
// of what the split took off the training loss, 0 where no split uses it.
// XGBoost calls it importance_type "gain", and counts in trees after the best
// iteration too.
func MeanGain(m *tree.Ensemble) []float64 {
	gain, splits := gains(m)
	for i, k := range splits {
		if k > 0 {
			gain[i] /= float64(k)
		}
	}
	return gain
}

// TotalGain returns what all splits on each feature took off the training loss
// together. XGBoost calls it importance_type "total_gain", and counts in trees
// after the best iteration too.
func TotalGain(m *tree.Ensemble) []float64 {
	gain, _ := gains(m)
	return gain
}

// gains returns each feature's total gain and number of splits.
func gains(m *tree.Ensemble) (gain []float64, splits []int) {
	gain, splits = make([]float64, m.NumFeatures), make([]int, m.NumFeatures)
	for _, t := range m.Trees {
		for i := range t.Nodes {
			if n := &t.Nodes[i]; !n.IsLeaf() {
				gain[n.Feature] += float64(n.Gain)
				splits[n.Feature]++
			}
		}
	}
	return gain, splits
}
