package explain

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/model/modeltest"
	"github.com/leadsman/leadsman/pkg/model/tree"
)

var marginsDir = flag.String("margins", "", "compare with the models, rows and contributions in `DIR`, which testdata/shap_speed.py makes")

// deepest is the depth of the deepest trees that are read.
const deepest = 1024

func open(t testing.TB, path string) *tree.Ensemble {
	t.Helper()
	m, err := model.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return m.Ensemble
}

// sample reads the rows of the sample model.
func sample(t testing.TB, m *tree.Ensemble) []float64 {
	t.Helper()
	rows, _ := modeltest.Sample(t, "../../../testdata/oracle/leads.jsonl.gz", m.NumFeatures)
	return rows
}

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
func contributions(t *testing.T, m *tree.Ensemble, rows []float64, got []float64, batch int) {
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
func leafSums(m *tree.Ensemble, row []float64) []float64 {
	sums := make([]float64, m.Outputs())
	for k, b := range m.Margins {
		sums[k] = float64(b)
	}
	for _, t := range m.Trees {
		sums[t.Output] += m.Walk(&t, row)
	}
	return sums
}

// checkSums says where contributions do not sum to the float64 margin.
func checkSums(t *testing.T, m *tree.Ensemble, rows []float64, got []float64) {
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
	files, err := filepath.Glob("../testdata/*.contribs")
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
			rows, _, margins := modeltest.Oracle(t, file)
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
		m, rows, want := open(t, base+"ubj"), modeltest.Floats(t, base+"f32"), modeltest.Floats(t, file)
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
	m := open(t, "../testdata/deep.ubj")
	rows, _, _ := modeltest.Oracle(t, "../testdata/deep.ubj")
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
		m := &tree.Ensemble{NumFeatures: c.features, Margins: []float64{0.5, -1}}
		for k := range 6 {
			m.Trees = append(m.Trees, random(r, c.features, c.splits, k%2))
		}
		rows := make([]float64, 200*c.features)
		for i := range rows {
			rows[i] = float64(r.IntN(12))
			if r.IntN(6) == 0 {
				rows[i] = math.NaN()
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
	m, rows := modeltest.Forest(20_000, 40, 8, 210)
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
func random(r *rand.Rand, features, splits, output int) tree.Tree {
	t := tree.Tree{Output: output, Nodes: []tree.Node{{Cover: float32(1 + r.IntN(100))}}}
	depths := []int{0}
	for range splits {
		i := r.IntN(len(t.Nodes))
		for !t.Nodes[i].IsLeaf() || t.Nodes[i].Cover == 0 {
			i = r.IntN(len(t.Nodes))
		}
		n := &t.Nodes[i]
		share := float32(r.IntN(5)) / 4
		*n = tree.Node{Left: int32(len(t.Nodes)), Right: int32(len(t.Nodes) + 1), Feature: r.Int32N(int32(features)), DefaultLeft: r.IntN(2) == 0, Value: float64(r.IntN(12)), Cover: n.Cover}
		cover := n.Cover
		t.Nodes = append(t.Nodes, tree.Node{Cover: cover * share}, tree.Node{Cover: cover * (1 - share)})
		depths = append(depths, depths[i]+1, depths[i]+1)
		t.Depth = max(t.Depth, depths[i]+1)
	}
	for i := range t.Nodes {
		if n := &t.Nodes[i]; n.IsLeaf() {
			n.Value = float64(r.Float32() - 0.5)
		}
	}
	return t
}

// byDefinition compares every step-th row with Shapley's formula.
func byDefinition(t *testing.T, m *tree.Ensemble, rows []float64, got []float64, step int) {
	t.Helper()
	n, outputs := m.NumFeatures, m.Outputs()
	factorial := []float64{1, 1, 2, 6, 24}
	for i := 0; i < len(rows)/n; i += step {
		row := rows[i*n : (i+1)*n]
		for output := range outputs {
			game := make([]float64, 1<<n)
			for set := range game {
				for k := range m.Trees {
					if m.Trees[k].Output == output {
						game[set] += expect(&m.Trees[k], 0, row, set)
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
func expect(t *tree.Tree, i int32, row []float64, set int) float64 {
	n := &t.Nodes[i]
	if n.IsLeaf() {
		return n.Value
	}
	left, right := expect(t, n.Left, row, set), expect(t, n.Right, row, set)
	x := row[n.Feature]
	switch {
	case set>>n.Feature&1 == 0:
		return (left*float64(t.Nodes[n.Left].Cover) + right*float64(t.Nodes[n.Right].Cover)) / float64(n.Cover)
	case float32(x) < float32(n.Value) || x != x && n.DefaultLeft:
		return left
	}
	return right
}

// No training row went left at the root: its whole subtree has no share.
func TestContributionsWithoutCover(t *testing.T) {
	m := &tree.Ensemble{NumFeatures: 2, Margins: []float64{0.5}, Trees: []tree.Tree{{Depth: 2, Nodes: []tree.Node{
		{Left: 1, Right: 4, Feature: 0, Value: 0, Cover: 8},
		{Left: 2, Right: 3, Feature: 0, Value: -1, Cover: 1},
		{Value: 3, Cover: 0},
		{Value: 5, Cover: 1},
		{Left: 5, Right: 6, Feature: 1, Value: 0, Cover: 7},
		{Value: 7, Cover: 7},
		{Value: 11, Cover: 0},
	}}}}
	rows := []float64{-2, 0, -0.5, 0, 1, 1, 1, -1}
	got := make([]float64, 12)
	if err := Contributions(m, rows, got); err != nil {
		t.Fatal(err)
	}
	checkSums(t, m, rows, got)

	m.Trees[0].Nodes[1].Cover = 0
	if err := Contributions(m, rows, got); !errors.Is(err, tree.ErrFormat) || err.Error() != "tree 0: a split without sum_hessian, so that contributions are not defined" {
		t.Errorf("got %v", err)
	}
}

// A tree as deep as any that is read, where each split sends one way on.
func TestContributionsOfDeepTrees(t *testing.T) {
	for _, features := range []int{2, 40, 900} {
		chain := tree.Tree{Depth: deepest}
		for i := range int32(deepest) {
			chain.Nodes = append(chain.Nodes,
				tree.Node{Left: 2*i + 1, Right: 2*i + 2, Feature: i % int32(features), Value: float64(i), Cover: float32(deepest + 1 - i)},
				tree.Node{Value: float64(i) / deepest, Cover: 1})
		}
		chain.Nodes = append(chain.Nodes, tree.Node{Value: -1, Cover: 1})
		m := &tree.Ensemble{NumFeatures: features, Margins: []float64{0}, Trees: []tree.Tree{chain}}
		n := batchRows
		if features > 100 {
			n = 2
		}
		rows := make([]float64, n*features)
		r := rand.New(rand.NewPCG(2, 2))
		for i := range rows {
			rows[i] = 2 * deepest * float64(r.Float32())
		}
		got := make([]float64, n*(features+1))
		contributions(t, m, rows, got, n)
		checkSums(t, m, rows, got)
	}
}

func TestContributionsRefuse(t *testing.T) {
	m := open(t, "../testdata/softprob.ubj")
	for _, c := range []struct {
		values, out int
		want        string
	}{
		{4, 5, "out: 5 contributions, want 15"},
		{5, 15, "rows: 5 values for 1 rows of 4 features"},
	} {
		err := Contributions(m, make([]float64, c.values), make([]float64, c.out))
		if !errors.Is(err, tree.ErrFeatures) || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// The sample model's rows, with missing values and values at thresholds: sums
// alone, since their oracle has no contributions. A row has the same bits in
// whatever batch it comes, of a block or of several.
func TestSampleContributions(t *testing.T) {
	m := open(t, "../../../testdata/model.ubj")
	rows := sample(t, m)
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
			timed(b, "model="+name+"/", m, modeltest.Floats(b, filepath.Join(*marginsDir, name+".f32")), 10_000)
		}
		return
	}
	m := open(b, "../../../testdata/model.ubj")
	rows := sample(b, m)
	timed(b, "model=sample/", m, rows, 1, 64, 2000)
	m, rows = modeltest.Forest(47, 255, 6, 2000)
	timed(b, "model=255x6/", m, rows, 1, 64, 2000)
}

func timed(b *testing.B, prefix string, m *tree.Ensemble, rows []float64, batches ...int) {
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
