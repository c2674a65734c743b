package drift

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// TestSplitByWhatIsGone: where the judged rows have no value in the column that
// makes the segments, or miss it more often than the reference, those without one
// are not held against the few that missed it before.
func TestSplitByWhatIsGone(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 3))
	draw := func(rows int, missing float64, gone bool) *clientele {
		c := drawClients(rng, rows, asEver)
		for i := range c.size {
			lacks := rng.Float64() < missing
			if lacks { // those that lack it are others in the first place
				c.numbers[3][i] = 0.7 + 0.3*c.numbers[3][i]
			}
			if lacks || gone {
				c.size[i] = ""
			}
		}
		return c
	}
	ref := draw(1000, 0.3, false)
	if got := loudSegments(compareBy(t, ref, draw(2000, 0.3, false), "size")); len(got) > 0 {
		t.Fatalf("nothing moved, at warn: %v", got)
	}

	r := compareBy(t, ref, draw(2000, 0.3, true), "size")
	want := verdict.Segment{Level: verdict.Insufficient, Sentence: "size: its segments cannot be judged: it is missing in all rows"}
	if s := segmentOf(t, r, "size", ""); len(r.Segments) != 1 || s.Level != want.Level || s.Reason != verdict.ReasonNoValues || s.Sentence != want.Sentence || s.NRef+s.NCur+s.Moved != 0 || !math.IsNaN(s.Mix) {
		t.Errorf("missing in all rows: %+v", r.Segments)
	}
	if strings.Contains(r.Run.Headline, "size=") {
		t.Errorf("headline %q", r.Run.Headline)
	}

	some := draw(2000, 0.3, false)
	for i := range some.size {
		if i%2 == 0 {
			some.size[i] = ""
		}
	}
	r = compareBy(t, ref, some, "size")
	if f := find(t, r, "size", verdict.CheckMissing); f.Level != verdict.Alert {
		t.Fatalf("missing values of the column: %+v", f)
	}
	if s := segmentOf(t, r, "size", "(missing)"); s.Level != verdict.Insufficient || s.Sentence != "size=(missing): "+otherMissing || !math.IsNaN(s.P) || s.Moved != 0 {
		t.Errorf("rows without a value: %+v", s)
	}
	if s := segmentOf(t, r, "size", "11-50"); math.IsNaN(s.P) {
		t.Errorf("rows with one: %+v", s)
	}

	x, split := numberColumn("x", seq(0, 50), seq(0, 50)), view.Split{Column: "size", RefRows: 50, CurRows: 50}
	split.Parts = []view.Part{{Name: "(missing)", Kind: view.MissingRows, CurRows: 50, Cur: viewOf(x)}, {Name: "a", RefRows: 50, Ref: viewOf(x)}}
	size := categoryColumn("size", slices.Repeat([]string{"a"}, 50), slices.Repeat([]string{"a"}, 50))
	r = Compare(viewOf(x, size), viewOf(x), Options{Segments: []view.Split{split}})
	if s := segmentOf(t, r, "size", ""); len(r.Segments) != 1 || s.Level != verdict.Insufficient || s.Reason != verdict.ReasonGone || s.Sentence != "size: its segments cannot be judged: the column has vanished" {
		t.Errorf("a column that vanished: %+v", r.Segments)
	}
}

// TestSplitTwice: a column given twice is judged once, and its findings have the
// q that they have alone.
func TestSplitTwice(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	ref, cur := drawClients(rng, 1000, asEver), drawClients(rng, 2000, asEver)
	once, twice := compareBy(t, ref, cur, "size"), compareBy(t, ref, cur, "size", "size")
	if got, want := fmt.Sprint(twice.Segments, twice.Findings), fmt.Sprint(once.Segments, once.Findings); got != want {
		t.Errorf("given twice: %s\nonce: %s", got, want)
	}
}
