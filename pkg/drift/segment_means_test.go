package drift

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// TestHiddenMeans: no withheld mean follows from what is told. The attacker has
// the mean of all rows and takes the told segments off; what is left are 2k rows,
// or all.
func TestHiddenMeans(t *testing.T) {
	const k = 5
	rng := rand.New(rand.NewPCG(3, 14))
	for _, c := range []struct {
		rows   []int // of a segment each
		told   []bool
		column bool
	}{
		{[]int{11, 1}, []bool{false, false}, false},
		{[]int{100, 20, 3}, []bool{true, false, false}, false},
		{[]int{100, 5, 4}, []bool{false, false, false}, false},
		{[]int{100, 6, 4}, []bool{true, false, false}, false},
		{[]int{100, 20, 4, 4, 2}, []bool{true, true, false, false, false}, true},
		{[]int{100, 20}, []bool{true, true}, true},
		{[]int{3}, []bool{false}, false},
	} {
		split := view.Split{Column: "size"}
		grid := seq(0, 1001)
		var whole []float64
		for i, n := range c.rows {
			x := make([]float64, n)
			for j := range x {
				x[j] = float64(rng.IntN(1000))
			}
			side := viewOf(as(verdict.RoleScore, numberColumn("score", grid, x)))
			split.Parts = append(split.Parts, view.Part{Name: fmt.Sprint("s", i), RefRows: int64(n), CurRows: int64(n), Ref: side, Cur: side})
			split.RefRows, split.CurRows = split.RefRows+int64(n), split.CurRows+int64(n)
			whole = append(whole, x...)
		}
		all := viewOf(as(verdict.RoleScore, numberColumn("score", grid, whole)))
		r := Compare(all, all, Options{K: k, Segments: []view.Split{split}})
		var left int
		for i, n := range c.rows {
			s := segmentOf(t, r, "size", fmt.Sprint("s", i))
			if got := !math.IsNaN(s.ScoreCur); got != c.told[i] || got != !math.IsNaN(s.ScoreRef) {
				t.Errorf("%v: the mean of %d rows is told: %v, want %v", c.rows, n, got, c.told[i])
			}
			if math.IsNaN(s.ScoreCur) {
				left += n
			}
		}
		if left > 0 && left < 2*k && left < len(whole) {
			t.Errorf("%v: %d rows are left when the told ones are taken off", c.rows, left)
		}
		s := segmentOf(t, r, "size", "")
		for what, x := range map[string]float64{"score_ref": s.ScoreRef, "score_cur": s.ScoreCur, "mix": s.Mix, "within": s.Within} {
			if math.IsNaN(x) == c.column {
				t.Errorf("%v: %s of the column is %v", c.rows, what, x)
			}
		}
	}
}
