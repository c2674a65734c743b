package model

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
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
		m := open(t, "testdata/"+c.file)
		if m.Version != c.version || m.Objective != c.objective || m.Booster != c.booster || m.Logistic() != c.logistic {
			t.Errorf("%s: got %s %s %s", c.file, m.Version, m.Objective, m.Booster)
		}
		if m.NumFeatures != c.features || m.Trees() != c.trees || m.Nodes() != c.nodes || m.Depth() != c.depth {
			t.Errorf("%s: got %d features, %d trees, %d nodes, depth %d", c.file, m.NumFeatures, m.Trees(), m.Nodes(), m.Depth())
		}
		if math.Abs(m.BaseScore-c.base) > 1e-6 {
			t.Errorf("%s: base score %v", c.file, m.BaseScore)
		}
		names := m.Features()
		if (c.firstName == "") != (names == nil) || names != nil && names[0] != c.firstName {
			t.Errorf("%s: names %q", c.file, names)
		}
	}
}

// Counting in the JSON: 10 trees, of which training kept those to the best
// iteration, 5 (counted from 0); and rounds of several trees count together.
func TestStoppedEarly(t *testing.T) {
	for _, file := range []string{"early.json", "early.ubj"} {
		if got := open(t, "testdata/"+file).Trees(); got != 6 {
			t.Errorf("%s: %d trees, want 6", file, got)
		}
	}
	best := `"attributes":{"best_iteration":"0",`
	text := edited(t, "parallel.json", `"attributes":{`, best)
	for _, text := range []string{text, strings.Replace(text, `"iteration_indptr":[0,4,8],`, "", 1)} {
		m, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if m.Trees() != 4 {
			t.Errorf("one round of 4: %d trees", m.Trees())
		}
	}
}

func TestImportance(t *testing.T) {
	text, err := os.ReadFile("testdata/logistic.gain")
	if err != nil {
		t.Fatal(err)
	}
	m := open(t, "testdata/logistic.ubj")
	mean, total := m.Importance(), m.TotalGain()
	words := strings.Fields(string(text))
	if len(words) != 2*len(mean) || len(total) != len(mean) {
		t.Fatalf("%d and %d importances, want half of %d", len(mean), len(total), len(words))
	}
	for i, word := range words {
		want, err := strconv.ParseFloat(word, 64)
		if err != nil {
			t.Fatal(err)
		}
		got := [2][]float64{mean, total}[i%2][i/2]
		// XGBoost adds up in float32.
		if math.Abs(got-want) > 1e-5*want {
			t.Errorf("feature %d: got %v, XGBoost has %v", i/2, got, want)
		}
	}
}

func TestSHA256(t *testing.T) {
	const want = "ddc43372683a0ea4ac04d3a03f2ca9ab6ff2f4bb68ea5b94f1000d69c28fa67c" // sha256sum names.ubj
	if got := open(t, "testdata/names.ubj").SHA256; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// edited returns a model's JSON with old replaced by new in all places.
func edited(t testing.TB, file, old, new string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("%s: no %s", file, old)
	}
	return strings.ReplaceAll(string(data), old, new)
}

