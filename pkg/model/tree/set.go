package tree

import (
	"fmt"
	"math"
	"math/bits"
)

// maxCategory bounds the categories of a split, as XGBoost does.
const maxCategory = 1<<24 - 1

// Set is a set of categories, numbers from 0 to 2²⁴-1, or of one number.
type Set struct {
	words []uint64
	only  *float64 // where it is not nil, all that the set holds
}

// Sets collects the sets of an ensemble, each once.
type Sets struct {
	All    []*Set
	places map[string]int
}

// Place returns the place in All of the set of these categories. One out of range
// is ErrFormat.
func (s *Sets) Place(categories []int64) (int, error) {
	set := &Set{}
	for _, c := range categories {
		if c < 0 || c > maxCategory {
			return 0, Refuse(ErrFormat, "", "category %d out of range", c)
		}
		for int(c>>6) >= len(set.words) {
			set.words = append(set.words, 0)
		}
		set.words[c>>6] |= 1 << (c & 63)
	}
	key := fmt.Sprint(set.words)
	at, ok := s.places[key]
	if !ok {
		if s.places == nil {
			s.places = map[string]int{}
		}
		at = len(s.All)
		s.places[key] = at
		s.All = append(s.All, set)
	}
	return at, nil
}

// Only returns the place in All of the set of that one number, which is compared as
// it is: no fraction is cut off.
func (s *Sets) Only(x float64) int {
	key := fmt.Sprint("only ", x)
	at, ok := s.places[key]
	if !ok {
		if s.places == nil {
			s.places = map[string]int{}
		}
		at = len(s.All)
		s.places[key] = at
		s.All = append(s.All, &Set{only: &x})
	}
	return at
}

// Size is one more than the largest category.
func (s *Set) Size() int {
	if len(s.words) == 0 {
		return 0
	}
	last := len(s.words) - 1
	return last*64 + bits.Len64(s.words[last])
}

// Has reports whether category c, not negative, is in the set.
func (s *Set) Has(c int) bool { return c>>6 < len(s.words) && s.words[c>>6]>>(c&63)&1 == 1 }

// has reports whether the value x is one of the set's categories, of which
// fractions are cut off. A number between -1 and 0 is category 0 for LightGBM,
// and none for XGBoost.
func (s *Set) has(x float64, double bool) bool {
	if !double {
		x = float64(float32(x))
		if s.only != nil {
			return x == *s.only
		}
		if x < 0 {
			return false
		}
	}
	if s.only != nil {
		return x == *s.only
	}
	return x > -1 && x <= maxCategory+0.5 && s.Has(int(x))
}

// appendBounds appends the numbers at which a value enters or leaves the set.
func (s *Set) appendBounds(to []float64) []float64 {
	if s.only != nil {
		return append(to, *s.only, float64(math.Nextafter32(float32(*s.only), float32(math.Inf(1)))))
	}
	in := false
	for c := range s.Size() + 1 {
		if s.Has(c) != in {
			to = append(to, float64(c))
			in = !in
		}
	}
	return to
}
