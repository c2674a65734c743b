package model

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
)

var onnxDir = flag.String("onnx", "", "write the ONNX forms of testdata's models to `DIR`, for testdata/check_onnx.py")

// onnxForms are the ONNX files of a model by name.
func onnxForms(t *testing.T, path string) map[string][]byte {
	t.Helper()
	m := open(t, path)
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	forms := map[string][]byte{}
	write := func(name string, o ONNXOptions) {
		var b bytes.Buffer
		if err := WriteONNX(&b, m, o); err != nil {
			t.Fatal(err)
		}
		forms[name] = b.Bytes()
	}
	write(name+".onnx", ONNXOptions{})
	if m.link != identity {
		write(name+".compat.onnx", ONNXOptions{Compat: true})
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
		text, err := os.ReadFile("testdata/onnx.checked")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line)
			checked[f[1]] = f[0]
		}
	}
	var names []string
	for _, path := range models(t) {
		if filepath.Ext(path) != ".json" {
			continue
		}
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
		err := WriteONNX(&b, open(t, "testdata/"+file), ONNXOptions{Compat: true})
		if !errors.Is(err, ErrObjective) || !strings.HasPrefix(err.Error(), "labels and probabilities want a classifier, not ") || b.Len() > 0 {
			t.Errorf("%s: %d bytes, %v", file, b.Len(), err)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestONNXWriteError(t *testing.T) {
	if err := WriteONNX(full{}, open(t, "testdata/names.json"), ONNXOptions{}); err != os.ErrClosed {
		t.Errorf("got %v", err)
	}
}

func BenchmarkWriteONNX(b *testing.B) {
	m, _ := forest(47, 500, 6, 0)
	b.ReportAllocs()
	for b.Loop() {
		var buf bytes.Buffer
		if err := WriteONNX(&buf, m, ONNXOptions{}); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(buf.Len()))
	}
}
