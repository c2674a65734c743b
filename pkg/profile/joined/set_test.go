package joined

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLaws: however predictions are spread over parts, and however these are added
// up, the keys that are kept, their newest predictions and the windows are those of
// the whole: below the bound all, beyond it those of smallest hash.
func TestLaws(t *testing.T) {
	const limit = 500
	for seed, known := range []int{3, limit, limit + 1, 5 * limit} {
		r := rand.New(rand.NewPCG(uint64(seed), 2))
		f := File{Known: int64(known), ByID: true}
		newest := make(map[uint64]Row)
		hashes := make([]uint64, known)
		for i := range hashes {
			hashes[i] = r.Uint64()
		}
		var rows []Row
		for i := range 3 * known {
			h := hashes[i%known] // each three times, at times that may be equal
			row := Row{Hash: h, At: r.Int64N(3), Score: float64(r.IntN(4)), Seen: 1, Positive: h&1 == 1, Entity: uint64(r.IntN(3)), Version: string('a' + rune(r.IntN(3)))}
			rows = append(rows, row)
			was, ok := newest[h]
			// Of one time the higher score, then the greater entity, then the later version.
			order := func(r Row) string { return fmt.Sprint(r.At, r.Score, r.Entity, r.Version) } // each of one digit
			if seen := was.Seen + 1; !ok || order(row) > order(was) {
				row.Seen = seen
				newest[h] = row
			} else {
				was.Seen = seen
				newest[h] = was
			}
		}
		cells := make([]Cell, 4000)
		for i := range cells {
			cells[i] = Cell{Start: r.Int64N(2 * windows), Score: float64(r.IntN(2)), N: 1 + r.Int64N(3)}
		}
		set := func() *Set {
			s := New(f)
			s.limit = limit
			return s
		}
		whole := set()
		for _, row := range rows {
			whole.Add(row)
		}
		for _, c := range cells {
			whole.Count(c)
		}
		slices.Sort(hashes)
		var want []Row
		for _, h := range hashes[:min(known, limit)] {
			want = append(want, newest[h])
		}
		if !slices.Equal(whole.Rows(), want) || whole.Beyond() != (known > limit) {
			t.Fatalf("%d keys: %d rows, beyond %t", known, len(whole.Rows()), whole.Beyond())
		}
		// The relative error of the estimate is 1/sqrt(limit); 4 of them.
		if n := whole.Keys(); known <= limit && n != int64(known) || math.Abs(float64(n)/float64(known)-1) > 4/math.Sqrt(limit) {
			t.Errorf("%d keys are taken for %d", known, n)
		}
		parts := make([]*Set, 9)
		for i := range parts {
			parts[i] = set()
		}
		for _, i := range r.Perm(len(rows)) {
			parts[r.IntN(9)].Add(rows[i])
		}
		for _, i := range r.Perm(len(cells)) {
			parts[r.IntN(9)].Count(cells[i])
		}
		for len(parts) > 1 {
			i := r.IntN(len(parts) - 1)
			if err := parts[i].Fits(parts[len(parts)-1]); err != nil {
				t.Fatal(err)
			}
			parts[i].Merge(parts[len(parts)-1])
			parts = parts[:len(parts)-1]
		}
		if !slices.Equal(parts[0].Rows(), want) || parts[0].Beyond() != whole.Beyond() || !slices.Equal(parts[0].Cells(), whole.Cells()) {
			t.Errorf("%d keys: the parts are not the whole", known)
		}
		starts := make(map[int64]bool)
		for _, c := range whole.Cells() {
			starts[c.Start] = true
		}
		if len(starts) != windows {
			t.Errorf("%d windows", len(starts))
		}
	}
	other := New(File{Known: 1})
	for _, pair := range [][2]*Set{{nil, other}, {other, nil}, {other, New(File{Known: 2})}} {
		if pair[0].Fits(pair[1]) == nil {
			t.Error("different outcomes fit")
		}
	}
}
