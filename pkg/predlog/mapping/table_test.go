package mapping

import (
	"fmt"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/table"
)

func nowhere(arrow.RecordBatch) error { return nil }

func TestFieldNames(t *testing.T) {
	for kind, want := range map[Kind]string{
		Predictions: "[timestamp score label inference_ms model_version input id entity scores]",
		References:  "[timestamp score label inference_ms model_version input id entity scores]",
		Requests:    "[timestamp endpoint method status_code response_ms]",
	} {
		if got := fmt.Sprint(fieldNames(kind)); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}

func TestPins(t *testing.T) {
	got := fmt.Sprint(Pins(map[string]string{"b": "text", "none": "", "a": "number"}))
	if want := "[{a number false [] []} {b text false [] []}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestParseQuoted(t *testing.T) {
	for text, want := range map[string]float64{"200": 200, " 200.0 ": 200, "200 OK": 200, "404 Not Found": 404, "2xx": 0, "OK": 0, "20 OK": 0} {
		if x, ok := newKey("status_code", Code).ParseQuoted(text); x != want || ok != (want != 0) {
			t.Errorf("%q: %v, %v", text, x, ok)
		}
	}
	if _, ok := newKey("score", Measure).ParseQuoted("200 OK"); ok {
		t.Error("a score is a status")
	}
}

// Where each name of a log leads.
func TestKeys(t *testing.T) {
	fields := map[string]Field{"score": {Path: "p"}, "input": {Path: "features"}}
	table := New(Options{Kind: Predictions, Fields: fields, ID: "who"}, nil, nowhere)
	for name, want := range map[string]Action{
		"timestamp": Timestamp, "p": Measure, "features": Input, "who": Word, "simulated": Simulated, "label": Word,
	} {
		if k := table.Top.Keys[name]; k == nil || k.Action != want {
			t.Errorf("%s leads to %+v", name, k)
		}
	}
	for _, name := range []string{"score", "input"} {
		if table.Top.Keys[name] != nil {
			t.Errorf("%s is known by its own name too", name)
		}
	}
	if !table.Required("p") || table.Required("label") || table.Required("score") {
		t.Error("required are others than the timestamp and p")
	}
	if table := New(Options{Kind: Requests}, nil, nowhere); table.Top.Keys["path"].Col != table.Top.Keys["endpoint"].Col || table.Top.Keys["input"] != nil {
		t.Error("of requests")
	}
	if table := New(Options{Kind: References, Target: "label"}, nil, nowhere); !table.Top.Inputs || table.Top.Keys["label"] != nil {
		t.Error("a reference's outcome is a fixed column")
	}
}

// Pinned types, and the names of columns that are taken.
func TestInputKey(t *testing.T) {
	o := Options{Kind: Predictions, ID: "who", Target: "y", Columns: []Pin{{Name: "n", Type: "number"}, {Name: "c", Type: "category"}, {Name: "t", Type: "text"}, {Name: "i", Type: "id"}}}
	rows := New(o, nil, nowhere)
	for field, want := range map[string]batch.Column{
		"n": {Name: "n", Role: table.Feature, Shape: batch.Floats, Pinned: true},
		"c": {Name: "c", Role: table.Feature, Shape: batch.Words, Pinned: true, AsText: true},
		"t": {Name: "t", Role: table.Text, Shape: batch.Texts, Pinned: true, AsText: true},
		"i": {Name: "i", Role: table.ID, Shape: batch.Texts, Pinned: true, AsText: true},
		"x": {Name: "x", Role: table.Feature}, "y": {Name: "y", Role: table.Target},
		"who": {Name: "who", Role: table.ID, Shape: batch.Texts, Pinned: true, AsText: true}, "score": {Name: "input.score", Role: table.Feature},
	} {
		k := rows.InputKey(field)
		c := k.Col
		if k.Name != field || c.Name != want.Name || c.Role != want.Role || c.Shape != want.Shape || c.Pinned != want.Pinned || c.AsText != want.AsText {
			t.Errorf("%s: %+v", field, c)
		}
		if rows.InputKey(field) != k {
			t.Errorf("%s has two keys", field)
		}
	}
	for i := range batch.MaxColumns - len(rows.Rows.Columns()) {
		if rows.InputKey(fmt.Sprint(i)) == nil {
			t.Fatal("the table is full too soon")
		}
	}
	if !rows.Full() || rows.InputKey("more") != nil || rows.InputKey("n") == nil {
		t.Error("a full table takes another column, or loses one")
	}
}
