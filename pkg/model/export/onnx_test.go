package export_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/model/export"
	"github.com/leadsman/leadsman/pkg/model/modeltest"
	"github.com/leadsman/leadsman/pkg/model/tree"
)

var onnxDir = flag.String("onnx", "", "write the ONNX forms of testdata's models to `DIR`, for testdata/check_onnx.py")

func open(t testing.TB, path string) *model.Model {
	t.Helper()
	m, err := model.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// onnxForms are the ONNX files of a model by name.
func onnxForms(t *testing.T, path string) map[string][]byte {
	t.Helper()
	m := open(t, path)
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	forms := map[string][]byte{}
	write := func(name string, o export.ONNXOptions) {
		var b bytes.Buffer
		o.ModelSHA256 = m.SHA256
		if err := export.ONNX(&b, m.Ensemble, o); err != nil {
			t.Fatal(err)
		}
		forms[name] = b.Bytes()
	}
	write(name+".onnx", export.ONNXOptions{})
	if m.Link != tree.Identity {
		write(name+".compat.onnx", export.ONNXOptions{Compat: true})
	}
	return forms
}

// testdata/onnx.checked lists the SHA-256 of files that the ONNX checker
// accepted and that ONNX Runtime scored as XGBoost does, and as it scores
// onnxmltools' conversions of the same models: testdata/check_onnx.py wrote it.
// After a change of the bytes, run that again.
func TestONNXIsAsChecked(t *testing.T) {
	checked := map[string]string{}
	if *onnxDir == "" {
		text, err := os.ReadFile("../testdata/onnx.checked")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line)
			checked[f[1]] = f[0]
		}
	}
	var names []string
	paths, err := filepath.Glob("../testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		for name, data := range onnxForms(t, path) {
			names = append(names, name)
			if *onnxDir != "" {
				if err := os.WriteFile(filepath.Join(*onnxDir, name), data, 0o666); err != nil {
					t.Fatal(err)
				}
				continue
			}
			sum := sha256.Sum256(data)
			if got := hex.EncodeToString(sum[:]); got != checked[name] {
				t.Errorf("%s: these bytes were not checked: run testdata/check_onnx.py", name)
			}
		}
	}
	for name := range checked {
		if !slices.Contains(names, name) {
			t.Errorf("%s is in onnx.checked, but no model makes it", name)
		}
	}
}

func TestCompatWantsClasses(t *testing.T) {
	for _, file := range []string{"squarederror.json", "logitraw.json"} {
		var b bytes.Buffer
		err := export.ONNX(&b, open(t, "../testdata/"+file).Ensemble, export.ONNXOptions{Compat: true})
		if !errors.Is(err, tree.ErrObjective) || !strings.HasPrefix(err.Error(), "labels and probabilities want a classifier, not ") || b.Len() > 0 {
			t.Errorf("%s: %d bytes, %v", file, b.Len(), err)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestONNXWriteError(t *testing.T) {
	if err := export.ONNX(full{}, open(t, "../testdata/names.json").Ensemble, export.ONNXOptions{}); err != os.ErrClosed {
		t.Errorf("got %v", err)
	}
}

func BenchmarkONNX(b *testing.B) {
	m, _ := modeltest.Forest(47, 500, 6, 0)
	b.ReportAllocs()
	for b.Loop() {
		var buf bytes.Buffer
		if err := export.ONNX(&buf, m, export.ONNXOptions{}); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(buf.Len()))
	}
}
