// Package model reads gradient-boosted tree models that XGBoost or LightGBM
// saved, and ONNX files of one row a sample, and scores rows with them. What a file holds, and so which reader takes
// it, is seen from its first bytes; engines stand behind Predictor.
//
// Reading is strict: what cannot be scored as the library does that trained the
// model is refused by name, so that a model that was accepted can be trusted.
package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/model/lightgbm"
	"github.com/leadsman/leadsman/pkg/model/onnx"
	"github.com/leadsman/leadsman/pkg/model/tree"
	"github.com/leadsman/leadsman/pkg/model/xgboost"
)

// maxBytes bounds a model file, and with it everything that is built from it.
const maxBytes = 256 << 20

// Model is what a model's file holds.
type Model struct {
	*tree.Ensemble
	Graph  *onnx.Graph // of an ONNX file, else nil
	SHA256 string      // of the file's bytes, in lower-case hex
}

// IsTrees reports whether the Ensemble's trees are all of the model. Of an ONNX file
// they may not be: then the Ensemble says what rows and scores are, and has no trees.
func (m *Model) IsTrees() bool { return m.Graph == nil || len(m.Trees) > 0 }

// Explained returns the trees by which the model's scores are explained, and what makes
// their rows of the model's; nil where the model is more than one ensemble of trees.
func (m *Model) Explained() (e *tree.Ensemble, rows func([]float64) []float64) {
	switch {
	case m.IsTrees():
		return m.Ensemble, func(rows []float64) []float64 { return rows }
	case m.Graph.Behind() != nil:
		return m.Graph.Behind(), m.Graph.Before
	}
	return nil, nil
}

// Linear returns the margin of a linear ONNX model as a sum over columns, and what each
// column of rows adds to it; nil of any other model.
func (m *Model) Linear() (l *onnx.Linear, addends func([]float64) []float64) {
	if m.Graph == nil || m.Graph.Linear() == nil {
		return nil, nil
	}
	return m.Graph.Linear(), m.Graph.Addends
}

// Open reads the model in the file of that name.
func Open(path string) (*Model, error) {
	f, err := files.Open(path)
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

// Unreadable reports whether an error of Open or Read says that there is a file, but
// of no kind that is read. It then costs what the model was wanted for, and need
// not cost more.
func Unreadable(err error) bool {
	return slices.ContainsFunc([]error{tree.ErrFormat, tree.ErrObjective, tree.ErrBooster, tree.ErrFeatures}, func(kind error) bool { return errors.Is(err, kind) })
}

// Read reads a model as XGBoost's save_model writes it, JSON or UBJSON, or the
// one Booster inside a pickle or joblib file, or a model as LightGBM's save_model
// writes it, or an ONNX file of one row a sample, each of them plain or compressed (zlib, gzip, bzip2, lzma, xz); which of
// these is seen from the first bytes.
//
// Whatever the bytes, Read returns a model or an error that matches one of
// tree.ErrFormat, ErrObjective, ErrBooster and ErrFeatures (or the reader's own), and its memory is at most a small multiple of the input,
// which may have 256 MiB.
func Read(r io.Reader) (*Model, error) { return read(r, maxBytes) }

func read(r io.Reader, limit int64) (*Model, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, tree.Refuse(tree.ErrFormat, "", "more than %d bytes", limit)
	}
	plain, err := unpack(data, limit)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	m := &Model{SHA256: hex.EncodeToString(sum[:])}
	if bytes.HasPrefix(plain, []byte(onnxMagic)) {
		m.Graph, m.Ensemble, err = onnx.Read(plain)
	} else {
		m.Ensemble, err = parse(plain)
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// onnxMagic begins an ONNX file: the field of the format's version, which writers
// put first.
const onnxMagic = "\x08"

// parse picks the reader for data, and names well-known formats that none of
// them reads.
func parse(data []byte) (*tree.Ensemble, error) {
	text := bytes.TrimLeft(data, " \t\r\n")
	switch {
	case bytes.HasPrefix(data, []byte("tree\n")), bytes.HasPrefix(data, []byte("tree\r\n")):
		return lightgbm.Read(data)
	case len(text) == 0:
		return nil, tree.Refuse(tree.ErrFormat, "", "empty")
	case data[0] == '{' && len(data) > 1 && bytes.IndexByte([]byte("LlIiU#$N"), data[1]) >= 0:
		return xgboost.UBJSON(data)
	case data[0] == 0x80:
		return xgboost.Pickle(data)
	}
	if what := dumpOf(text); what != "" {
		return nil, tree.Refuse(tree.ErrFormat, "", "%s", what)
	}
	if text[0] == '{' {
		return xgboost.JSON(data)
	}
	what := "neither JSON nor UBJSON: want a model that XGBoost's save_model wrote"
	for _, known := range []struct{ magic, what string }{
		{"binf", "XGBoost's old binary format: load it with the XGBoost that wrote it and save it as .ubj or .json"},
		{"\x04\x22\x4d\x18", "lz4, perhaps a compressed joblib file: save it without compress="},
		{"CBM1", "CatBoost's own format: call save_model(\"model.onnx\", format=\"onnx\") in Python and use that"},
		{"PK\x03\x04", "a zip file: want a model that XGBoost's save_model wrote"},
	} {
		if bytes.HasPrefix(data, []byte(known.magic)) {
			what = known.what
			break
		}
	}
	return nil, tree.Refuse(tree.ErrFormat, "", "%s", what)
}
