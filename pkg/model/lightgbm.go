package model

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// lightgbmLinks are the objectives of LightGBM that are supported, with their
// parameters where those would change a score.
var lightgbmLinks = map[string]link{
	"binary sigmoid:1": logistic,
	"cross_entropy":    logistic,
	"multiclass":       softmax,
	"regression":       identity,
	"regression_l1":    identity,
	"huber":            identity,
	"fair":             identity,
	"quantile":         identity,
	"mape":             identity,
}

// section is a run of key=value lines.
type section map[string]string

// lightgbm reads a model as LightGBM's save_model writes it: sections of
// key=value lines between blank ones, first the model's, then one a tree.
func lightgbm(data []byte) (*Model, error) {
	r := &lineReader{data: data}
	head, err := r.section()
	if err != nil {
		return nil, err
	}
	m := &Model{Library: "LightGBM", Version: head["version"], Booster: "gbtree"}
	if err := m.lightgbmHead(head, len(data)); err != nil {
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
		where := fmt.Sprintf("tree %d", len(m.trees))
		if s["Tree"] != strconv.Itoa(len(m.trees)) {
			return nil, refuse(ErrFormat, where, "want Tree=%d, got %q", len(m.trees), clip(s["Tree"]))
		}
		t, err := s.tree(m.NumFeatures)
		if err != nil {
			return nil, within(where, err)
		}
		t.weight, t.output = 1, len(m.trees)%m.Outputs()
		m.trees = append(m.trees, t)
	}
	if len(m.trees) == 0 || len(m.trees)%m.Outputs() != 0 {
		return nil, refuse(ErrFormat, "trees", "%d trees for %d outputs", len(m.trees), m.Outputs())
	}
	return m, nil
}

func (m *Model) lightgbmHead(head section, size int) error {
	if v := head["version"]; v != "v3" && v != "v4" {
		return refuse(ErrFormat, "version", "want v3 or v4, got %q", clip(v))
	}
	if _, ok := head["average_output"]; ok {
		return refuse(ErrBooster, "average_output", "a random forest is not supported")
	}
	words := strings.Fields(head["objective"])
	if len(words) == 0 {
		return refuse(ErrFormat, "objective", "missing")
	}
	m.Objective = words[0]
	name := strings.Join(slices.DeleteFunc(words, func(w string) bool { return strings.HasPrefix(w, "num_class:") }), " ")
	var ok bool
	if m.link, ok = lightgbmLinks[name]; !ok {
		return refuse(ErrObjective, "objective", "LightGBM's %q is not supported", clip(name))
	}
	outputs, err := natural("num_tree_per_iteration", head["num_tree_per_iteration"], 0)
	if err != nil {
		return err
	}
	// A model has at least one tree an output, and a tree more than 8 bytes.
	if outputs < 1 || (m.link == softmax) != (outputs > 1) || outputs > size/8 {
		return refuse(ErrFormat, "num_tree_per_iteration", "%d outputs of %s", outputs, m.Objective)
	}
	last, err := natural("max_feature_idx", head["max_feature_idx"], -1)
	if err != nil {
		return err
	}
	if m.NumFeatures = last + 1; m.NumFeatures < 1 || m.NumFeatures > maxFeatures {
		return refuse(ErrFeatures, "max_feature_idx", "want 0 to %d, got %q", maxFeatures-1, clip(head["max_feature_idx"]))
	}
	m.features = strings.Fields(head["feature_names"])
	if len(m.features) != m.NumFeatures {
		return refuse(ErrFeatures, "feature_names", "%d names for %d features", len(m.features), m.NumFeatures)
	}
	if err := m.checkNames("feature_names"); err != nil {
		return err
	}
	m.margins = make([]float32, outputs) // the first trees hold what training began with
	return nil
}

// Bits of a split's decision_type.
const (
	lightgbmCategory = 1
	lightgbmLeft     = 2 // where a missing value goes
	lightgbmMissing  = 3 << 2
	lightgbmZero     = 1 << 2 // 0 is missing too
	lightgbmNaN      = 2 << 2
)

// lightgbmTiny bounds the values that LightGBM takes for 0.
const lightgbmTiny = float32(1e-35)

