package faults

import (
	"maps"
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestTypeErrorsByColumn(t *testing.T) {
	got := TypeErrors([]verdict.Reject{
		{Source: "a", Kind: verdict.RejectType, Column: "x", Count: 2},
		{Source: "b", Kind: verdict.RejectType, Column: "x", Count: 3},
		{Source: "a", Kind: verdict.RejectType, Column: "y: want z", Count: 1},
		{Source: "a", Kind: verdict.RejectNested, Column: "x", Count: 7},
		{Source: "a", Kind: verdict.RejectLine, Reason: "type: column x: want a number", Count: 7},
		{Source: "a", Kind: verdict.RejectType, Column: "q", Count: -1},
	})
	if want := map[string]int64{"x": 12, "y: want z": 1}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
