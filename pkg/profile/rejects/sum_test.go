package rejects

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestTypesByColumn(t *testing.T) {
	var s Sum
	if err := s.AddRejects([]verdict.Reject{
		{Source: "a", Kind: verdict.RejectType, Column: "x", Count: 2},
		{Source: "b", Kind: verdict.RejectType, Column: "x", Count: 3},
		{Source: "a", Kind: verdict.RejectType, Column: "y: want z", Count: 1},
		{Source: "a", Kind: verdict.RejectNested, Column: "x", Count: 7},
		{Source: "a", Kind: verdict.RejectLine, Reason: "type: column x: want a number", Count: 7},
		{Source: "a", Kind: verdict.RejectType, Column: "q", Count: -1},
	}); err != nil {
		t.Fatal(err)
	}
	if want := map[string]int64{"x": 12, "y: want z": 1}; !maps.Equal(s.Types(), want) {
		t.Errorf("%v, want %v", s.Types(), want)
	}
	if s.AddRejects([]verdict.Reject{{Kind: verdict.RejectLine, Count: 1, FirstLines: "1 x"}}) == nil {
		t.Error("accepted a line that is no number")
	}
}

// TestLaws: parts of a list, added up in any tree, are the list, beyond the bound
// too; nothing is lost of the total, and ten lines of a reason are the first ten.
func TestLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 40, 3 * reasons} {
		list := make([]verdict.Reject, n)
		var total int64
		for i := range list {
			list[i] = verdict.Reject{Log: []string{"predictions", "requests"}[r.IntN(2)], Source: fmt.Sprint(r.IntN(1 + n/2)), Kind: verdict.RejectLine, Reason: fmt.Sprint(r.IntN(4)), Count: 1 + r.Int64N(5), FirstLines: fmt.Sprint(1+r.IntN(99), " ", 100+r.IntN(99))}
			total += list[i].Count
		}
		lines := []verdict.Lines{{Log: "predictions", Lines: 9, Bad: 1}, {Log: "requests", Allowed: true, Lines: 4, Rows: 4, NoZone: 2}, {Log: "predictions", Allowed: true, Lines: 7}, {Log: "predictions", Lines: 3, Rows: 3, NoZone: 1}}
		var whole Sum
		if err := whole.AddRejects(list); err != nil {
			t.Fatal(err)
		}
		whole.AddLines(lines)
		parts := make([]*Sum, 7)
		for i := range parts {
			parts[i] = new(Sum)
		}
		for _, one := range list {
			if err := parts[r.IntN(7)].AddRejects([]verdict.Reject{one}); err != nil {
				t.Fatal(err)
			}
		}
		for _, l := range lines {
			parts[r.IntN(7)].AddLines([]verdict.Lines{l})
		}
		for len(parts) > 1 {
			i := r.IntN(len(parts) - 1)
			if r.IntN(2) == 0 { // by way of the rows
				var again Sum
				if err := again.AddRejects(parts[i].Rejects()); err != nil {
					t.Fatal(err)
				}
				again.AddLines(parts[i].Lines())
				parts[i] = &again
			}
			parts[i].Merge(parts[len(parts)-1])
			parts = parts[:len(parts)-1]
		}
		got, want := parts[0].Rejects(), whole.Rejects()
		if !slices.Equal(got, want) || !slices.Equal(parts[0].Lines(), whole.Lines()) {
			t.Fatalf("%d reasons: the parts are not the whole", n)
		}
		if !slices.IsSortedFunc(want, Order) || len(want) > reasons+2 {
			t.Errorf("%d reasons: %d rows, or not in order", n, len(want))
		}
		var sum int64
		for _, one := range want {
			sum += one.Count
		}
		if sum != total || whole.Known() != true {
			t.Errorf("%d reasons: count %d, want %d", n, sum, total)
		}
	}
	var s Sum
	for line := 20; line > 0; line-- {
		if err := s.AddRejects([]verdict.Reject{{Kind: verdict.RejectLine, Reason: "a", Source: "s", Count: 1, FirstLines: fmt.Sprint(line)}}); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Rejects()[0]; got.Count != 20 || got.FirstLines != "1 2 3 4 5 6 7 8 9 10" {
		t.Errorf("%+v", got)
	}
}
