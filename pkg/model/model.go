// Package model reads gradient-boosted tree models that XGBoost saved as JSON
// or UBJSON, or LightGBM as text, checks them, and scores rows with them.
//
// Reading is strict: what this package cannot score as the library does that
// trained it (another objective, a linear booster, categorical splits, …) is
// refused by name, so that a model that was accepted can be trusted. Engines
// stand behind Predictor.
package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// maxBytes bounds a model file, and with it everything that is built from it.
const maxBytes = 256 << 20

// Errors that callers may branch on. They are matched with errors.Is; the
// message of the error that is returned says where and what.
var (
	ErrFormat      = errors.New("not a readable model")
	ErrObjective   = errors.New("unsupported objective")
	ErrBooster     = errors.New("unsupported booster")
	ErrCategorical = errors.New("categorical features are not supported")
	ErrFeatures    = errors.New("features do not fit")
)

// Model is a checked ensemble of trees.
type Model struct {
	Library     string  // that trained it, "XGBoost" or "LightGBM"
	Version     string  // of the XGBoost that wrote it, "3.2.0", or of LightGBM's format, "v4"
	Objective   string  // as the library names it, "binary:logistic"
	Booster     string  // "gbtree" or "dart"
	NumFeatures int     // columns of a row
	BaseScore   float64 // as stored: a probability for logistic objectives; the first class's, where each has its own
	SHA256      string  // of the file's bytes, in lower-case hex

	features []string
	link     link
	margins  []float32 // of each output, the base score on the margin's scale
	trees    []tree
}

// tree is one tree. Node 0 is the root; a parent stands before its children.
type tree struct {
	nodes  []node
	output int     // that its leaves add to
	weight float32 // of its leaves in the sum: 1 but for dart
	depth  int     // edges from the root to the deepest leaf
}

// node is a split, or a leaf where left is 0 (the root is nobody's child).
type node struct {
	left, right int32
	feature     int32
	defaultLeft bool    // where a missing value goes
	value       float32 // a split's threshold (x < value goes left), or a leaf's value
	cover       float32 // sum of hessians of the training rows that reached it
	gain        float32 // what its split took off the loss; 0 for a leaf
}

func (n *node) leaf() bool { return n.left == 0 }

// Open reads the model in the file of that name.
func Open(path string) (*Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// Read reads a model as XGBoost's save_model writes it, JSON or UBJSON, or the
// one Booster inside a pickle or joblib file that is not compressed, or a model
// as LightGBM's save_model writes it; which of these is seen from the first
// bytes. Models of XGBoost 1.5 to 3.2 were tried, pickles from 1.6 on, and
// LightGBM 3.3 and 4.6; a pickle is searched, never run. Where training stopped
// early, the model ends with the best iteration, as the libraries' predictions
// do.
//
// Whatever the bytes, Read returns a model or an error that matches one of
// ErrFormat, ErrObjective, ErrBooster, ErrCategorical and ErrFeatures (or the
// reader's own), and its memory is at most a small multiple of the input,
// which may have 256 MiB.
func Read(r io.Reader) (*Model, error) { return read(r, maxBytes) }

func read(r io.Reader, limit int64) (*Model, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, refuse(ErrFormat, "", "more than %d bytes", limit)
	}
	m, err := parse(data)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	m.SHA256 = hex.EncodeToString(sum[:])
	return m, nil
}

func parse(data []byte) (*Model, error) {
	if bytes.HasPrefix(data, []byte("tree\n")) || bytes.HasPrefix(data, []byte("tree\r\n")) {
		return lightgbm(data)
	}
	src, err := sniff(data)
	if err != nil {
		return nil, err
	}
	doc, err := decode(src)
	if err != nil {
		return nil, err
	}
	return doc.check()
}

