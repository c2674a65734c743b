package xgboost

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

func TestModelFacts(t *testing.T) {
	for _, c := range []struct {
		file, version, objective, booster string
		features, trees, nodes, depth     int
		base                              float64
		logistic                          bool
		firstName                         string
	}{
		// Counted in the JSON files by a recursive walk from each root, in Python.
		{"names.json", "3.2.0", "binary:logistic", "gbtree", 4, 3, 21, 2, 0.49, true, "alpha"},
		{"constant.ubj", "3.2.0", "binary:logistic", "gbtree", 4, 5, 5, 0, 0.49, true, ""},
		{"dart.ubj", "3.2.0", "binary:logistic", "dart", 4, 5, 69, 3, 0.49, true, ""},
		{"one_feature.ubj", "3.2.0", "binary:logistic", "gbtree", 1, 5, 69, 3, 0.49, true, ""},
		{"v1.5.2.json", "1.5.2", "binary:logistic", "gbtree", 4, 5, 71, 3, 0.5, true, ""},
		{"absoluteerror.ubj", "3.2.0", "reg:absoluteerror", "gbtree", 4, 5, 75, 3, -0.0335768, false, ""},
	} {
		m := open(t, c.file)
		if m.Version != c.version || m.Objective != c.objective || m.Booster != c.booster || m.Logistic() != c.logistic {
			t.Errorf("%s: got %s %s %s", c.file, m.Version, m.Objective, m.Booster)
		}
		if m.NumFeatures != c.features || len(m.Trees) != c.trees || m.Nodes() != c.nodes || m.Depth() != c.depth {
			t.Errorf("%s: got %d features, %d trees, %d nodes, depth %d", c.file, m.NumFeatures, len(m.Trees), m.Nodes(), m.Depth())
		}
		if math.Abs(m.BaseScore-c.base) > 1e-6 {
			t.Errorf("%s: base score %v", c.file, m.BaseScore)
		}
		names := m.Features
		if (c.firstName == "") != (names == nil) || names != nil && names[0] != c.firstName {
			t.Errorf("%s: names %q", c.file, names)
		}
	}
}

// Counting in the JSON: 10 trees, of which training kept those to the best
// iteration, 5 (counted from 0); and rounds of several trees count together.
func TestStoppedEarly(t *testing.T) {
	for _, file := range []string{"early.json", "early.ubj"} {
		if got := len(open(t, file).Trees); got != 6 {
			t.Errorf("%s: %d trees, want 6", file, got)
		}
	}
	best := `"attributes":{"best_iteration":"0",`
	text := edited(t, "parallel.json", `"attributes":{`, best)
	for _, text := range [][]byte{text, bytes.Replace(text, []byte(`"iteration_indptr":[0,4,8],`), nil, 1)} {
		m, err := JSON(text)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Trees) != 4 {
			t.Errorf("one round of 4: %d trees", len(m.Trees))
		}
	}
}

// open reads the model in the file of that name in testdata.
func open(t testing.TB, file string) *tree.Ensemble {
	t.Helper()
	data, err := os.ReadFile("../testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	read := JSON
	if filepath.Ext(file) == ".ubj" {
		read = UBJSON
	}
	m, err := read(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// edited returns a model's JSON with old replaced by new in all places.
func edited(t testing.TB, file, old, new string) []byte {
	t.Helper()
	data, err := os.ReadFile("../testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("%s: no %s", file, old)
	}
	return bytes.ReplaceAll(data, []byte(old), []byte(new))
}

func TestRefusedBytes(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"{", "byte 2: want a string, got the end of the file"},
		{"{}", "version: want three numbers"},
		{`{"version":[3,2,0]}x`, `byte 20: want the end of the file, got 'x'`},
		{`{"version":[3,2,0],"version":[3,2,0]}`, "version: stands twice in one object"},
		{`{"version":[3,2.5,0]}`, "version[1]: byte 15: want an integer, got 2.5"},
		{`{"version":[03]}`, "version[0]: byte 13: want an integer, got '0'"},
		{`{"a":` + strings.Repeat("[", 80), "a: byte 70: nested deeper than 64 levels"},
		{`{"learner":{"objective":{"name":7}}}`, "learner.objective.name: byte 33: want a string, got '7'"},
		{"{\"a\nb\":1}", "byte 2: a control character in a string"},
		{"{\"a\xff\":1}", "byte 2: a string that is not UTF-8"},
		{"{\"\\u001b[2J\":tru}", `"\x1b[2J": byte 14: want a value, got 't'`},
		{`{"` + strings.Repeat("k", 99) + `":tru}`, `"` + strings.Repeat("k", 40) + `…": byte 104: want a value`},
		{`{"version":[` + strings.Repeat("7,", 99) + `7]}`, "version: want three numbers from 1.0.0 on, got [7 7 7 7 7 7 7 7 7]"},
		{`{"a":tru}`, "a: byte 6: want a value, got 't'"},
		{`{"a":[1 2]}`, "a: byte 9: want ',' or ']', got '2'"},
		{"{L\x00\x00\x00\x00\x00\x00\x00\x01a", "a: byte 12: want a value, got the end of the file"},
		{"{L\x7f\x00\x00\x00\x00\x00\x00\x01a", "byte 11: a length of 9151314442816847873, more than the file holds"},
		{"{i\x01a[$d#L\x00\x00\x00\x00\x40\x00\x00\x00}", "a: byte 18: a length of 1073741824, more than the file holds"},
		{"{i\x01a[$Z#L\x00\x00\x00\x00\x40\x00\x00\x00}", "a: byte 8: want an element type of fixed size, got marker 'Z'"},
		{"{i\x01aZ}x", "byte 7: 1 bytes after the model"},
		{"{i\x01a" + strings.Repeat("[", 80), "a: byte 69: nested deeper than 64 levels"},
	} {
		read := JSON
		if len(c.in) > 1 && strings.IndexByte("Li", c.in[1]) >= 0 {
			read = UBJSON
		}
		_, err := read([]byte(c.in))
		if !errors.Is(err, tree.ErrFormat) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%.40q:\n got %v\nwant %s", c.in, err, c.want)
		}
	}
}

