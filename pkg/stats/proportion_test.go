package stats

import (
	"errors"
	"math"
	"testing"
)

// Newcombe (1998), table II, method 10.
func TestNewcombe(t *testing.T) {
	for _, c := range []struct {
		a, n, b, m int64
		lo, hi     float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{5, 56, 0, 29, -0.0381, 0.1926},
	} {
		got, err := Newcombe(c.a, c.n, c.b, c.m, 0.95)
		if err != nil || math.Abs(got.Lo-c.lo) > 5e-5 || math.Abs(got.Hi-c.hi) > 5e-5 {
			t.Errorf("%+v: %+v, %v", c, got, err)
		}
		// The other way round it is the mirror image.
		back, _ := Newcombe(c.b, c.m, c.a, c.n, 0.95)
		if math.Abs(back.Lo+got.Hi) > 1e-15 || math.Abs(back.Hi+got.Lo) > 1e-15 {
			t.Errorf("%+v: %+v, back %+v", c, got, back)
		}
	}
	for _, c := range [][4]int64{{1, 0, 1, 2}, {1, 2, 1, 0}, {3, 2, 1, 2}, {1, 2, -1, 2}} {
		if _, err := Newcombe(c[0], c[1], c[2], c[3], 0.95); err == nil {
			t.Errorf("%v: no error", c)
		}
	}
}

func TestDesignEffect(t *testing.T) {
	for _, c := range []struct {
		n    []int64
		want float64
	}{
		{[]int64{1, 1, 1}, 1},
		{[]int64{4}, 4},
		{[]int64{1, 3}, 2.5}, // (1 + 9) / 4
		{[]int64{0, 2, 2}, 2},
	} {
		if got, err := DesignEffect(c.n); err != nil || got != c.want {
			t.Errorf("%v: %v, %v, want %v", c.n, got, err, c.want)
		}
	}
	if _, err := DesignEffect(nil); !errors.Is(err, ErrEmpty) {
		t.Error(err)
	}
	if _, err := DesignEffect([]int64{2, -1}); !errors.Is(err, ErrNegative) {
		t.Error(err)
	}
}

// p of SciPy's fisher_exact and chi2_contingency(correction=False).
func TestShares(t *testing.T) {
	for _, c := range []struct {
		a, n, b, m int64
		exact      bool
		p          float64
	}{
		{3, 100, 0, 50, true, 0.5510611282423362},
		{6, 50, 1, 40, true, 0.12662661010712195},
		{5, 50, 10, 50, false, 0.16142946236707922},
		{30, 100, 20, 100, false, 0.10247043485974942},
	} {
		exact, _, p, err := Shares(c.a, c.n, c.b, c.m)
		if err != nil || exact != c.exact || math.Abs(p-c.p) > 1e-12 {
			t.Errorf("%d of %d and %d of %d: exact %t, p %v, %v, want %t, %v", c.a, c.n, c.b, c.m, exact, p, err, c.exact, c.p)
		}
	}
	if _, _, _, err := Shares(3, 2, 0, 2); err == nil {
		t.Error("more hits than rows are taken")
	}
}
