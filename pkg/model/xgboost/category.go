package xgboost

import (
	"fmt"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// takeSets turns the splits on a category into those of package tree: XGBoost's
// set goes right, and so its children change places.
func (c *treeColumns) takeSets(sets *tree.Sets) error {
	if len(c.segments) != len(c.nodes) || len(c.sizes) != len(c.nodes) {
		return tree.Refuse(tree.ErrFormat, "categories_nodes", "%d entries, categories_segments has %d, categories_sizes %d", len(c.nodes), len(c.segments), len(c.sizes))
	}
	own := map[int64]int{}
	for k, node := range c.nodes {
		own[node] = k
	}
	for i, kind := range c.splitType {
		if kind == 0 || c.Left[i] == -1 {
			continue
		}
		where := fmt.Sprintf("node %d", i)
		if kind != 1 {
			return tree.Refuse(tree.ErrFormat, where, "split_type is %d, want 0 or 1", kind)
		}
		k, ok := own[int64(i)]
		if !ok {
			return tree.Refuse(tree.ErrFormat, where, "a split on a category without categories")
		}
		from, n := c.segments[k], c.sizes[k]
		if from < 0 || n < 0 || from > int64(len(c.categories)) || n > int64(len(c.categories))-from {
			return tree.Refuse(tree.ErrFormat, where, "categories %d to %d of %d", from, from+n, len(c.categories))
		}
		at, err := sets.Place(c.categories[from : from+n])
		if err != nil {
			return tree.Within(where, err)
		}
		if c.Category == nil {
			c.Category = make([]bool, len(c.Left))
		}
		c.Category[i], c.Value[i] = true, float64(at)
		c.Left[i], c.Right[i] = c.Right[i], c.Left[i]
		c.DefaultLeft[i] = !c.DefaultLeft[i]
	}
	return nil
}
