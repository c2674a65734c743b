package monitor

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/retrain"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestParseGate(t *testing.T) {
	for _, name := range append([]string{"warn", "alert"}, verdict.Triggers...) {
		if g, err := ParseGate(name); err != nil || string(g) != name {
			t.Errorf("%s: %q, %v", name, g, err)
		}
	}
	if g, err := ParseGate("engagement_drop"); err != nil || g != "positive_rate_drop" {
		t.Errorf("a name of older versions: %q, %v", g, err)
	}
	for _, name := range []string{"", "ok", "Alert"} {
		if _, err := ParseGate(name); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("got %q", name)) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestAsked(t *testing.T) {
	share := 0.5
	reason := Gate("drift_share")
	if err := reason.asked(retrain.Rules{DriftShare: &share}); err != nil {
		t.Error(err)
	}
	var notAsked NotAsked
	if err := reason.asked(retrain.Rules{}); !errors.As(err, &notAsked) {
		t.Errorf("got %v", err)
	}
	for _, g := range []Gate{"", "warn", "alert"} {
		if err := g.asked(retrain.Rules{}); err != nil {
			t.Errorf("%s: %v", g, err)
		}
	}
}

func TestTrip(t *testing.T) {
	run := func(level string, rows int64) *verdict.Run {
		return &verdict.Run{Level: level, Rows: rows, Headline: "so it is"}
	}
	fired := []verdict.Trigger{{Name: "drift_share", Level: verdict.Alert, Fired: true, Sentence: "half of them moved"}}
	quiet := []verdict.Trigger{{Name: "drift_share", Level: verdict.OK}}
	unclear := []verdict.Trigger{{Name: "drift_share", Level: verdict.Insufficient, Sentence: "nobody knows"}}
	for _, c := range []struct {
		gate     Gate
		run      *verdict.Run
		triggers []verdict.Trigger
		trips    string
	}{
		{"", run(verdict.Alert, 0), fired, ""},
		{verdict.Warn, run(verdict.OK, 5), fired, ""},
		{verdict.Warn, run(verdict.Insufficient, 5), nil, ""},
		{verdict.Warn, run(verdict.Warn, 5), nil, "level is warn: so it is"},
		{verdict.Alert, run(verdict.Warn, 5), nil, ""},
		{verdict.Alert, run(verdict.Alert, 5), nil, "level is alert: so it is"},
		{verdict.Alert, run(verdict.Insufficient, 0), nil, "level is insufficient: so it is"},
		{"drift_share", run(verdict.Alert, 5), quiet, ""},
		{"drift_share", run(verdict.OK, 5), fired, "half of them moved"},
		{"drift_share", run(verdict.OK, 5), unclear, "nobody knows"},
		{verdict.Warn, run(verdict.Notice, 5), nil, ""},
		{verdict.Insufficient, run(verdict.OK, 5), nil, ""},
		{verdict.Insufficient, run(verdict.Notice, 5), nil, ""},
		{verdict.Insufficient, run(verdict.Insufficient, 5), nil, "level is insufficient: so it is"},
		{verdict.Insufficient, run(verdict.Warn, 5), nil, "level is warn: so it is"},
		{"drift_share", run(verdict.OK, 0), quiet, "level is ok: so it is"},
	} {
		err := c.gate.Trip(c.run, c.triggers)
		var tripped Tripped
		if errors.As(err, &tripped) != (c.trips != "") || string(tripped) != c.trips {
			t.Errorf("%q of %s, %d rows: %v", c.gate, c.run.Level, c.run.Rows, err)
		}
	}
	var notAsked NotAsked
	if err := Gate("drift_share").Trip(run(verdict.OK, 5), nil); !errors.As(err, &notAsked) {
		t.Errorf("got %v", err)
	}
}

// TestTripAny: of many runs the worst decides, and one without predictions trips
// every gate.
func TestTripAny(t *testing.T) {
	trip := func(g Gate, runs ...verdict.Run) error {
		var buf bytes.Buffer
		w := table.NewWriter(&buf)
		for _, r := range runs {
			if err := w.Write(table.Encode("run", []verdict.Run{r})); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return g.TripAny(table.NewReader("report", &buf), Age{})
	}
	ok, warn := verdict.Run{Level: verdict.OK, Rows: 1}, verdict.Run{Level: verdict.Warn, Rows: 1, Headline: "w"}
	empty := verdict.Run{Level: verdict.Insufficient, Headline: "nothing"}
	for _, c := range []struct {
		runs []verdict.Run
		want string
	}{
		{[]verdict.Run{ok}, ""},
		{[]verdict.Run{ok, warn, ok}, "level is warn: w"},
		{[]verdict.Run{empty, ok}, "level is insufficient: nothing"},
		{[]verdict.Run{{Level: "fine", Rows: 1}}, `report: table run: "fine" is no level`},
		{nil, "report: no table run: it has "},
	} {
		err := trip(verdict.Warn, c.runs...)
		if got := fmt.Sprint(err); got != c.want && (err != nil || c.want != "") {
			t.Errorf("%v: got %q, want %q", c.runs, got, c.want)
		}
	}
}
