package jsonl_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/predlog/logtest"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// FuzzDecoder reads one line both ways. Where encoding/json sees an object with
// flat values, the row must hold the same values; what it refuses, we refuse.
func FuzzDecoder(f *testing.F) {
	for _, s := range []string{
		logtest.Line(`{"n":1,"c":"x","b":true,"z":null}`),
		`{"timestamp":"2026-03-01T12:00:00Z","score":1,"input":{"a":"\ud800\u00e9\n","b":-0.0,"c":123456789012345678e-3,"d":[1,{"x":[]}]}}`,
		`{"timestamp":"2026-03-01T12:00:00Z","score":1,"input":{"a":1,"a":2}}`,
		`{"timestamp":"2026-03-01T12:00:00Z","score":1,"u":{"v":[tru]}}`,
		"{\"timestamp\":\"2026-03-01T12:00:00Z\",\"score\":1.5e-400}\r",
		`{"score":`,
		`{"timestamp":"0000-01-01 00:00:00","input":{"":0},"score":0} `,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\n") || strings.HasPrefix(line, "\ufeff") {
			return
		}
		for _, tail := range []string{"\n", "", "\n" + logtest.Line("{}")} {
			compare(t, line, logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(line+tail)), tail)
		}
	})
}

func compare(t *testing.T, line string, got logtest.Decoded, tail string) {
	rows := got.Rows
	if len(tail) > 1 { // the line behind must be there whatever came before it
		if len(rows) == 0 || rows[len(rows)-1]["label"] != "hot" {
			t.Fatalf("%q: the next line is lost: %v", line, rows)
		}
		rows = rows[:len(rows)-1]
	}
	var top struct {
		Timestamp *string
		Score     *json.Number
	}
	fields := map[string]json.RawMessage{}
	ok := utf8.ValidString(line) && json.Unmarshal([]byte(line), &fields) == nil && strings.TrimLeft(line, " \t\r") != "" && strings.TrimLeft(line, " \t\r")[0] == '{'
	if !ok {
		if len(rows) > 0 {
			t.Fatalf("%q: encoding/json refuses it, we read %v", line, rows)
		}
		return
	}
	if len(rows) == 0 {
		// Our own rules are stricter; each says so.
		for _, r := range got.Summary.Rejects {
			for _, rule := range []string{"missing", "twice", "want a", "2^53", "out of range", "deeper", "4096", "1024"} {
				if strings.Contains(r.Reason, rule) {
					return
				}
			}
		}
		t.Fatalf("%q: encoding/json reads it, we do not: %v", line, got.Sentences)
	}
	if json.Unmarshal(fields["timestamp"], &top.Timestamp) != nil || json.Unmarshal(fields["score"], &top.Score) != nil || top.Score == nil {
		t.Fatalf("%q: read without timestamp or score", line)
	}
	if want, err := strconv.ParseFloat(top.Score.String(), 64); err != nil || want != rows[0]["score"] {
		t.Fatalf("%q: score %v", line, rows[0]["score"])
	}
	var in map[string]any
	numbers := json.NewDecoder(bytes.NewReader(fields["input"]))
	numbers.UseNumber()
	if numbers.Decode(&in) != nil {
		return
	}
	for k, v := range in {
		c := k
		switch k {
		case "timestamp", "score", "label", "inference_ms", "model_version":
			c = mapping.InputPrefix + k
		}
		var want any
		switch v := v.(type) {
		case string:
			want = v
		case json.Number:
			// What a float64 does not hold is null.
			if x, err := strconv.ParseFloat(v.String(), 64); err == nil && (strings.ContainsAny(v.String(), ".eE") || math.Abs(x) < 1<<53 || strings.TrimPrefix(v.String(), "-") == "9007199254740992") {
				want = x
			}
		case bool:
			want = strconv.FormatBool(v)
		}
		if len(k) > mapping.MaxName {
			want = nil
		}
		if g := rows[0][c]; g != want && !strings.HasPrefix(k, mapping.InputPrefix) {
			t.Fatalf("%q: %q is %v, want %v", line, k, g, want)
		}
	}
}
