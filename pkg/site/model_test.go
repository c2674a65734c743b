package site

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/verdict"
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
