package faults

import (
	"maps"
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestTypeErrorsByColumn(t *testing.T) {
	got := TypeErrors([]verdict.Reject{
		{Source: "a", Reason: "type: column x: want a number", Count: 2},
		{Source: "b", Reason: "type: column x: want a string", Count: 3},
		{Source: "a", Reason: "type: column y: want z: want a string", Count: 1},
		{Source: "a", Reason: "nested: column x: left out", Count: 7},
		{Source: "a", Reason: "not JSON", Count: 7},
		{Source: "a", Reason: "type: column ", Count: 7},
		{Source: "a", Reason: "type: column q: want a number", Count: -1},
	})
	if want := map[string]int64{"x": 5, "y: want z": 1}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
