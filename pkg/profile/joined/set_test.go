package joined

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLaws: however predictions are spread over parts, and however these are added
// up, the keys that are kept, their predictions and the windows are those of the
// whole: below the bound all, beyond it those of smallest hash.
func TestLaws(t *testing.T) {
	const limit = 500
	for _, choice := range []string{"newest", First, All} {
		for seed, known := range []int{3, 100, limit, limit + 1, 5 * limit} {
			r := rand.New(rand.NewPCG(uint64(seed), 2))
			f := File{Known: int64(known), Names: true, Choice: choice}
			hashes := make([]uint64, known)
			for i := range hashes {
				hashes[i] = r.Uint64()
			}
			of := make(map[uint64][]Row)
			var rows []Row
			for i := range 3 * known {
				h := hashes[i%known] // each three times, at times that may be equal
				row := Row{Hash: h, At: r.Int64N(3), Score: float64(r.IntN(4)), Entity: h >> 1, Seen: 1, Value: float64(h & 1), Version: string('a' + rune(r.IntN(3)))}
				rows, of[h] = append(rows, row), append(of[h], row)
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
				if row.At == 1 {
					whole.Strays.N++
					whole.Keep(Stray{At: row.At, Key: string(rune('a' + row.Hash%26))})
				}
			}
			for _, c := range cells {
				whole.Count(c)
			}
			want, beyond := kept(of, choice, limit)
			if !slices.Equal(whole.Rows(), want) || whole.Beyond() != beyond {
				t.Fatalf("%s, %d keys: %d rows, beyond %t, want %d, %t", choice, known, len(whole.Rows()), whole.Beyond(), len(want), beyond)
			}
			parts := make([]*Set, 9)
			for i := range parts {
				parts[i] = set()
			}
			for _, i := range r.Perm(len(rows)) {
				p := parts[r.IntN(9)]
				p.Add(rows[i])
				if rows[i].At == 1 {
					p.Strays.N++
					p.Keep(Stray{At: rows[i].At, Key: string(rune('a' + rows[i].Hash%26))})
				}
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
			if !slices.Equal(parts[0].Rows(), want) || parts[0].Cut() != whole.Cut() || !slices.Equal(parts[0].Cells(), whole.Cells()) || parts[0].Strays.Encode() != whole.Strays.Encode() {
				t.Errorf("%s, %d keys: the parts are not the whole", choice, known)
			}
			starts := make(map[int64]bool)
			for _, c := range whole.Cells() {
				starts[c.Start] = true
			}
			if len(starts) != windows {
				t.Errorf("%d windows", len(starts))
			}
		}
	}
	other := New(File{Known: 1})
	for _, pair := range [][2]*Set{{nil, other}, {other, nil}, {other, New(File{Known: 2})}} {
		if pair[0].Fits(pair[1]) == nil {
			t.Error("different outcomes fit")
		}
	}
}

// kept is what a set of the rows by key must hold: keys by rising hash for as long as
// their rows are at most the limit.
func kept(of map[uint64][]Row, choice string, limit int) (want []Row, beyond bool) {
	for _, h := range slices.Sorted(maps.Keys(of)) {
		rows := slices.SortedFunc(slices.Values(of[h]), Order)
		var own []Row
		switch choice {
		case "newest":
			own = []Row{rows[0]}
		case First:
			own = []Row{rows[len(rows)-1]}
		}
		if choice != All {
			own[0].Seen = int64(len(rows))
		}
		for i, row := range rows {
			if choice != All {
				break
			}
			if i > 0 && Order(rows[i-1], row) == 0 {
				own[len(own)-1].Seen++
			} else {
				own = append(own, row)
			}
		}
		if len(want)+len(own) > limit {
			return want, true
		}
		want = append(want, own...)
	}
	return want, false
}
