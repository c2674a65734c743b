package tree

import (
	"errors"
	"testing"
)

// A tree that splits on its left side only, n times.
func TestDepthLimit(t *testing.T) {
	chain := func(n int) *Columns {
		k := 2*n + 1
		c := &Columns{
			Left: make([]int64, k), Right: make([]int64, k), Feature: make([]int64, k), Value: make([]float64, k),
			DefaultLeft: make([]bool, k), Cover: make([]float32, k), Gain: make([]float32, k),
		}
		for i := range k {
			c.Left[i], c.Right[i] = -1, -1
			if i%2 == 0 && i < k-1 {
				c.Left[i], c.Right[i] = int64(i+2), int64(i+1)
			}
		}
		return c
	}
	tr, err := chain(maxDepth).Tree(1)
	if err != nil || tr.Depth != maxDepth || len(tr.Nodes) != 2*maxDepth+1 {
		t.Errorf("depth %d, %d nodes, %v", tr.Depth, len(tr.Nodes), err)
	}
	_, err = chain(maxDepth + 1).Tree(1)
	if !errors.Is(err, ErrFormat) || err.Error() != "node 2050: deeper than 1024 splits" {
		t.Errorf("got %v", err)
	}
}
