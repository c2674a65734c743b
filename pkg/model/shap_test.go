package model

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
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

// contributions computes got in batches of so many rows.
func contributions(t *testing.T, m *Model, rows []float32, got []float64, batch int) {
	t.Helper()
	width, stride := m.NumFeatures, m.Outputs()*(m.NumFeatures+1)
	for at := 0; at < len(rows)/width; at += batch {
		n := min(batch, len(rows)/width-at)
		if err := Contributions(m, rows[at*width:(at+n)*width], got[at*stride:(at+n)*stride]); err != nil {
			t.Fatal(err)
		}
	}
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
			rows, _, margins := oracleOf(t, file)
			want := contribs(t, file)
			got := make([]float64, len(want))
			// One by one, without tables, and together, with them.
			for _, batch := range []int{1, len(rows) / m.NumFeatures} {
				contributions(t, m, rows, got, batch)
				for i := range want {
					off := math.Abs(got[i] - want[i])
					if form == "lightgbm" { // whose regression has a scale of its own
						off /= max(1, math.Abs(want[i]))
					}
					if !(off <= 1e-5) {
						t.Fatalf("batches of %d: value %d: got %v, the library has %v", batch, i, got[i], want[i])
					}
					worst = max(worst, off)
				}
				checkSums(t, m, rows, got)
				for i, margin := range margins {
					sum := 0.0
					for _, v := range got[i*(m.NumFeatures+1):][:m.NumFeatures+1] {
						sum += v
					}
					if !(math.Abs(sum-float64(margin)) <= 5e-5*max(1, math.Abs(float64(margin)))) {
						t.Fatalf("batches of %d: margin %d: contributions sum to %v, the library has %v", batch, i, sum, margin)
					}
				}
			}
		})
	}
	if *marginsDir != "" {
		ofManyRows(t)
	}
	t.Logf("largest difference %.3g", worst)
}

// ofManyRows compares with the pred_contribs of 10,000 rows that shap_speed.py
// leaves.
func ofManyRows(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(*marginsDir, "*.contribs32"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		base := strings.TrimSuffix(file, "contribs32")
		m, rows, want := open(t, base+"ubj"), floats(t, base+"f32"), floats(t, file)
		got := make([]float64, len(want))
		if err := Contributions(m, rows, got); err != nil {
			t.Fatal(err)
		}
		checkSums(t, m, rows, got)
		for i := range want {
			if !(math.Abs(got[i]-float64(want[i])) <= 1e-5) {
				t.Fatalf("%s: value %d: got %v, the library has %v", filepath.Base(file), i, got[i], want[i])
			}
		}
	}
}

// Shapley's formula over all subsets of features, in which a feature that is
// out sends the row both ways.
func TestContributionsByDefinition(t *testing.T) {
	m := open(t, "testdata/deep.ubj")
	rows, _, _ := oracleOf(t, "testdata/deep.ubj")
	const n = 4
	got := make([]float64, len(rows)/n*(n+1))
	for _, batch := range []int{1, len(rows) / n} {
		contributions(t, m, rows, got, batch)
		byDefinition(t, m, rows, got, 10)
	}
}

// Trees of every form, with features that repeat on a way, and shares of 0.
func TestContributionsOfRandomTrees(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	for _, c := range []struct{ features, splits int }{{1, 1}, {1, 40}, {2, 30}, {4, 1}, {4, 7}, {4, 12}, {4, 60}, {4, 300}, {4, 600}} {
		m := &Model{NumFeatures: c.features, margins: []float32{0.5, -1}}
		for k := range 6 {
			m.trees = append(m.trees, random(r, c.features, c.splits, k%2))
		}
		rows := make([]float32, 200*c.features)
		for i := range rows {
			rows[i] = float32(r.IntN(12))
			if r.IntN(6) == 0 {
				rows[i] = float32(math.NaN())
			}
		}
		got := make([]float64, 200*2*(c.features+1))
		for _, batch := range []int{1, 65, 200} {
			contributions(t, m, rows, got, batch)
			checkSums(t, m, rows, got)
			byDefinition(t, m, rows, got, 50)
		}
	}
}

// Trees of 256 leaves, with so many tables that they are filled in several runs.
func TestContributionsOfManyFeatures(t *testing.T) {
	m, rows := forest(20_000, 40, 8, 210)
	got := make([]float64, 210*(m.NumFeatures+1))
	contributions(t, m, rows, got, 210)
	checkSums(t, m, rows, got)
	for _, r := range []int{0, 150, 209} { // one by one
		want := make([]float64, m.NumFeatures+1)
		contributions(t, m, rows[r*m.NumFeatures:(r+1)*m.NumFeatures], want, 1)
		for k, w := range want {
			if v := got[r*(m.NumFeatures+1)+k]; !(math.Abs(v-w) <= 1e-12) {
				t.Fatalf("row %d, feature %d: got %v, alone %v", r, k, v, w)
			}
		}
	}
}