// tree makes a tree of a section. LightGBM goes left at x <= t, t a float64; for
// a float32 x that is x < threshold(t).
func (s section) tree(numFeatures int) (tree, error) {
	leaves, err := natural("num_leaves", s["num_leaves"], 0)
	if err != nil {
		return tree{}, err
	}
	if leaves < 1 {
		return tree{}, refuse(ErrFormat, "num_leaves", "want 1 or more, got %q", clip(s["num_leaves"]))
	}
	if n := s["num_cat"]; n != "" && n != "0" {
		return tree{}, refuse(ErrCategorical, "", "splits on a categorical feature; encode it as numbers before training")
	}
	if n := s["is_linear"]; n != "" && n != "0" {
		return tree{}, refuse(ErrBooster, "", "linear models in leaves are not supported")
	}
	values, err := numbers(s, "leaf_value", leaves)
	if err != nil {
		return tree{}, err
	}
	if leaves == 1 {
		c := &treeColumns{left: []int64{-1}, right: []int64{-1}, feature: []int64{0}, condition: []float32{float32(values[0])},
			defaultLeft: []bool{false}, cover: []float32{0}, gain: []float32{0}}
		return c.check(numFeatures)
	}
	splits := leaves - 1
	real, whole := map[string][]float64{}, map[string][]int64{}
	for _, name := range []string{"threshold", "split_gain"} {
		if real[name], err = numbers(s, name, splits); err != nil {
			return tree{}, err
		}
	}
	for _, name := range []string{"split_feature", "decision_type", "left_child", "right_child", "internal_count", "leaf_count"} {
		n := splits
		if name == "leaf_count" {
			n = leaves
		}
		if whole[name], err = integers(s, name, n); err != nil {
			return tree{}, err
		}
	}

	// The splits are the first nodes, the leaves follow.
	c := &treeColumns{}
	child := func(x int64) int64 {
		if x < 0 {
			return int64(splits) - 1 - x
		}
		return x
	}
	for i := range splits {
		kind, t := whole["decision_type"][i], real["threshold"][i]
		if kind&lightgbmCategory != 0 {
			return tree{}, refuse(ErrCategorical, "", "splits on a categorical feature; encode it as numbers before training")
		}
		left := kind&lightgbmLeft != 0
		switch kind & lightgbmMissing {
		case lightgbmNaN:
		case lightgbmZero:
			return tree{}, refuse(ErrFeatures, "", "zero_as_missing is not supported: train with missing values as NaN")
		default: // NaN is 0 where training met none
			left = 0 <= t
		}
		if t != t {
			return tree{}, refuse(ErrFormat, fmt.Sprintf("node %d", i), "threshold is NaN")
		}
		c.left, c.right = append(c.left, child(whole["left_child"][i])), append(c.right, child(whole["right_child"][i]))
		c.feature = append(c.feature, whole["split_feature"][i])
		c.condition = append(c.condition, threshold(t))
		c.defaultLeft = append(c.defaultLeft, left)
		c.cover, c.gain = append(c.cover, float32(whole["internal_count"][i])), append(c.gain, float32(real["split_gain"][i]))
	}
	for i, v := range values {
		c.left, c.right, c.feature = append(c.left, -1), append(c.right, -1), append(c.feature, 0)
		c.condition, c.defaultLeft = append(c.condition, float32(v)), append(c.defaultLeft, false)
		c.cover, c.gain = append(c.cover, float32(whole["leaf_count"][i])), append(c.gain, 0)
	}
	return c.check(numFeatures)
}

// threshold is the smallest float32 that goes right at t: the first one above
// t, but all that count as 0 go the way of 0.
func threshold(t float64) float32 {
	const tiny = float64(lightgbmTiny)
	switch {
	case -tiny <= t && t < 0:
		return -lightgbmTiny
	case 0 <= t && t < tiny:
		t = tiny
	}
	f := float32(t)
	if float64(f) > t {
		return f
	}
	return math.Nextafter32(f, float32(math.Inf(1)))
}

// numbers are the n numbers of a line.
func numbers(s section, name string, n int) ([]float64, error) {
	words := strings.Fields(s[name])
	if len(words) != n {
		return nil, refuse(ErrFormat, name, "%d numbers, want %d", len(words), n)
	}
	values := make([]float64, n)
	for i, w := range words {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil {
			return nil, refuse(ErrFormat, fmt.Sprintf("%s[%d]", name, i), "want a number, got %q", clip(w))
		}
		values[i] = v
	}
	return values, nil
}

func integers(s section, name string, n int) ([]int64, error) {
	values, err := numbers(s, name, n)
	if err != nil {
		return nil, err
	}
	whole := make([]int64, n)
	for i, v := range values {
		if v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
			return nil, refuse(ErrFormat, fmt.Sprintf("%s[%d]", name, i), "want an integer, got %v", v)
		}
		whole[i] = int64(v)
	}
	return whole, nil
}

type lineReader struct {
	data []byte
	line int
}

// section reads the lines up to a blank one, or nil at the trees' end. A line
// without = is a key without a value.
func (r *lineReader) section() (section, error) {
	s := section{}
	for len(r.data) > 0 {
		line, rest, whole := bytes.Cut(r.data, []byte("\n"))
		r.line++
		r.data = rest
		text := strings.TrimRight(string(line), "\r")
		switch {
		case !whole: // the end of the trees is a line
		case text == "end of trees" && len(s) == 0:
			return nil, nil
		case text != "":
			key, value, _ := strings.Cut(text, "=")
			if _, twice := s[key]; twice {
				return nil, refuse(ErrFormat, fmt.Sprintf("line %d", r.line), "%s stands twice in one section", step(key))
			}
			s[key] = value
		case len(s) > 0:
			return s, nil
		}
	}
	return nil, refuse(ErrFormat, fmt.Sprintf("line %d", r.line), "the file ends before its trees do")
}
