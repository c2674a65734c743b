package model

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	// maxFeatures bounds a row, of which scoring makes copies.
	maxFeatures = 1 << 20
	// maxDepth bounds the walk from a root to a leaf. Depth-wise XGBoost trees
	// have about 6, loss-guided ones seldom more than 100.
	maxDepth = 1024
)

// check turns a document into a model, or says why it cannot be one.
func (doc *document) check() (*Model, error) {
	m := &Model{Library: "XGBoost", Objective: doc.objective, Booster: doc.booster}
	for _, step := range []func(*Model) error{doc.checkKind, doc.checkFeatures, doc.checkBase, doc.checkTrees} {
		if err := step(m); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// checkKind refuses what is another kind of model. It comes first, since such
// a model may look wrong in any other way too.
func (doc *document) checkKind(m *Model) error {
	if len(doc.version) != 3 || slices.Min(doc.version) < 0 || doc.version[0] < 1 {
		return refuse(ErrFormat, "version", "want three numbers from 1.0.0 on, got %s", clip(fmt.Sprint(doc.version[:min(len(doc.version), 9)])))
	}
	m.Version = fmt.Sprintf("%d.%d.%d", doc.version[0], doc.version[1], doc.version[2])

	switch doc.booster {
	case "gbtree", "dart":
	case "":
		return refuse(ErrFormat, "learner.gradient_booster.name", "missing")
	default:
		return refuse(ErrBooster, "learner.gradient_booster.name", "%q is not supported, only gbtree and dart", clip(doc.booster))
	}

	const where = "learner.objective.name"
	if doc.objective == "" {
		return refuse(ErrFormat, where, "missing")
	}
	var ok bool
	if m.link, ok = links[doc.objective]; !ok {
		return refuse(ErrObjective, where, "%q is not supported, only %s", clip(doc.objective), supported())
	}
	const params = "learner.learner_model_param."
	classes, err := natural(params+"num_class", doc.numClass, 0)
	if err != nil {
		return err
	}
	switch {
	case m.link == softmax && (classes < 2 || classes > len(doc.trees)):
		return refuse(ErrFormat, params+"num_class", "%d classes in %d trees, want 2 or more and a tree for each", classes, len(doc.trees))
	case m.link != softmax && classes > 1:
		return refuse(ErrObjective, params+"num_class", "%d classes of %s, want one output", classes, doc.objective)
	}
	m.margins = make([]float32, max(1, classes))
	targets, err := natural(params+"num_target", doc.numTarget, 0)
	if err == nil && targets > 1 {
		err = refuse(ErrObjective, params+"num_target", "a model with %d targets, want one", targets)
	}
	return err
}

// natural parses one of the numbers that XGBoost keeps in strings; absent is
// the value that older versions imply.
func natural(where, s string, absent int) (int, error) {
	if s == "" {
		return absent, nil
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 0 {
		return 0, refuse(ErrFormat, where, "want a count, got %q", clip(s))
	}
	return int(n), nil
}

func (doc *document) checkFeatures(m *Model) error {
	const where = "learner.learner_model_param.num_feature"
	n, err := natural(where, doc.numFeature, 0)
	if err != nil {
		return err
	}
	if n < 1 || n > maxFeatures {
		return refuse(ErrFeatures, where, "want 1 to %d, got %q", maxFeatures, clip(doc.numFeature))
	}
	m.NumFeatures = n

	if k := len(doc.features); k > 0 && k != n {
		return refuse(ErrFeatures, "learner.feature_names", "%d names for %d features", k, n)
	}
	m.features = doc.features
	if err := m.checkNames("learner.feature_names"); err != nil {
		return err
	}

	if doc.encoded {
		return refuse(ErrCategorical, "learner.gradient_booster.model.cats", "the model encodes categories itself; encode them before training")
	}
	for i, t := range doc.types {
		if t == "c" {
			return refuse(ErrCategorical, fmt.Sprintf("learner.feature_types[%d]", i), "a categorical feature; encode it as numbers before training")
		}
	}
	if s, ok := doc.attributes["scikit_learn"]; ok {
		return checkMissing(s)
	}
	return nil
}

func (m *Model) checkNames(where string) error {
	seen := map[string]bool{}
	for i, name := range m.features {
		if seen[name] {
			return refuse(ErrFeatures, fmt.Sprintf("%s[%d]", where, i), "%q stands twice", clip(name))
		}
		seen[name] = true
	}
	return nil
}

// checkMissing refuses a model for which something else than NaN is missing.
// Only the attributes that older versions of its scikit-learn class kept say so.
func checkMissing(attribute string) error {
	const where = "learner.attributes.scikit_learn"
	d := &decoder{source: &jsonReader{data: []byte(attribute)}}
	missing := float32(math.NaN())
	err := d.fields(func(key string) error {
		if key != "missing" {
			return d.skip()
		}
		j := d.source.(*jsonReader)
		if string(j.word()) == "null" {
			return d.skip()
		}
		var err error
		missing, err = d.float()
		return err
	})
	if err != nil {
		return within(where, err)
	}
	if missing == missing {
		return refuse(ErrFeatures, where, "missing is %v, want NaN: train on data in which a missing value is NaN", missing)
	}
	return nil
}

func (doc *document) checkBase(m *Model) error {
	const where = "learner.learner_model_param.base_score"
	list := []string{doc.baseScore}
	if s := doc.baseScore; strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") { // from XGBoost 3.1 on
		list = strings.Split(s[1:len(s)-1], ",")
	}
	if n := m.Outputs(); len(list) != 1 && len(list) != n {
		return refuse(ErrFormat, where, "%d numbers for %d outputs", len(list), n)
	}
	for i := range m.margins {
		base, err := strconv.ParseFloat(list[min(i, len(list)-1)], 32)
		if err != nil || math.IsNaN(base) || math.IsInf(base, 0) {
			return refuse(ErrFormat, where, "want a number, got %q", clip(doc.baseScore))
		}
		if m.link == logistic && (base <= 0 || base >= 1) {
			return refuse(ErrFormat, where, "want a probability between 0 and 1, got %q", clip(doc.baseScore))
		}
		if i == 0 {
			m.BaseScore = float64(float32(base))
		}
		m.margins[i] = m.link.baseMargin(float32(base))
	}
	return nil
}

func (doc *document) checkTrees(m *Model) error {
	n := len(doc.trees)
	if want, err := natural("num_trees", doc.numTrees, n); err != nil {
		return err
	} else if want != n {
		return refuse(ErrFormat, "trees", "%d trees where num_trees says %d", n, want)
	}
	if len(doc.treeInfo) != n {
		return refuse(ErrFormat, "tree_info", "%d entries for %d trees", len(doc.treeInfo), n)
	}
	for i, output := range doc.treeInfo {
		if output < 0 || output >= int64(m.Outputs()) {
			return refuse(ErrFormat, "tree_info", "tree %d belongs to output %d of %d", i, output, m.Outputs())
		}
	}
	if doc.booster == "dart" && len(doc.weightDrop) != n {
		return refuse(ErrFormat, "weight_drop", "%d weights for %d trees", len(doc.weightDrop), n)
	}
	keep, err := doc.rounds(n, m.Outputs())
	if err != nil {
		return err
	}
	if keep == 0 {
		return refuse(ErrFormat, "trees", "a model without trees")
	}
	for i, columns := range doc.trees {
		where := fmt.Sprintf("tree %d", i)
		t, err := columns.check(m.NumFeatures)
		if err != nil {
			return within(where, err)
		}
		t.output, t.weight = int(doc.treeInfo[i]), 1
		if doc.booster == "dart" {
			if t.weight = doc.weightDrop[i]; !finite(t.weight) {
				return refuse(ErrFormat, where, "weight is %v", t.weight)
			}
		}
		if i < keep {
			m.trees = append(m.trees, t)
		}
	}
	return nil
}

// rounds returns how many of n trees take part: all, or those up to the best
// iteration of a training that stopped early.
func (doc *document) rounds(n, outputs int) (int, error) {
	const where = "learner.attributes.best_iteration"
	best, ok := doc.attributes["best_iteration"]
	if !ok {
		return n, nil
	}
	last, err := natural(where, best, 0)
	if err != nil {
		return 0, err
	}
	keep := n + 1
	if p := doc.indptr; len(p) > 0 {
		if !slices.IsSorted(p) || p[0] != 0 || p[len(p)-1] != int64(n) {
			return 0, refuse(ErrFormat, "iteration_indptr", "want a rising sequence from 0 to %d", n)
		}
		if last+1 < len(p) {
			keep = int(p[last+1])
		}
	} else {
		parallel, err := natural("num_parallel_tree", doc.parallel, 1)
		if err != nil {
			return 0, err
		}
		if int64(last+1)*int64(parallel) <= int64(n/outputs) {
			keep = (last + 1) * parallel * outputs
		}
	}
	if keep > n {
		return 0, refuse(ErrFormat, where, "iteration %d of a model with %d trees", last, n)
	}
	return keep, nil
}

func finite(x float32) bool { return x-x == 0 }

// check makes a tree of its columns. It takes the nodes that the root reaches;
// pruned ones stay behind in the columns and may hold anything.
func (c *treeColumns) check(numFeatures int) (tree, error) {
	n := len(c.left)
	for _, col := range []struct {
		name string
		n    int
	}{
		{"right_children", len(c.right)}, {"split_indices", len(c.feature)}, {"split_conditions", len(c.condition)},
		{"default_left", len(c.defaultLeft)}, {"sum_hessian", len(c.cover)}, {"loss_changes", len(c.gain)},
	} {
		if col.n != n {
			return tree{}, refuse(ErrFormat, col.name, "%d entries where left_children has %d", col.n, n)
		}
	}
	if k := len(c.splitType); k != 0 && k != n {
		return tree{}, refuse(ErrFormat, "split_type", "%d entries where left_children has %d", k, n)
	}
	if c.categories > 0 || slices.ContainsFunc(c.splitType, func(t int64) bool { return t != 0 }) {
		return tree{}, refuse(ErrCategorical, "", "splits on a categorical feature; encode it as numbers before training")
	}
	if size, err := natural("tree_param.size_leaf_vector", c.leafSize, 0); err != nil {
		return tree{}, err
	} else if size > 1 {
		return tree{}, refuse(ErrObjective, "tree_param.size_leaf_vector", "leaves with %d outputs, want one", size)
	}
	if n == 0 {
		return tree{}, refuse(ErrFormat, "", "no nodes")
	}
	return c.walk(numFeatures)
}

// walk copies the nodes in the order of a walk that goes left first.
func (c *treeColumns) walk(numFeatures int) (tree, error) {
	type step struct {
		old, depth int
		link       *int32 // where the parent keeps the node's new index
	}
	t := tree{nodes: make([]node, 0, len(c.left))}
	seen := make([]bool, len(c.left))
	var root int32
	for stack := []step{{0, 0, &root}}; len(stack) > 0; {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		i := s.old
		where := fmt.Sprintf("node %d", i)
		if seen[i] {
			return t, refuse(ErrFormat, where, "reached twice")
		}
		seen[i] = true
		if s.depth > maxDepth {
			return t, refuse(ErrFormat, where, "deeper than %d splits", maxDepth)
		}
		t.depth = max(t.depth, s.depth)

		*s.link = int32(len(t.nodes))
		t.nodes = append(t.nodes, node{value: c.condition[i], cover: c.cover[i]})
		at := &t.nodes[len(t.nodes)-1]
		if !finite(at.cover) || at.cover < 0 {
			return t, refuse(ErrFormat, where, "sum_hessian is %v", at.cover)
		}
		left, right := c.left[i], c.right[i]
		if left == -1 && right == -1 {
			if !finite(at.value) {
				return t, refuse(ErrFormat, where, "leaf value is %v", at.value)
			}
			continue
		}
		for _, child := range []int64{left, right} {
			if child < 0 || child >= int64(len(seen)) {
				return t, refuse(ErrFormat, where, "child %d out of range", child)
			}
		}
		if at.value != at.value {
			return t, refuse(ErrFormat, where, "threshold is NaN")
		}
		if f := c.feature[i]; f < 0 || f >= int64(numFeatures) {
			return t, refuse(ErrFeatures, where, "splits on feature %d of %d", f, numFeatures)
		}
		at.feature, at.defaultLeft, at.gain = int32(c.feature[i]), c.defaultLeft[i], c.gain[i]
		if !finite(at.gain) {
			return t, refuse(ErrFormat, where, "loss_changes is %v", at.gain)
		}
		stack = append(stack, step{int(right), s.depth + 1, &at.right}, step{int(left), s.depth + 1, &at.left})
	}
	return t, nil
}
