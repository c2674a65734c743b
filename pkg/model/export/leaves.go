package export

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// Leaves returns the model for the leaves library: one in float64 as LightGBM's
// text, one in float32 in XGBoost 0.90's binary format: little-endian structs,
// strings and slices after a 64-bit length. It has no splits on categories
// (tree.Ensemble.Plain), and a value of 0 is no missing one.
//
// leaves goes left at x <= threshold where XGBoost goes left at x < threshold, so
// each threshold is one step lower; both rules then pick the same leaf. The base score is left out. A model whose outputs have unlike
// numbers of trees is tree.ErrObjective, since leaves deals trees out in turn.
func Leaves(m *tree.Ensemble) ([]byte, error) {
	trees, err := interleaved(m)
	if err != nil {
		return nil, err
	}
	if m.Double {
		return leavesText(m, trees), nil
	}
	var b []byte
	i32 := func(values ...int32) {
		for _, v := range values {
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		}
	}
	f32 := func(v float32) { i32(int32(math.Float32bits(v))) }
	i64 := func(v int) { b = binary.LittleEndian.AppendUint64(b, uint64(v)) }
	reserved := func(n int) { b = append(b, make([]byte, 4*n)...) }

	outputs := int32(m.Outputs())
	// learner: base score (as a margin), features, classes, two flags, reserved
	f32(0)
	i32(int32(m.NumFeatures), outputs, 0, 0)
	reserved(29)
	for _, name := range []string{m.Objective, "gbtree"} {
		i64(len(name))
		b = append(b, name...)
	}
	// ensemble: trees, roots, features, padding (3 words), output groups, leaf
	// vector, reserved
	i32(int32(len(trees)), 1, int32(m.NumFeatures), 0, 0, 0, outputs, 0)
	reserved(32)
	for _, t := range trees {
		// tree: roots, nodes, deleted, depth, features, leaf vector, reserved
		i32(1, int32(len(t.Nodes)), 0, int32(t.Depth), int32(m.NumFeatures), 0)
		reserved(31)
		for k := range t.Nodes {
			n := &t.Nodes[k]
			if n.IsLeaf() {
				i32(0, -1, -1, 0) // parent (which leaves does not read), children, feature
				f32(float32(n.Value))
				continue
			}
			feature := uint32(n.Feature)
			if n.DefaultLeft {
				feature |= 1 << 31
			}
			i32(0, n.Left, n.Right, int32(feature))
			f32(float32(m.Below(n.Value)))
		}
		reserved(4 * len(t.Nodes)) // statistics
	}
	for _, t := range trees {
		i32(int32(t.Output))
	}
	return b, nil
}

// leavesText is the model as LightGBM's text, as far as leaves reads it: missing is
// NaN everywhere.
func leavesText(m *tree.Ensemble, trees []tree.Tree) []byte {
	b := fmt.Appendf(nil, "version=v3\nnum_class=%d\nnum_tree_per_iteration=%d\nmax_feature_idx=%d\ntree_sizes=%s\n\n",
		m.Outputs(), m.Outputs(), m.NumFeatures-1, strings.TrimRight(strings.Repeat("0 ", len(trees)), " "))
	list := func(name string, words []string) { b = fmt.Appendf(b, "%s=%s\n", name, strings.Join(words, " ")) }
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	for k := range trees {
		t := &trees[k]
		// A split is known by its place among the splits, a leaf by -1 less its
		// place among the leaves.
		place := make([]int, len(t.Nodes))
		splits, leaves := 0, 0
		for i := range t.Nodes {
			if t.Nodes[i].IsLeaf() {
				leaves++
				place[i] = -leaves
			} else {
				place[i] = splits
				splits++
			}
		}
		var features, thresholds, kinds, left, right, values []string
		for i := range t.Nodes {
			n := &t.Nodes[i]
			if n.IsLeaf() {
				values = append(values, number(n.Value))
				continue
			}
			kind := 2 << 2
			if n.DefaultLeft {
				kind |= 2
			}
			features, thresholds = append(features, strconv.Itoa(int(n.Feature))), append(thresholds, number(m.Below(n.Value)))
			kinds, left, right = append(kinds, strconv.Itoa(kind)), append(left, strconv.Itoa(place[n.Left])), append(right, strconv.Itoa(place[n.Right]))
		}
		b = fmt.Appendf(b, "Tree=%d\nnum_leaves=%d\nnum_cat=0\n", k, leaves)
		if splits > 0 {
			list("split_feature", features)
			list("threshold", thresholds)
			list("decision_type", kinds)
			list("left_child", left)
			list("right_child", right)
		}
		list("leaf_value", values)
		b = append(b, '\n')
	}
	return b
}

// interleaved returns the trees in the only order that leaves takes: one of each
// output after another. Within an output the order stays.
func interleaved(m *tree.Ensemble) ([]tree.Tree, error) {
	if m.Outputs() == 1 {
		return m.Trees, nil
	}
	of := m.ByOutput()
	var trees []tree.Tree
	for i := range of[0] {
		for k := range of {
			if len(of[k]) != len(of[0]) {
				return nil, tree.Refuse(tree.ErrObjective, "tree_info", "%d trees of output 0, %d of output %d: want as many", len(of[0]), len(of[k]), k)
			}
			trees = append(trees, of[k][i])
		}
	}
	return trees, nil
}
