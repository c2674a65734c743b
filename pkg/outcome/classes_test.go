package outcome

import (
	"slices"
	"testing"
)

// Whatever the text, it is the finite scores of so many classes, which are written and
// read again as they are, or it is none.
func FuzzScores(f *testing.F) {
	for _, text := range []string{"0.2 0.3 0.5", "1 0", "0.1", "", " ", "1  2", "nan 1", "1e400 0", "-0 0x1p-3", "0.5 0.5 "} {
		f.Add(text, 2)
		f.Add(text, 3)
	}
	f.Fuzz(func(t *testing.T, text string, k int) {
		if k < 1 || k > 64 {
			return
		}
		scores := make([]float64, k)
		if !ScoresOf(text, scores) {
			return
		}
		var again []byte
		for _, x := range scores {
			if x-x != 0 {
				t.Fatalf("%q: %v", text, scores)
			}
			again = AppendScore(again, x)
		}
		read := make([]float64, k)
		if !ScoresOf(string(again), read) || !slices.Equal(read, scores) {
			t.Fatalf("%q became %q: %v, %v", text, again, scores, read)
		}
		if ScoresOf(string(again), make([]float64, k+1)) {
			t.Fatalf("%q is of %d classes", again, k+1)
		}
	})
}
