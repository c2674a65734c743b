package sim

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// Of two classes the second has the chance itself; of three, where it is a half, the
// log-odds of the second or above are 0.75 and of the third -0.75, so that the outer two
// have 1/(1+e^0.75) each. Draws come as often, and scores are as the shares are.
func TestClassShares(t *testing.T) {
	for _, p := range []float64{0.01, 0.3, 0.9} {
		if s := (Classes{"a", "b"}).shares(p, nil); math.Abs(s[1]-p) > 1e-12 || math.Abs(s[0]-(1-p)) > 1e-12 {
			t.Errorf("%v: %v", p, s)
		}
	}
	three := Classes{"a", "b", "c"}
	s := three.shares(0.5, nil)
	if outer := 1 / (1 + math.Exp(0.75)); math.Abs(s[0]-outer) > 1e-12 || math.Abs(s[2]-outer) > 1e-12 || math.Abs(s[0]+s[1]+s[2]-1) > 1e-12 {
		t.Errorf("%v", s)
	}
	for _, p := range []float64{0, 1} {
		if s := three.shares(p, nil); s[0] != 1-p || s[2] != p {
			t.Errorf("%v: %v", p, s)
		}
	}
	r, n := rand.New(rand.NewPCG(1, 2)), [3]float64{}
	want := three.shares(0.3, nil)
	for range 10_000 {
		n[three.draw(r, 0.3, nil)]++
	}
	for k, w := range want { // five standard deviations
		if math.Abs(n[k]/10_000-w) > 5*math.Sqrt(w*(1-w)/10_000) {
			t.Errorf("class %d: %v, want %v", k, n[k]/10_000, w)
		}
	}
	fields, label := three.scores(0.9, nil, nil)
	if label != "c" || len(fields) != 3 || fields[2].Name != "c" || fields[2].Value != record.NumberValue(math.Round(1e6*three.shares(0.9, nil)[2])/1e6) {
		t.Errorf("%v, %s", fields, label)
	}
}

// Outcomes are what the scores say: of 4,000 rows each class's share is the mean of its
// scores, to what the sample's model is off, and redrawn ones come as often.
func TestClassesOfALog(t *testing.T) {
	p, s := sample()
	o := Options{Seed: 5, Rows: 4000, Start: monday, Period: 24 * time.Hour, Classes: Classes{"cold", "warm", "hot"}, ID: "row"}
	var log bytes.Buffer
	if err := Predictions(&log, p, s, o); err != nil {
		t.Fatal(err)
	}
	mean := map[string]float64{}
	d := json.NewDecoder(&log)
	for d.More() {
		var line struct{ Scores map[string]float64 }
		if err := d.Decode(&line); err != nil {
			t.Fatal(err)
		}
		for class, x := range line.Scores {
			mean[class] += x / 4000
		}
	}
	for _, redrawn := range []float64{0, 0.8} {
		var out bytes.Buffer
		if err := Outcomes(&out, p, o, Knowledge{Redrawn: redrawn}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(rows) != 4001 {
			t.Fatal(len(rows), err)
		}
		share := map[string]float64{}
		for _, r := range rows[1:] {
			share[r[1]] += 1.0 / 4000
		}
		for class, m := range mean {
			if math.Abs(share[class]-m) > 0.06 {
				t.Errorf("redrawn %v: %s came %v, scores say %v", redrawn, class, share[class], m)
			}
		}
	}
	if err := Predictions(&log, p, nil, o); err == nil || !strings.Contains(err.Error(), "want a model") {
		t.Error(err)
	}
}
