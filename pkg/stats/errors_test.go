package stats

import (
	"errors"
	"math"
	"testing"
)

var (
	nan = math.NaN()
	inf = math.Inf(1)
)

// onSamples are the functions of two raw samples, as error and the numbers they give.
var onSamples = map[string]func(ref, cur []float64) ([]float64, error){
	"KS": func(r, c []float64) ([]float64, error) { x, err := ks(r, c); return []float64{x.D, x.P}, err },
	"MannWhitney": func(r, c []float64) ([]float64, error) {
		x, err := mannWhitney(r, c)
		return []float64{x.U, x.P, x.Greater}, err
	},
	"CramerVonMises": func(r, c []float64) ([]float64, error) {
		x, err := cramerVonMises(r, c)
		return []float64{x.T, x.P}, err
	},
	"AndersonDarling": func(r, c []float64) ([]float64, error) {
		x, err := andersonDarling(r, c)
		return []float64{x.A2, x.P}, err
	},
	"EppsSingleton": func(r, c []float64) ([]float64, error) {
		x, err := eppsSingleton(r, c)
		return []float64{x.W, x.P}, err
	},
	"Wasserstein": func(r, c []float64) ([]float64, error) { x, err := wasserstein(r, c); return []float64{x}, err },
	"Energy":      func(r, c []float64) ([]float64, error) { x, err := energy(r, c); return []float64{x}, err },
}

// onPairs are the functions of aligned slices of numbers.
var onPairs = map[string]func(x, y []float64) ([]float64, error){
	"PSI": func(x, y []float64) ([]float64, error) { r, err := PSI(x, y); return []float64{r}, err },
	"KL":  func(x, y []float64) ([]float64, error) { r, err := KL(x, y); return []float64{r}, err },
	"JensenShannon": func(x, y []float64) ([]float64, error) {
		r, err := JensenShannon(x, y)
		return []float64{r.Divergence, r.Distance, r.DistanceBase2}, err
	},
}

// onCounts are the functions of aligned counts.
var onCounts = map[string]func(ref, cur []int64) ([]float64, error){
	"KSCounts": func(r, c []int64) ([]float64, error) { x, err := KSCounts(r, c); return []float64{x.D, x.P}, err },
	"ChiSquared": func(r, c []int64) ([]float64, error) {
		x, err := ChiSquared(r, c)
		return []float64{x.X2, x.P, x.V}, err
	},
	"PSICounts": func(r, c []int64) ([]float64, error) {
		x, err := PSICounts(r, c)
		return []float64{x.PSI, x.Raw, x.Bias}, err
	},
	"MannWhitneyCounts": func(r, c []int64) ([]float64, error) {
		x, err := MannWhitneyCounts(r, c)
		return []float64{x.U, x.P}, err
	},
	"CramerVonMisesCounts": func(r, c []int64) ([]float64, error) {
		x, err := CramerVonMisesCounts(r, c)
		return []float64{x.T, x.P}, err
	},
	"AndersonDarlingCounts": func(r, c []int64) ([]float64, error) {
		x, err := AndersonDarlingCounts(r, c)
		return []float64{x.A2, x.P}, err
	},
}

func wantError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

func TestSamplesRefuseEmptyAndNaN(t *testing.T) {
	good := []float64{1, 2, 3, 4, 5, 6}
	for name, f := range onSamples {
		for _, c := range []struct {
			why      string
			ref, cur []float64
			want     error
		}{
			{"nil reference", nil, good, ErrEmpty},
			{"empty current", good, []float64{}, ErrEmpty},
			{"NaN first", []float64{nan, 1, 2, 3, 4, 5}, good, ErrNaN},
			{"NaN last", good, []float64{1, 2, 3, 4, 5, nan}, ErrNaN},
		} {
			_, err := f(c.ref, c.cur)
			wantError(t, name+", "+c.why, err, c.want)
		}
		_, err := f([]float64{1, 2, 3, 4, inf, -inf}, good)
		switch name {
		case "KS", "MannWhitney", "CramerVonMises", "AndersonDarling":
			if err != nil {
				t.Errorf("%s refuses infinities: %v", name, err)
			}
		default:
			wantError(t, name+", infinities", err, ErrInf)
		}
	}
}

func TestPairsRefuseWhatTheyMust(t *testing.T) {
	good := []float64{0.25, 0.75}
	for name, f := range onPairs {
		for _, c := range []struct {
			why  string
			x, y []float64
			want error
		}{
			{"empty", nil, []float64{}, ErrEmpty},
			{"one NaN", good, []float64{1, nan}, ErrNaN},
			{"lengths", good, []float64{1, 2, 3}, ErrLength},
		} {
			_, err := f(c.x, c.y)
			wantError(t, name+", "+c.why, err, c.want)
		}
		_, err := f(good, []float64{1, inf})
		wantError(t, name+", infinite", err, ErrInf)
		_, err = f(good, []float64{1, -1e-9})
		wantError(t, name+", negative", err, ErrNegative)
		_, err = f(good, []float64{0, 0})
		wantError(t, name+", all 0", err, ErrEmpty)
		_, err = f(good, []float64{math.MaxFloat64, math.MaxFloat64})
		wantError(t, name+", overflow", err, ErrRange)
	}
}

