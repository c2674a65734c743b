package bins

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Values outside the reference stand alone from k rows on either side on, and
// the last bin is never pooled away.
func TestPoolTails(t *testing.T) {
	under := func(ref, cur int64) Bin { return Bin{Kind: verdict.BinUnder, Ref: ref, Cur: cur} }
	inner := func(ref, cur int64) Bin { return Bin{Kind: verdict.BinInterval, Ref: ref, Cur: cur} }
	over := func(ref, cur int64) Bin { return Bin{Kind: verdict.BinOver, Ref: ref, Cur: cur} }
	for _, c := range []struct{ in, want []Bin }{
		{[]Bin{under(1, 9), inner(3, 4), over(2, 9)}, []Bin{inner(6, 22)}},
		{[]Bin{under(1, 10), inner(3, 4), over(10, 2)}, []Bin{under(1, 10), inner(3, 4), over(10, 2)}},
		{[]Bin{inner(1, 1), inner(2, 2)}, []Bin{inner(1, 1), inner(2, 2)}},
		{[]Bin{under(1, 2), over(3, 4)}, []Bin{over(4, 6)}},
		{[]Bin{under(1, 2)}, []Bin{under(1, 2)}},
		{[]Bin{over(1, 2)}, []Bin{over(1, 2)}},
		{nil, nil},
	} {
		if got := PoolTails(slices.Clone(c.in), 10); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.in, got, c.want)
		}
	}
}

// A category stands alone with k rows on either side and, when pooled, an
// expectation of 5 on the smaller one: of 100 and 100 rows, 10 of both.
func TestCategoriesArePooledWhereRare(t *testing.T) {
	ref := &view.Category{Names: []string{"a", "b", "c", "d"}, Counts: []int64{85, 7, 5, 3}}
	cur := &view.Category{Names: []string{"a", "b", "c", "d"}, Counts: []int64{86, 4, 4, 6}}
	for _, c := range []struct {
		k    int64
		pool bool
		want string
	}{
		{7, true, "a b rare 8 10"},   // d has 6 rows, c 5
		{8, true, "a rare 15 14"},    // b has 7
		{0, true, "a b rare 8 10"},   // c and d are 9 of both
		{0, false, "a b c d"},        // each tested
		{6, false, "a b d rare 5 4"}, // few on both sides all the same
	} {
		var got []string
		for _, b := range Categories(ref, cur, c.k, c.pool, policy.Design{}) {
			got = append(got, b.Name)
			if b.Kind == verdict.BinRare {
				got = append(got, strconv.FormatInt(b.Ref, 10), strconv.FormatInt(b.Cur, 10))
			}
		}
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("k %d, pool %v: %s, want %s", c.k, c.pool, got, c.want)
		}
	}
}