// One fact of a good model is made wrong at a time.
func TestRefusedEdits(t *testing.T) {
	for _, c := range []struct {
		old, new string
		kind     error
		want     string
	}{
		{`"version":[3,2,0]`, `"version":[0,90,0]`, tree.ErrFormat, "version: want three numbers from 1.0.0 on, got [0 90 0]"},
		{`"name":"binary:logistic"`, `"nom":""`, tree.ErrFormat, "learner.objective.name: missing"},
		{`"name":"gbtree"`, `"nom":""`, tree.ErrFormat, "learner.gradient_booster.name: missing"},
		{`"num_class":"0"`, `"num_class":"3"`, tree.ErrObjective, "learner.learner_model_param.num_class: 3 classes of binary:logistic, want one output"},
		{`"num_class":"0"`, `"num_class":"-1"`, tree.ErrFormat, `learner.learner_model_param.num_class: want a count, got "-1"`},
		{`"num_feature":"4","num_target"`, `"num_feature":"0","num_target"`, tree.ErrFeatures, `learner.learner_model_param.num_feature: want 1 to 1048576, got "0"`},
		{`"num_feature":"4","num_target"`, `"num_feature":"9000000","num_target"`, tree.ErrFeatures, `learner.learner_model_param.num_feature: want 1 to 1048576, got "9000000"`},
		{`"num_feature":"4","num_target"`, `"num_feature":"2","num_target"`, tree.ErrFeatures, `learner.feature_names: 4 names for 2 features`},
		{`"beta"`, `"alpha"`, tree.ErrFeatures, `learner.feature_names[1]: "alpha" stands twice`},
		{`"name":"binary:logistic"`, `"name":"binary:other"`, tree.ErrObjective, `learner.objective.name: "binary:other" is not supported, only binary:hinge, `},
		{`"base_score":"[4.9E-1]"`, `"base_score":"[1E0]"`, tree.ErrFormat, `learner.learner_model_param.base_score: want a probability between 0 and 1, got "[1E0]"`},
		{`"base_score":"[4.9E-1]"`, `"base_score":"[4E-1,5E-1]"`, tree.ErrFormat, `learner.learner_model_param.base_score: 2 numbers for 1 outputs`},
		{`"num_trees":"3"`, `"num_trees":"4"`, tree.ErrFormat, "trees: 3 trees where num_trees says 4"},
		{`"tree_info":[0,0,0]`, `"tree_info":[0,0]`, tree.ErrFormat, "tree_info: 2 entries for 3 trees"},
		{`"tree_info":[0,0,0]`, `"tree_info":[0,1,0]`, tree.ErrFormat, "tree_info: tree 1 belongs to output 1 of 1"},
		{`"num_trees":"3"},"iteration_indptr":[0,1,2,3],"tree_info":[0,0,0],"trees":[`, `"num_trees":"0"},"iteration_indptr":[0],"tree_info":[],"trees":[],"old":[`, tree.ErrFormat, "trees: a model without trees"},
		{`"attributes":{}`, `"attributes":{"best_iteration":"7"}`, tree.ErrFormat, "learner.attributes.best_iteration: iteration 7 of a model with 3 trees"},
		{`"left_children":[1,3,5,-1`, `"left_children":[1,3,99,-1`, tree.ErrFormat, "tree 0: node 2: child 99 out of range"},
		{`"left_children":[1,3,5,-1`, `"left_children":[1,3,-1,-1`, tree.ErrFormat, "tree 0: node 2: child -1 out of range"},
		{`"left_children":[1,3,5,-1`, `"left_children":[1,3,0,-1`, tree.ErrFormat, "tree 0: node 0: reached twice"},
		{`"left_children":[1,3,5,-1`, `"left_children":[1,3,5,-1,-1`, tree.ErrFormat, "tree 0: right_children: 7 entries where left_children has 8"},
		{`"split_indices":[`, `"split_indices":[4,`, tree.ErrFormat, "tree 0: split_indices: 8 entries where left_children has 7"},
		{`"split_type":[0`, `"split_type":[1`, tree.ErrFormat, "tree 0: node 0: a split on a category without categories"},
		{`"size_leaf_vector":"1"`, `"size_leaf_vector":"2"`, tree.ErrObjective, "tree 0: tree_param.size_leaf_vector: leaves with 2 outputs, want one"},
		{`"split_conditions":[2.870934E-1`, `"split_conditions":[NaN`, tree.ErrFormat, "tree 0: node 0: threshold is NaN"},
		{`3E0,9.5556684E-2`, `3E0,Infinity`, tree.ErrFormat, "tree 0: node 3: leaf value is +Inf"},
		{`"split_indices":[0,3,3`, `"split_indices":[0,3,2147483647`, tree.ErrFeatures, "tree 0: node 2: splits on feature 2147483647 of 4"},
		{`"sum_hessian":[7.497E1`, `"sum_hessian":[-7.497E1`, tree.ErrFormat, "tree 0: node 0: sum_hessian is -74.97"},
		{`"loss_changes":[5.3242203E1`, `"loss_changes":[NaN`, tree.ErrFormat, "tree 0: node 0: loss_changes is NaN"},
		{`"split_conditions":[`, `"split_conditions":[1E99,`, tree.ErrFormat, "learner.gradient_booster.model.trees[0].split_conditions[0]: byte "},
		{`"default_left":[`, `"default_left":[2,`, tree.ErrFormat, "learner.gradient_booster.model.trees[0].default_left[0]: byte "},
	} {
		_, err := JSON(edited(t, "names.json", c.old, c.new))
		if !errors.Is(err, c.kind) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s:\n got %v\nwant %s", c.new, err, c.want)
		}
	}
}

