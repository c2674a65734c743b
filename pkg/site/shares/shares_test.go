package shares

import (
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestShapeIsTrueToTheShares(t *testing.T) {
	// Two classes: 30 and 10 of 40, 10 and 30 of 40. The tallest fills the box, 72
	// high; a third of it is 48 from the top.
	d := Of([]verdict.Bin{{Kind: "category", Name: "a", NRef: 30, NCur: 10}, {Kind: "category", Name: "b", NRef: 10, NCur: 30}})
	s := d.Shape("x")
	if want := "M0 72V0.0H140.0V48.0H280.0V72Z"; s.Ref != want {
		t.Errorf("reference %s, want %s", s.Ref, want)
	}
	if want := "M0 72V48.0H140.0V0.0H280.0V72Z"; s.Cur != want {
		t.Errorf("production %s, want %s", s.Cur, want)
	}
	if Of(nil).Shape("x") != nil {
		t.Error("a shape of nothing")
	}
}
