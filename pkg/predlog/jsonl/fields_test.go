package jsonl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/logtest"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestPredictions(t *testing.T) {
	log := logtest.Line(`{"n":1.5,"c":"x","flag":true,"late":null}`) +
		" \r\n\n" +
		`{ "score" : 1e-1 , "input" : { "c" : "y\u00fc\ud83d\ude00\ud83d" , "n" : -2 , "late" : 7 }, "timestamp" : "2026-03-01 13:00:00.25+01:00", "label": 1.0, "model_version": 12345678901234567890, "inference_ms": null }` + "\r\n" +
		`{"timestamp":"2026-03-01T12:00:02","score":1,"input":null,"label":false}`
	got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(log))
	want := []map[string]any{
		{"timestamp": "2026-03-01T12:00:00Z", "score": 0.5, "label": "hot", "inference_ms": 1.5, "model_version": "v1", "n": 1.5, "c": "x", "flag": "true"},
		{"timestamp": "2026-03-01T12:00:00.25Z", "score": 0.1, "label": "1", "model_version": "12345678901234567890", "n": -2.0, "c": "yü😀\ufffd", "late": 7.0},
		{"timestamp": "2026-03-01T12:00:02Z", "score": 1.0, "label": "false"},
	}
	if fmt.Sprint(got.Rows) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got.Rows, want)
	}
	if got.Summary.Lines != 3 || got.Summary.Rows != 3 || got.Summary.Bad != 0 || got.Summary.Zoneless != 1 {
		t.Errorf("summary %+v", got.Summary)
	}
	if n := table.NameOf(got.Schema); n != "predictions" {
		t.Errorf("table %q", n)
	}
	roles := ""
	for _, f := range got.Schema.Fields() {
		roles += f.Name + "=" + string(table.RoleOf(f)) + " "
	}
	if want := "timestamp=timestamp score=score label=label inference_ms=latency model_version=version n=feature c=feature flag=feature late=feature "; roles != want {
		t.Errorf("roles %s", roles)
	}
}

func TestRequests(t *testing.T) {
	log := `{"timestamp":"2026-03-01T12:00:00Z","endpoint":"/predict","method":"POST","status_code":200,"response_ms":12.5}
{"timestamp":"2026-03-01T12:00:01Z","path":"/health","method":"GET","status_code":503,"response_time_ms":1,"simulated":true,"host":"a"}
{"timestamp":"2026-03-01T12:00:01Z","path":"/health","endpoint":"/predict","status_code":200}
{"timestamp":"2026-03-01T12:00:01Z","status_code":200.5}
{"timestamp":"2026-03-01T12:00:01Z"}
`
	got := logtest.Decode(t, mapping.Options{Kind: mapping.Requests}, strings.NewReader(log))
	want := []map[string]any{
		{"timestamp": "2026-03-01T12:00:00Z", "endpoint": "/predict", "method": "POST", "status_code": 200.0, "response_ms": 12.5},
		{"timestamp": "2026-03-01T12:00:01Z", "endpoint": "/health", "method": "GET", "status_code": 503.0, "response_ms": 1.0},
	}
	if fmt.Sprint(got.Rows) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got.Rows, want)
	}
	if s, _ := table.MetaOf(got.Schema, table.KeySimulated); s != "true" {
		t.Error("not marked as simulated")
	}
	if fmt.Sprint(got.Summary.Unknown) != "[{host 1}]" {
		t.Errorf("unknown %v", got.Summary.Unknown)
	}
	errs := []string{
		"log:3: endpoint: is there twice, by two names",
		"log:4: status_code: want a whole number, got 200.5",
		"log:5: no status_code; the line has timestamp",
	}
	if fmt.Sprint(got.Sentences) != fmt.Sprint(errs) {
		t.Errorf("errors %q", got.Sentences)
	}
}

