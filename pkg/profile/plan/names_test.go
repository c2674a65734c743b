package plan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
)

// lower sets a cap for a test.
func lower(t *testing.T, c *caps.Cap, to int) {
	was := c.N
	c.N = to
	t.Cleanup(func() { c.N = was })
}

// TestNamesAreTheMostFrequent: whatever the order and whether they were counted in
// memory or on disk, the names that are kept are the most frequent, and all others
// are known.
func TestNamesAreTheMostFrequent(t *testing.T) {
	lower(t, caps.Names, 50)
	lower(t, caps.AllNames, 20)
	r := rand.New(rand.NewPCG(1, 2))
	var log []string
	want := map[string]int64{}
	for i := range 400 { // name i comes about 2000/(i+1) times
		for range 1 + 2000/(i+1) {
			name := fmt.Sprint("name ", i)
			log = append(log, name)
			want[name]++
		}
	}
	for i := range 300 {
		name := fmt.Sprint("once ", i)
		log = append(log, name)
		want[name]++
	}
	var first *Column
	for _, spilled := range []bool{false, true} {
		for range 3 {
			r.Shuffle(len(log), func(i, j int) { log[i], log[j] = log[j], log[i] })
			var c names
			defer c.close()
			for _, name := range log {
				c.add(name)
				if spilled && c.bytes > 5_000 {
					if err := c.spill(); err != nil {
						t.Fatal(err)
					}
				}
			}
			if spilled == (len(c.runs) == 0) {
				t.Fatalf("%d runs", len(c.runs))
			}
			var got Column
			if err := c.into(&got, false); err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = &got
			}
			if !slices.Equal(got.Names, first.Names) || !slices.Equal(got.Known, first.Known) {
				t.Fatalf("another order, or disk, gives other names: %d and %d, %d and %d", len(got.Names), len(first.Names), len(got.Known), len(first.Known))
			}
			if got.Distinct != 700 || len(got.Names) != 50 || len(got.Known) != 650 || !got.Rest().All {
				t.Fatalf("%d names, %d are kept and %d known", got.Distinct, len(got.Names), len(got.Known))
			}
			var once, twice int64
			for _, n := range want {
				switch n {
				case 1:
					once++
				case 2:
					twice++
				}
			}
			if got.Once != once || got.Twice != twice {
				t.Errorf("%d singles and %d pairs, want %d and %d", got.Once, got.Twice, once, twice)
			}
		}
	}
	for i, name := range first.Names {
		if i > 0 && want[name] > want[first.Names[i-1]] || name != fmt.Sprint("name ", i) && want[name] != want[fmt.Sprint("name ", i)] {
			t.Errorf("name %d is %s", i, name)
		}
		if _, found := slices.BinarySearch(first.Known, sketch.HashString(name)); found {
			t.Errorf("%s is kept, and known as one that is not", name)
		}
	}
}

// TestRareNamesAreKnownByHash: beyond as many names as are always kept, those of
// few rows are not, and of more than can be known the smallest hashes are.
func TestRareNamesAreKnownByHash(t *testing.T) {
	lower(t, caps.AllNames, 10)
	lower(t, caps.KnownNames, 100)
	var c names
	for i := range 200 {
		for range 1 + i%2*leastNamed {
			c.add(fmt.Sprint(i))
		}
	}
	var got Column
	if err := c.into(&got, false); err != nil {
		t.Fatal(err)
	}
	if len(got.Names) != 100 || len(got.Known) != 100 || !got.Rest().All {
		t.Errorf("%d are kept and %d known", len(got.Names), len(got.Known))
	}
	lower(t, caps.KnownNames, 30)
	got = Column{}
	if err := c.into(&got, false); err != nil {
		t.Fatal(err)
	}
	rest := got.Rest()
	told := 0
	for i := range 200 {
		if i%2 == 0 && rest.CodeOf(sketch.HashString(fmt.Sprint(i))) != read.CodeUnclear {
			told++
		}
	}
	if len(got.Known) != 30 || rest.All || told != 30 {
		t.Errorf("%d are known, %d are told", len(got.Known), told)
	}
}
