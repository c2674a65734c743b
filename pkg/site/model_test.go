package site

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// qualityPage is a report about a model whose scores came to mean something else.
func quality() *report.Tables {
	nan := math.NaN()
	r := sitetest.Report()
	for _, window := range []string{"", "2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z"} {
		r.Estimates = append(r.Estimates, verdict.Estimate{Window: window, Metric: "roc_auc", N: 500, Value: 0.8121, SamplingError: 0.01, Lo: 0.79, Hi: 0.83, Reference: 0.843, Calibration: "isotonic", Note: "they lean on little"})
		r.Outcomes = append(r.Outcomes, verdict.Outcome{Window: window, Kind: "metric", Metric: "roc_auc", N: 400, Score: nan, Value: 0.611, Lo: 0.58, Hi: 0.64, Reference: 0.843, P: 1e-9, Q: 1e-9, Level: verdict.Warn})
	}
	r.Outcomes = append(r.Outcomes,
		verdict.Outcome{Kind: "count", Metric: "joined_share", N: 410, Value: 0.9756, Note: "share of the known outcomes that met a prediction, by id"},
		verdict.Outcome{Kind: "count", Metric: "pending", N: 90, Value: 90, Note: "rows without an outcome yet"},
		verdict.Outcome{Kind: "count", Metric: "keyless", Note: "rows without id"},
		verdict.Outcome{Kind: "curve", Metric: "positive_rate", N: 200, Score: 0.2, Value: 0.3, Lo: 0.25, Hi: 0.35},
		verdict.Outcome{Kind: "curve", Metric: "positive_rate", N: 200, Score: 0.6, Value: 0.4, Lo: 0.35, Hi: 0.45},
		verdict.Outcome{Kind: "reference_curve", Metric: "positive_rate", N: 100, Score: 0.5, Value: 0.5, Lo: 0.4, Hi: 0.6},
		verdict.Outcome{Kind: "top", Metric: "precision_at_k", N: 20, Score: 0.05, Value: 0.55, Lo: 0.34, Hi: 0.74, Reference: 0.9},
		verdict.Outcome{Kind: "top", Metric: "lift_at_k", N: 20, Score: 0.05, Value: 1.75, Lo: nan, Hi: nan, Reference: 3.6},
		verdict.Outcome{Kind: "test", Metric: "recalibration", N: 400, Score: nan, Value: 44, Lo: nan, Hi: nan, Reference: nan, P: 1e-10, Level: verdict.Warn, Note: "A score does not mean what it meant."})
	return r
}

func TestModelPageSaysEstimateAndMeasuredSideBySide(t *testing.T) {
	t.Parallel()
	files := explainedFiles()
	page := string(files["model.html"])
	for _, want := range []string{"A score does not mean what it meant. (p &lt;0.001)", ">0.812<", ">0.611<", ">0.843<", "98 %", "90", "1.75 times", "55 %", "They lean on little", "  --outcomes OUTCOMES", "  --table outcomes", "charts/calibration.png", "charts/auc.png"} {
		if !strings.Contains(page, want) && !strings.Contains(page, strings.ToLower(want[:1])+want[1:]) {
			t.Errorf("no %q on the page", want)
		}
	}
	if strings.Contains(page, "rows without id") {
		t.Error("the page speaks of what never happened")
	}
	for _, name := range []string{"charts/calibration.png", "charts/auc.png"} {
		if len(files[name]) == 0 {
			t.Errorf("no %s", name)
		}
	}
	if !bytes.Contains(files["index.html"], []byte(`href="model.html"`)) {
		t.Error("the overview does not lead to it")
	}
}

// A reference that allows no estimate makes no page of its own; with outcomes the
// page says why there is none.
func TestModelPageSaysWhyNothingIsEstimated(t *testing.T) {
	declined := []verdict.Estimate{{Note: "no estimate: the scores are in the sample", Value: math.NaN()}}
	r := sitetest.Report()
	r.Estimates = declined
	if modelPage(newBuilder(r, Options{}).View) != nil {
		t.Error("a page that says nothing")
	}
	r = quality()
	r.Estimates = declined
	if v := modelPage(newBuilder(r, Options{}).View); !strings.Contains(v.Declined, "the scores are in the sample") {
		t.Errorf("no reason: %q", v.Declined)
	}
}

// A model that predicts numbers has its errors on the page, by prediction and by
// window, and on its tile; and no positives.
func TestModelPageOfNumbers(t *testing.T) {
	nan := math.NaN()
	r := sitetest.Report()
	r.Estimates = []verdict.Estimate{{Metric: "mae", N: 500, Value: 15_800, Lo: 15_000, Hi: 16_600, Reference: 16_000, Note: "of a model of the error"}}
	for _, window := range []string{"", "2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z"} {
		r.Outcomes = append(r.Outcomes, verdict.Outcome{Window: window, Kind: "metric", Metric: "mae", N: 400, Score: nan, Value: 27_300, Lo: 26_400, Hi: 28_200, Reference: 16_000, P: 1e-9, Q: 1e-9, Level: verdict.Alert})
	}
	r.Outcomes = append(r.Outcomes,
		verdict.Outcome{Kind: "metric", Metric: "r2", N: 400, Score: nan, Value: 0.774, Lo: 0.75, Hi: 0.79, Reference: 0.897},
		verdict.Outcome{Kind: "residuals", Metric: "error", N: 40, Score: 97_309, Value: -7453, Lo: -11_880, Hi: -3026},
		verdict.Outcome{Kind: "reference_residuals", Metric: "error", N: 30, Score: 93_060, Value: -452, Lo: -3846, Hi: 2943})
	b := newBuilder(r, Options{})
	v := modelPage(b.View)
	if v == nil || v.Level != verdict.Alert || v.Worse != "mean absolute error" || v.Curve != nil || v.Trend == nil || len(v.Errors) != 2 {
		t.Fatalf("%+v", v)
	}
	if row := v.Rows[0]; row.Estimate != words.Number(15_800) || row.Value != words.Number(27_300) || row.Reference != words.Number(16_000) || !strings.HasPrefix(row.Name, "mean absolute error") {
		t.Errorf("%+v", row)
	}
	if e := v.Errors[0]; e.Side != gallery.Production || e.Error != words.Number(-7453) || v.Errors[1].Side != gallery.Reference {
		t.Errorf("%+v", v.Errors)
	}
	if !strings.HasPrefix(v.Trend.Caption, "Mean absolute error") {
		t.Errorf("caption %q", v.Trend.Caption)
	}
	if tile := modelTile(b.View, nil); tile.Value != "MAE "+words.Number(27_300) || tile.Note != "worse than the reference: mean absolute error" {
		t.Errorf("%+v", tile)
	}
}
