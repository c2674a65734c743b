package jsonl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/predlog/logtest"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// Where fields of a line lead by their paths, formats and units.
func TestMapped(t *testing.T) {
	type fields map[string]mapping.Field
	const at = "timestamp:2026-01-05T00:00:00Z"
	nested := fields{"timestamp": {Path: "meta.ts"}, "score": {Path: "response.score"}, "input": {Path: "request.features"}}
	flat := fields{"timestamp": {Path: "ts"}, "score": {Path: "prediction"}, "input": {Path: "."}}
	for _, test := range []struct {
		name    string
		fields  fields
		line    string
		want    string // the row, or the reason why there is none
		unknown string
	}{
		{"nested", nested, `{"meta":{"ts":"2026-01-05T00:00:00Z","trace":"t"},"request":{"features":{"v":1,"c":"x"},"user":"u"},"response":{"score":0.5}}`, "[map[c:x score:0.5 " + at + " v:1]]", "[{meta.trace 1} {request.user 1}]"},
		{"in another order", nested, `{ "response" : { "score" : 0.5 } , "request" : { "features" : { "v" : 1 } } , "meta" : { "ts" : "2026-01-05T00:00:00Z" } }`, "[map[score:0.5 " + at + " v:1]]", "[]"},
		{"a key with the dot in it wins, before", nested, `{"meta.ts":"2026-01-05T00:00:00Z","response.score":0.25,"response":{"score":0.5},"request.features":{"v":1}}`, "[map[score:0.25 " + at + " v:1]]", "[]"},
		{"a key with the dot in it wins, behind", nested, `{"meta":{"ts":"2025-01-01T00:00:00Z"},"meta.ts":"2026-01-05T00:00:00Z","response":{"score":0.5},"response.score":0.25,"request":{"features":{"v":1}}}`, "[map[score:0.25 " + at + " v:1]]", "[]"},
		{"no object on the way", nested, `{"meta":{"ts":"2026-01-05T00:00:00Z"},"response":0.5,"request":{"features":{}}}`, "missing score", "[]"},
		{"null on the way", nested, `{"meta":{"ts":"2026-01-05T00:00:00Z"},"response":null,"request":{"features":{}}}`, "missing score", "[]"},
		{"not what it should be", nested, `{"meta":{"ts":"2026-01-05T00:00:00Z"},"response":{"score":"high"},"request":{"features":{}}}`, "response.score: want a number", "[]"},
		{"twice", nested, `{"meta":{"ts":"2026-01-05T00:00:00Z"},"response":{"score":0.5,"score":0.5}}`, "a key is there twice", "[]"},
		{"an item of a list", fields{"timestamp": {Path: "ts"}, "score": {Path: "probabilities[1]"}}, `{"ts":"2026-01-05T00:00:00Z","probabilities":[0.75, 0.25],"input":{"v":1}}`, "[map[score:0.25 " + at + " v:1]]", "[]"},
		{"a list too short", fields{"score": {Path: "probabilities[1]"}}, `{"timestamp":"2026-01-05T00:00:00Z","probabilities":[0.75]}`, "missing score", "[]"},
		{"lists and objects", fields{"score": {Path: "outputs[0].data[0][1]"}, "input": {Path: "instances[0]"}}, `{"timestamp":"2026-01-05T00:00:00Z","instances":[{"v":1},{"v":2}],"outputs":[{"name":"p","data":[[0.5,0.25],[1,0]]}]}`, "[map[score:0.25 " + at + " v:1]]", "[{outputs[0].name 1}]"},
		{"the line itself", flat, `{"ts":"2026-01-05T00:00:00Z","age":33,"country":"DE","prediction":0.5}`, "[map[age:33 country:DE score:0.5 " + at + "]]", "[]"},
		{"the line itself, with mapped fields in objects", fields{"timestamp": {Path: "meta.ts"}, "score": {Path: "out.p"}, "input": {Path: "."}}, `{"meta":{"ts":"2026-01-05T00:00:00Z","x":1},"age":33,"out":{"p":0.5}}`, "[map[age:33 score:0.5 " + at + "]]", "[{meta.x 1}]"},
		{"the score in the input", fields{"score": {Path: "input.score"}}, `{"timestamp":"2026-01-05T00:00:00Z","input":{"v":1,"score":0.5}}`, "[map[score:0.5 " + at + " v:1]]", "[]"},
		{"a list with names", fields{"input": {Path: "instances[0]", Names: []string{"age", "income"}}}, `{"timestamp":"2026-01-05T00:00:00Z","instances":[[33,1000.5]],"score":0.5}`, "[map[age:33 income:1000.5 score:0.5 " + at + "]]", "[]"},
		{"a list with other than the names", fields{"input": {Names: []string{"age", "income"}}}, `{"timestamp":"2026-01-05T00:00:00Z","input":[33],"score":0.5}`, "input: want as many values as names", "[]"},
		{"numbers in quotes", nil, `{"timestamp":"1767571200","input":{},"score":"0.5","inference_ms":" 1e1 "}`, "[map[inference_ms:10 score:0.5 " + at + "]]", "[]"},
		{"seconds since 1970", nil, `{"timestamp":1767571200,"input":{},"score":0.5}`, "[map[score:0.5 " + at + "]]", "[]"},
		{"nanoseconds since 1970", nil, `{"timestamp":1767571200000000000,"input":{},"score":0.5}`, "[map[score:0.5 " + at + "]]", "[]"},
		{"no moment", nil, `{"timestamp":176757,"input":{},"score":0.5}`, "timestamp: want an RFC 3339 timestamp", "[]"},
		{"a format", fields{"timestamp": {Format: "%d/%b/%Y:%H:%M:%S %z"}}, `{"timestamp":"05/Jan/2026:01:00:00 +0100","input":{},"score":0.5}`, "[map[score:0.5 " + at + "]]", "[]"},
		{"not in the format", fields{"timestamp": {Format: "epoch_ms"}}, `{"timestamp":"2026-01-05T00:00:00Z","input":{},"score":0.5}`, "timestamp: want a timestamp as epoch_ms", "[]"},
		{"seconds for milliseconds", fields{"inference_ms": {Path: "took", Unit: "s"}}, `{"timestamp":"2026-01-05T00:00:00Z","input":{},"score":0.5,"took":0.25}`, "[map[inference_ms:250 score:0.5 " + at + "]]", "[]"},
	} {
		got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions, Fields: test.fields}, strings.NewReader(test.line+"\n"+test.line+"\n"))
		s := fmt.Sprint(got.Rows)
		want := test.want
		if got.Summary.Bad > 0 {
			s = got.Summary.Rejects[0].Reason
		} else {
			want = strings.Replace(want[:len(want)-1]+" "+want[1:], "]] map", "] map", 1)
		}
		for i := range got.Summary.Unknown {
			got.Summary.Unknown[i].Lines /= 2
		}
		if u := fmt.Sprint(got.Summary.Unknown); s != want || got.Summary.Bad == 0 && u != test.unknown {
			t.Errorf("%s:\ngot  %s, unknown %s\nwant %s, unknown %s", test.name, s, u, want, test.unknown)
		}
	}
}

