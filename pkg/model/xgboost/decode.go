package xgboost

import (
	"fmt"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// document is what a file says, before it is checked. A field that the file
// lacks is left zero.
type document struct {
	version    []int64
	objective  string
	features   []string
	attributes map[string]string
	baseScore  string
	numClass   string
	numFeature string
	numTarget  string
	booster    string
	weightDrop []float32
	numTrees   string
	parallel   string
	indptr     []int64 // trees before each iteration, from XGBoost 2.0 on
	treeInfo   []int64 // output group of each tree
	trees      []treeColumns
}

// treeColumns is a tree as parallel arrays, one entry a node.
type treeColumns struct {
	tree.Columns
	splitType  []int64
	categories []int64 // of all splits on one
	nodes      []int64 // that have such a split
	segments   []int64 // where in categories those of each begin
	sizes      []int64 // how many each has
	leafSize   string
}

type decoder struct {
	source
	doc document
}

func decode(src source) (*document, error) {
	d := &decoder{source: src}
	err := d.fields(d.top)
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return nil, err
	}
	return &d.doc, nil
}

// fields reads an object, member by member; a member that comes twice is
// refused, and errors carry its name.
func (d *decoder) fields(member func(key string) error) error {
	seen := map[string]bool{}
	return d.object(func(key string) error {
		if seen[key] {
			return tree.Refuse(tree.ErrFormat, tree.Step(key), "stands twice in one object")
		}
		seen[key] = true
		if err := member(key); err != nil {
			return tree.Under(tree.Step(key), err)
		}
		return nil
	})
}

// list reads an array into *to; errors carry the index.
func list[T any](d *decoder, to *[]T, read func() (T, error)) error {
	return d.array(func(i int) error {
		v, err := read()
		if err != nil {
			return tree.Under(fmt.Sprintf("[%d]", i), err)
		}
		*to = append(*to, v)
		return nil
	})
}

func (d *decoder) string(to *string) error {
	s, err := d.text()
	*to = s
	return err
}

func (d *decoder) wide() (float64, error) {
	x, err := d.float()
	return float64(x), err
}

func (d *decoder) top(key string) error {
	switch key {
	case "learner":
		return d.fields(d.learner)
	case "version":
		return list(d, &d.doc.version, d.integer)
	case "Model": // of a pickled Booster, beside its Config
		return d.fields(d.top)
	}
	return d.skip()
}

func (d *decoder) learner(key string) error {
	switch key {
	case "attributes":
		d.doc.attributes = map[string]string{}
		return d.fields(func(key string) error {
			s, err := d.text()
			d.doc.attributes[key] = s
			return err
		})
	case "feature_names":
		return list(d, &d.doc.features, d.text)
	case "gradient_booster":
		return d.fields(d.booster)
	case "learner_model_param":
		return d.fields(d.param)
	case "objective":
		return d.fields(func(key string) error {
			if key == "name" {
				return d.string(&d.doc.objective)
			}
			return d.skip()
		})
	}
	return d.skip()
}

func (d *decoder) param(key string) error {
	switch key {
	case "base_score":
		return d.string(&d.doc.baseScore)
	case "num_class":
		return d.string(&d.doc.numClass)
	case "num_feature":
		return d.string(&d.doc.numFeature)
	case "num_target":
		return d.string(&d.doc.numTarget)
	}
	return d.skip()
}

func (d *decoder) booster(key string) error {
	switch key {
	case "name":
		return d.string(&d.doc.booster)
	case "model":
		return d.fields(d.forest)
	case "gbtree": // the trees of a dart booster
		return d.fields(func(key string) error {
			if key == "model" {
				return d.fields(d.forest)
			}
			return d.skip()
		})
	case "weight_drop":
		return list(d, &d.doc.weightDrop, d.float)
	}
	return d.skip()
}

func (d *decoder) forest(key string) error {
	switch key {
	case "gbtree_model_param":
		return d.fields(func(key string) error {
			switch key {
			case "num_trees":
				return d.string(&d.doc.numTrees)
			case "num_parallel_tree":
				return d.string(&d.doc.parallel)
			}
			return d.skip()
		})
	case "iteration_indptr":
		return list(d, &d.doc.indptr, d.integer)
	case "tree_info":
		return list(d, &d.doc.treeInfo, d.integer)
	case "trees":
		return list(d, &d.doc.trees, d.tree)
	}
	return d.skip()
}

func (d *decoder) tree() (treeColumns, error) {
	var t treeColumns
	err := d.fields(func(key string) error {
		switch key {
		case "left_children":
			return list(d, &t.Left, d.integer)
		case "right_children":
			return list(d, &t.Right, d.integer)
		case "split_indices":
			return list(d, &t.Feature, d.integer)
		case "split_conditions":
			return list(d, &t.Value, d.wide)
		case "default_left":
			return list(d, &t.DefaultLeft, d.flag)
		case "split_type":
			return list(d, &t.splitType, d.integer)
		case "sum_hessian":
			return list(d, &t.Cover, d.float)
		case "loss_changes":
			return list(d, &t.Gain, d.float)
		case "categories":
			return list(d, &t.categories, d.integer)
		case "categories_nodes":
			return list(d, &t.nodes, d.integer)
		case "categories_segments":
			return list(d, &t.segments, d.integer)
		case "categories_sizes":
			return list(d, &t.sizes, d.integer)
		case "tree_param":
			return d.fields(func(key string) error {
				if key == "size_leaf_vector" {
					return d.string(&t.leafSize)
				}
				return d.skip()
			})
		}
		return d.skip()
	})
	return t, err
}
