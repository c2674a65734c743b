package bench

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/model"
)

// sample reads one of the models that pkg/model is tested with.
func sample(t testing.TB, name string) *model.Model {
	t.Helper()
	m, err := model.Open("../model/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func bits(rows []float64) []uint64 {
	out := make([]uint64, len(rows))
	for i, x := range rows {
		out[i] = math.Float64bits(x)
	}
	return out
}

func TestGenerate(t *testing.T) {
	m := sample(t, "logistic.ubj")
	rows := Generate(m, 12_345, 7).Values
	if want := 12_345 * m.NumFeatures; len(rows) != want {
		t.Fatalf("%d values, want %d", len(rows), want)
	}
	if n := len(Generate(m, 1, 7).Values); n != wantRows*m.NumFeatures {
		t.Errorf("%d values where one row is enough, want %d rows", n, wantRows)
	}
	if !slices.Equal(bits(rows), bits(Generate(m, 12_345, 7).Values)) {
		t.Error("the same seed gave other rows")
	}
	if slices.Equal(bits(rows), bits(Generate(m, 12_345, 8).Values)) {
		t.Error("another seed gave the same rows")
	}

	// Each value is missing, a threshold or the number just below one, and each
	// of these occurs.
	for f, thresholds := range m.Thresholds() {
		want := map[uint64]bool{}
		if thresholds == nil {
			want[math.Float64bits(0)] = true
		} else {
			want[math.Float64bits(math.NaN())] = true
		}
		for _, x := range thresholds {
			want[math.Float64bits(x)] = true
			want[math.Float64bits(float64(math.Nextafter32(float32(x), float32(math.Inf(-1)))))] = true
		}
		seen := map[uint64]bool{}
		for i := f; i < len(rows); i += m.NumFeatures {
			b := math.Float64bits(rows[i])
			if !want[b] {
				t.Fatalf("feature %d: %v is no such value", f, rows[i])
			}
			seen[b] = true
		}
		if len(seen) != len(want) {
			t.Errorf("feature %d: %d of %d values occur", f, len(seen), len(want))
		}
	}
}

func TestDrawIsFinite(t *testing.T) {
	m, rng := sample(t, "logistic.ubj"), rand.New(rand.NewPCG(1, 0))
	for range 1000 {
		if x := draw(m, []float64{-math.MaxFloat32, math.MaxFloat32}, rng); math.IsInf(x, 0) {
			t.Fatal("drew an infinite value")
		}
	}
}

func TestRepeat(t *testing.T) {
	rows := []float64{1, 2, 3, 4, 5, 6} // three rows of two
	if got := repeat(rows, 3, 2); len(got) != 6 {
		t.Errorf("enough rows were repeated: %v", got)
	}
	if got, want := repeat(rows, 4, 2), []float64{1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
