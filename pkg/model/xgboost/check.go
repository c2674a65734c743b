package xgboost

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// check turns a document into a model, or says why it cannot be one.
func (doc *document) check() (*tree.Ensemble, error) {
	m := &tree.Ensemble{Library: "XGBoost", Objective: doc.objective, Booster: doc.booster}
	for _, step := range []func(*tree.Ensemble) error{doc.checkKind, doc.checkFeatures, doc.checkBase, doc.checkTrees} {
		if err := step(m); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// checkKind refuses what is another kind of model. It comes first, since such
// a model may look wrong in any other way too.
func (doc *document) checkKind(m *tree.Ensemble) error {
	if len(doc.version) != 3 || slices.Min(doc.version) < 0 || doc.version[0] < 1 {
		return tree.Refuse(tree.ErrFormat, "version", "want three numbers from 1.0.0 on, got %s", tree.Clip(fmt.Sprint(doc.version[:min(len(doc.version), 9)])))
	}
	m.Version = fmt.Sprintf("%d.%d.%d", doc.version[0], doc.version[1], doc.version[2])

	switch doc.booster {
	case "gbtree", "dart":
	case "":
		return tree.Refuse(tree.ErrFormat, "learner.gradient_booster.name", "missing")
	default:
		return tree.Refuse(tree.ErrBooster, "learner.gradient_booster.name", "%q is not supported, only gbtree and dart", tree.Clip(doc.booster))
	}

	const where = "learner.objective.name"
	switch doc.objective {
	case "":
		return tree.Refuse(tree.ErrFormat, where, "missing")
	case "multi:softmax":
		return tree.Refuse(tree.ErrObjective, where, "multi:softmax gives the likeliest class and no score: save the model with the objective multi:softprob")
	}
	o, ok := objectives[doc.objective]
	if m.Link = o.link; !ok {
		return tree.Refuse(tree.ErrObjective, where, "%q is not supported, only %s", tree.Clip(doc.objective), supported())
	}
	const params = "learner.learner_model_param."
	classes, err := tree.Count(params+"num_class", doc.numClass, 0)
	if err != nil {
		return err
	}
	switch {
	case m.Link == tree.Softmax && (classes < 2 || classes > len(doc.trees)):
		return tree.Refuse(tree.ErrFormat, params+"num_class", "%d classes in %d trees, want 2 or more and a tree for each", classes, len(doc.trees))
	case m.Link != tree.Softmax && classes > 1:
		return tree.Refuse(tree.ErrObjective, params+"num_class", "%d classes of %s, want one output", classes, doc.objective)
	}
	m.Margins = make([]float64, max(1, classes))
	targets, err := tree.Count(params+"num_target", doc.numTarget, 0)
	if err == nil && targets > 1 {
		err = tree.Refuse(tree.ErrObjective, params+"num_target", "a model with %d targets, want one", targets)
	}
	return err
}

func (doc *document) checkFeatures(m *tree.Ensemble) error {
	const where = "learner.learner_model_param.num_feature"
	n, err := tree.Count(where, doc.numFeature, 0)
	if err != nil {
		return err
	}
	if n < 1 || n > tree.MaxFeatures {
		return tree.Refuse(tree.ErrFeatures, where, "want 1 to %d, got %q", tree.MaxFeatures, tree.Clip(doc.numFeature))
	}
	m.NumFeatures = n

	if k := len(doc.features); k > 0 && k != n {
		return tree.Refuse(tree.ErrFeatures, "learner.feature_names", "%d names for %d features", k, n)
	}
	m.Features = doc.features
	if err := m.CheckNames("learner.feature_names"); err != nil {
		return err
	}

	if s, ok := doc.attributes["scikit_learn"]; ok {
		return checkMissing(s)
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
		return tree.Within(where, err)
	}
	if missing == missing {
		return tree.Refuse(tree.ErrFeatures, where, "missing is %v, want NaN: train on data in which a missing value is NaN", missing)
	}
	return nil
}

func (doc *document) checkBase(m *tree.Ensemble) error {
	const where = "learner.learner_model_param.base_score"
	list := []string{doc.baseScore}
	if s := doc.baseScore; strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") { // from XGBoost 3.1 on
		list = strings.Split(s[1:len(s)-1], ",")
	}
	if n := m.Outputs(); len(list) != 1 && len(list) != n {
		return tree.Refuse(tree.ErrFormat, where, "%d numbers for %d outputs", len(list), n)
	}
	for i := range m.Margins {
		base, err := strconv.ParseFloat(list[min(i, len(list)-1)], 32)
		if err != nil || math.IsNaN(base) || math.IsInf(base, 0) {
			return tree.Refuse(tree.ErrFormat, where, "want a number, got %q", tree.Clip(doc.baseScore))
		}
		scale := objectives[doc.objective].base
		if scale == tree.Exp && base <= 0 {
			return tree.Refuse(tree.ErrFormat, where, "want a number above 0, got %q", tree.Clip(doc.baseScore))
		}
		if scale == tree.Logistic && (base <= 0 || base >= 1) {
			return tree.Refuse(tree.ErrFormat, where, "want a probability between 0 and 1, got %q", tree.Clip(doc.baseScore))
		}
		if i == 0 {
			m.BaseScore = float64(float32(base))
		}
		m.Margins[i] = float64(baseMargin(scale, float32(base)))
	}
	return nil
}

func (doc *document) checkTrees(m *tree.Ensemble) error {
	n := len(doc.trees)
	if want, err := tree.Count("num_trees", doc.numTrees, n); err != nil {
		return err
	} else if want != n {
		return tree.Refuse(tree.ErrFormat, "trees", "%d trees where num_trees says %d", n, want)
	}
	if len(doc.treeInfo) != n {
		return tree.Refuse(tree.ErrFormat, "tree_info", "%d entries for %d trees", len(doc.treeInfo), n)
	}
	for i, output := range doc.treeInfo {
		if output < 0 || output >= int64(m.Outputs()) {
			return tree.Refuse(tree.ErrFormat, "tree_info", "tree %d belongs to output %d of %d", i, output, m.Outputs())
		}
	}
	if doc.booster == "dart" && len(doc.weightDrop) != n {
		return tree.Refuse(tree.ErrFormat, "weight_drop", "%d weights for %d trees", len(doc.weightDrop), n)
	}
	keep, err := doc.rounds(n, m.Outputs())
	if err != nil {
		return err
	}
	if keep == 0 {
		return tree.Refuse(tree.ErrFormat, "trees", "a model without trees")
	}
	var sets tree.Sets
	for i := range doc.trees {
		where := fmt.Sprintf("tree %d", i)
		t, err := doc.trees[i].check(m.NumFeatures, &sets)
		if err != nil {
			return tree.Within(where, err)
		}
		t.Output = int(doc.treeInfo[i])
		if doc.booster == "dart" {
			weight := doc.weightDrop[i]
			if weight-weight != 0 { // NaN or infinite
				return tree.Refuse(tree.ErrFormat, where, "weight is %v", weight)
			}
			for k := range t.Nodes {
				if n := &t.Nodes[k]; n.IsLeaf() {
					n.Value = float64(float32(n.Value) * weight) // rounded by itself, as XGBoost does
				}
			}
		}
		if i < keep {
			m.Trees = append(m.Trees, t)
		}
	}
	m.Sets = sets.All
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
	last, err := tree.Count(where, best, 0)
	if err != nil {
		return 0, err
	}
	keep := n + 1
	if p := doc.indptr; len(p) > 0 {
		if !slices.IsSorted(p) || p[0] != 0 || p[len(p)-1] != int64(n) {
			return 0, tree.Refuse(tree.ErrFormat, "iteration_indptr", "want a rising sequence from 0 to %d", n)
		}
		if last+1 < len(p) {
			keep = int(p[last+1])
		}
	} else {
		parallel, err := tree.Count("num_parallel_tree", doc.parallel, 1)
		if err != nil {
			return 0, err
		}
		if int64(last+1)*int64(parallel) <= int64(n/outputs) {
			keep = (last + 1) * parallel * outputs
		}
	}
	if keep > n {
		return 0, tree.Refuse(tree.ErrFormat, where, "iteration %d of a model with %d trees", last, n)
	}
	return keep, nil
}

// check makes a tree of its columns.
func (c *treeColumns) check(numFeatures int, sets *tree.Sets) (tree.Tree, error) {
	n := len(c.Left)
	for _, col := range []struct {
		name string
		n    int
	}{
		{"right_children", len(c.Right)}, {"split_indices", len(c.Feature)}, {"split_conditions", len(c.Value)},
		{"default_left", len(c.DefaultLeft)}, {"sum_hessian", len(c.Cover)}, {"loss_changes", len(c.Gain)},
	} {
		if col.n != n {
			return tree.Tree{}, tree.Refuse(tree.ErrFormat, col.name, "%d entries where left_children has %d", col.n, n)
		}
	}
	if k := len(c.splitType); k != 0 && k != n {
		return tree.Tree{}, tree.Refuse(tree.ErrFormat, "split_type", "%d entries where left_children has %d", k, n)
	}
	if err := c.takeSets(sets); err != nil {
		return tree.Tree{}, err
	}
	if size, err := tree.Count("tree_param.size_leaf_vector", c.leafSize, 0); err != nil {
		return tree.Tree{}, err
	} else if size > 1 {
		return tree.Tree{}, tree.Refuse(tree.ErrObjective, "tree_param.size_leaf_vector", "leaves with %d outputs, want one", size)
	}
	return c.Tree(numFeatures)
}
