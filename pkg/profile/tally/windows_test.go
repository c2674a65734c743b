package tally_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// TestWindows: the windows are the views of their days, on the deciles.
func TestWindows(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	p := profiletest.Plan(t, profiletest.Options, profiletest.RandomRows(r, 300))
	rows := profiletest.RandomRows(r, 3000)
	whole := profiletest.Profile(t, p, view.Period{From: profiletest.Day.Add(48 * time.Hour)}, rows, nil).View()
	if len(whole.Windows) != 10 {
		t.Fatalf("%d windows, want 10", len(whole.Windows))
	}
	for i, w := range whole.Windows {
		start := profiletest.Day.Add(time.Duration(i) * 24 * time.Hour)
		var of []profiletest.Row
		for _, row := range rows {
			if at, ok := row.At.(time.Time); ok && !at.Before(start) && at.Before(start.Add(24*time.Hour)) {
				of = append(of, row)
			}
		}
		want := profiletest.Profile(t, p, view.Period{}, of, nil).View()
		if !w.Start.Equal(start) || w.Length != 24*time.Hour || w.View.Rows != want.Rows || w.View.First != want.First || w.View.Last != want.Last {
			t.Errorf("window %d: got %v, %d rows", i, w.Start, w.View.Rows)
		}
		for j := range p.Columns {
			got, want := w.View.Columns[j], want.Columns[j]
			if !slices.Equal(got.Classes, want.Classes) || got.Missing != want.Missing || got.Values() != want.Values() {
				t.Errorf("window %d: %s: classes %v, want %v", i, got.Name, got.Classes, want.Classes)
			}
			if got.Number == nil || got.Name == "amount" {
				continue // its odd values are beyond the steps
			}
			var sum int64
			for _, n := range append(slices.Clone(got.Number.At), got.Number.Open...) {
				sum += n
			}
			if sum != got.Values() {
				t.Errorf("window %d: %s: %d values on the grid, want %d", i, got.Name, sum, got.Values())
			}
			near(t, "mean of "+got.Name, got.Number.Mean, want.Number.Mean, 1e-4)
		}
		near(t, "median latency", w.View.Inference.Quantile(0.5), want.Inference.Quantile(0.5), 0.02)
	}
	judgedRows := int64(0)
	for _, row := range rows {
		if at, ok := row.At.(time.Time); !ok || at.After(profiletest.Day.Add(48*time.Hour)) {
			judgedRows++
		}
	}
	if whole.Rows != judgedRows {
		t.Errorf("%d rows judged, want %d", whole.Rows, judgedRows)
	}
}

// TestNewestWindows: of more windows and slots than are kept the newest stay, in
// whatever order they come, and none loses a row.
func TestNewestWindows(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	p := profiletest.Plan(t, profiletest.Options, []profiletest.Row{{Amount: 1.0}})
	var rows []profiletest.Row
	var requests []profiletest.Request
	for i := range 1300 {
		rows = append(rows, profiletest.Row{At: profiletest.Day.Add(time.Duration(i%650) * 24 * time.Hour), Amount: float64(i)})
	}
	for i := range 5000 {
		requests = append(requests, profiletest.Request{At: profiletest.Day.Add(time.Duration(i%2500) * 5 * time.Minute), Endpoint: "/a", Status: 200, MS: 1})
	}
	first := profiletest.Profile(t, p, view.Period{}, rows, requests)
	for range 3 {
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		r.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
		half := profiletest.Profile(t, p, view.Period{}, rows[:700], requests[:2000])
		if err := half.Merge(profiletest.Profile(t, p, view.Period{}, rows[700:], requests[2000:])); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(profiletest.Bytes(t, half), profiletest.Bytes(t, first)) {
			t.Fatal("another order gives other bytes")
		}
	}
	const maxWindows, maxSlots = 400, 7 * 24 * 12
	v := first.View()
	if len(v.Windows) != maxWindows || !v.Windows[0].Start.Equal(profiletest.Day.Add(250*24*time.Hour)) {
		t.Errorf("%d windows from %v", len(v.Windows), v.Windows[0].Start)
	}
	for _, w := range v.Windows {
		if w.View.Rows != 2 {
			t.Errorf("%v has %d rows, want 2", w.Start, w.View.Rows)
		}
	}
	slots := 0
	for _, s := range v.Traffic {
		if !s.Start.IsZero() {
			slots++
			if s.Requests != 2 || s.Start.Before(profiletest.Day.Add((2500-maxSlots)*5*time.Minute)) {
				t.Errorf("%v has %d requests", s.Start, s.Requests)
			}
		}
	}
	if slots != maxSlots {
		t.Errorf("%d slots, want %d", slots, maxSlots)
	}
}

func TestTraffic(t *testing.T) {
	p := profiletest.Plan(t, profiletest.Options, []profiletest.Row{{Amount: 1.0}})
	v := profiletest.Profile(t, p, view.Period{}, nil, []profiletest.Request{
		{At: profiletest.Day, Endpoint: "/a", Status: 200, MS: 1},
		{At: profiletest.Day.Add(4 * time.Minute), Endpoint: "/a", Status: 500, MS: 3},
		{At: profiletest.Day.Add(5 * time.Minute), Endpoint: "/b", MS: math.NaN()},
	}).View()
	var got []string
	for _, r := range v.Traffic {
		start := "total"
		if !r.Start.IsZero() {
			start = r.Start.Format("15:04")
		}
		got = append(got, fmt.Sprintf("%s: %d of %d", start, r.Succeeded, r.Requests))
	}
	for _, e := range append(v.Endpoints, v.Windows[0].View.Endpoints...) {
		got = append(got, fmt.Sprintf("%s: %d of %d, %v, %d timed", e.Name, e.Succeeded, e.Requests, e.Statuses, e.Latency.N))
	}
	a, b := "/a: 1 of 2, [{200 1} {500 1}], 2 timed", "/b: 0 of 1, [{-1 1}], 0 timed"
	if want := []string{"total: 1 of 3", "00:00: 1 of 2", "00:05: 0 of 1", a, b, a, b}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if v.Others.Requests != 0 || v.Requests != 3 || v.Response.N != 2 || v.Response.Missing != 1 || !v.Newest.Equal(profiletest.Day.Add(5*time.Minute)) {
		t.Errorf("got %+v, %d, %+v, %v", v.Others, v.Requests, v.Response, v.Newest)
	}
}
