package onnx

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// forest is a TreeEnsembleRegressor or TreeEnsembleClassifier. Its trees are those of
// an ensemble, but that the value of a leaf is its place among the leaves.
type forest struct {
	walk       *tree.Ensemble // for its rules alone
	trees      []tree.Tree
	leaves     [][]weight
	outputs    int
	base       []float64
	aggregate  string // SUM, AVERAGE, MIN or MAX
	transform  string
	finish     func([]float64) // the transform
	classifier bool
	single     bool // two classes by one score
	share      bool // and no leaf has less than 0 for it
	double     bool // adds up in float64
}

// weight is what a leaf says of one output.
type weight struct {
	output int
	value  float64
}

func (b *builder) treeEnsemble(n *node, in int, s shape) (int, error) {
	f, err := readForest(n, s)
	if err != nil {
		return 0, err
	}
	if why := f.odd(); why != "" {
		return 0, foreign(n, why)
	}
	width := s.cols
	s = shape{cols: f.outputs, kind: typeFloat}
	at, err := b.add(s, []int{in}, func(rows int, in [][]float64, out []float64) {
		var few [16]bool
		has := few[:]
		if f.outputs > len(few) {
			has = make([]bool, f.outputs)
		}
		has = has[:f.outputs]
		for r := range rows {
			f.score(in[0][r*width:][:width], out[r*f.outputs:][:f.outputs], has)
		}
		s.round(out)
	})
	if err == nil && b.forms[in] != nil && b.forms[in].forest == nil {
		if b.forms[at] = f.form(); b.forms[at] != nil {
			b.forms[at].rows = in
		}
	}
	return at, err
}

// readForest reads the attributes of a node whose rows have that shape.
func readForest(n *node, s shape) (*forest, error) {
	f := &forest{double: s.kind == typeDouble, classifier: n.kind == "TreeEnsembleClassifier"}
	f.walk = &tree.Ensemble{NumFeatures: s.cols, Double: f.double}
	prefix := "target"
	if f.classifier {
		prefix = "class"
		f.outputs = len(n.wholes("classlabels_int64s"))
		if a := n.attributes["classlabels_strings"]; a != nil && len(a.texts) > 0 {
			f.outputs = len(a.texts)
		}
	} else {
		f.outputs = int(n.whole("n_targets", 1))
	}
	if f.outputs < 1 || f.outputs > maxOutputs {
		return nil, tree.Refuse(tree.ErrFormat, "", "%d scores a row", f.outputs)
	}
	f.aggregate = n.text("aggregate_function", "SUM")
	switch f.aggregate {
	case "SUM", "AVERAGE", "MIN", "MAX":
	default:
		return nil, tree.Refuse(tree.ErrFormat, "aggregate_function", "%q is none", tree.Clip(f.aggregate))
	}
	if f.classifier {
		f.aggregate = "SUM" // it has no other
	}
	var err error
	if f.transform, f.finish, err = n.transform(f.outputs); err != nil {
		return nil, err
	}
	if f.base, err = f.inWidth(n, "base_values"); err != nil {
		return nil, err
	}
	places, err := f.readTrees(n)
	if err != nil {
		return nil, err
	}
	return f, f.readWeights(n, prefix, places)
}

// inWidth is a list of numbers, which for a float64 ensemble may stand in a tensor.
func (f *forest) inWidth(n *node, name string) ([]float64, error) {
	if a := n.attributes[name+"_as_tensor"]; a != nil && a.tensor != nil {
		if !f.double && a.tensor.kind == typeDouble {
			return nil, foreign(n, "with double numbers for float rows")
		}
		return a.tensor.values, nil
	}
	return n.numbers(name), nil
}

// place is a node of a tree by the numbers that the file gives both.
type place struct{ tree, node int64 }

// run is the part of the nodes' lists that one tree takes.
type run struct{ from, to int }

// readTrees makes the trees, and returns the place of each node in the lists.
func (f *forest) readTrees(n *node) (map[place]int, error) {
	treeIDs, ids := n.wholes("nodes_treeids"), n.wholes("nodes_nodeids")
	yes, no, features := n.wholes("nodes_truenodeids"), n.wholes("nodes_falsenodeids"), n.wholes("nodes_featureids")
	tracks := n.wholes("nodes_missing_value_tracks_true")
	values, err := f.inWidth(n, "nodes_values")
	if err != nil {
		return nil, err
	}
	var modes [][]byte
	if a := n.attributes["nodes_modes"]; a != nil {
		modes = a.texts
	}
	size := len(treeIDs)
	for _, l := range []int{len(ids), len(yes), len(no), len(features), len(values), len(modes)} {
		if l != size {
			return nil, tree.Refuse(tree.ErrFormat, "", "lists of %d and %d nodes", size, l)
		}
	}
	if size == 0 || len(tracks) != 0 && len(tracks) != size {
		return nil, tree.Refuse(tree.ErrFormat, "", "%d nodes, and %d ways of missing values", size, len(tracks))
	}
	places := make(map[place]int, size)
	var runs []run
	for i := range size {
		p := place{treeIDs[i], ids[i]}
		if _, twice := places[p]; twice {
			return nil, tree.Refuse(tree.ErrFormat, "", "node %d of tree %d stands twice", p.node, p.tree)
		}
		places[p] = i
		if i == 0 || treeIDs[i] != treeIDs[i-1] {
			runs = append(runs, run{i, i})
		}
		runs[len(runs)-1].to = i + 1
	}
	var sets tree.Sets
	for _, r := range runs {
		k := r.to - r.from
		c := tree.Columns{
			Left: make([]int64, k), Right: make([]int64, k), Feature: features[r.from:r.to], Value: make([]float64, k), Category: make([]bool, k),
			DefaultLeft: make([]bool, k), Cover: make([]float32, k), Gain: make([]float32, k),
		}
		for i := r.from; i < r.to; i++ {
			at := i - r.from
			if string(modes[i]) == "LEAF" {
				c.Left[at], c.Right[at], c.Value[at] = -1, -1, float64(i)
				continue
			}
			t, okT := places[place{treeIDs[i], yes[i]}]
			o, okO := places[place{treeIDs[i], no[i]}]
			if !okT || !okO || t < r.from || t >= r.to || o < r.from || o >= r.to {
				return nil, tree.Refuse(tree.ErrFormat, "", "node %d of tree %d has a child that is not there", ids[i], treeIDs[i])
			}
			missing := len(tracks) > 0 && tracks[i] == 1
			if err := f.split(&c, at, string(modes[i]), values[i], int64(t-r.from), int64(o-r.from), missing, &sets); err != nil {
				return nil, err
			}
		}
		t, err := c.Tree(f.walk.NumFeatures)
		if err != nil {
			return nil, tree.Within("tree", err)
		}
		f.trees = append(f.trees, t)
	}
	f.walk.Sets = sets.All
	return places, nil
}

