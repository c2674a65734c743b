package tree

// unseen stands for the rows of a leaf that none reaches, so that every split has a
// share for both its sides.
const unseen = 1.0 / 1024

// HasCovers reports whether the splits say how many rows passed them.
func (e *Ensemble) HasCovers() bool {
	for i := range e.Trees {
		if root := &e.Trees[i].Nodes[0]; !root.IsLeaf() && root.Cover == 0 {
			return false
		}
	}
	return true
}

// Covered returns the ensemble with other covers: how many of these rows, of
// NumFeatures values and each so many times, reach a node. A leaf that none reaches
// has a thousandth of a row.
func (e *Ensemble) Covered(rows []float64, times []int64) *Ensemble {
	c := *e
	c.Trees = make([]Tree, len(e.Trees))
	for k, t := range e.Trees {
		counts := make([]float64, len(t.Nodes))
		for r, n := range times {
			counts[e.leaf(&t, rows[r*e.NumFeatures:][:e.NumFeatures])] += float64(n)
		}
		t.Nodes = append([]Node(nil), t.Nodes...)
		for i := len(t.Nodes) - 1; i >= 0; i-- { // children stand behind their parent
			node := &t.Nodes[i]
			if node.IsLeaf() {
				counts[i] = max(counts[i], unseen)
			} else {
				counts[i] = counts[node.Left] + counts[node.Right]
			}
			node.Cover = float32(counts[i])
		}
		c.Trees[k] = t
	}
	return &c
}
