// Package export writes an ensemble as other programs read it: ONNX, and the
// old XGBoost format that the leaves library knows.
package export

import (
	"encoding/json"
	"io"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// Names in the graph that ONNX writes.
const (
	ONNXInput         = "input"
	ONNXScore         = "score"
	onnxLabel         = "label"
	onnxProbabilities = "probabilities"
)

// Types of a tensor's values.
const (
	typeFloat   = 1
	typeInteger = 7
	typeDouble  = 11
)

// The operator sets are those of ONNX 1.11, as is the format's version.
const (
	onnxIR    = 8
	onnxOpset = 16
	onnxTrees = 3 // of the domain ai.onnx.ml
)

// ONNXOptions says how ONNX writes.
type ONNXOptions struct {
	// ModelSHA256 is the hash of the file that the model was read from, in
	// lower-case hex, for the metadata.
	ModelSHA256 string
	// Compat replaces the output score by the two that converters for Python
	// make: label (int64[n], the likeliest class, the first of equals) and
	// probabilities (float[n, classes]). A probability model alone has them.
	Compat bool
}

// ONNX writes the model as ONNX: input (float[n, features], or double for a
// model that compares in float64; NaN is missing) to score (float[n, outputs]), as
// Predict gives it. Names of the
// features, objective, and the hash of the model's file are in the metadata
// under leadsman.features (a JSON array), leadsman.objective and
// leadsman.model_sha256. The same model gives the same bytes.
//
// The trees are a TreeEnsembleRegressor, whose sum a Sigmoid or Softmax makes a
// probability: ONNX Runtime ignores the LOGISTIC that the regressor itself could
// have, and before 1.26 its TreeEnsembleClassifier gave margins for
// probabilities where no leaf is negative.
func ONNX(w io.Writer, m *tree.Ensemble, o ONNXOptions) error {
	if o.Compat && m.Link != tree.Softmax && (m.Link != tree.Logistic || m.Outputs() > 1) {
		return tree.Refuse(tree.ErrObjective, "", "labels and probabilities want a classifier, not %s", m.Objective)
	}
	_, err := w.Write(onnx(m, o))
	return err
}

func onnx(m *tree.Ensemble, o ONNXOptions) message {
	var metadata []message
	entry := func(key, value string) {
		metadata = append(metadata, message{}.text(1, key).text(2, value))
	}
	if m.Features != nil {
		names, err := json.Marshal(m.Features)
		if err != nil {
			panic(err) // strings are no reason
		}
		entry("leadsman.features", string(names))
	}
	entry("leadsman.model_sha256", o.ModelSHA256)
	entry("leadsman.objective", m.Objective)

	var model message
	model = model.number(1, onnxIR).text(2, "leadsman").sub(7, graph(m, o))
	model = model.sub(8, message{}.text(1, "").number(2, onnxOpset))
	model = model.sub(8, message{}.text(1, "ai.onnx.ml").number(2, onnxTrees))
	for _, e := range metadata {
		model = model.sub(14, e)
	}
	return model
}

func graph(m *tree.Ensemble, o ONNXOptions) message {
	in := int64(typeFloat)
	if m.Double {
		in = typeDouble
	}
	var g message
	trees := ONNXScore
	if m.Link != tree.Identity {
		trees = "margin"
	}
	rows := prepare(m, in)
	g = append(g, rows.nodes...)
	g = g.sub(1, ensemble(rows.plain, rows.output, trees))
	probability := ONNXScore
	if m.Link == tree.Softmax && o.Compat {
		probability = onnxProbabilities
	}
	for _, n := range link(m.Link, trees, probability) {
		g = g.sub(1, n)
	}
	if o.Compat {
		if m.Link == tree.Logistic {
			g = g.sub(1, operator("Sub", []string{"one", probability}, "other"))
			g = g.sub(1, operator("Concat", []string{"other", probability}, onnxProbabilities, integerAttribute("axis", 1)))
		}
		g = g.sub(1, operator("ArgMax", []string{onnxProbabilities}, onnxLabel, integerAttribute("axis", 1), integerAttribute("keepdims", 0)))
	}
	g = g.text(2, "leadsman")
	g = append(g, rows.constants...)
	if o.Compat && m.Link == tree.Logistic {
		g = g.sub(5, message{}.number(2, typeFloat).floats(4, []float64{1}).text(8, "one"))
	}
	g = g.sub(11, tensor(ONNXInput, in, m.NumFeatures))
	if o.Compat {
		g = g.sub(12, tensor(onnxLabel, typeInteger))
		return g.sub(12, tensor(onnxProbabilities, typeFloat, max(2, m.Outputs())))
	}
	return g.sub(12, tensor(ONNXScore, typeFloat, m.Outputs()))
}

// ensemble is the node that adds up the leaves.
func ensemble(m *tree.Ensemble, input, output string) message {
	var treeID, id, feature, yes, no, missing, leafTree, leafID, target []int64
	var values, weights []float64
	var modes []string
	for k := range m.Trees {
		t := &m.Trees[k]
		for i := range t.Nodes {
			n := &t.Nodes[i]
			treeID, id = append(treeID, int64(k)), append(id, int64(i))
			if n.IsLeaf() {
				leafTree, leafID = append(leafTree, int64(k)), append(leafID, int64(i))
				target, weights = append(target, int64(t.Output)), append(weights, n.Value)
				modes, values = append(modes, "LEAF"), append(values, 0)
			} else {
				modes, values = append(modes, "BRANCH_LT"), append(values, n.Value)
			}
			feature = append(feature, int64(n.Feature))
			yes, no = append(yes, int64(n.Left)), append(no, int64(n.Right))
			left := int64(0)
			if n.DefaultLeft {
				left = 1
			}
			missing = append(missing, left)
		}
	}
	numbers := numbersAttribute
	if m.Double {
		numbers = doublesAttribute
	}
	return operator("TreeEnsembleRegressor", []string{input}, output,
		textAttribute("aggregate_function", "SUM"),
		numbers("base_values", m.Margins),
		integerAttribute("n_targets", int64(m.Outputs())),
		integersAttribute("nodes_falsenodeids", no),
		integersAttribute("nodes_featureids", feature),
		integersAttribute("nodes_missing_value_tracks_true", missing),
		textsAttribute("nodes_modes", modes),
		integersAttribute("nodes_nodeids", id),
		integersAttribute("nodes_treeids", treeID),
		integersAttribute("nodes_truenodeids", yes),
		numbers("nodes_values", values),
		textAttribute("post_transform", "NONE"),
		integersAttribute("target_ids", target),
		integersAttribute("target_nodeids", leafID),
		integersAttribute("target_treeids", leafTree),
		numbers("target_weights", weights),
	).text(7, "ai.onnx.ml")
}

// link are the nodes that make scores of margins.
func link(l tree.Link, margin, score string) []message {
	switch l {
	case tree.Logistic:
		return []message{operator("Sigmoid", []string{margin}, score)}
	case tree.Softmax:
		return []message{operator("Softmax", []string{margin}, score, integerAttribute("axis", 1))}
	case tree.Exp:
		return []message{operator("Exp", []string{margin}, score)}
	case tree.Softplus:
		return []message{operator("Softplus", []string{margin}, score)}
	case tree.Square:
		return []message{operator("Abs", []string{margin}, "size"), operator("Mul", []string{margin, "size"}, score)}
	case tree.Positive: // 0 stays 0
		return []message{operator("Sign", []string{margin}, "sign"), operator("Relu", []string{"sign"}, score)}
	}
	return nil
}

// operator is a NodeProto with the name of its kind.
func operator(kind string, inputs []string, output string, attributes ...message) message {
	return named(kind, kind, inputs, output, attributes...)
}

// named is a NodeProto.
func named(name, kind string, inputs []string, output string, attributes ...message) message {
	var n message
	for _, in := range inputs {
		n = n.text(1, in)
	}
	n = n.text(2, output).text(3, name).text(4, kind)
	for _, a := range attributes {
		n = n.sub(5, a)
	}
	return n
}

// tensor is a ValueInfoProto: a name, and a shape of n rows and the given
// columns.
func tensor(name string, kind int64, columns ...int) message {
	shape := message{}.sub(1, message{}.text(2, "n"))
	for _, c := range columns {
		shape = shape.sub(1, message{}.number(1, int64(c)))
	}
	kindAndShape := message{}.number(1, kind).sub(2, shape)
	return message{}.text(1, name).sub(2, message{}.sub(1, kindAndShape))
}

// An attribute says its type beside its value.

func integerAttribute(name string, v int64) message {
	return message{}.text(1, name).number(3, v).number(20, 2)
}

func textAttribute(name, v string) message {
	return message{}.text(1, name).text(4, v).number(20, 3)
}

func numbersAttribute(name string, v []float64) message {
	return message{}.text(1, name).floats(7, v).number(20, 6)
}

// doublesAttribute holds its numbers in a tensor of one dimension, since a list
// has float32 alone.
func doublesAttribute(name string, v []float64) message {
	t := message{}.numbers(1, []int64{int64(len(v))}).number(2, typeDouble).doubles(10, v)
	return message{}.text(1, name+"_as_tensor").sub(5, t).number(20, 4)
}

func integersAttribute(name string, v []int64) message {
	return message{}.text(1, name).numbers(8, v).number(20, 7)
}

func textsAttribute(name string, v []string) message {
	a := message{}.text(1, name)
	for _, s := range v {
		a = a.text(9, s)
	}
	return a.number(20, 8)
}