// split writes a split by x < value, or by a set of one value, that sends rows as the
// mode does: to yes where it holds, or where the value is missing and missing says so.
func (f *forest) split(c *tree.Columns, at int, mode string, value float64, yes, no int64, missing bool, sets *tree.Sets) error {
	if value != value {
		return tree.Refuse(tree.ErrFormat, "", "a threshold is NaN")
	}
	if !f.double {
		value = float64(float32(value))
	}
	c.Value[at] = value
	left, right, missingLeft := yes, no, missing
	swap := func() { left, right, missingLeft = no, yes, !missing }
	switch mode {
	case "BRANCH_LT":
	case "BRANCH_GTE":
		swap()
	case "BRANCH_LEQ", "BRANCH_GT":
		if mode == "BRANCH_GT" {
			swap()
		}
		if math.IsInf(value, 1) { // all values are at most that
			c.Value[at], missingLeft = math.Inf(-1), !missingLeft
			left, right = right, left
			break
		}
		c.Value[at] = f.above(value)
	case "BRANCH_EQ", "BRANCH_NEQ":
		if mode == "BRANCH_NEQ" {
			left, right, missingLeft = no, yes, false // NaN is not equal to anything
		}
		c.Category[at], c.Value[at] = true, float64(sets.Only(value))
	default:
		return tree.Refuse(tree.ErrFormat, "nodes_modes", "%q is none", tree.Clip(mode))
	}
	// A missing value that goes no way of its own is not below anything.
	c.Left[at], c.Right[at], c.DefaultLeft[at] = left, right, missingLeft
	return nil
}

// above is the next number above x in the ensemble's width.
func (f *forest) above(x float64) float64 {
	if f.double {
		return math.Nextafter(x, math.Inf(1))
	}
	return float64(math.Nextafter32(float32(x), float32(math.Inf(1))))
}

// readWeights gives the leaves what they say of the outputs.
func (f *forest) readWeights(n *node, prefix string, places map[place]int) error {
	outputs, treeIDs, ids := n.wholes(prefix+"_ids"), n.wholes(prefix+"_treeids"), n.wholes(prefix+"_nodeids")
	weights, err := f.inWidth(n, prefix+"_weights")
	if err != nil {
		return err
	}
	if len(outputs) != len(weights) || len(treeIDs) != len(weights) || len(ids) != len(weights) {
		return tree.Refuse(tree.ErrFormat, "", "lists of %d and %d weights", len(outputs), len(weights))
	}
	of := make([][]weight, len(places))
	second, below := false, false // whether anything is said of it, and whether any weight is below 0
	for i, w := range weights {
		at, ok := places[place{treeIDs[i], ids[i]}]
		if !ok {
			return tree.Refuse(tree.ErrFormat, "", "a weight for node %d of tree %d, which is not there", ids[i], treeIDs[i])
		}
		if outputs[i] < 0 || outputs[i] >= int64(f.outputs) || math.IsNaN(w) || math.IsInf(w, 0) {
			return tree.Refuse(tree.ErrFormat, "", "a weight of %v for output %d of %d", w, outputs[i], f.outputs)
		}
		of[at] = append(of[at], weight{int(outputs[i]), w})
		second, below = second || outputs[i] == 1, below || w < 0
	}
	for k := range f.trees {
		for i := range f.trees[k].Nodes {
			leaf := &f.trees[k].Nodes[i]
			if !leaf.IsLeaf() {
				continue
			}
			said := of[int(leaf.Value)]
			if len(said) == 0 && !f.classifier {
				return tree.Refuse(tree.ErrFormat, "", "a leaf without a weight")
			}
			leaf.Value = float64(len(f.leaves))
			f.leaves = append(f.leaves, said)
		}
	}
	f.single = f.classifier && f.outputs == 2 && !second && len(f.base) < 2
	f.share = f.single && !below
	return nil
}

// odd says what of the forest has no meaning in ONNX's specification, so that a
// runtime may do as it likes; converters write none of it.
func (f *forest) odd() string {
	switch {
	case f.single && f.transform != "NONE" && f.transform != "LOGISTIC":
		return "with one score for two classes and " + f.transform
	case f.single || len(f.base) == 0:
		return ""
	case len(f.base) != f.outputs && (f.classifier || f.outputs > 1):
		return fmt.Sprintf("with %d base values for %d outputs", len(f.base), f.outputs)
	}
	for k := range f.outputs {
		if !f.sure(k) {
			return fmt.Sprintf("with base values, and rows of which no leaf says anything of output %d", k)
		}
	}
	return ""
}
