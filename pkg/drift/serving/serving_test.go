package serving

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func total(requests, succeeded int64) view.Traffic {
	return view.Traffic{Requests: requests, Succeeded: succeeded}
}

func TestUptime(t *testing.T) {
	slot := func(minute int, requests, good int64) view.Traffic {
		return view.Traffic{Start: monday.Add(time.Duration(minute) * time.Minute), Slot: 5 * time.Minute, Requests: requests, Succeeded: good}
	}
	v := view.View{Rows: 1, Traffic: []view.Traffic{total(100, 80), slot(0, 30, 30), slot(5, 10, 0), slot(10, 40, 39), slot(30, 20, 11)}}
	got := map[string]float64{}
	for _, s := range Measure(&v, Options{}).Statistics {
		if s.Subject == verdict.SubjectAPI {
			got[s.Name] = s.Cur
		}
	}
	// Four slots with traffic, one without success; 00:00 to 00:35.
	want := map[string]float64{"requests": 100, "success_rate": 0.8, "uptime": 0.75, "requests_per_minute": 100.0 / 35}
	for name, x := range want {
		if got[name] != x {
			t.Errorf("%s = %v, want %v", name, got[name], x)
		}
	}
}

// An endpoint that few have called may name one of them. The rows of endpoints add
// up to all requests, by status too.
func TestRareEndpointsArePooled(t *testing.T) {
	ok := func(n int64) []view.Status { return []view.Status{{Code: 200, Requests: n}} }
	v := view.View{Rows: 1, Traffic: []view.Traffic{total(28, 23)},
		Endpoints: []view.Endpoint{
			{Name: "/predict", Requests: 7, Statuses: []view.Status{{Code: 200, Requests: 5}, {Code: 500, Requests: 2}}},
			{Name: "other", Requests: 6, Statuses: ok(6)}, {Requests: 5, Statuses: ok(5)},
			{Name: "/users/ann", Requests: 4, Statuses: []view.Status{{Code: -1, Requests: 1}, {Code: 200, Requests: 1}, {Code: 500, Requests: 2}}}},
		Others: view.Endpoint{Requests: 6, Statuses: ok(6)}}
	var got []string
	for _, row := range Measure(&v, Options{K: 5}).Traffic {
		got = append(got, fmt.Sprintf("%s %d: %d of %d", row.Endpoint, row.StatusCode, row.Succeeded, row.Requests))
	}
	want := []string{" 0: 23 of 28", "/predict 200: 5 of 5", "/predict 500: 0 of 2", `"other" 200: 6 of 6`, "none 200: 5 of 5", "other -1: 0 of 1", "other 200: 7 of 7", "other 500: 0 of 2"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Only columns marked public, and never a text, reach the newest rows.
func TestRecentShowsPublicColumnsOnly(t *testing.T) {
	column := func(name string, kind view.Kind, public bool) view.Column {
		return view.Column{Name: name, Role: table.Feature, Kind: kind, Public: public}
	}
	v := view.View{Rows: 1, Names: []string{"open", "closed", "text", "unknown"},
		Columns: []view.Column{column("open", view.CategoryKind, true), column("closed", view.CategoryKind, false), column("text", view.TextKind, true)},
		Recent: []view.Row{{At: monday, Score: 0.5, Label: "hot", MS: 3, ID: "secret", Cells: []view.Cell{
			{String: true, Str: "yes"}, {String: true, Str: "secret"}, {String: true, Str: "secret"}, {String: true, Str: "secret"}}}}}
	r := Measure(&v, Options{})
	want := []verdict.Recent{{Row: 1, At: monday, Score: 0.5, Label: "hot", MS: 3, Column: "open", Value: "yes"}}
	if !slices.Equal(r.Recent, want) {
		t.Errorf("%+v, want %+v", r.Recent, want)
	}
}
