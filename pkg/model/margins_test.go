package model

import (
	"flag"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/modeltest"
)

var marginsDir = flag.String("margins", "", "compare with the models, rows and margins in `DIR`, which testdata/check_native.py makes")

// Under check_native.py: the bits of XGBoost on its 10,000 rows. Without it, on the
// sample rows, those of the rule written out.
func TestMarginsOfManyRows(t *testing.T) {
	if *marginsDir == "" {
		m := open(t, "../../testdata/model.ubj")
		rows, scores := sample(t, m)
		want := make([]float64, len(scores))
		for i := range want {
			want[i] = walk(m, rows[i*m.NumFeatures:(i+1)*m.NumFeatures])
		}
		compareMargins(t, m, rows, want)
		return
	}
	rows := modeltest.Floats(t, filepath.Join(*marginsDir, "rows.f32"))
	files, err := filepath.Glob(filepath.Join(*marginsDir, "*.ubj"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d models, %v", len(files), err)
	}
	for _, file := range files {
		m := open(t, file)
		t.Logf("%s: %d trees, %d nodes, depth %d", filepath.Base(file), len(m.Trees), m.Nodes(), m.Depth())
		compareMargins(t, m, rows, modeltest.Floats(t, strings.TrimSuffix(file, "ubj")+"f32"))
	}
}

func compareMargins(t *testing.T, m *Model, rows, want []float64) {
	t.Helper()
	p, err := Native(m)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float32, len(want))
	width, outputs := m.NumFeatures, m.Outputs()
	for _, batch := range []int{len(want) / outputs, 1} {
		for at := 0; at < len(want)/outputs; at += batch {
			if err := p.(*native).single.margins(rows[at*width:(at+batch)*width], got[at*outputs:(at+batch)*outputs]); err != nil {
				t.Fatal(err)
			}
		}
		differ := 0
		for i := range want {
			if math.Float32bits(got[i]) != math.Float32bits(float32(want[i])) {
				differ++
			}
		}
		if differ > 0 || len(want) == 0 {
			t.Errorf("batches of %d: %d of %d margins differ", batch, differ, len(want))
		}
	}
}
