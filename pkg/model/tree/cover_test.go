package tree

import "testing"

func TestCovered(t *testing.T) {
	e := &Ensemble{NumFeatures: 1, Margins: []float64{0}, Trees: []Tree{
		{Nodes: []Node{{Left: 1, Right: 4, Value: 2}, {Left: 2, Right: 3, Value: 1, DefaultLeft: true}, {Value: 7}, {Value: 8}, {Value: 9}}},
		{Nodes: []Node{{Value: 3}}},
	}}
	if e.HasCovers() {
		t.Error("covers from nowhere")
	}
	c := e.Covered([]float64{0, 1.5, 0.5}, []int64{1, 4, 2})
	// 0 and 0.5 are left of both splits, 1.5 of the first alone, and nothing is at 2 or above.
	for i, want := range []float32{7 + unseen, 7, 3, 4, unseen} {
		if got := c.Trees[0].Nodes[i].Cover; got != want {
			t.Errorf("node %d: %v, want %v", i, got, want)
		}
	}
	if !c.HasCovers() || e.Trees[0].Nodes[0].Cover != 0 || c.Trees[1].Nodes[0].Cover != 7 {
		t.Error("another ensemble was changed, or a tree of one leaf has no rows")
	}
}
