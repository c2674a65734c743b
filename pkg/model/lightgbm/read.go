// Package lightgbm reads models as LightGBM's save_model writes them, text.
// LightGBM 3.3 and 4.6 were tried. What cannot be scored as LightGBM scores it is
// refused by name, with an error that matches one of those of package tree.
package lightgbm

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// Read reads a model: sections of key=value lines between blank ones, first the
// model's, then one a tree.
func Read(data []byte) (*tree.Ensemble, error) {
	r := &lineReader{data: data}
	head, err := r.section()
	if err != nil {
		return nil, err
	}
	m := &tree.Ensemble{Library: "LightGBM", Version: head["version"], Booster: "gbtree", Double: true}
	scale, err := head.fill(m, len(data))
	if err != nil {
		return nil, err
	}
	trees := reader{m: m}
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
		t, err := trees.tree(s)
		if err != nil {
			return nil, tree.Within(where, err)
		}
		t.Output = len(m.Trees) % m.Outputs()
		m.Trees = append(m.Trees, t)
	}
	if len(m.Trees) == 0 || len(m.Trees)%m.Outputs() != 0 {
		return nil, tree.Refuse(tree.ErrFormat, "trees", "%d trees for %d outputs", len(m.Trees), m.Outputs())
	}
	if m.Sets = trees.sets.All; m.ZeroGone && trees.nan {
		return nil, tree.Refuse(tree.ErrFeatures, "decision_type", "0 is missing in some splits and a number in others: such a model is not supported")
	}
	if m.Booster == "rf" { // a score is the mean of its trees
		scale /= float64(len(m.Trees) / m.Outputs())
	}
	if scale != 1 {
		for k := range m.Trees {
			m.Trees[k].Scale(scale)
		}
	}
	return m, nil
}

// fill sets what the section of the model says of it, and returns what leaves are
// multiplied by; the file has size bytes.
func (s section) fill(m *tree.Ensemble, size int) (scale float64, err error) {
	if v := s["version"]; v != "v3" && v != "v4" {
		return 0, tree.Refuse(tree.ErrFormat, "version", "want v3 or v4, got %q", tree.Clip(v))
	}
	if _, ok := s["average_output"]; ok {
		m.Booster = "rf"
	}
	text, ok := s["objective"]
	if !ok {
		return 0, tree.Refuse(tree.ErrObjective, "objective", "none, as LightGBM writes it of one's own function: what its sums mean is not known")
	}
	o, scale, err := objectiveOf(text)
	if err != nil {
		return 0, err
	}
	m.Objective, m.Link = o.name, o.link
	outputs, err := tree.Count("num_tree_per_iteration", s["num_tree_per_iteration"], 0)
	if err != nil {
		return 0, err
	}
	// A model has at least one tree an output, and a tree more than 8 bytes.
	if outputs < 1 || o.classes != (outputs > 1) || outputs > size/8 {
		return 0, tree.Refuse(tree.ErrFormat, "num_tree_per_iteration", "%d outputs of %s", outputs, m.Objective)
	}
	last, err := tree.Count("max_feature_idx", s["max_feature_idx"], -1)
	if err != nil {
		return 0, err
	}
	if m.NumFeatures = last + 1; m.NumFeatures < 1 || m.NumFeatures > tree.MaxFeatures {
		return 0, tree.Refuse(tree.ErrFeatures, "max_feature_idx", "want 0 to %d, got %q", tree.MaxFeatures-1, tree.Clip(s["max_feature_idx"]))
	}
	m.Features = strings.Fields(s["feature_names"])
	if len(m.Features) != m.NumFeatures {
		return 0, tree.Refuse(tree.ErrFeatures, "feature_names", "%d names for %d features", len(m.Features), m.NumFeatures)
	}
	if err := m.CheckNames("feature_names"); err != nil {
		return 0, err
	}
	m.Margins = make([]float64, outputs) // the first trees hold what training began with
	return scale, nil
}
