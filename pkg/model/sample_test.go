package model

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/modeltest"
)

// sample reads the rows of the sample model, and their scores by XGBoost.
func sample(t testing.TB, m *Model) (rows []float64, scores []float32) {
	t.Helper()
	return modeltest.Sample(t, "../../testdata/oracle/leads.jsonl.gz", m.NumFeatures)
}

func TestSampleModel(t *testing.T) {
	for _, file := range []string{"model.json", "model.ubj"} {
		m := open(t, "../../testdata/"+file)
		rows, want := sample(t, m)
		missing, exact := atThresholds(m, rows)
		if missing < 100 || exact < 1000 {
			t.Errorf("%d missing values and %d at a threshold prove little", missing, exact)
		}
		p, err := Leaves(m)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]float32, len(want))
		if err := p.Predict(rows, got); err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for i := range want {
			worst = max(worst, math.Abs(float64(got[i])-float64(want[i])))
		}
		t.Logf("%s: %d rows, %d missing values, %d at a threshold: largest difference %.3g", file, len(want), missing, exact, worst)
		if !(worst <= 1e-6) {
			t.Errorf("%s: off by %g", file, worst)
		}
	}
}

// atThresholds counts the missing values of rows, and those equal to a
// threshold that the model has for their feature.
func atThresholds(m *Model, rows []float64) (missing, exact int) {
	thresholds := m.Thresholds()
	for i, x := range rows {
		switch {
		case x != x:
			missing++
		case slices.Contains(thresholds[i%m.NumFeatures], float64(float32(x))):
			exact++
		}
	}
	return missing, exact
}

func TestSampleNamesMatch(t *testing.T) {
	data, err := os.ReadFile("../../testdata/features.json")
	if err != nil {
		t.Fatal(err)
	}
	var features struct {
		SHA256  map[string]string `json:"model_sha256"`
		Columns []struct{ Name string }
	}
	if err := json.Unmarshal(data, &features); err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"json", "ubj"} {
		m := open(t, "../../testdata/model."+form)
		if m.SHA256 != features.SHA256[form] {
			t.Errorf("model.%s has digest %s, features.json says %s", form, m.SHA256, features.SHA256[form])
		}
		names := m.Features
		if len(names) != len(features.Columns) {
			t.Fatalf("model.%s has %d columns, features.json %d", form, len(names), len(features.Columns))
		}
		for i, c := range features.Columns {
			if names[i] != c.Name {
				t.Errorf("column %d: %s in the model, %s in features.json", i, names[i], c.Name)
			}
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for _, file := range []string{"model.json", "model.ubj"} {
		data, err := os.ReadFile("../../testdata/" + file)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(file, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := Open("../../testdata/" + file); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
