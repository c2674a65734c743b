package lightgbm

import (
	"bytes"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// file is what the file of that name in testdata holds.
func file(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// edited returns a model's text with old replaced by new in all places.
func edited(t testing.TB, name, old, new string) []byte {
	t.Helper()
	data := file(t, name)
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("%s: no %s", name, old)
	}
	return bytes.ReplaceAll(data, []byte(old), []byte(new))
}

func TestFacts(t *testing.T) {
	// Counted in the files with grep.
	for _, c := range []struct {
		file, version, objective string
		outputs, trees, nodes    int
		first                    string
	}{
		{"lgb_binary", "v4", "binary", 1, 6, 90, "Column_0"},
		{"lgb_multiclass", "v4", "multiclass", 3, 9, 135, "Column_0"},
		{"lgb_constant", "v4", "binary", 1, 1, 1, "Column_0"},
		{"lgb_v3", "v3", "binary", 1, 6, 90, "Column_0"},
	} {
		m, err := Read(file(t, c.file+".lightgbm"))
		if err != nil {
			t.Fatal(err)
		}
		if m.Library != "LightGBM" || m.Version != c.version || m.Objective != c.objective || m.NumFeatures != 4 || m.Features[0] != c.first {
			t.Errorf("%s: got %s %s %s, %d features %q", c.file, m.Library, m.Version, m.Objective, m.NumFeatures, m.Features)
		}
		if m.Outputs() != c.outputs || len(m.Trees) != c.trees || m.Nodes() != c.nodes {
			t.Errorf("%s: got %d outputs, %d trees, %d nodes", c.file, m.Outputs(), len(m.Trees), m.Nodes())
		}
	}
}

// LightGBM's rule against ours, on values around the thresholds.
func TestThreshold(t *testing.T) {
	const tiny = float64(float32(1e-35))
	var around []float64
	for _, x := range []float64{0, tiny, 1e-50, 0.1, 1, 1 << 24, 1<<24 + 0.5, 1.7e9 + 1.0/3, math.MaxFloat32, 1e300} {
		for _, y := range []float64{x, -x} {
			around = append(around, y, math.Nextafter(y, math.Inf(1)), math.Nextafter(y, math.Inf(-1)))
		}
	}
	for _, at := range around {
		for _, near := range around {
			for _, x := range []float64{near, float64(float32(near)), math.Nextafter(near, math.Inf(1)), math.Nextafter(near, math.Inf(-1))} {
				asRead := x
				if math.Abs(x) <= tiny {
					asRead = 0
				}
				if got, want := x < threshold(at), asRead <= at; got != want {
					t.Errorf("%v at %v: left is %v", x, at, got)
				}
			}
		}
	}
}

func TestRefusedFiles(t *testing.T) {
	for _, c := range []struct {
		file string
		kind error
		want string
	}{
		{"linear", tree.ErrBooster, "tree 0: linear models in leaves are not supported"},
	} {
		if _, err := Read(file(t, "refused/"+c.file+".lightgbm")); !errors.Is(err, c.kind) || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestRefusedEdits(t *testing.T) {
	for _, c := range []struct {
		old, new string
		kind     error
		want     string
	}{
		{"version=v4", "version=v2", tree.ErrFormat, `version: want v3 or v4, got "v2"`},
		{"objective=binary sigmoid:1\n", "", tree.ErrObjective, "objective: none, as LightGBM writes it of one's own function: what its sums mean is not known"},
		{"objective=binary sigmoid:1", "objective=binary sigmoid:-1", tree.ErrObjective, `objective: LightGBM's "binary sigmoid:-1" is not supported: want a sigmoid above 0`},
		{"objective=binary sigmoid:1", "objective=binary twist:1", tree.ErrObjective, `objective: LightGBM's "binary twist:1" is not supported: what twist does to a score is not known`},
		{"objective=binary sigmoid:1", "objective=words", tree.ErrObjective, `objective: LightGBM's "words" is not supported`},
		{"num_tree_per_iteration=1", "num_tree_per_iteration=2", tree.ErrFormat, "num_tree_per_iteration: 2 outputs of binary"},
		{"num_tree_per_iteration=1", "num_tree_per_iteration=x", tree.ErrFormat, `num_tree_per_iteration: want a count, got "x"`},
		{"objective=binary sigmoid:1", "objective=multiclass num_class:90000000\nx=", tree.ErrFormat, "num_tree_per_iteration: 1 outputs of multiclass"},
		{"max_feature_idx=3", "max_feature_idx=-1", tree.ErrFormat, `max_feature_idx: want a count, got "-1"`},
		{"max_feature_idx=3", "max_feature_idx=1048576", tree.ErrFeatures, `max_feature_idx: want 0 to 1048575, got "1048576"`},
		{"max_feature_idx=3", "max_feature_idx=1", tree.ErrFeatures, "feature_names: 4 names for 2 features"},
		{"Column_1", "Column_0", tree.ErrFeatures, `feature_names[1]: "Column_0" stands twice`},
		{"version=v4", "version=v4\nversion=v4", tree.ErrFormat, "line 3: version stands twice in one section"},
		{"Tree=1", "Tree=7", tree.ErrFormat, `tree 1: want Tree=1, got "7"`},
		{"num_leaves=8", "num_leaves=0", tree.ErrFormat, `tree 0: num_leaves: want 1 or more, got "0"`},
		{"num_leaves=8", "num_leaves=7", tree.ErrFormat, "tree 0: leaf_value: 8 numbers, want 7"},
		{"leaf_value=", "leaf_value=x ", tree.ErrFormat, "tree 0: leaf_value: 9 numbers, want 8"},
		{"threshold=", "threshold=nan ", tree.ErrFormat, "tree 0: threshold: 8 numbers, want 7"},
		{"left_child=1", "left_child=1.5", tree.ErrFormat, "tree 0: left_child[0]: want an integer, got 1.5"},
		{"left_child=1", "left_child=x", tree.ErrFormat, `tree 0: left_child[0]: want a number, got "x"`},
		{"left_child=1", "left_child=0", tree.ErrFormat, "tree 0: node 0: reached twice"},
		{"left_child=1", "left_child=-9", tree.ErrFormat, "tree 0: node 0: child 15 out of range"},
		{"split_feature=", "split_feature=9\ny=", tree.ErrFormat, "tree 0: split_feature: 1 numbers, want 7"},
		{"decision_type=10", "decision_type=11", tree.ErrFormat, "tree 0: node 0: threshold: set "},
		{"decision_type=10", "decision_type=6", tree.ErrFeatures, "decision_type: 0 is missing in some splits and a number in others: such a model is not supported"},
		{"end of trees", "end", tree.ErrFormat, "tree 6: want Tree=6, got \"\""},
	} {
		_, err := Read(edited(t, "lgb_binary.lightgbm", c.old, c.new))
		if !errors.Is(err, c.kind) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s:\n got %v\nwant %s", c.new, err, c.want)
		}
	}
	_, err := Read(edited(t, "lgb_multiclass.lightgbm", "num_tree_per_iteration=3", "num_tree_per_iteration=90000000"))
	if !errors.Is(err, tree.ErrFormat) || err.Error() != "num_tree_per_iteration: 90000000 outputs of multiclass" {
		t.Errorf("got %v", err)
	}
	_, err = Read(edited(t, "lgb_multiclass.lightgbm", "num_tree_per_iteration=3", "num_tree_per_iteration=2"))
	if !errors.Is(err, tree.ErrFormat) || err.Error() != "trees: 9 trees for 2 outputs" {
		t.Errorf("got %v", err)
	}
}

// A model cut before its trees end is an error, never a smaller model.
func TestCut(t *testing.T) {
	data := file(t, "lgb_binary.lightgbm")
	end := bytes.Index(data, []byte("end of trees\n")) + len("end of trees\n")
	for n := range data {
		m, err := Read(data[:n])
		if n >= end && err != nil || n < end && (m != nil || !errors.Is(err, tree.ErrFormat)) {
			t.Fatalf("%d bytes of %d: %v", n, end, err)
		}
	}
	crlf := bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
	if _, err := Read(crlf); err != nil {
		t.Errorf("lines that end in CR LF: %v", err)
	}
}
