package monitor

import (
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/profile/rejects"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// What could not be read is one finding a log, however its parts were read, and forgiven
// as ingest forgives it.
func TestLeftOf(t *testing.T) {
	bad := func(n int64) []verdict.Reject {
		return []verdict.Reject{{Source: "a", Kind: verdict.RejectLine, Reason: "not JSON", Count: n, Log: "predictions"}, {Source: "a", Kind: verdict.RejectLine, Reason: "missing score", Count: 1, Log: "predictions"}}
	}
	for _, c := range []struct {
		lines []verdict.Lines
		bad   int64
		want  []drift.Left
	}{
		{[]verdict.Lines{{Log: "predictions", Lines: 100, Rows: 90, Bad: 10}}, 9, nil},
		{[]verdict.Lines{{Log: "predictions", Lines: 12, Rows: 4, Bad: 8}}, 7, []drift.Left{{Log: "predictions", Lines: 12, Bad: 8, Reason: "not JSON"}}},
		{[]verdict.Lines{{Log: "predictions", Lines: 100, Rows: 92, Bad: 8}, {Log: "predictions", Allowed: true, Lines: 100, Rows: 92, Bad: 8}}, 15, []drift.Left{{Log: "predictions", Lines: 200, Bad: 16, Reason: "not JSON"}}},
		{[]verdict.Lines{{Log: "reference", Lines: 100, Bad: 50}}, 1, nil},
	} {
		var left rejects.Sum
		left.AddLines(c.lines)
		if err := left.AddRejects(bad(c.bad)); err != nil {
			t.Fatal(err)
		}
		if got := leftOf(&left); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %+v, want %+v", c.lines, got, c.want)
		}
	}
}
