package monitor

import (
	"math"
	"testing"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/testdata"
)

// TestImportanceOf: a plan of more columns than pairs are counted of has each raw
// column's share of the model's gain, and none of a model that knows other columns.
func TestImportanceOf(t *testing.T) {
	c, err := config.Parse("sample case", testdata.Config)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Config: c, Sample: &Sample{Config: c, Model: testdata.Model, Features: testdata.Features}}.settled()
	shares := importanceOf(&o, true, []string{"llm_quality", "companysize", "other"})
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	if math.Abs(sum-1) > 1e-12 || !(shares["llm_quality"] > 0) || shares["other"] != 0 {
		t.Errorf("got %v", shares)
	}
	if shares := importanceOf(&o, true, []string{"other"}); shares != nil {
		t.Errorf("of other columns: got %v", shares)
	}
}

// TestDiffer: up to 5 % of rows may have another score than the model at hand
// gives; a row without a score says nothing.
func TestDiffer(t *testing.T) {
	for other, want := range map[int64]float64{0: 0, 5: 0, 6: 0.06, 100: 1} {
		s := scored{}
		s.compare(0.2, 0.205, 100-other) // rounded
		s.compare(0.2, 0.3, other)
		s.compare(0.2, math.NaN(), 1000)
		if got := s.differ(); got != want {
			t.Errorf("%d of 100 rows: got %g, want %g", other, got, want)
		}
	}
}
