package service

import (
	"math"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
)

func TestBenchmarkComparesEngines(t *testing.T) {
	v := Bench(view(sitetest.Report()))
	// The fixture's medians: leaves 0.9 ms, native 0.2 ms, onnx 1.1 ms.
	for i, want := range []float64{4.5, 1, 5.5} {
		if math.Abs(v.Rows[i].Ratio-want) > 1e-9 {
			t.Errorf("%s is %v of native, want %v", v.Rows[i].Engine, v.Rows[i].Ratio, want)
		}
	}
	if own := v.Hotspots[0].Own[0].Function; own != "model.(*Tree).score" {
		t.Errorf("first by its own time: %s", own)
	}
	if all := v.Hotspots[0].All[0].Function; all != "runtime.mallocgc" {
		t.Errorf("first with what it calls: %s", all)
	}
	r := sitetest.Report()
	r.Bench = r.Bench[:1]
	if v := Bench(view(r)); v.Ratios || !math.IsNaN(v.Rows[0].Ratio) {
		t.Error("a ratio without native")
	}
}

func view(r *report.Tables) View {
	v := View{Report: r, Gallery: &gallery.Gallery{}}
	for _, s := range r.Subjects() {
		v.Findings = append(v.Findings, s.Findings...)
	}
	return v
}

// The histograms of one batch begin and end alike, so that engines compare.
func TestEnginesShareAnAxis(t *testing.T) {
	v := Bench(view(sitetest.Report()))
	if len(v.Figures) != 3 {
		t.Fatalf("%d figures", len(v.Figures))
	}
	// native begins first, at 0.2 × 0.7 ms; onnx ends last, at 1.1 × (0.7 + 0.06 × 20) ms.
	for _, f := range v.Figures {
		if !strings.Contains(f.Picture.Alt, "between 0.14 and 2.09 ms") {
			t.Errorf("%s", f.Picture.Alt)
		}
	}
}