// Text among numbers is null and counted; the row stays. A number among words is
// its text.
func TestTypeErrors(t *testing.T) {
	log := logtest.Line(`{"n":1,"c":"x","z":{"a":[1,{"b":null}]}}`) +
		logtest.Line(`{"n":"one","c":2,"m":null}`) +
		logtest.Line(`{"n":true,"c":false,"z":"now text"}`)
	got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions, Columns: []mapping.Pin{{Name: "n", Type: "number"}}}, strings.NewReader(log))
	if len(got.Rows) != 3 || got.Summary.Bad != 0 || got.Summary.TypeErrors != 3 {
		t.Fatalf("%+v", got.Summary)
	}
	for i, want := range []string{"1 x <nil>", "<nil> 2 <nil>", "<nil> false now text"} {
		if r := got.Rows[i]; fmt.Sprintf("%v %v %v", r["n"], r["c"], r["z"]) != want {
			t.Errorf("row %d: %v, want %s", i, r, want)
		}
	}
	want := "[{log nested z nested: column z: left out 1 1 } {log type n type: column n: want a number 2 2 3 }]"
	if s := fmt.Sprint(got.Summary.Rejects); s != want {
		t.Errorf("rejects %s", s)
	}
	if s := fmt.Sprint(got.Summary.Empty); s != "[m]" {
		t.Errorf("empty %s", s)
	}
}

// A value that no number can be is null and counted; the row stays, and where
// the field is ignored it does no harm. Text keeps the digits.
func TestUnfitValues(t *testing.T) {
	for _, test := range []struct{ fields, row, rejects, sentence string }{
		{`"input":{"x":NaN,"y":1}`, "y:1", "value: column x: " + faults.NaN, "x: " + faults.NaN + "; taken as null"},
		{`"input":{"y":1,"x":-Infinity}`, "y:1", "value: column x: " + faults.NaN, "x: " + faults.NaN + "; taken as null"},
		{`"input":{"x":nan}`, "", "value: column x: " + faults.NaN, "x: " + faults.NaN + "; taken as null"},
		{`"input":{"x":9007199254740993}`, "", "value: column x: integer beyond 2^53", "x: integer beyond 2^53, got 9007199254740993; taken as null"},
		{`"input":{"x":-90071992547409930000000}`, "", "value: column x: integer beyond 2^53", "x: integer beyond 2^53, got -90071992547409930000000; taken as null"},
		{`"input":{"x":1e999}`, "", "value: column x: number out of range", "x: number out of range, got 1e999; taken as null"},
		{`"input":{"pinned":9007199254740993}`, "", "value: column pinned: integer beyond 2^53", "pinned: integer beyond 2^53, got 9007199254740993; taken as null"},
		{`"input":{"zip":NaN}`, "", "value: column zip: " + faults.NaN, "zip: " + faults.NaN + "; taken as null"},
		{`"input":{"zip":9007199254740993}`, "zip:9007199254740993", "", ""},
		{`"input":{"who":-90071992547409930000000}`, "who:-90071992547409930000000", "", ""},
		{`"inference_ms":Infinity`, "", "value: column inference_ms: " + faults.NaN, "inference_ms: " + faults.NaN + "; taken as null"},
		{`"inference_ms":nan`, "", "value: column inference_ms: " + faults.NaN, "inference_ms: " + faults.NaN + "; taken as null"},
		{`"label":NaN`, "", "value: column label: " + faults.NaN, "label: " + faults.NaN + "; taken as null"},
		{`"input":{"x":{"deep":[NaN,-Infinity,1e999]}}`, "", "nested: column x: left out", ""},
		{`"other":NaN`, "", "", ""},
		{`"other":nan`, "", "", ""},
		{`"other":[{"a":-inf},9007199254740993]`, "", "", ""},
		{`"input":{"` + strings.Repeat("k", 1025) + `":1,"y":2}`, "y:2", "", ""},
	} {
		line := `{"timestamp":"2026-03-01T12:00:00Z","score":1,` + test.fields + "}\n"
		o := mapping.Options{Kind: mapping.Predictions, Columns: []mapping.Pin{{Name: "pinned", Type: "number"}, {Name: "zip", Type: "category"}, {Name: "who", Type: "id"}}}
		got := logtest.Decode(t, o, strings.NewReader(line+logtest.Line("{}")))
		if got.Summary.Rows != 2 || got.Summary.Bad != 0 {
			t.Errorf("%.80s: %+v", line, got.Summary)
			continue
		}
		delete(got.Rows[0], "timestamp")
		delete(got.Rows[0], "score")
		if row := fmt.Sprint(got.Rows[0]); row != "map["+test.row+"]" {
			t.Errorf("%.80s: %s", line, row)
		}
		var rejects []verdict.Reject
		if test.rejects != "" {
			kind, column, _ := strings.Cut(test.rejects, ": column ")
			column, _, _ = strings.Cut(column, ": ")
			rejects = []verdict.Reject{{Source: "log", Kind: kind, Column: column, Reason: test.rejects, Count: 1, FirstLines: "1"}}
		}
		if fmt.Sprint(got.Summary.Rejects) != fmt.Sprint(rejects) {
			t.Errorf("%.80s: rejects %v", line, got.Summary.Rejects)
		}
		if test.sentence != "" && fmt.Sprint(got.Sentences) != "[log:1: "+test.sentence+"]" {
			t.Errorf("%.80s: %q", line, got.Sentences)
		}
	}
	for _, input := range []string{"NaN", "nan"} {
		line := `{"timestamp":"2026-03-01T12:00:00Z","score":1,"input":` + input + "}\n"
		if got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(line+logtest.Line("{}"))); got.Summary.Bad != 1 {
			t.Errorf("%s is taken for an object", input)
		}
	}
	for _, value := range []string{"NaNo", "Infinityx", "nan1", "-inf_"} {
		line := `{"timestamp":"2026-03-01T12:00:00Z","score":1,"input":{"x":` + value + "}}\n"
		if got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(line+logtest.Line("{}"))); got.Summary.Bad != 1 || got.Summary.Rejects[0].Reason != faults.NotJSON {
			t.Errorf("%s: %+v", value, got.Summary)
		}
	}
}

