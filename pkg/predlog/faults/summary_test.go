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
		{Source: "a", Kind: verdict.RejectType, Column: "x", Reason: "type: column x: want a number", Count: 1, FirstLines: "1"}, {Source: "b", Kind: verdict.RejectLine, Reason: "value: want an object", Count: 2, FirstLines: "7 9"}, {Source: "c", Reason: "not JSON", Count: 1, FirstLines: "1"},
	}}
	if err := s.TooBad(0.5, 0); fmt.Sprint(err) != "b:7: value: want an object; 2 of 3 lines are bad, more than 50 %" {
		t.Error(err)
	}
}

func TestNotes(t *testing.T) {
	if s := (&Summary{Lines: 3, Rows: 3, Inferred: 2}); len(s.Notes()) != 0 {
		t.Errorf("of a log without faults: %q", s.Notes())
	}
	s := Summary{Lines: 9, Bad: 2, TypeErrors: 3, Zoneless: 4, Unfinished: []string{"a:7"}, Empty: []string{"x", "y", "jane"}, Rare: []string{"jane"}}
	for i := range 12 {
		s.Unknown = append(s.Unknown, Unknown{Name: fmt.Sprint("f", i), Lines: 5})
	}
	s.Lines = 100
	s.Unknown = append(s.Unknown, Unknown{Name: "jane", Lines: 4})
	got := s.Notes()
	for i, want := range map[int]string{
		0:  "a:7: the last line is still being written; left out",
		1:  "2 of 100 lines left out, 3 values taken as null; see table rejects",
		2:  "4 timestamps name no time zone: taken as UTC",
		3:  `unknown field "f0" in 5 lines; left out`,
		13: "2 more unknown fields",
		14: "1 unknown field in fewer than 5 lines; left out",
		15: "no value in x, y, 1 field of the log's own; left out",
	} {
		if len(got) != 16 || got[i] != want {
			t.Errorf("%d of %d: %q, want %q", i, len(got), got, want)
		}
	}
}
