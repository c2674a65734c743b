// Command matrix holds models of every kind to the libraries that trained them, and
// prints the table of docs/models.md: the largest difference by engine, by the exported
// form, and by explanation. Its arguments are directories with models, beside each of
// which a .csv has rows with the library's scores, and a .contribs may have its
// contributions; pipelines/matrix.sh makes them.
package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/model/explain"
	"github.com/leadsman/leadsman/pkg/model/ort"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		os.Exit(1)
	}
}

func run(directories []string, w io.Writer) error {
	var files []string
	for _, d := range directories {
		for _, ext := range []string{"ubj", "lightgbm", "onnx"} {
			found, err := filepath.Glob(filepath.Join(d, "*."+ext))
			if err != nil {
				return err
			}
			files = append(files, found...)
		}
	}
	if len(files) == 0 {
		return fmt.Errorf("no models in %s", strings.Join(directories, ", "))
	}
	slices.SortFunc(files, func(a, b string) int { return cmp.Or(cmp.Compare(group(a), group(b)), cmp.Compare(a, b)) })
	fmt.Fprint(w, "| model | trained by | rows | `native` | `leaves` | ONNX Runtime | contributions |\n| --- | --- | --: | --: | --: | --: | --: |\n")
	for _, f := range files {
		line, err := compare(f)
		if err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		fmt.Fprintln(w, line)
	}
	return nil
}

// group puts files of one library together.
func group(file string) string {
	return filepath.Ext(file) + filepath.Base(file)[:min(8, len(filepath.Base(file)))]
}

// compare is the table's line of one model.
func compare(file string) (string, error) {
	m, err := model.Open(file)
	if err != nil {
		return "", err
	}
	base := strings.TrimSuffix(file, filepath.Ext(file))
	rows, want, err := oracle(base + ".csv")
	if err != nil {
		return "", err
	}
	cells := make([]string, 0, 3)
	for _, maker := range []model.Maker{model.Native, model.Leaves, ort.New} {
		cell, err := worst(m, maker, rows, want)
		if err != nil {
			return "", err
		}
		cells = append(cells, cell)
	}
	contributions, err := explained(m, base+".contribs", rows)
	if err != nil {
		return "", err
	}
	by := m.Library
	if m.Version != "" && m.Graph != nil {
		by += " " + m.Version
	}
	name := strings.NewReplacer("kind_xgb_", "", "kind_lgb_", "", "_", " ").Replace(filepath.Base(base))
	return fmt.Sprintf("| %s: %s | %s | %d | %s | %s |", name, m.Objective, by, len(want)/m.Outputs(), strings.Join(cells, " | "), contributions), nil
}

// worst is the largest difference of an engine's scores, above 1 relatively.
func worst(m *model.Model, maker model.Maker, rows, want []float64) (string, error) {
	p, err := maker(m)
	if err != nil {
		if _, missing := ort.Version(); missing != nil {
			return "", missing // the table would not say what it is to say
		}
		return "–", nil
	}
	if c, ok := p.(io.Closer); ok {
		defer c.Close()
	}
	got := make([]float32, len(want))
	if err := p.Predict(rows, got); err != nil {
		return "", fmt.Errorf("%s: %w", p.Engine(), err)
	}
	most := 0.0
	for i, w := range want {
		most = max(most, off(float64(got[i]), w))
	}
	return show(most), nil
}

func off(got, want float64) float64 {
	if got != got && want != want {
		return 0
	}
	d := math.Abs(got-want) / max(1, math.Abs(want))
	if d != d {
		return math.Inf(1)
	}
	return d
}

func show(x float64) string {
	if x == 0 {
		return "0"
	}
	return strconv.FormatFloat(x, 'e', 0, 64)
}

// explained is the largest difference of contributions from the library's, or, where
// it has none, of their sum from the margin.
func explained(m *model.Model, file string, rows []float64) (string, error) {
	if !m.IsTrees() {
		return "–", nil
	}
	width, outputs := m.NumFeatures+1, m.Outputs()
	n := len(rows) / m.NumFeatures
	trees := m.Ensemble
	if !trees.HasCovers() {
		trees = trees.Covered(rows, slices.Repeat([]int64{1}, n))
	}
	got := make([]float64, n*outputs*width)
	if err := explain.Contributions(trees, rows, got); err != nil {
		return "", err
	}
	data, err := os.ReadFile(file)
	most := 0.0
	if err == nil {
		words := strings.Fields(string(data))
		if len(words) != len(got) {
			return "", fmt.Errorf("%s: %d contributions, want %d", file, len(words), len(got))
		}
		for i, w := range words {
			x, err := strconv.ParseFloat(w, 64)
			if err != nil {
				return "", err
			}
			most = max(most, off(got[i], x))
		}
		return show(most), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	sums := make([]float64, outputs)
	for r := range n {
		copy(sums, trees.Margins)
		for k := range trees.Trees {
			t := &trees.Trees[k]
			sums[t.Output] += trees.Walk(t, rows[r*m.NumFeatures:][:m.NumFeatures])
		}
		for k, want := range sums {
			sum := 0.0
			for _, c := range got[(r*outputs+k)*width:][:width] {
				sum += c
			}
			most = max(most, off(sum, want))
		}
	}
	return show(most) + " (sum)", nil
}

// oracle reads rows and the scores that their library gave them.
func oracle(file string) (rows, scores []float64, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, nil, err
	}
	for _, line := range lines[1:] {
		for i, cell := range line {
			v := math.NaN()
			if cell != "" {
				if v, err = strconv.ParseFloat(cell, 64); err != nil {
					return nil, nil, err
				}
			}
			switch header := lines[0][i]; {
			case strings.HasPrefix(header, "score"):
				scores = append(scores, v)
			case !strings.HasPrefix(header, "margin"):
				rows = append(rows, v)
			}
		}
	}
	return rows, scores, nil
}
