package stats

import (
	"errors"
	"math"
	"testing"
)

func TestGoodnessOfUnseenCategory(t *testing.T) {
	r, err := Goodness([]int64{3, 0}, []int64{3, 1})
	if err != nil || !math.IsInf(r.X2, 1) || r.P != 0 || r.DF != 1 {
		t.Errorf("a category that the reference lacks: %+v, %v", r, err)
	}
	// One category left: nothing to tell.
	r, err = GoodnessG([]int64{3, 0}, []int64{4, 0})
	if err != nil || r.X2 != 0 || r.P != 1 || r.DF != 0 {
		t.Errorf("one category: %+v, %v", r, err)
	}
	// By hand: e = 4 and 4, X² = 4/4 + 4/4.
	if r, err = Goodness([]int64{5, 5}, []int64{6, 2}); err != nil || r.X2 != 2 {
		t.Errorf("6 and 2 where 4 and 4 were due: %+v, %v", r, err)
	}
}

func TestCountedValuesAreChecked(t *testing.T) {
	x := []float64{1, 2, 3}
	some := []int64{2, 2, 2}
	for _, c := range []struct {
		x        []float64
		ref, cur []int64
		want     error
	}{
		{[]float64{1, 2}, some, some, ErrLength},
		{x, some, []int64{1}, ErrLength},
		{x, some, []int64{0, 0, 0}, ErrEmpty},
		{x, []int64{1, -1, 3}, some, ErrNegative},
		{[]float64{2, 1, 3}, some, some, ErrRange},
		{[]float64{1, 2, math.NaN()}, some, some, ErrNaN},
		{[]float64{1, 2, math.Inf(1)}, some, some, ErrInf},
		{x, []int64{6, 0, 0}, []int64{0, 9, 0}, ErrConstant},
	} {
		if _, err := StudentTCounts(c.x, c.ref, c.cur); !errors.Is(err, c.want) {
			t.Errorf("StudentTCounts(%v, %v, %v): %v, want %v", c.x, c.ref, c.cur, err, c.want)
		}
		if c.want == ErrConstant {
			continue
		}
		if _, err := EppsSingletonCounts(c.x, c.ref, c.cur); !errors.Is(err, c.want) {
			t.Errorf("EppsSingletonCounts(%v, %v, %v): %v, want %v", c.x, c.ref, c.cur, err, c.want)
		}
	}
	if _, err := StudentTCounts([]float64{1, 2}, []int64{1, 0}, []int64{0, 1}); !errors.Is(err, ErrLength) {
		t.Errorf("two values: %v", err)
	}
}
