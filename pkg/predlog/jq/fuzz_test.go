package jq

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// What Decode takes encoding/json takes, too, and what appendJSON writes of it reads
// back the same.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{`{"a":[1,-0.0,1e5,"x\u00e9\ud800"],"b":{"c":null}}`, `[{}]`, `{"n":12345678901234567890}`, `{"a":1`, `{"a":NaN}`, "{\"\xff\":1}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\n\x00") {
			t.Skip()
		}
		value, fault := Decode(line(text))
		if fault.Reason != "" {
			return
		}
		written := appendJSON(nil, value)
		again, fault := Decode(line(string(written)))
		if fault.Reason != "" {
			t.Fatalf("%q became %q, which is refused: %s", text, written, fault.Reason)
		}
		if once := appendJSON(nil, again); string(once) != string(written) {
			t.Fatalf("%q became %q, then %q", text, written, once)
		}
		if strings.Contains(string(written), "NaN") || strings.Contains(string(written), "Inf") {
			return
		}
		var want, got any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			if !strings.Contains(err.Error(), "cannot unmarshal number") {
				t.Fatalf("%q is taken: %v", text, err)
			}
			return
		}
		if err := json.Unmarshal(written, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q became %q: %v", text, written, err)
		}
	})
}

// No program hangs, panics, or says a word of its record.
func FuzzProgram(f *testing.F) {
	for _, program := range []string{".", ".a[]", "def f: f; f", `[range(1e9)]`, `.a | split(",")`, "{a: (.b + 1)}", `[.[] | tostring]`, `"\(.a)"`} {
		f.Add(program)
	}
	record, _ := Decode(line(`{"a":[1,"MARKER",null],"b":"MARKER","c":{"d":0.5}}`))
	f.Fuzz(func(t *testing.T, text string) {
		// A program may build what it likes of nothing but steps; fuzzing looks for
		// the machine's own faults.
		if len(text) > 200 || strings.Contains(text, "MARKER") {
			t.Skip()
		}
		p, err := Compile(text, nil)
		if err != nil {
			return
		}
		run := Pipeline{Stages: []Stage{{"jq", p}}}
		if _, _, fault := run.Run(record, 40); strings.Contains(fault.Reason, "MARKER") {
			t.Fatalf("%q: %s", text, fault.Reason)
		}
	})
}