func TestCountsRefuseWhatTheyMust(t *testing.T) {
	good := []int64{3, 4}
	for name, f := range onCounts {
		for _, c := range []struct {
			why      string
			ref, cur []int64
			want     error
		}{
			{"no cells", nil, nil, ErrEmpty},
			{"reference all 0", []int64{0, 0}, good, ErrEmpty},
			{"current all 0", good, []int64{0, 0}, ErrEmpty},
			{"lengths", good, []int64{1, 2, 3}, ErrLength},
			{"negative", good, []int64{9, -1}, ErrNegative},
			{"overflow", []int64{math.MaxInt64, math.MaxInt64}, good, ErrRange},
		} {
			_, err := f(c.ref, c.cur)
			wantError(t, name+", "+c.why, err, c.want)
		}
	}
}

func TestOtherErrors(t *testing.T) {
	for _, c := range []struct {
		what string
		call func() error
		want error
	}{
		{"a table of nothing", func() error { _, err := contingency("table", nil); return err }, ErrEmpty},
		{"a table of zeros", func() error { _, err := contingency("table", [][]int64{{0}, {0}}); return err }, ErrEmpty},
		{"a ragged table", func() error { _, err := contingency("table", [][]int64{{1, 2}, {1}}); return err }, ErrLength},
		{"CramersV, negative", func() error { _, err := CramersV([][]int64{{1, -2}, {1, 1}}); return err }, ErrNegative},
		{"a table, overflow", func() error { _, err := contingency("table", [][]int64{{math.MaxInt64}, {1}}); return err }, ErrRange},
		{"TwoProportions of no rows", func() error { _, err := TwoProportions(0, 0, 1, 2); return err }, ErrEmpty},
		{"TwoProportions, hits above rows", func() error { _, err := TwoProportions(0, 1, 3, 2); return err }, ErrRange},
		{"TwoProportions, negative hits", func() error { _, err := TwoProportions(-1, 1, 1, 2); return err }, ErrNegative},
		{"Wilson of no rows", func() error { _, err := Wilson(0, 0, 0.95); return err }, ErrEmpty},
		{"Wilson at 1", func() error { _, err := Wilson(1, 2, 1); return err }, ErrRange},
		{"Wilson at NaN", func() error { _, err := Wilson(1, 2, nan); return err }, ErrRange},
		{"FisherExact, empty row", func() error { _, err := FisherExact(0, 0, 1, 1); return err }, ErrEmpty},
		{"FisherExact, negative", func() error { _, err := FisherExact(0, 1, -1, 1); return err }, ErrNegative},
		{"FisherExact, overflow", func() error { _, err := FisherExact(1<<53, 0, 1, 0); return err }, ErrRange},
		{"Unseen of no rows", func() error { _, err := Unseen(0, 0, 1, 0, 0); return err }, ErrEmpty},
		{"Unseen, more singletons than rows", func() error { _, err := Unseen(8, 2, 10, 0, 1); return err }, ErrRange},
		{"Unseen, more unseen than rows", func() error { _, err := Unseen(1, 1, 10, 2, 1); return err }, ErrRange},
		{"Unseen, negative", func() error { _, err := Unseen(-1, 1, 10, 0, 1); return err }, ErrNegative},
		{"Unseen, huge", func() error { _, err := Unseen(math.MaxInt64, math.MaxInt64, 10, 0, 1); return err }, ErrRange},
		{"OutOfRange of no rows", func() error { _, err := OutOfRange(0, 0, 1); return err }, ErrEmpty},
		{"OutOfRange, more than rows", func() error { _, err := OutOfRange(5, 3, 2); return err }, ErrRange},
		{"BetaBinomialTail, negative n", func() error { _, err := BetaBinomialTail(0, -1, 1, 1); return err }, ErrNegative},
		{"BetaBinomialTail, a = 0", func() error { _, err := BetaBinomialTail(0, 1, 0, 1); return err }, ErrRange},
		{"BetaBinomialTail, b = NaN", func() error { _, err := BetaBinomialTail(0, 1, 1, nan); return err }, ErrNaN},
		{"BetaBinomialTail, b = +Inf", func() error { _, err := BetaBinomialTail(0, 1, 1, inf); return err }, ErrRange},
		{"BenjaminiHochberg of nothing", func() error { _, err := BenjaminiHochberg(nil); return err }, ErrEmpty},
		{"BenjaminiHochberg of NaN", func() error { _, err := BenjaminiHochberg([]float64{0.5, nan}); return err }, ErrNaN},
		{"BenjaminiHochberg below 0", func() error { _, err := BenjaminiHochberg([]float64{0.5, -0.01}); return err }, ErrRange},
		{"BenjaminiHochberg above 1", func() error { _, err := BenjaminiHochberg([]float64{1.01}); return err }, ErrRange},
		{"WassersteinWeighted, unordered", func() error {
			_, err := WassersteinWeighted([]float64{2, 1}, []float64{1, 1}, []float64{1}, []float64{1})
			return err
		}, ErrRange},
		{"WassersteinWeighted, lengths", func() error {
			_, err := WassersteinWeighted([]float64{1}, []float64{1}, []float64{1}, nil)
			return err
		}, ErrLength},
		{"EnergyWeighted, no weight", func() error {
			_, err := EnergyWeighted([]float64{1}, []float64{0}, []float64{1}, []float64{1})
			return err
		}, ErrEmpty},
		{"EnergyWeighted, negative weight", func() error {
			_, err := EnergyWeighted([]float64{1, 2}, []float64{2, -1}, []float64{1}, []float64{1})
			return err
		}, ErrNegative},
		{"Quantiles of nothing", func() error { _, err := Quantiles(nil, 0.5); return err }, ErrEmpty},
		{"Quantiles at NaN", func() error { _, err := Quantiles([]float64{1}, nan); return err }, ErrRange},
		{"Quantiles between infinities", func() error { _, err := Quantiles([]float64{-inf, inf}, 0.5); return err }, ErrInf},
		{"QuantilesWeighted, unordered", func() error { _, err := QuantilesWeighted([]float64{2, 1}, []int64{1, 1}, 0.5); return err }, ErrRange},
		{"QuantilesWeighted, no counts", func() error { _, err := QuantilesWeighted([]float64{1, 2}, []int64{0, 0}, 0.5); return err }, ErrEmpty},
		{"Mean of nothing", func() error { _, err := Mean(nil); return err }, ErrEmpty},
		{"Mean of an infinity", func() error { _, err := Mean([]float64{inf}); return err }, ErrInf},
		{"StdDev of one value", func() error { _, err := StdDev([]float64{1}); return err }, ErrLength},
		{"Correlations of 3 pairs", func() error { _, err := Correlations(0, 1, 3, 0, 1, 9); return err }, ErrLength},
		{"Correlations above 1", func() error { _, err := Correlations(0, 1, 5, -1.1, 1, 9); return err }, ErrRange},
		{"Correlations of a negative variance", func() error { _, err := Correlations(0, -1, 5, 0, 1, 9); return err }, ErrRange},
		{"Correlations of NaN", func() error { _, err := Correlations(nan, 1, 5, 0, 1, 9); return err }, ErrNaN},
		{"CramerVonMises of one", func() error { _, err := cramerVonMises([]float64{1}, []float64{1, 2}); return err }, ErrLength},
		{"AndersonDarling of one sample", func() error { _, err := andersonDarling([]float64{1, 2, 3, 4}); return err }, ErrLength},
		{"AndersonDarling of none", func() error { _, err := andersonDarling(); return err }, ErrLength},
		{"AndersonDarling of 3 values", func() error { _, err := andersonDarling([]float64{1, 2}, []float64{1}); return err }, ErrLength},
		{"AndersonDarling of equal values", func() error { _, err := andersonDarling([]float64{1, 1}, []float64{1, 1}); return err }, ErrConstant},
		{"EppsSingleton of 4", func() error { _, err := eppsSingleton(make([]float64, 9), make([]float64, 4)); return err }, ErrLength},
		{"EppsSingleton of equal values", func() error { _, err := eppsSingleton(make([]float64, 9), make([]float64, 9)); return err }, ErrConstant},
		{"DetectablePSI of 1 bin", func() error { _, err := DetectablePSI(5, 5, 1, 0.05, 0.8); return err }, ErrRange},
		{"DetectablePSI at alpha 0", func() error { _, err := DetectablePSI(5, 5, 9, 0, 0.8); return err }, ErrRange},
		{"DetectablePSI, power below alpha", func() error { _, err := DetectablePSI(5, 5, 9, 0.5, 0.2); return err }, ErrRange},
		{"DetectablePSI of no rows", func() error { _, err := DetectablePSI(0, 5, 9, 0.05, 0.8); return err }, ErrEmpty},
		{"DetectableProportion of NaN", func() error { _, err := DetectableProportion(nan, 5, 5, 0.05, 0.8); return err }, ErrRange},
	} {
		wantError(t, c.what, c.call(), c.want)
	}
}

func TestErrorsReadWell(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{second(Mean(nil)), "stats.Mean: no values"},
		{second(Quantiles([]float64{1}, 2)), "stats.Quantiles: a parameter is out of range: p = 2"},
		{second(KSCounts([]int64{1}, []int64{1, 2})), "stats.KSCounts: lengths do not fit: 1 and 2 cells"},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("error %q, want %q", c.err, c.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }
