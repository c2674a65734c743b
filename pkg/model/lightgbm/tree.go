package lightgbm

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// Bits of a split's decision_type.
const (
	isCategory  = 1
	goesLeft    = 2 // where a missing value goes
	missingKind = 3 << 2
	missingZero = 1 << 2 // 0 is missing too
	missingNaN  = 2 << 2
)

// reader makes trees of sections.
type reader struct {
	m    *tree.Ensemble
	sets tree.Sets
	nan  bool // a split takes NaN alone as missing
}

// tree makes a tree of a section. LightGBM goes left at x <= t, which is
// x < threshold(t).
func (r *reader) tree(s section) (tree.Tree, error) {
	m := r.m
	leaves, err := tree.Count("num_leaves", s["num_leaves"], 0)
	if err != nil {
		return tree.Tree{}, err
	}
	if leaves < 1 {
		return tree.Tree{}, tree.Refuse(tree.ErrFormat, "num_leaves", "want 1 or more, got %q", tree.Clip(s["num_leaves"]))
	}
	if n := s["is_linear"]; n != "" && n != "0" {
		return tree.Tree{}, tree.Refuse(tree.ErrBooster, "", "linear models in leaves are not supported")
	}
	values, err := numbers(s, "leaf_value", leaves)
	if err != nil {
		return tree.Tree{}, err
	}
	if leaves == 1 {
		c := &tree.Columns{Left: []int64{-1}, Right: []int64{-1}, Feature: []int64{0}, Value: []float64{values[0]},
			DefaultLeft: []bool{false}, Cover: []float32{0}, Gain: []float32{0}}
		return c.Tree(m.NumFeatures)
	}
	splits := leaves - 1
	floats, whole := map[string][]float64{}, map[string][]int64{}
	for _, name := range []string{"threshold", "split_gain"} {
		if floats[name], err = numbers(s, name, splits); err != nil {
			return tree.Tree{}, err
		}
	}
	for _, name := range []string{"split_feature", "decision_type", "left_child", "right_child", "internal_count", "leaf_count"} {
		n := splits
		if name == "leaf_count" {
			n = leaves
		}
		if whole[name], err = integers(s, name, n); err != nil {
			return tree.Tree{}, err
		}
	}

	sets, err := s.sets()
	if err != nil {
		return tree.Tree{}, err
	}

	// The splits are the first nodes, the leaves follow.
	c := &tree.Columns{}
	child := func(x int64) int64 {
		if x < 0 {
			return int64(splits) - 1 - x
		}
		return x
	}
	for i := range splits {
		kind, t := whole["decision_type"][i], floats["threshold"][i]
		if t != t {
			return tree.Tree{}, tree.Refuse(tree.ErrFormat, fmt.Sprintf("node %d", i), "threshold is NaN")
		}
		left, category := kind&goesLeft != 0, kind&isCategory != 0
		switch missing := kind & missingKind; {
		case category: // a missing value is in no set
			at, err := sets.place(t, &r.sets)
			if err != nil {
				return tree.Tree{}, tree.Within(fmt.Sprintf("node %d", i), err)
			}
			left, t = false, float64(at)
		case missing == missingNaN:
			r.nan = true
		case missing == missingZero:
			m.ZeroGone = true
		default: // NaN is 0 where training met none
			left = 0 <= t
		}
		if !category {
			t = threshold(t)
		}
		c.Left, c.Right = append(c.Left, child(whole["left_child"][i])), append(c.Right, child(whole["right_child"][i]))
		c.Feature = append(c.Feature, whole["split_feature"][i])
		c.Value, c.Category = append(c.Value, t), append(c.Category, category)
		c.DefaultLeft = append(c.DefaultLeft, left)
		c.Cover, c.Gain = append(c.Cover, float32(whole["internal_count"][i])), append(c.Gain, float32(floats["split_gain"][i]))
	}
	for i, v := range values {
		c.Left, c.Right, c.Feature = append(c.Left, -1), append(c.Right, -1), append(c.Feature, 0)
		c.Value, c.Category, c.DefaultLeft = append(c.Value, v), append(c.Category, false), append(c.DefaultLeft, false)
		c.Cover, c.Gain = append(c.Cover, float32(whole["leaf_count"][i])), append(c.Gain, 0)
	}
	return c.Tree(m.NumFeatures)
}

// threshold is the smallest number that goes right at t: the first one above t,
// but all that count as 0 go the way of 0.
func threshold(t float64) float64 {
	switch {
	case -tree.Tiny <= t && t < 0:
		return -tree.Tiny
	case 0 <= t && t < tree.Tiny:
		t = tree.Tiny
	}
	return math.Nextafter(t, math.Inf(1))
}
