package faults

import (
	"fmt"
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestTooBad(t *testing.T) {
	for _, test := range []struct {
		rows, bad int64
		want      string
	}{
		{0, 0, ""}, {0, 1, "the only line is bad"}, {0, 2, "all 2 lines are bad"}, {5, 5, ""}, {4, 5, "5 of 9 lines are bad, more than 1 %"}, {11, 10, ""}, {1000, 11, "11 of 1011 lines are bad, more than 1 %"}, {2000, 11, ""}, {2, 9, "9 of 11 lines are bad, more than 1 %"},
	} {
		s := Summary{Lines: test.rows + test.bad, Rows: test.rows, Bad: test.bad}
		got := ""
		if err := s.TooBad(0.01, 10); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
	s := Summary{Lines: 3, Rows: 1, Bad: 2, Rejects: []verdict.Reject{
		{Source: "a", Reason: "type: column x: want a number", Count: 1, FirstLines: "1"}, {Source: "b", Reason: "value: want an object", Count: 2, FirstLines: "7 9"}, {Source: "c", Reason: "not JSON", Count: 1, FirstLines: "1"},
	}}
	if err := s.TooBad(0.5, 0); fmt.Sprint(err) != "b:7: value: want an object; 2 of 3 lines are bad, more than 50 %" {
		t.Error(err)
	}
}
