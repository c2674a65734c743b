package model

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/modeltest"
	"github.com/leadsman/leadsman/pkg/model/tree"
)

func TestSHA256(t *testing.T) {
	const want = "ddc43372683a0ea4ac04d3a03f2ca9ab6ff2f4bb68ea5b94f1000d69c28fa67c" // sha256sum names.ubj
	if got := open(t, "testdata/names.ubj").SHA256; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRefusedFiles(t *testing.T) {
	for _, c := range []struct {
		file string
		kind error
		want string
	}{
		{"gblinear.json", tree.ErrBooster, `learner.gradient_booster.name: "gblinear" is not supported, only gbtree and dart`},
		{"softmax.ubj", tree.ErrObjective, "learner.objective.name: multi:softmax gives the likeliest class and no score: save the model with the objective multi:softprob"},
		{"multi_target.ubj", tree.ErrObjective, "learner.learner_model_param.num_target: a model with 2 targets, want one"},
		{"multi_tree.json", tree.ErrObjective, "learner.learner_model_param.num_target: a model with 2 targets, want one"},
		{"missing.json", tree.ErrFeatures, "learner.attributes.scikit_learn: missing is -999, want NaN"},
		{"two.joblib", tree.ErrFormat, "a pickle or joblib file with more than one Booster"},
		{"missing.joblib", tree.ErrFeatures, `a pickle or joblib file of a model with missing=-999: save it with save_model("model.ubj"), and say "missing": [-999] in features.json`},
		{"calibrated.joblib", tree.ErrFormat, "a pickle or joblib file of sklearn.calibration.CalibratedClassifierCV, which may change the scores of the Booster inside: "},
		{"forest.joblib", tree.ErrFormat, "a pickle or joblib file of sklearn.ensemble._forest.RandomForestClassifier: scikit-learn's models are read as ONNX: convert it with skl2onnx"},
		{"lightgbm.joblib", tree.ErrFormat, `a pickle or joblib file of lightgbm.sklearn.LGBMClassifier: LightGBM's models are read as text: call booster_.save_model("model.txt")`},
		{"other.joblib", tree.ErrFormat, "a pickle or joblib file: no Booster"},
		{"binary.deprecated", tree.ErrFormat, "XGBoost's old binary format: load it with the XGBoost that wrote it"},
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
		{"\x80\x04\x95", "a pickle or joblib file: not a readable pickle: byte 3: the file ends within a value"},
		{"\x80\x04\xff", "a pickle or joblib file: not a readable pickle: byte 3: opcode 0xff is not understood"},
		{"\x80\x04h\x01.", "a pickle or joblib file: not a readable pickle: byte 4: nothing at place 1 of the memo"},
		{"\x1f\x8b\x08", "gzip: unexpected EOF"},
		{"\x04\x22\x4d\x18", "lz4, perhaps a compressed joblib file: save it without compress="},
		{"CBM1\x00", "CatBoost's own format: call save_model(\"model.onnx\", format=\"onnx\")"},
		{"booster[0]:\n0:[f0<1] yes=1", "XGBoost's dump_model, which rounds: "},
		{"[\n  { \"nodeid\": 0, \"depth\": 0", "XGBoost's dump_model, which rounds: "},
		{"{\"name\":\"tree\",\"version\":\"v4\"", "LightGBM's dump_model, as JSON: "},
		{"{\n\"features_info\":{", "CatBoost's JSON: "},
		{"hello", "neither JSON nor UBJSON"},
		{"{", "byte 2: want a string, got the end of the file"},
		{"{L\x00\x00\x00\x00\x00\x00\x00\x01a", "a: byte 12: want a value, got the end of the file"},
		{"tree\nversion=v4\n", "line 2: the file ends before its trees do"},
	} {
		_, err := Read(strings.NewReader(c.in))
		if !errors.Is(err, tree.ErrFormat) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%.40q:\n got %v\nwant %s", c.in, err, c.want)
		}
	}
}

// Packed in any way, a model is the model: as joblib packs it, and by gzip.
func TestPacked(t *testing.T) {
	want := open(t, "testdata/logistic.ubj")
	data, err := os.ReadFile("testdata/logistic.ubj")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	fromGzip, err := Read(&packed)
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]*Model{"joblib": open(t, "testdata/compressed.packed"), "gzip": fromGzip} {
		if !reflect.DeepEqual(m.Trees, want.Trees) || m.SHA256 == want.SHA256 {
			t.Errorf("%s: another model", name)
		}
	}
	if _, err := read(bytes.NewReader(packedZeros(t)), 1<<20); err == nil || err.Error() != "zlib: more than 1048576 bytes" {
		t.Errorf("a bomb: %v", err)
	}
}

// packedZeros are 4 MiB in a few bytes.
func packedZeros(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write(make([]byte, 4<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every proper beginning of a model is an error, never a smaller model.
func TestCut(t *testing.T) {
	for _, file := range []string{"names.json", "names.ubj"} {
		data, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for n := range data {
			if m, err := Read(bytes.NewReader(data[:n])); m != nil || !errors.Is(err, tree.ErrFormat) {
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
	if !errors.Is(err, tree.ErrFormat) || err.Error() != fmt.Sprintf("more than %d bytes", n-1) {
		t.Errorf("got %v", err)
	}
}

// Whatever the bytes: a model that scores, or an error of a known kind.
func FuzzRead(f *testing.F) {
	modeltest.Seed(f, "testdata/names.*", "testdata/dart.*", "testdata/v1.*.*", "testdata/early.ubj", "testdata/logistic.*5", "testdata/lgb_[bcm]*.lightgbm", "testdata/refused/*")
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Read(bytes.NewReader(data))
		if err != nil {
			for _, kind := range []error{tree.ErrFormat, tree.ErrObjective, tree.ErrBooster, tree.ErrFeatures} {
				if errors.Is(err, kind) {
					return
				}
			}
			t.Fatalf("an error of no kind: %v", err)
		}
		if m.NumFeatures > 1000 {
			return
		}
		rows := make([]float64, 9*m.NumFeatures)
		for i := range m.NumFeatures {
			rows[i] = math.NaN()
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
