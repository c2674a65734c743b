package model

import (
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"compress/zlib"
	"io"
	"regexp"

	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// packings are the compressions that joblib.dump(compress=) and people use.
var packings = []struct {
	magic, name string
	open        func(io.Reader) (io.Reader, error)
}{
	{"\x1f\x8b", "gzip", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{"x\x01", "zlib", openZlib},
	{"x^", "zlib", openZlib},
	{"x\x9c", "zlib", openZlib},
	{"x\xda", "zlib", openZlib},
	{"BZh", "bzip2", func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
	{"\xfd7zXZ\x00", "xz", func(r io.Reader) (io.Reader, error) { return xz.NewReader(r) }},
	{"]\x00\x00", "lzma", func(r io.Reader) (io.Reader, error) { return lzma.NewReader(r) }},
}

func openZlib(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) }

// unpack returns what data holds in a compressed form, at most limit bytes of it,
// or data itself.
func unpack(data []byte, limit int64) ([]byte, error) {
	for _, p := range packings {
		if !bytes.HasPrefix(data, []byte(p.magic)) {
			continue
		}
		r, err := p.open(bytes.NewReader(data))
		var plain []byte
		if err == nil {
			plain, err = io.ReadAll(io.LimitReader(r, limit+1))
		}
		switch {
		case err != nil:
			return nil, tree.Refuse(tree.ErrFormat, "", "%s: %s", p.name, err)
		case int64(len(plain)) > limit:
			return nil, tree.Refuse(tree.ErrFormat, "", "%s: more than %d bytes", p.name, limit)
		}
		return plain, nil
	}
	return data, nil
}

// dumps are forms for people's eyes, in which numbers are rounded and whose readers
// are none, by what their first bytes hold.
var dumps = []struct {
	sign *regexp.Regexp
	what string
}{
	{regexp.MustCompile(`^booster\[\d+\]`), "XGBoost's dump_model, which rounds: call save_model(\"model.ubj\") in Python and use that"},
	{regexp.MustCompile(`^\[\s*\{\s*"nodeid"`), "XGBoost's dump_model, which rounds: call save_model(\"model.ubj\") in Python and use that"},
	{regexp.MustCompile(`^\{\s*"name":\s*"tree"`), "LightGBM's dump_model, as JSON: call save_model(\"model.txt\") in Python and use that"},
	{regexp.MustCompile(`"(oblivious_trees|features_info|ctr_data|model_info)":`), "CatBoost's JSON: call save_model(\"model.onnx\", format=\"onnx\") in Python and use that"},
}

// dumpOf says what text is where it is a dump.
func dumpOf(text []byte) string {
	start := text[:min(len(text), 200)]
	for _, d := range dumps {
		if d.sign.Match(start) {
			return d.what
		}
	}
	return ""
}
