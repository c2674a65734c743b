package jsonl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/predlog/logtest"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// A rejected line is named with what it has; what looks like the field that it lacks
// is the one to map.
func TestLacking(t *testing.T) {
	type fields map[string]mapping.Field
	for _, test := range []struct {
		name   string
		kind   mapping.Kind
		fields fields
		line   string
		want   []string // the sentences about the first line; none where it is a row
	}{
		{"flat", mapping.Predictions, nil, `{"ts":"2026-01-05T00:00:00Z","age":33,"country":"DE","prediction":0.7}`, []string{
			"no timestamp; the line has ts, age, country, prediction: map it with fields: {predictions: {timestamp: ts}}",
			"no score: map it with fields: {predictions: {score: prediction}}",
			"no input: map it with fields: {predictions: {input: .}}"}},
		{"nested", mapping.Predictions, nil, `{"meta":{"ts":1767571200},"request":{"features":{"age":33}},"response":{"probabilities":[0.25,0.75],"latency":5}}`, []string{
			"no timestamp; the line has meta, request, response: map it with fields: {predictions: {timestamp: meta.ts}}",
			`no score: map it with fields: {predictions: {score: "response.probabilities[1]"}}`,
			"no input: map it with fields: {predictions: {input: request.features}}"}},
		{"by its value alone", mapping.Predictions, nil, `{"when":"2026-01-05 00:00:00","input":{"age":33},"wynik":0.7,"n":5}`, []string{
			"no timestamp; the line has when, input, wynik, n: map it with fields: {predictions: {timestamp: when}}",
			"no score: map it with fields: {predictions: {score: wynik}}"}},
		{"a name that YAML would not take", mapping.Predictions, nil, `{"@timestamp":"2026-01-05T00:00:00Z","score":0.5,"input":{"age":33}}`, []string{
			`no timestamp; the line has @timestamp, score, input: map it with fields: {predictions: {timestamp: "@timestamp"}}`}},
		{"mapped, and not there", mapping.Predictions, fields{"score": {Path: "p"}}, `{"timestamp":"2026-01-05T00:00:00Z","input":{"age":33},"x":"y"}`, []string{
			"no score; the line has timestamp, input, x"}},
		{"another log", mapping.Predictions, nil, `{"timestamp":"2026-01-05T00:00:00Z","endpoint":"/predict","status_code":200}`, []string{
			"no score; the line has timestamp, endpoint, status_code", "no input: map it with fields: {predictions: {input: .}}"}},
		{"requests", mapping.Requests, nil, `{"time":"2026-01-05T00:00:00Z","path":"/predict","status":"200","took":300}`, []string{
			"no timestamp; the line has time, path, status, took: map it with fields: {requests: {timestamp: time}}",
			"no status_code: map it with fields: {requests: {status_code: status}}"}},
		{"without time", mapping.Predictions, nil, `{"input":{"age":33,"born":"1980-01-01"},"score":0.5}`, nil},
		{"without scores", mapping.Predictions, nil, `{"timestamp":"2026-01-05T00:00:00Z","input":{"age":33,"score_of_agency":0.5}}`, nil},
		{"features alone", mapping.Predictions, fields{"input": {Path: "."}}, `{"age":33,"credit_score":0.5,"born":"1980-01-01"}`, nil},
		{"said to be without", mapping.Predictions, fields{"timestamp": {}, "score": {}, "input": {Path: "."}}, `{"age":33,"prediction":0.5,"ts":"2026-01-05T00:00:00Z"}`, nil},
	} {
		got := logtest.Decode(t, mapping.Options{Kind: test.kind, Fields: test.fields}, strings.NewReader(test.line+"\n"))
		var want []string
		for _, sentence := range test.want {
			want = append(want, "log:1: "+sentence)
		}
		if fmt.Sprintf("%q", got.Sentences) != fmt.Sprintf("%q", want) || (want == nil) != (got.Summary.Rows == 1) {
			t.Errorf("%s: %d rows\ngot  %q\nwant %q", test.name, got.Summary.Rows, got.Sentences, want)
		}
	}
}

// A log whose features are not where they are looked for is told so.
func TestUnread(t *testing.T) {
	for line, want := range map[string]string{
		`{"timestamp":"2026-01-05T00:00:00Z","score":0.5,"age":33}`:              "fields: {predictions: {input: .}}",
		`{"timestamp":"2026-01-05T00:00:00Z","score":0.5,"features":{"age":33}}`: "fields: {predictions: {input: features}}",
		`{"timestamp":"2026-01-05T00:00:00Z","score":0.5,"input":{},"age":33}`:   "",
		`{"timestamp":"2026-01-05T00:00:00Z","score":0.5,"label":"hot"}`:         "",
	} {
		if got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(line)).Summary.Unread; got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// The first lines tell whether a log has a column; it is left out of the table where
// it has not. A line of a log that has it must have it.
func TestSettled(t *testing.T) {
	const without, with = `{"input":{"a":1},"score":0.5}` + "\n", `{"timestamp":"2026-01-05T00:00:00Z","input":{"a":1},"score":0.5}` + "\n"
	got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(without+without))
	if d := logtest.Describe(got.Schema); d != "score number score, label text label, inference_ms number latency, model_version text version, a number feature" || fmt.Sprint(got.Summary.Lacks) != "[timestamp]" {
		t.Error(d, got.Summary.Lacks)
	}
	got = logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(without+with+with))
	if got.Summary.Rows != 2 || got.Summary.Bad != 1 || got.Summary.Lacks != nil {
		t.Errorf("%+v", got.Summary)
	}
}