// sniff picks the reader for data, and names well-known formats that are none
// of ours.
func sniff(data []byte) (source, error) {
	text := bytes.TrimLeft(data, " \t\r\n")
	switch {
	case len(text) == 0:
		return nil, refuse(ErrFormat, "", "empty")
	case data[0] == '{' && len(data) > 1 && bytes.IndexByte([]byte("LlIiU#$N"), data[1]) >= 0:
		return &ubjReader{data: data}, nil
	case data[0] == 0x80:
		return unpickle(data)
	case text[0] == '{':
		return &jsonReader{data: data}, nil
	}
	what := "neither JSON nor UBJSON: want a model that XGBoost's save_model wrote"
	for _, known := range []struct{ magic, what string }{
		{"binf", "XGBoost's old binary format: load it with the XGBoost that wrote it and save it as .ubj or .json"},
		{"\x1f\x8b", "gzip: unpack it first"},
		{"x\x9c", "zlib, perhaps a compressed joblib file: save it without compress="},
		{"x^", "zlib, perhaps a compressed joblib file: save it without compress="},
		{"x\xda", "zlib, perhaps a compressed joblib file: save it without compress="},
		{"PK\x03\x04", "a zip file: want a model that XGBoost's save_model wrote"},
		{"\x08", "neither JSON nor UBJSON, but perhaps ONNX: want the XGBoost model it was made from"},
	} {
		if bytes.HasPrefix(data, []byte(known.magic)) {
			what = known.what
			break
		}
	}
	return nil, refuse(ErrFormat, "", "%s", what)
}

// Features returns the names of the model's columns in order, or nil where the
// model was trained without names.
func (m *Model) Features() []string { return slices.Clone(m.features) }

// Logistic reports whether a score is the probability of the positive class.
func (m *Model) Logistic() bool { return m.link == logistic }

// Outputs returns the number of scores that a row gets: one a class for
// multi:softprob, else 1.
func (m *Model) Outputs() int { return len(m.margins) }

// byOutput returns the trees that add to each output, in their order.
func (m *Model) byOutput() [][]tree {
	of := make([][]tree, m.Outputs())
	for _, t := range m.trees {
		of[t.output] = append(of[t.output], t)
	}
	return of
}

// Trees returns the number of trees that take part in a score.
func (m *Model) Trees() int { return len(m.trees) }

// Nodes returns the number of splits and leaves in these trees.
func (m *Model) Nodes() int {
	n := 0
	for _, t := range m.trees {
		n += len(t.nodes)
	}
	return n
}

// Depth returns the largest number of splits that a row passes in one tree.
func (m *Model) Depth() int {
	d := 0
	for _, t := range m.trees {
		d = max(d, t.depth)
	}
	return d
}

// Importance returns the gain of each feature: the mean over the splits on it
// of what the split took off the training loss, 0 where no split uses it.
// XGBoost calls it importance_type "gain", and counts in trees after the best
// iteration too.
func (m *Model) Importance() []float64 {
	gain, splits := m.gains()
	for i, k := range splits {
		if k > 0 {
			gain[i] /= float64(k)
		}
	}
	return gain
}

// TotalGain returns what all splits on each feature took off the training loss
// together. XGBoost calls it importance_type "total_gain", and counts in trees
// after the best iteration too.
func (m *Model) TotalGain() []float64 {
	gain, _ := m.gains()
	return gain
}

// gains returns each feature's total gain and number of splits.
func (m *Model) gains() (gain []float64, splits []int) {
	gain, splits = make([]float64, m.NumFeatures), make([]int, m.NumFeatures)
	for _, t := range m.trees {
		for i := range t.nodes {
			if n := &t.nodes[i]; !n.leaf() {
				gain[n.feature] += float64(n.gain)
				splits[n.feature]++
			}
		}
	}
	return gain, splits
}

// Predictor scores rows with one engine. It may be used by many goroutines at
// once.
type Predictor interface {
	// Engine names the engine: "leaves".
	Engine() string
	// NumFeatures is the number of columns of a row.
	NumFeatures() int
	// Outputs is the number of scores of a row.
	Outputs() int
	// Predict writes the scores of every row of rows into out: the probability
	// of the positive class for logistic objectives, that of each class for
	// multi:softprob, else the model's output. rows holds len(out)/Outputs rows
	// of NumFeatures values, one row after another; NaN is a missing value. An
	// infinite value is ErrFeatures, as it is an error in XGBoost, and so are
	// lengths that do not fit. After an error the content of out means nothing.
	Predict(rows []float32, out []float32) error
}

// Fits says why rows of the named columns are not rows of the model: it has
// another number of them, or names its own, and these differ or stand in another
// order.
func (m *Model) Fits(columns []string) error {
	if len(columns) != m.NumFeatures {
		return fmt.Errorf("columns: the model wants %d, got %d", m.NumFeatures, len(columns))
	}
	for i, name := range m.Features() {
		if columns[i] != name {
			return fmt.Errorf("column %d is %q, the model's is %q", i, columns[i], name)
		}
	}
	return nil
}
