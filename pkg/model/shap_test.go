package model

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// contribs reads XGBoost's pred_contribs (testdata/models.py), or LightGBM's.
func contribs(t *testing.T, path string) []float64 {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var values []float64
	for _, word := range strings.Fields(string(text)) {
		v, err := strconv.ParseFloat(word, 64)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, v)
	}
	return values
}

// leafSums are the margins of a row in float64.
func leafSums(m *Model, row []float32) []float64 {
	sums := make([]float64, m.Outputs())
	for k, b := range m.margins {
		sums[k] = float64(b)
	}
	for _, t := range m.trees {
		sums[t.output] += float64(t.find(row))
	}
	return sums
}

// checkSums says where contributions do not sum to the float64 margin.
func checkSums(t *testing.T, m *Model, rows []float32, got []float64) {
	t.Helper()
	width := m.NumFeatures + 1
	for i := range len(rows) / m.NumFeatures {
		for k, want := range leafSums(m, rows[i*m.NumFeatures:(i+1)*m.NumFeatures]) {
			sum := 0.0
			for _, v := range got[(i*m.Outputs()+k)*width:][:width] {
				sum += v
			}
			if !(math.Abs(sum-want) <= 1e-9*max(1, math.Abs(want))) {
				t.Fatalf("row %d, output %d: contributions sum to %v, the margin is %v", i, k, sum, want)
			}
		}
	}
}

func TestContributionsAreTheTrainers(t *testing.T) {
	files, err := filepath.Glob("testdata/*.contribs")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 11 {
		t.Fatalf("only %d files", len(files))
	}
	worst := 0.0
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			form := "ubj"
			if strings.Contains(file, "lgb_") {
				form = "lightgbm"
			}
			m := open(t, strings.TrimSuffix(file, "contribs")+form)
			rows, _, _ := oracleOf(t, file)
			want := contribs(t, file)
			got := make([]float64, len(want))
			if err := Contributions(m, rows, got); err != nil {
				t.Fatal(err)
			}
			for i := range want {
				off := math.Abs(got[i]-want[i]) / max(1, math.Abs(want[i]))
				if !(off <= 1e-5) {
					t.Fatalf("value %d: got %v, the library has %v", i, got[i], want[i])
				}
				worst = max(worst, off)
			}
			checkSums(t, m, rows, got)
		})
	}
	t.Logf("largest difference %.3g", worst)
}

// Shapley's formula over all subsets of features, in which a feature that is
// out sends the row both ways.
func TestContributionsByDefinition(t *testing.T) {
	m := open(t, "testdata/deep.ubj")
	rows, _, _ := oracleOf(t, "testdata/deep.ubj")
	const n = 4
	got := make([]float64, len(rows)/n*(n+1))
	if err := Contributions(m, rows, got); err != nil {
		t.Fatal(err)
	}
	factorial := []float64{1, 1, 2, 6, 24}
	for i := 0; i < len(rows)/n; i += 10 {
		row := rows[i*n : (i+1)*n]
		var game [1 << n]float64
		for set := range game {
			for k := range m.trees {
				game[set] += expect(&m.trees[k], 0, row, set)
			}
		}
		for f := range n {
			want := 0.0
			for set := range game {
				if set>>f&1 == 0 {
					size := set&1 + set>>1&1 + set>>2&1 + set>>3&1
					want += factorial[size] * factorial[n-size-1] / factorial[n] * (game[set|1<<f] - game[set])
				}
			}
			if v := got[i*(n+1)+f]; !(math.Abs(v-want) <= 1e-12) {
				t.Errorf("row %d, feature %d: got %v, want %v", i, f, v, want)
			}
		}
	}
}

// expect is the value under node i with the features of set in the game.
func expect(t *tree, i int32, row []float32, set int) float64 {
	n := &t.nodes[i]
	if n.leaf() {
		return float64(n.value)
	}
	left, right := expect(t, n.left, row, set), expect(t, n.right, row, set)
	x := row[n.feature]
	switch {
	case set>>n.feature&1 == 0:
		return (left*float64(t.nodes[n.left].cover) + right*float64(t.nodes[n.right].cover)) / float64(n.cover)
	case x < n.value || x != x && n.defaultLeft:
		return left
	}
	return right
}

// No training row went left at the root: its whole subtree has no share.
func TestContributionsWithoutCover(t *testing.T) {
	m := &Model{NumFeatures: 2, margins: []float32{0.5}, trees: []tree{{weight: 1, depth: 2, nodes: []node{
		{left: 1, right: 4, feature: 0, value: 0, cover: 8},
		{left: 2, right: 3, feature: 0, value: -1, cover: 1},
		{value: 3, cover: 0},
		{value: 5, cover: 1},
		{left: 5, right: 6, feature: 1, value: 0, cover: 7},
		{value: 7, cover: 7},
		{value: 11, cover: 0},
	}}}}
	rows := []float32{-2, 0, -0.5, 0, 1, 1, 1, -1}
	got := make([]float64, 12)
	if err := Contributions(m, rows, got); err != nil {
		t.Fatal(err)
	}
	checkSums(t, m, rows, got)

	m.trees[0].nodes[1].cover = 0
	if err := Contributions(m, rows, got); !errors.Is(err, ErrFormat) || err.Error() != "tree 0: a split without sum_hessian, so that contributions are not defined" {
		t.Errorf("got %v", err)
	}
}

func TestContributionsRefuse(t *testing.T) {
	m := open(t, "testdata/softprob.ubj")
	for _, c := range []struct {
		values, out int
		want        string
	}{
		{4, 5, "out: 5 contributions, want 15"},
		{5, 15, "rows: 5 values for 1 rows of 4 features"},
	} {
		err := Contributions(m, make([]float32, c.values), make([]float64, c.out))
		if !errors.Is(err, ErrFeatures) || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// The sample model's rows, with missing values and values at thresholds: sums
// alone, since their oracle has no contributions.
func TestSampleContributions(t *testing.T) {
	m := open(t, "../../testdata/model.ubj")
	rows, _ := sample(t, m)
	rows = rows[:300*m.NumFeatures]
	got := make([]float64, 300*(m.NumFeatures+1))
	if err := Contributions(m, rows, got); err != nil {
		t.Fatal(err)
	}
	checkSums(t, m, rows, got)
}

func BenchmarkContributions(b *testing.B) {
	m := open(b, "../../testdata/model.ubj")
	rows, _ := sample(b, m)
	out := make([]float64, m.NumFeatures+1)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if err := Contributions(m, rows[i*m.NumFeatures:(i+1)*m.NumFeatures], out); err != nil {
			b.Fatal(err)
		}
		i = (i + 1) % 1000
	}
}
