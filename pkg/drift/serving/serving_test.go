package serving

import (
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
	endpoint := slot(5, 10, 0)
	endpoint.Endpoint = "/predict"
	v := view.View{Rows: 1, Traffic: []view.Traffic{
		total(100, 80), slot(0, 30, 30), slot(5, 10, 0), endpoint, slot(10, 40, 39), slot(30, 20, 11)}}
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

// An endpoint that few have called may name one of them.
func TestRareEndpointsStayInTheTotal(t *testing.T) {
	row := func(start time.Time, endpoint string, n int64) view.Traffic {
		return view.Traffic{Start: start, Slot: 5 * time.Minute, Endpoint: endpoint, Status: 200, Requests: n, Succeeded: n}
	}
	v := view.View{Rows: 1, Traffic: []view.Traffic{total(9, 9), row(time.Time{}, "/predict", 5), row(time.Time{}, "/users/ann", 4),
		row(monday, "/predict", 5), row(monday, "/users/ann", 2), row(monday.Add(time.Hour), "/users/ann", 2)}}
	var got []string
	for _, row := range Measure(&v, Options{K: 5}).Traffic {
		got = append(got, row.Endpoint)
	}
	if want := []string{"", "/predict", "/predict"}; !slices.Equal(got, want) {
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