func TestPinned(t *testing.T) {
	o := mapping.Options{Kind: mapping.Predictions, ID: "key", Columns: []mapping.Pin{{Name: "zip", Type: "category"}, {Name: "n", Type: "number"}, {Name: "note", Type: "text"}, {Name: "who", Type: "id"}},
		Fields: map[string]mapping.Field{"input": {Path: "features"}, "score": {Path: "p"}}}
	log := `{"timestamp":"2026-03-01T12:00:00Z","p":0.5,"key":7,"features":{"zip":8001,"n":null,"note":null,"who":12345678901234567890,"score":3}}` + "\n" +
		`{"timestamp":"2026-03-01T12:00:00Z","p":0.5,"score":1,"features":{"zip":"x","n":"1"}}` + "\n"
	got := logtest.Decode(t, o, strings.NewReader(log))
	want := `[map[input.score:3 key:7 score:0.5 timestamp:2026-03-01T12:00:00Z who:12345678901234567890 zip:8001] map[n:1 score:0.5 timestamp:2026-03-01T12:00:00Z zip:x]]`
	if s := fmt.Sprint(got.Rows); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	roles := map[string]table.Role{"key": table.ID, "who": table.ID, "note": table.Text, "n": table.Feature, "zip": table.Feature, "input.score": table.Feature}
	for name, role := range roles {
		f, ok := got.Schema.FieldsByName(name)
		if !ok || table.RoleOf(f[0]) != role {
			t.Errorf("column %s: %v", name, f)
		}
	}
	if s := fmt.Sprint(got.Summary.Unknown); s != "[{score 1}]" {
		t.Errorf("unknown %s", s)
	}

	flat := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions, Fields: map[string]mapping.Field{"input": {Path: ""}}},
		strings.NewReader(`{"timestamp":"2026-03-01T12:00:00Z","score":0.5,"a":1,"b":"x"}`))
	if s := fmt.Sprint(flat.Rows); s != `[map[a:1 b:x score:0.5 timestamp:2026-03-01T12:00:00Z]]` {
		t.Errorf("flat: %s", s)
	}
}
