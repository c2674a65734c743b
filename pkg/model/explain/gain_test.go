package explain

import (
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestGain(t *testing.T) {
	text, err := os.ReadFile("../testdata/logistic.gain")
	if err != nil {
		t.Fatal(err)
	}
	m := open(t, "../testdata/logistic.ubj")
	mean, total := MeanGain(m), TotalGain(m)
	words := strings.Fields(string(text))
	if len(words) != 2*len(mean) || len(total) != len(mean) {
		t.Fatalf("%d and %d gains, want half of %d", len(mean), len(total), len(words))
	}
	for i, word := range words {
		want, err := strconv.ParseFloat(word, 64)
		if err != nil {
			t.Fatal(err)
		}
		got := [2][]float64{mean, total}[i%2][i/2]
		// XGBoost adds up in float32.
		if math.Abs(got-want) > 1e-5*want {
			t.Errorf("feature %d: got %v, XGBoost has %v", i/2, got, want)
		}
	}
}
