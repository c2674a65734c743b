package tree

import (
	"fmt"
	"math"
)

// maxDepth bounds the walk from a root to a leaf. Depth-wise XGBoost trees have
// about 6, loss-guided ones seldom more than 100.
const maxDepth = 1024

// Columns are the nodes of a tree as a file holds them, unchecked: parallel
// arrays, all of one length, one entry a node, the root first.
type Columns struct {
	Left, Right []int64 // children; both -1 in a leaf
	Feature     []int64
	Value       []float64 // a split's threshold or the place of its set, or a leaf's value
	Category    []bool    // whether a split is one on a category; nil where none is
	DefaultLeft []bool
	Cover, Gain []float32
}

// Tree makes a tree for output 0. It takes the nodes that the root
// reaches, in the order of a walk that goes left first; pruned ones stay behind
// in the columns and may hold anything. Children that are out of range or
// reached twice, values and thresholds that are no numbers, and a depth above
// 1,024 are ErrFormat; a feature out of range is ErrFeatures.
func (c *Columns) Tree(numFeatures int) (Tree, error) {
	if len(c.Left) == 0 {
		return Tree{}, Refuse(ErrFormat, "", "no nodes")
	}
	type step struct {
		old, depth int
		link       *int32 // where the parent keeps the node's new index
	}
	t := Tree{Nodes: make([]Node, 0, len(c.Left))}
	seen := make([]bool, len(c.Left))
	var root int32
	for stack := []step{{0, 0, &root}}; len(stack) > 0; {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		i := s.old
		where := fmt.Sprintf("node %d", i)
		if seen[i] {
			return t, Refuse(ErrFormat, where, "reached twice")
		}
		seen[i] = true
		if s.depth > maxDepth {
			return t, Refuse(ErrFormat, where, "deeper than %d splits", maxDepth)
		}
		t.Depth = max(t.Depth, s.depth)

		*s.link = int32(len(t.Nodes))
		t.Nodes = append(t.Nodes, Node{Value: c.Value[i], Cover: c.Cover[i]})
		at := &t.Nodes[len(t.Nodes)-1]
		if !finite(at.Cover) || at.Cover < 0 {
			return t, Refuse(ErrFormat, where, "sum_hessian is %v", at.Cover)
		}
		left, right := c.Left[i], c.Right[i]
		if left == -1 && right == -1 {
			if !finite(at.Value) {
				return t, Refuse(ErrFormat, where, "leaf value is %v", at.Value)
			}
			continue
		}
		for _, child := range []int64{left, right} {
			if child < 0 || child >= int64(len(seen)) {
				return t, Refuse(ErrFormat, where, "child %d out of range", child)
			}
		}
		if c.Category != nil {
			at.Category = c.Category[i]
		}
		if at.Value != at.Value {
			return t, Refuse(ErrFormat, where, "threshold is NaN")
		}
		if f := c.Feature[i]; f < 0 || f >= int64(numFeatures) {
			return t, Refuse(ErrFeatures, where, "splits on feature %d of %d", f, numFeatures)
		}
		at.Feature, at.DefaultLeft, at.Gain = int32(c.Feature[i]), c.DefaultLeft[i], c.Gain[i]
		if !finite(at.Gain) {
			return t, Refuse(ErrFormat, where, "loss_changes is %v", at.Gain)
		}
		stack = append(stack, step{int(right), s.depth + 1, &at.Right}, step{int(left), s.depth + 1, &at.Left})
	}
	return t, nil
}

func finite[F float32 | float64](x F) bool {
	return !math.IsNaN(float64(x)) && !math.IsInf(float64(x), 0)
}
