package binary

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"testing"
)

// vector is what testdata/oracle/make.py wrote with NannyML, scikit-learn and
// statsmodels.
type vector struct {
	Name          string
	Threshold     float64
	Ref, Cur      []float64
	RefY          []int `json:"ref_y"`
	CurY          []int `json:"cur_y"`
	Calibrated    bool
	Distinct      bool
	Grid          []float64
	Isotonic      []float64
	Estimate      map[string]float64
	SamplingError map[string]float64 `json:"sampling_error"`
	Realised      json.RawMessage
	Spiegelhalter float64
}

func vectors(t *testing.T) []vector {
	t.Helper()
	f, err := os.Open("testdata/oracle/vectors.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var vs []vector
	if err := json.NewDecoder(z).Decode(&vs); err != nil {
		t.Fatal(err)
	}
	if len(vs) < 6 {
		t.Fatalf("%d vectors", len(vs))
	}
	return vs
}

func talliesOf(scores []float64, y []int) []Tally {
	var t tallies
	for i, s := range scores {
		t.add(s, y[i] == 1)
	}
	return t.sorted()
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

// theirs is NannyML's name of a metric.
var theirs = map[string]string{"true_positives": "true_positive", "false_positives": "false_positive", "false_negatives": "false_negative", "true_negatives": "true_negative"}

func TestNannyML(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			ref, cur := talliesOf(v.Ref, v.RefY), talliesOf(v.Cur, v.CurY)
			c := calibrate(ref)
			if (c.name() == "isotonic") != v.Calibrated {
				t.Errorf("calibration %s, NannyML calibrates: %v", c.name(), v.Calibrated)
			}
			isotonic := isotonic(ref)
			for i, x := range v.Grid {
				near(t, "isotonic", isotonic.probability(x), v.Isotonic[i], 1e-12)
			}
			got, errors := estimateQuality(cur, c, v.Threshold).values(), samplingErrors(ref, v.Threshold, int64(len(v.Cur)))
			compared := 0
			for i, metric := range metricNames {
				name := metric
				if theirs[name] != "" {
					name = theirs[name]
				}
				want, ok := v.Estimate[name]
				if !ok {
					continue
				}
				compared++
				near(t, metric, got[i], want, 1e-6)
				// NannyML draws the average precision's at random, and that of the
				// area from calibrated scores, whose ties it breaks by chance.
				if metric != "average_precision" && (metric != "roc_auc" || v.Distinct && !v.Calibrated) {
					near(t, metric+": sampling error", errors[i], v.SamplingError[name], 1e-6)
				}
			}
			if compared != 11 {
				t.Errorf("%d metrics compared", compared)
			}
		})
	}
}

func TestScikitLearn(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			var want map[string]any
			if err := json.Unmarshal(v.Realised, &want); err != nil {
				t.Fatal(err)
			}
			cur := talliesOf(v.Cur, v.CurY)
			got := map[string]float64{}
			for i, x := range measure(cur, v.Threshold).values() {
				got[metricNames[i]] = x
			}
			l := lossesOf(cur)
			got["brier"], got["log_loss"] = l.Brier, l.Log
			_, got["se"] = AUC(cur)
			compared := 0
			for name, w := range want {
				if x, ok := w.(float64); ok {
					near(t, name, got[name], x, 1e-12)
					compared++
				}
			}
			if compared != 14 {
				t.Errorf("%d figures compared", compared)
			}
			near(t, "decomposition", l.Reliability-l.Resolution+l.Uncertainty, l.Brier, 1e-14)
			rates, means := want["curve_rate"].([]any), want["curve_mean"].([]any)
			bins := calibrationCurve(cur)
			if len(bins) != len(rates) {
				t.Fatalf("%d bins, want %d", len(bins), len(rates))
			}
			for i, b := range bins {
				near(t, "curve", b.Rate, rates[i].(float64), 1e-12)
				near(t, "curve", b.Score, means[i].(float64), 1e-12)
			}
		})
	}
}

// The stratified test is SciPy's hypergeometric moments, and its first degree of
// freedom statsmodels' test of stratified tables; testdata/oracle/stratified.py.
func TestConceptVectors(t *testing.T) {
	var want []struct {
		Name  string
		X2, P float64
	}
	text, err := os.ReadFile("testdata/oracle/stratified.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	vs := vectors(t)
	if len(want) != len(vs) {
		t.Fatalf("%d of %d vectors", len(want), len(vs))
	}
	for i, v := range vs {
		ref, cur := talliesOf(v.Ref, v.RefY), talliesOf(v.Cur, v.CurY)
		r := Recalibration(ref, cur)
		near(t, v.Name+": x2", r.X2, want[i].X2, 1e-10)
		near(t, v.Name+": p", r.P, want[i].P, 1e-10)
		z, _ := spiegelhalter(cur, isotonic(ref))
		near(t, v.Name+": z", z, v.Spiegelhalter, 1e-9)
	}
}
