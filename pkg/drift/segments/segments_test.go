package segments

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// apart is a partition of segments of so many rows and such mean scores; NaN
// is a segment without scores on that side.
func apart(parts ...[4]float64) *Partition {
	p := &Partition{Split: &view.Split{Column: "size"}}
	for i, c := range parts {
		p.Split.RefRows += int64(c[0])
		p.Split.CurRows += int64(c[1])
		p.Segments = append(p.Segments, &Segment{
			Split: p.Split, Part: &view.Part{
				Name: fmt.Sprint("s", i), RefRows: int64(c[0]), CurRows: int64(c[1]),
				Ref: view.View{Rows: int64(c[0])}, Cur: view.View{Rows: int64(c[1])},
			},
			Score: "score", Ref: c[2], Cur: c[3], scored: [2]int64{int64(c[0]), int64(c[1])},
		})
	}
	p.decompose()
	return p
}

// TestMixAndWithin against hand counts: w = 0.2, 0.8 and w′ = 0.45, 0.55, s = 0.1,
// 0.5 and s′ = 0.2, 0.4. Mix = 0.25·0.15 - 0.25·0.45, Within = 0.325·0.1 -
// 0.675·0.1, and S′ - S = 0.31 - 0.42.
func TestMixAndWithin(t *testing.T) {
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) < 1e-12) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	p := apart([4]float64{20, 90, 0.1, 0.2}, [4]float64{80, 110, 0.5, 0.4})
	near("mix", p.Mix, -0.075)
	near("within", p.Within, -0.035)
	near("ref", p.Ref, 0.42)
	near("cur", p.Cur, 0.31)

	// A segment that comes has no scores to change: 0.1·(0.9 - 0.5).
	p = apart([4]float64{100, 90, 0.5, 0.5}, [4]float64{0, 10, math.NaN(), 0.9})
	near("mix of a newcomer", p.Mix, 0.04)
	near("within a newcomer", p.Within, 0)

	rng := rand.New(rand.NewPCG(4, 4))
	for range 200 {
		var there, back [][4]float64
		for range 1 + rng.IntN(6) {
			c := [4]float64{float64(1 + rng.IntN(50)), float64(1 + rng.IntN(50)), rng.Float64(), rng.Float64()}
			there, back = append(there, c), append(back, [4]float64{c[1], c[0], c[3], c[2]})
		}
		p, q := apart(there...), apart(back...)
		near("the sum", p.Mix+p.Within, p.Cur-p.Ref)
		near("mix the other way round", q.Mix, -p.Mix)
		near("within the other way round", q.Within, -p.Within)
	}

	// Of 100 rows with 60 scores, 0.2·20 + 0.8·40, and 100 with 50, 0.4·40 + 0.9·10:
	// of the third segment none is scored now, of the second few. The means are 0.6
	// and 0.5, and the rows without a score are in neither.
	p = &Partition{Split: &view.Split{Column: "size", RefRows: 100, CurRows: 100}}
	for i, c := range [][6]float64{{50, 50, 20, 40, 0.2, 0.4}, {30, 30, 30, 10, 0.8, 0.9}, {20, 20, 10, 0, 0.8, math.NaN()}} {
		p.Segments = append(p.Segments, &Segment{
			Split: p.Split, Ref: c[4], Cur: c[5], scored: [2]int64{int64(c[2]), int64(c[3])},
			Part: &view.Part{Name: fmt.Sprint("s", i), RefRows: int64(c[0]), CurRows: int64(c[1]), Ref: view.View{Rows: int64(c[0])}, Cur: view.View{Rows: int64(c[1])}},
		})
	}
	p.decompose()
	near("ref of the scored", p.Ref, 0.6)
	near("cur of the scored", p.Cur, 0.5)
	near("within the scored", p.Within, (1.0/3+0.8)/2*0.2+(0.5+0.2)/2*0.1)
	near("mix of the scored", p.Mix, -0.1-p.Within)
	if l, ok := p.MixDriver(); !ok || l.Segment != p.Segments[0] || !l.Scored {
		t.Errorf("got %+v, want s0 by its rows with a score", l)
	} else {
		near("the leading segment before", l.Ref, 20.0/60)
		near("the leading segment after", l.Cur, 40.0/50)
	}

	if p := apart([4]float64{10, 10, math.NaN(), 0.5}); !math.IsNaN(p.Mix) || !math.IsNaN(p.Within) {
		t.Errorf("without scores in the reference: %v and %v", p.Mix, p.Within)
	}
}

// TestWhichSegmentTheMixNames: the one whose share did most in the direction of
// the mix. Of 0.4 points less in b and 0.4 more in a, a scores above the mean.
func TestWhichSegmentTheMixNames(t *testing.T) {
	p := apart([4]float64{20, 60, 0.9, 0.9}, [4]float64{70, 30, 0.5, 0.5}, [4]float64{10, 10, 0.1, 0.1})
	if l, ok := p.MixDriver(); !ok || l.Segment != p.Segments[0] || l.Scored || l.Ref != 0.2 || l.Cur != 0.6 {
		t.Errorf("got %+v, want s0 from 0.2 to 0.6", l)
	}
}
