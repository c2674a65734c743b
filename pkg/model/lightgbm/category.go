package lightgbm

import (
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// sets are the sets of categories of one tree: set i is bits in the words from
// bounds[i] to bounds[i+1], 32 in each.
type sets struct {
	bounds []int64
	words  []string
}

func (s section) sets() (sets, error) {
	n, err := tree.Count("num_cat", s["num_cat"], 0)
	if err != nil || n == 0 {
		return sets{}, err
	}
	if n > len(s["cat_boundaries"]) {
		return sets{}, tree.Refuse(tree.ErrFormat, "num_cat", "%d, more than cat_boundaries can hold", n)
	}
	bounds, err := integers(s, "cat_boundaries", n+1)
	return sets{bounds, strings.Fields(s["cat_threshold"])}, err
}

// place returns the place in all of set i.
func (s sets) place(i float64, all *tree.Sets) (int, error) {
	if !(i >= 0 && i < float64(len(s.bounds)-1)) {
		return 0, tree.Refuse(tree.ErrFormat, "threshold", "set %v of %d", i, max(len(s.bounds)-1, 0))
	}
	from, to := s.bounds[int(i)], s.bounds[int(i)+1]
	if from < 0 || to < from || to > int64(len(s.words)) {
		return 0, tree.Refuse(tree.ErrFormat, "cat_boundaries", "%d to %d of %d", from, to, len(s.words))
	}
	var categories []int64
	for k, word := range s.words[from:to] {
		bits, err := strconv.ParseUint(word, 10, 32)
		if err != nil {
			return 0, tree.Refuse(tree.ErrFormat, "cat_threshold", "want 32 bits, got %q", tree.Clip(word))
		}
		for b := range 32 {
			if bits>>b&1 == 1 {
				categories = append(categories, int64(32*k+b))
			}
		}
	}
	return all.Place(categories)
}
