package export

import (
	"encoding/binary"
	"math"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// Leaves returns the model for the leaves library, in XGBoost 0.90's binary
// format: little-endian structs, strings and slices after a 64-bit length.
//
// leaves goes left at x <= threshold where XGBoost goes left at x < threshold, so
// each threshold is one float32 step lower; for float32 rows both rules then pick
// the same leaf. The base score is left out. A model whose outputs have unlike
// numbers of trees is tree.ErrObjective, since leaves deals trees out in turn.
func Leaves(m *tree.Ensemble) ([]byte, error) {
	trees, err := interleaved(m)
	if err != nil {
		return nil, err
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
	for _, name := range []string{m.Objective, m.Booster} {
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
				f32(n.Value)
				continue
			}
			feature := uint32(n.Feature)
			if n.DefaultLeft {
				feature |= 1 << 31
			}
			i32(0, n.Left, n.Right, int32(feature))
			f32(math.Nextafter32(n.Value, float32(math.Inf(-1))))
		}
		reserved(4 * len(t.Nodes)) // statistics
	}
	for _, t := range trees {
		i32(int32(t.Output))
	}
	if m.Booster == "dart" {
		i64(len(trees))
		for _, t := range trees {
			f32(t.Weight)
		}
	}
	return b, nil
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