func TestRefusedFiles(t *testing.T) {
	for _, c := range []struct {
		file string
		kind error
		want string
	}{
		{"gblinear.json", ErrBooster, `learner.gradient_booster.name: "gblinear" is not supported, only gbtree and dart`},
		{"softmax.ubj", ErrObjective, `learner.objective.name: "multi:softmax" is not supported, only binary:logistic, `},
		{"poisson.json", ErrObjective, `learner.objective.name: "count:poisson" is not supported, only binary:logistic, `},
		{"multi_target.ubj", ErrObjective, "learner.learner_model_param.num_target: a model with 2 targets, want one"},
		{"multi_tree.json", ErrObjective, "learner.learner_model_param.num_target: a model with 2 targets, want one"},
		{"categorical.json", ErrCategorical, "learner.gradient_booster.model.cats: the model encodes categories itself"},
		{"categorical.ubj", ErrCategorical, "learner.gradient_booster.model.cats: the model encodes categories itself"},
		{"missing.json", ErrFeatures, "learner.attributes.scikit_learn: missing is -999, want NaN"},
		{"two.joblib", ErrFormat, "a pickle or joblib file with more than one Booster"},
		{"missing.joblib", ErrFeatures, "a pickle or joblib file of a model with missing= other than NaN"},
		{"compressed.joblib", ErrFormat, "zlib, perhaps a compressed joblib file"},
		{"other.joblib", ErrFormat, "a pickle or joblib file in which no Booster"},
		{"binary.deprecated", ErrFormat, "XGBoost's old binary format: load it with the XGBoost that wrote it"},
	} {
		path := filepath.Join("testdata", "refused", c.file)
		m, err := Open(path)
		if m != nil || !errors.Is(err, c.kind) {
			t.Errorf("%s: got %v", c.file, err)
			continue
		}
		if want := path + ": " + c.want; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s:\n got %s\nwant %s", c.file, err, want)
		}
	}
	if _, err := Open("testdata/none.ubj"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestRefusedBytes(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "empty"},
		{" \n", "empty"},
		{"\x80\x04\x95", "a pickle or joblib file in which no Booster of XGBoost 1.6 or later is found"},
		{"\x1f\x8b\x08", "gzip: unpack it first"},
		{"hello", "neither JSON nor UBJSON"},
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
		_, err := Read(strings.NewReader(c.in))
		if !errors.Is(err, ErrFormat) || !strings.HasPrefix(err.Error(), c.want) {
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
		{`"version":[3,2,0]`, `"version":[0,90,0]`, ErrFormat, "version: want three numbers from 1.0.0 on, got [0 90 0]"},
		{`"name":"binary:logistic"`, `"nom":""`, ErrFormat, "learner.objective.name: missing"},
		{`"name":"gbtree"`, `"nom":""`, ErrFormat, "learner.gradient_booster.name: missing"},
		{`"num_class":"0"`, `"num_class":"3"`, ErrObjective, "learner.learner_model_param.num_class: 3 classes of binary:logistic, want one output"},
		{`"num_class":"0"`, `"num_class":"-1"`, ErrFormat, `learner.learner_model_param.num_class: want a count, got "-1"`},
		{`"num_feature":"4","num_target"`, `"num_feature":"0","num_target"`, ErrFeatures, `learner.learner_model_param.num_feature: want 1 to 1048576, got "0"`},
		{`"num_feature":"4","num_target"`, `"num_feature":"9000000","num_target"`, ErrFeatures, `learner.learner_model_param.num_feature: want 1 to 1048576, got "9000000"`},
		{`"num_feature":"4","num_target"`, `"num_feature":"2","num_target"`, ErrFeatures, `learner.feature_names: 4 names for 2 features`},
		{`"beta"`, `"alpha"`, ErrFeatures, `learner.feature_names[1]: "alpha" stands twice`},
		{`"feature_types":[]`, `"feature_types":["float","c"]`, ErrCategorical, "learner.feature_types[1]: a categorical feature"},
		{`"base_score":"[4.9E-1]"`, `"base_score":"[1E0]"`, ErrFormat, `learner.learner_model_param.base_score: want a probability between 0 and 1, got "[1E0]"`},
		{`"base_score":"[4.9E-1]"`, `"base_score":"[4E-1,5E-1]"`, ErrFormat, `learner.learner_model_param.base_score: 2 numbers for 1 outputs`},
		{`"num_trees":"3"`, `"num_trees":"4"`, ErrFormat, "trees: 3 trees where num_trees says 4"},
		{`"tree_info":[0,0,0]`, `"tree_info":[0,0]`, ErrFormat, "tree_info: 2 entries for 3 trees"},
		{`"tree_info":[0,0,0]`, `"tree_info":[0,1,0]`, ErrFormat, "tree_info: tree 1 belongs to output 1 of 1"},
		{`"num_trees":"3"},"iteration_indptr":[0,1,2,3],"tree_info":[0,0,0],"trees":[`, `"num_trees":"0"},"iteration_indptr":[0],"tree_info":[],"trees":[],"old":[`, ErrFormat, "trees: a model without trees"},
		{`"attributes":{}`, `"attributes":{"best_iteration":"7"}`, ErrFormat, "learner.attributes.best_iteration: iteration 7 of a model with 3 trees"},
		{`"left_children":[1,3,5,-1`, `"left_children":[1,3,99,-1`, ErrFormat, "tree 0: node 2: child 99 out of range"},
		{`"left_children":[1,3,5,-1`, `"left_children":[1,3,-1,-1`, ErrFormat, "tree 0: node 2: child -1 out of range"},
		{`"left_children":[1,3,5,-1`, `"left_children":[1,3,0,-1`, ErrFormat, "tree 0: node 0: reached twice"},
		{`"left_children":[1,3,5,-1`, `"left_children":[1,3,5,-1,-1`, ErrFormat, "tree 0: right_children: 7 entries where left_children has 8"},
		{`"split_indices":[`, `"split_indices":[4,`, ErrFormat, "tree 0: split_indices: 8 entries where left_children has 7"},
		{`"split_type":[0`, `"split_type":[1`, ErrCategorical, "tree 0: splits on a categorical feature"},
		{`"size_leaf_vector":"1"`, `"size_leaf_vector":"2"`, ErrObjective, "tree 0: tree_param.size_leaf_vector: leaves with 2 outputs, want one"},
		{`"split_conditions":[2.870934E-1`, `"split_conditions":[NaN`, ErrFormat, "tree 0: node 0: threshold is NaN"},
		{`3E0,9.5556684E-2`, `3E0,Infinity`, ErrFormat, "tree 0: node 3: leaf value is +Inf"},
		{`"split_indices":[0,3,3`, `"split_indices":[0,3,2147483647`, ErrFeatures, "tree 0: node 2: splits on feature 2147483647 of 4"},
		{`"sum_hessian":[7.497E1`, `"sum_hessian":[-7.497E1`, ErrFormat, "tree 0: node 0: sum_hessian is -74.97"},
		{`"loss_changes":[5.3242203E1`, `"loss_changes":[NaN`, ErrFormat, "tree 0: node 0: loss_changes is NaN"},
		{`"split_conditions":[`, `"split_conditions":[1E99,`, ErrFormat, "learner.gradient_booster.model.trees[0].split_conditions[0]: byte "},
		{`"default_left":[`, `"default_left":[2,`, ErrFormat, "learner.gradient_booster.model.trees[0].default_left[0]: byte "},
	} {
		_, err := Read(strings.NewReader(edited(t, "names.json", c.old, c.new)))
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
		_, err := Read(strings.NewReader(edited(t, "softprob.json", c.old, c.new)))
		if !errors.Is(err, ErrFormat) || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.new, err, c.want)
		}
	}
	m, err := Read(strings.NewReader(edited(t, "softprob.json", `"tree_info":[0,`, `"tree_info":[1,`)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Leaves(m); !errors.Is(err, ErrObjective) || err.Error() != "leaves: tree_info: 3 trees of output 0, 5 of output 1: want as many" {
		t.Errorf("got %v", err)
	}
}

// 12 trees of 3 classes; the second round is the last that counts.
func TestClassesStoppedEarly(t *testing.T) {
	text := edited(t, "softprob.json", `"attributes":{`, `"attributes":{"best_iteration":"1",`)
	for _, text := range []string{text, strings.Replace(text, `"iteration_indptr":[0,3,6,9,12],`, "", 1)} {
		m, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if m.Trees() != 6 || m.Outputs() != 3 {
			t.Errorf("%d trees, %d outputs", m.Trees(), m.Outputs())
		}
	}
}

// Every proper beginning of a model is an error, never a smaller model.
func TestCut(t *testing.T) {
	for _, file := range []string{"names.json", "names.ubj"} {
		data, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for n := range data {
			if m, err := Read(bytes.NewReader(data[:n])); m != nil || !errors.Is(err, ErrFormat) {
				t.Fatalf("%s, %d bytes: %v", file, n, err)
			}
		}
	}
}

func TestTooLong(t *testing.T) {
	data, err := os.ReadFile("testdata/names.ubj")
	if err != nil {
		t.Fatal(err)
	}
	n := int64(len(data))
	if _, err := read(bytes.NewReader(data), n); err != nil {
		t.Error(err)
	}
	_, err = read(bytes.NewReader(data), n-1)
	if !errors.Is(err, ErrFormat) || err.Error() != fmt.Sprintf("more than %d bytes", n-1) {
		t.Errorf("got %v", err)
	}
}

func TestDartWeights(t *testing.T) {
	for _, c := range []struct{ new, want string }{
		{`"weight_drop":[1E0,`, "weight_drop: 6 weights for 5 trees"},
		{`"weight":[`, "weight_drop: 0 weights for 5 trees"},
	} {
		_, err := Read(strings.NewReader(edited(t, "dart.json", `"weight_drop":[`, c.new)))
		if !errors.Is(err, ErrFormat) || err.Error() != c.want {
			t.Errorf("%s: got %v", c.new, err)
		}
	}
	_, err := Read(strings.NewReader(edited(t, "dart.json", `"weight_drop":[5.3792363E-1`, `"weight_drop":[NaN`)))
	if !errors.Is(err, ErrFormat) || err.Error() != "tree 0: weight is NaN" {
		t.Errorf("got %v", err)
	}
}

// A tree that splits on its left side only, n times.
func TestDepthLimit(t *testing.T) {
	chain := func(n int) *treeColumns {
		k := 2*n + 1
		c := &treeColumns{
			left: make([]int64, k), right: make([]int64, k), feature: make([]int64, k), condition: make([]float32, k),
			defaultLeft: make([]bool, k), cover: make([]float32, k), gain: make([]float32, k),
		}
		for i := range k {
			c.left[i], c.right[i] = -1, -1
			if i%2 == 0 && i < k-1 {
				c.left[i], c.right[i] = int64(i+2), int64(i+1)
			}
		}
		return c
	}
	tr, err := chain(maxDepth).check(1)
	if err != nil || tr.depth != maxDepth || len(tr.nodes) != 2*maxDepth+1 {
		t.Errorf("depth %d, %d nodes, %v", tr.depth, len(tr.nodes), err)
	}
	_, err = chain(maxDepth + 1).check(1)
	if !errors.Is(err, ErrFormat) || err.Error() != "node 2050: deeper than 1024 splits" {
		t.Errorf("got %v", err)
	}
}

func TestPredictRefuses(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, c := range []struct {
		rows []float32
		n    int
		want string
	}{
		{[]float32{1, 2, 3}, 1, "rows: 3 values for 1 rows of 4 features"},
		{[]float32{1, 2, 3, 4}, 0, "rows: 4 values for 0 rows of 4 features"},
		{[]float32{1, 2, 3, 4, 5, 6, inf, 8}, 2, "row 1: gamma is infinite"},
		{[]float32{-inf, 2, 3, 4}, 1, "row 0: alpha is infinite"},
	} {
		for _, engine := range engines {
			p, err := engine.make(open(t, "testdata/names.ubj"))
			if err != nil {
				t.Fatal(err)
			}
			err = p.Predict(c.rows, make([]float32, c.n))
			if !errors.Is(err, ErrFeatures) || err.Error() != c.want {
				t.Errorf("%s: got %v, want %s", engine.name, err, c.want)
			}
			if err := p.Predict(nil, nil); err != nil {
				t.Errorf("%s: no rows: %v", engine.name, err)
			}
		}
	}
	for _, engine := range engines {
		p, err := engine.make(open(t, "testdata/softprob.ubj"))
		if err != nil {
			t.Fatal(err)
		}
		err = p.Predict(make([]float32, 4), make([]float32, 2))
		if !errors.Is(err, ErrFeatures) || err.Error() != "out: 2 scores for rows of 3 outputs" {
			t.Errorf("%s: got %v", engine.name, err)
		}
	}
}

// Whatever the bytes: a model that scores, or an error of a known kind.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/names.*", "testdata/dart.*", "testdata/v1.*.*", "testdata/early.ubj", "testdata/logistic.*5", "testdata/lgb_[bcm]*.lightgbm", "testdata/refused/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Read(bytes.NewReader(data))
		if err != nil {
			for _, kind := range []error{ErrFormat, ErrObjective, ErrBooster, ErrCategorical, ErrFeatures} {
				if errors.Is(err, kind) {
					return
				}
			}
			t.Fatalf("an error of no kind: %v", err)
		}
		if m.NumFeatures > 1000 {
			return
		}
		rows := make([]float32, 9*m.NumFeatures)
		for i := range m.NumFeatures {
			rows[i] = float32(math.NaN())
		}
		for _, engine := range engines {
			p, err := engine.make(m)
			if engine.name == "leaves" && m.Outputs() > 1 && err != nil {
				continue // classes of unlike numbers of trees
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Predict(rows, make([]float32, 9*m.Outputs())); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestFits(t *testing.T) {
	m := open(t, "testdata/names.ubj")
	if err := m.Fits(m.Features()); err != nil {
		t.Error(err)
	}
	names := m.Features()
	names[1] = "x"
	for _, c := range []struct {
		columns []string
		want    string
	}{
		{[]string{"one"}, "columns: the model wants "},
		{names, `column 1 is "x", the model's is "`},
	} {
		if err := m.Fits(c.columns); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	if err := open(t, "testdata/logistic.ubj").Fits([]string{"any", "of", "the", "same"}); err != nil {
		t.Errorf("a model without names: %v", err)
	}
}
