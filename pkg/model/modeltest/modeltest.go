// Package modeltest has what the tests of several rooms of model need: the
// trainers' own answers, rows of the sample case, and an ensemble to time.
package modeltest

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// Oracle reads rows, and the scores and margins that its trainer gave them, of
// the model in that file: they stand beside it, in the .csv that models.py or
// lightgbm_models.py made.
func Oracle(t testing.TB, model string) (rows, scores, margins []float64) {
	t.Helper()
	f, err := os.Open(strings.TrimSuffix(model, filepath.Ext(model)) + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		for i, cell := range line {
			v := math.NaN()
			if cell != "" {
				if v, err = strconv.ParseFloat(cell, 64); err != nil {
					t.Fatal(err)
				}
			}
			switch header := lines[0][i]; {
			case strings.HasPrefix(header, "score"):
				scores = append(scores, v)
			case strings.HasPrefix(header, "margin"):
				margins = append(margins, v)
			default:
				rows = append(rows, v)
			}
		}
	}
	return rows, scores, margins
}

// Seed gives a fuzz target the files of these patterns to begin with.
func Seed(f *testing.F, patterns ...string) {
	f.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal(pattern, files, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
}

// Sample reads the rows of the sample model, of so many columns, and their
// scores by XGBoost, that testdata/train/train.py wrote: path is that of
// testdata/oracle/leads.jsonl.gz.
func Sample(t testing.TB, path string, width int) (rows []float64, scores []float32) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		var line struct {
			Columns []*float64
			Score   float32
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if len(line.Columns) != width {
			t.Fatalf("a row of %d columns", len(line.Columns))
		}
		for _, c := range line.Columns {
			if c == nil {
				rows = append(rows, math.NaN())
			} else {
				rows = append(rows, *c)
			}
		}
		scores = append(scores, line.Score)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(scores) < 2000 {
		t.Fatalf("only %d rows", len(scores))
	}
	return rows, scores
}

// Floats reads a file of little-endian float32, as the scripts in testdata write
// them.
func Floats(t testing.TB, path string) []float64 {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	values := make([]float64, len(data)/4)
	for i := range values {
		values[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:])))
	}
	return values
}

// Forest makes an ensemble of complete trees, and rows that split them evenly:
// no branch of a walk can be foreseen.
func Forest(features, trees, depth, rows int) (*tree.Ensemble, []float64) {
	r := rand.New(rand.NewPCG(1, 2))
	m := &tree.Ensemble{Objective: "binary:logistic", Booster: "gbtree", NumFeatures: features, Link: tree.Logistic, Margins: []float64{0}}
	for range trees {
		m.Trees = append(m.Trees, complete(r, features, depth))
	}
	values := make([]float64, rows*features)
	for i := range values {
		values[i] = float64(r.Float32())
	}
	return m, values
}

// complete makes a tree in which every leaf is as deep as the others.
func complete(r *rand.Rand, features, depth int) tree.Tree {
	t := tree.Tree{Depth: depth}
	var grow func(level int) int32
	grow = func(level int) int32 {
		i := int32(len(t.Nodes))
		t.Nodes = append(t.Nodes, tree.Node{Value: float64(r.Float32() - 0.5), Cover: float32(int(1) << (depth - level))})
		if level < depth {
			t.Nodes[i] = tree.Node{Feature: r.Int32N(int32(features)), Value: float64(r.Float32()), DefaultLeft: r.IntN(2) == 0, Cover: t.Nodes[i].Cover}
			t.Nodes[i].Left = grow(level + 1)
			t.Nodes[i].Right = grow(level + 1)
		}
		return i
	}
	grow(0)
	return t
}
