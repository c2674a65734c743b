package drift

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// coded draws n codes of the given shares.
func coded(r *rand.Rand, n int, codes, shares []float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		u := r.Float64()
		k := 0
		for ; k < len(codes)-1 && u >= shares[k]; k++ {
			u -= shares[k]
		}
		out[i] = codes[k]
	}
	return out
}

func codeView(ref, values []float64) view.View {
	return viewOf(as(table.Feature, numberColumn("region", ref, values)))
}

func TestCodes(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	codes, shares := []float64{0, 1, 3, 4}, []float64{0.3, 0.3, 0.2, 0.2}
	ref := coded(r, 1500, codes, shares)
	// A tenth of the rows have 2, which no quantile shows.
	night := coded(r, 1500, codes, shares)
	for i := range night {
		if r.Float64() < 0.1 {
			night[i] = 2
		}
	}
	rep := Compare(codeView(ref, ref), codeView(ref, night), Options{})
	if f := find(t, rep, "region", verdict.CheckUnseen); !verdict.Reaches(f.Level, verdict.Warn) || !strings.Contains(f.Sentence, "2 ") {
		t.Errorf("a new code: %s %s", f.Level, f.Sentence)
	}
	// Two codes that exchange their rows move no quantile either.
	swapped := coded(r, 1500, codes, []float64{0.3, 0.1, 0.4, 0.2})
	f := find(t, Compare(codeView(ref, ref), codeView(ref, swapped), Options{}), "region", verdict.CheckDistribution)
	if !verdict.Reaches(f.Level, verdict.Warn) || f.Test != "chi2" {
		t.Errorf("codes that exchange their rows: %+v", f)
	}
	// 7 lies outside: one finding, not two.
	for i := range night {
		if night[i] == 2 {
			night[i] = 7
		}
	}
	rep = Compare(codeView(ref, ref), codeView(ref, night), Options{})
	if f := find(t, rep, "region", verdict.CheckUnseen); !verdict.Reaches(f.Level, verdict.Warn) {
		t.Errorf("a code out of range: %s", f.Sentence)
	}
	for _, f := range rep.Findings {
		if f.Check == verdict.CheckRange {
			t.Errorf("asked twice: %s", f.Sentence)
		}
	}
	// No codes: counts without gaps, halves, more than fifty values, a rare value.
	for what, values := range map[string][]float64{
		"counts": coded(r, 500, []float64{0, 1, 2, 3}, shares),
		"halves": coded(r, 500, []float64{0, 0.5, 3, 4}, shares),
		"many":   seq(0, 600),
		"rare":   append(coded(r, 500, codes, shares), 9),
		"one":    times(300, 7.),
	} {
		for _, f := range Compare(codeView(values, values), codeView(values, values), Options{}).Findings {
			if f.Check == verdict.CheckUnseen {
				t.Errorf("%s are taken for codes: %s", what, f.Sentence)
			}
		}
	}
	// Nor are scores.
	scores := as(table.Score, numberColumn("score", ref, ref))
	for _, f := range Compare(viewOf(scores), viewOf(scores), Options{}).Findings {
		if f.Check == verdict.CheckUnseen {
			t.Errorf("scores are taken for codes: %s", f.Sentence)
		}
	}
}

// Without drift the doubled p of a column of codes is small no more often than it says:
// 2,000 pairs at 5 % give at most 130 but for one in a thousand.
func TestCodesLevel(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	r := rand.New(rand.NewPCG(43, 44))
	codes, shares := []float64{10, 11, 15, 20, 30, 41}, []float64{0.3, 0.25, 0.2, 0.1, 0.1, 0.05}
	small, pairs := 0, 2000
	for range pairs {
		ref := coded(r, 500, codes, shares)
		f := find(t, Compare(codeView(ref, ref), codeView(ref, coded(r, 300, codes, shares)), Options{}), "region", verdict.CheckDistribution)
		if f.P <= 0.05 {
			small++
		}
		if math.IsNaN(f.P) {
			t.Fatal("no p")
		}
	}
	if small > 130 || small < 20 {
		t.Errorf("%d of %d pairs have p of 5 %% or less", small, pairs)
	}
}