func TestRefusedClasses(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`"num_class":"3"`, `"num_class":"1"`, "learner.learner_model_param.num_class: 1 classes in 12 trees, want 2 or more and a tree for each"},
		{`"num_class":"3"`, `"num_class":"13"`, "learner.learner_model_param.num_class: 13 classes in 12 trees, want 2 or more and a tree for each"},
		{`"base_score":"[`, `"base_score":"[1E0,`, "learner.learner_model_param.base_score: 4 numbers for 3 outputs"},
		{`"tree_info":[0,`, `"tree_info":[3,`, "tree_info: tree 0 belongs to output 3 of 3"},
		{`"tree_info":[0,`, `"tree_info":[-1,`, "tree_info: tree 0 belongs to output -1 of 3"},
	} {
		_, err := JSON(edited(t, "softprob.json", c.old, c.new))
		if !errors.Is(err, tree.ErrFormat) || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.new, err, c.want)
		}
	}
}

// 12 trees of 3 classes; the second round is the last that counts.
func TestClassesStoppedEarly(t *testing.T) {
	text := edited(t, "softprob.json", `"attributes":{`, `"attributes":{"best_iteration":"1",`)
	for _, text := range [][]byte{text, bytes.Replace(text, []byte(`"iteration_indptr":[0,3,6,9,12],`), nil, 1)} {
		m, err := JSON(text)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Trees) != 6 || m.Outputs() != 3 {
			t.Errorf("%d trees, %d outputs", len(m.Trees), m.Outputs())
		}
	}
}

func TestDartWeights(t *testing.T) {
	for _, c := range []struct{ new, want string }{
		{`"weight_drop":[1E0,`, "weight_drop: 6 weights for 5 trees"},
		{`"weight":[`, "weight_drop: 0 weights for 5 trees"},
	} {
		_, err := JSON(edited(t, "dart.json", `"weight_drop":[`, c.new))
		if !errors.Is(err, tree.ErrFormat) || err.Error() != c.want {
			t.Errorf("%s: got %v", c.new, err)
		}
	}
	_, err := JSON(edited(t, "dart.json", `"weight_drop":[5.3792363E-1`, `"weight_drop":[NaN`))
	if !errors.Is(err, tree.ErrFormat) || err.Error() != "tree 0: weight is NaN" {
		t.Errorf("got %v", err)
	}
}
