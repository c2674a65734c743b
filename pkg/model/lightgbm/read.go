// Package lightgbm reads models as LightGBM's save_model writes them, text.
// LightGBM 3.3 and 4.6 were tried. What cannot be scored as LightGBM scores it is
// refused by name, with an error that matches one of those of package tree.
package lightgbm

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// links are the objectives that are supported, with their parameters where those
// would change a score.
var links = map[string]tree.Link{
	"binary sigmoid:1": tree.Logistic,
	"cross_entropy":    tree.Logistic,
	"multiclass":       tree.Softmax,
	"regression":       tree.Identity,
	"regression_l1":    tree.Identity,
	"huber":            tree.Identity,
	"fair":             tree.Identity,
	"quantile":         tree.Identity,
	"mape":             tree.Identity,
}

// Read reads a model: sections of key=value lines between blank ones, first the
// model's, then one a tree.
func Read(data []byte) (*tree.Ensemble, error) {
	r := &lineReader{data: data}
	head, err := r.section()
	if err != nil {
		return nil, err
	}
	m := &tree.Ensemble{Library: "LightGBM", Version: head["version"], Booster: "gbtree"}
	if err := head.fill(m, len(data)); err != nil {
		return nil, err
	}
	for {
		s, err := r.section()
		if err != nil {
			return nil, err
		}
		if s == nil {
			break
		}
		where := fmt.Sprintf("tree %d", len(m.Trees))
		if s["Tree"] != strconv.Itoa(len(m.Trees)) {
			return nil, tree.Refuse(tree.ErrFormat, where, "want Tree=%d, got %q", len(m.Trees), tree.Clip(s["Tree"]))
		}
		t, err := s.tree(m.NumFeatures)
		if err != nil {
			return nil, tree.Within(where, err)
		}
		t.Output = len(m.Trees) % m.Outputs()
		m.Trees = append(m.Trees, t)
	}
	if len(m.Trees) == 0 || len(m.Trees)%m.Outputs() != 0 {
		return nil, tree.Refuse(tree.ErrFormat, "trees", "%d trees for %d outputs", len(m.Trees), m.Outputs())
	}
	return m, nil
}

// fill sets what the section of the model says of it; the file has size bytes.
func (s section) fill(m *tree.Ensemble, size int) error {
	if v := s["version"]; v != "v3" && v != "v4" {
		return tree.Refuse(tree.ErrFormat, "version", "want v3 or v4, got %q", tree.Clip(v))
	}
	if _, ok := s["average_output"]; ok {
		return tree.Refuse(tree.ErrBooster, "average_output", "a random forest is not supported")
	}
	words := strings.Fields(s["objective"])
	if len(words) == 0 {
		return tree.Refuse(tree.ErrFormat, "objective", "missing")
	}
	m.Objective = words[0]
	name := strings.Join(slices.DeleteFunc(words, func(w string) bool { return strings.HasPrefix(w, "num_class:") }), " ")
	var ok bool
	if m.Link, ok = links[name]; !ok {
		return tree.Refuse(tree.ErrObjective, "objective", "LightGBM's %q is not supported", tree.Clip(name))
	}
	outputs, err := tree.Count("num_tree_per_iteration", s["num_tree_per_iteration"], 0)
	if err != nil {
		return err
	}
	// A model has at least one tree an output, and a tree more than 8 bytes.
	if outputs < 1 || (m.Link == tree.Softmax) != (outputs > 1) || outputs > size/8 {
		return tree.Refuse(tree.ErrFormat, "num_tree_per_iteration", "%d outputs of %s", outputs, m.Objective)
	}
	last, err := tree.Count("max_feature_idx", s["max_feature_idx"], -1)
	if err != nil {
		return err
	}
	if m.NumFeatures = last + 1; m.NumFeatures < 1 || m.NumFeatures > tree.MaxFeatures {
		return tree.Refuse(tree.ErrFeatures, "max_feature_idx", "want 0 to %d, got %q", tree.MaxFeatures-1, tree.Clip(s["max_feature_idx"]))
	}
	m.Features = strings.Fields(s["feature_names"])
	if len(m.Features) != m.NumFeatures {
		return tree.Refuse(tree.ErrFeatures, "feature_names", "%d names for %d features", len(m.Features), m.NumFeatures)
	}
	if err := m.CheckNames("feature_names"); err != nil {
		return err
	}
	m.Margins = make([]float32, outputs) // the first trees hold what training began with
	return nil
}