// What is ignored is neither a column nor unknown, wherever it stands.
func TestIgnored(t *testing.T) {
	o := mapping.Options{Kind: mapping.Predictions, Fields: map[string]mapping.Field{"input": {Path: "."}}, Ignore: []string{"trace", "meta.host", "label"}}
	got := logtest.Decode(t, o, strings.NewReader(`{"timestamp":"2026-01-05T00:00:00Z","score":0.5,"age":33,"trace":[NaN],"label":"x","meta":{"host":"h"}}`))
	if s := fmt.Sprint(got.Rows, got.Summary.Unknown, got.Summary.Rejects); s != "[map[age:33 score:0.5 timestamp:2026-01-05T00:00:00Z]] [] []" {
		t.Error(s)
	}
	o.Fields = nil
	got = logtest.Decode(t, o, strings.NewReader(`{"timestamp":"2026-01-05T00:00:00Z","score":0.5,"input":{"age":33,"trace":"t"}}`))
	if s := fmt.Sprint(got.Rows, got.Summary.Unknown, got.Summary.Rejects); s != "[map[age:33 score:0.5 timestamp:2026-01-05T00:00:00Z]] [] []" {
		t.Error(s)
	}
}

// A reference has its own name for a field, else the log's, else leadsman's.
func TestReferenceFields(t *testing.T) {
	log := mapping.Fields{Predictions: map[string]mapping.Field{"score": {Path: "response.proba"}}}
	own := mapping.Fields{Predictions: log.Predictions, Reference: map[string]mapping.Field{"score": {Path: "p"}}}
	for _, test := range []struct {
		fields          mapping.Fields
		line, want, say string
	}{
		{log, `{"v":1,"score":0.5}`, "[map[score:0.5 v:1]]", "[{score response.proba}]"},
		{log, `{"v":1,"response.proba":0.5,"score":0.25}`, "[map[score:0.5 v:1]]", "[]"},
		{log, `{"v":1,"score":0.25,"response":{"proba":0.5}}`, "[map[score:0.5 v:1]]", "[]"},
		{log, `{"v":1,"response":"200"}`, "[map[response:200 v:1]]", "[]"},
		{own, `{"v":1,"p":0.5,"score":0.25}`, "[map[input.score:0.25 score:0.5 v:1]]", "[]"},
	} {
		got := logtest.Decode(t, mapping.Options{Kind: mapping.References, Fields: test.fields.Of(mapping.References)}, strings.NewReader(test.line))
		if s, say := fmt.Sprint(got.Rows), fmt.Sprint(got.Summary.Resolved); s != test.want || say != test.say {
			t.Errorf("%s: %s, %s, want %s, %s", test.line, s, say, test.want, test.say)
		}
	}
}