// random grows a tree of so many splits, each at a leaf that chance takes.
func random(r *rand.Rand, features, splits, output int) tree {
	t := tree{weight: 0.5, output: output, nodes: []node{{cover: float32(1 + r.IntN(100))}}}
	depths := []int{0}
	for range splits {
		i := r.IntN(len(t.nodes))
		for !t.nodes[i].leaf() || t.nodes[i].cover == 0 {
			i = r.IntN(len(t.nodes))
		}
		n := &t.nodes[i]
		share := float32(r.IntN(5)) / 4
		*n = node{left: int32(len(t.nodes)), right: int32(len(t.nodes) + 1), feature: r.Int32N(int32(features)), defaultLeft: r.IntN(2) == 0, value: float32(r.IntN(12)), cover: n.cover}
		cover := n.cover
		t.nodes = append(t.nodes, node{cover: cover * share}, node{cover: cover * (1 - share)})
		depths = append(depths, depths[i]+1, depths[i]+1)
		t.depth = max(t.depth, depths[i]+1)
	}
	for i := range t.nodes {
		if n := &t.nodes[i]; n.leaf() {
			n.value = r.Float32() - 0.5
		}
	}
	return t
}

// byDefinition compares every step-th row with Shapley's formula.
func byDefinition(t *testing.T, m *Model, rows []float32, got []float64, step int) {
	t.Helper()
	n, outputs := m.NumFeatures, m.Outputs()
	factorial := []float64{1, 1, 2, 6, 24}
	for i := 0; i < len(rows)/n; i += step {
		row := rows[i*n : (i+1)*n]
		for output := range outputs {
			game := make([]float64, 1<<n)
			for set := range game {
				for k := range m.trees {
					if m.trees[k].output == output {
						game[set] += expect(&m.trees[k], 0, row, set)
					}
				}
			}
			for f := range n {
				want := 0.0
				for set := range game {
					if set>>f&1 == 0 {
						size := bits.OnesCount(uint(set))
						want += factorial[size] * factorial[n-size-1] / factorial[n] * (game[set|1<<f] - game[set])
					}
				}
				if v := got[(i*outputs+output)*(n+1)+f]; !(math.Abs(v-want) <= 1e-12) {
					t.Fatalf("row %d, output %d, feature %d: got %v, want %v", i, output, f, v, want)
				}
			}
		}
	}
}

// expect is the value under node i with the features of set in the game.
func expect(t *tree, i int32, row []float32, set int) float64 {
	n := &t.nodes[i]
	if n.leaf() {
		return float64(t.leaf(n))
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

// A tree as deep as any that is read, where each split sends one way on.
func TestContributionsOfDeepTrees(t *testing.T) {
	for _, features := range []int{2, 40, 900} {
		chain := tree{weight: 1, depth: maxDepth}
		for i := range int32(maxDepth) {
			chain.nodes = append(chain.nodes,
				node{left: 2*i + 1, right: 2*i + 2, feature: i % int32(features), value: float32(i), cover: float32(maxDepth + 1 - i)},
				node{value: float32(i) / maxDepth, cover: 1})
		}
		chain.nodes = append(chain.nodes, node{value: -1, cover: 1})
		m := &Model{NumFeatures: features, margins: []float32{0}, trees: []tree{chain}}
		n := batchRows
		if features > 100 {
			n = 2
		}
		rows := make([]float32, n*features)
		r := rand.New(rand.NewPCG(2, 2))
		for i := range rows {
			rows[i] = 2 * maxDepth * r.Float32()
		}
		got := make([]float64, n*(features+1))
		contributions(t, m, rows, got, n)
		checkSums(t, m, rows, got)
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
// alone, since their oracle has no contributions. A row has the same bits in
// whatever batch it comes, of a block or of several.
func TestSampleContributions(t *testing.T) {
	m := open(t, "../../testdata/model.ubj")
	rows, _ := sample(t, m)
	const n = 2*blockRows + 77
	rows = rows[:n*m.NumFeatures]
	whole, parts := make([]float64, n*(m.NumFeatures+1)), make([]float64, n*(m.NumFeatures+1))
	contributions(t, m, rows, whole, n)
	checkSums(t, m, rows, whole)
	contributions(t, m, rows, parts, 100)
	for i := range parts[:n/100*100*(m.NumFeatures+1)] { // the rest is too little for tables
		if parts[i] != whole[i] {
			t.Fatalf("value %d: %v in a batch of 100, %v in one of %d", i, parts[i], whole[i], n)
		}
	}
}

// The sample model, and one of 255 trees of depth 6; under testdata/shap_speed.py,
// its models and rows.
func BenchmarkContributions(b *testing.B) {
	if *marginsDir != "" {
		for _, name := range []string{"large", "sample"} {
			m := open(b, filepath.Join(*marginsDir, name+".ubj"))
			explain(b, "model="+name+"/", m, floats(b, filepath.Join(*marginsDir, name+".f32")), 10_000)
		}
		return
	}
	m := open(b, "../../testdata/model.ubj")
	rows, _ := sample(b, m)
	explain(b, "model=sample/", m, rows, 1, 64, 2000)
	m, rows = forest(47, 255, 6, 2000)
	explain(b, "model=255x6/", m, rows, 1, 64, 2000)
}

func explain(b *testing.B, prefix string, m *Model, rows []float32, batches ...int) {
	width := m.NumFeatures
	for _, batch := range batches {
		out := make([]float64, batch*m.Outputs()*(width+1))
		b.Run(fmt.Sprintf("%srows=%d", prefix, batch), func(b *testing.B) {
			b.ReportAllocs()
			n := len(rows) / width / batch * batch
			i := 0
			for b.Loop() {
				if err := Contributions(m, rows[i*width:(i+batch)*width], out); err != nil {
					b.Fatal(err)
				}
				i = (i + batch) % n
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(batch), "ns/row")
		})
	}
}
