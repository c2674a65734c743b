package jq

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/jsontext"
)

// line is a record as Decode takes it.
func line(text string) []byte {
	return append([]byte(text+"\n"), make([]byte, jsontext.Slack)...)
}

// runOn runs a program on a record, or a condition when program is empty.
func runOn(t testing.TB, program, where, record string) (lines []string, reason string) {
	t.Helper()
	var p Pipeline
	if program != "" {
		code, err := Compile(program, nil)
		if err != nil {
			t.Fatal(err)
		}
		p.Stages = []Stage{{"jq", code}}
	}
	if where != "" {
		code, err := CompileCondition(where)
		if err != nil {
			t.Fatal(err)
		}
		p.Where = code
	}
	var value any = record
	if strings.HasPrefix(record, "{") || strings.HasPrefix(record, "[") {
		var f faults.Fault
		if value, f = Decode(line(record)); f.Reason != "" {
			t.Fatalf("%s: %s", record, f.Reason)
		}
	}
	out, ends, f := p.Run(value, len(record))
	from := 0
	for _, end := range ends {
		lines = append(lines, string(out[from:end]))
		from = end
	}
	return lines, f.Reason
}

// The expected lines are what jq 1.7 prints with -c, and keys are sorted.
func TestRun(t *testing.T) {
	for _, c := range []struct{ program, where, record, want, reason string }{
		{program: ".", record: `{"b":1,"a":"ü\n"}`, want: `{"a":"ü\n","b":1}`},
		{program: ".rows[]", record: `{"rows":[{"a":1},{"a":2.5}]}`, want: `{"a":1} {"a":2.5}`},
		{program: "empty", record: `{}`},
		{program: `.body | fromjson`, record: `{"body":"{\"a\":0.1}"}`, want: `{"a":0.1}`},
		{program: `.csv | split(",") | {a: .[0] | tonumber, b: .[1]}`, record: `{"csv":"33,DE"}`, want: `{"a":33,"b":"DE"}`},
		{program: `capture("^(?<a>\\w+) (?<b>.*)$")`, record: `GET /x`, want: `{"a":"GET","b":"/x"}`},
		{program: ".[]", record: `[{"a":1},{"a":2}]`, want: `{"a":1} {"a":2}`},
		{program: ".", where: ".a > 1", record: `{"a":2}`, want: `{"a":2}`},
		{program: ".rows[]", where: `.a > 1 and $raw.e == "x"`, record: `{"e":"x","rows":[{"a":1},{"a":2}]}`, want: `{"a":2}`},
		{where: ".a", record: `{"a":false}`},
		{where: ".a", record: `{"a":true}`, want: `{"a":true}`},
		{where: ".a", record: `{"b":1}`},
		// What is no truth value is no condition.
		{where: ".a", record: `{"a":0}`, reason: "where: want true or false, got a number: == compares"},
		{where: ".a", record: `{"a":1e400}`, reason: "where: want true or false, got a number: == compares"},
		{where: ".a", record: `{"a":"x"}`, reason: "where: want true or false, got a string: == compares"},
		{where: ".a", record: `{"a":[]}`, reason: "where: want true or false, got an array: == compares"},
		{where: `.ep = "a"`, record: `{"ep":"b"}`, reason: "where: want true or false, got an object: == compares"},
		{where: "empty", record: `{"a":1}`},
		{where: ".a.b", record: `{"a":[1]}`, reason: "where: expected an object but got: array"},
		// Digits that a float64 does not hold pass as they are.
		{program: ".", record: `{"id":12345678901234567890,"x":1e400,"y":[NaN,-Infinity]}`, want: `{"id":12345678901234567890,"x":1e400,"y":[NaN,-Infinity]}`},
		// A record of which a part cannot be made is none at all.
		{program: `.rows[] | {a: (.a + 1)}`, record: `{"rows":[{"a":1},{"a":"secret"}]}`, reason: "jq: cannot add: string"},
		{program: `error(.a)`, record: `{"a":"secret"}`, reason: "jq: the program refuses the record"},
		{program: `error("no rows in \(.a)")`, record: `{"a":"secret"}`, reason: "jq: the program refuses the record"},
		{program: `error("no rows")`, record: `{"a":"secret"}`, reason: "jq: no rows"},
		{program: `.a | fromjson`, record: `{"a":"secret"}`, reason: "jq: fromjson cannot be applied to"},
		{program: `def f: f; f`, record: `{}`, reason: "jq: takes more than 2000000 steps, and 200 for every byte of the record"},
		{program: `[range(1e12)]`, record: `{}`, reason: "jq: takes more than 2000000 steps, and 200 for every byte of the record"},
		{program: `def f: 1 + f; f`, record: `{}`, reason: "jq: takes more than 2000000 steps, and 200 for every byte of the record"},
		{program: `range(10001)`, record: `{}`, reason: "the program yields more than 10000 records"},
	} {
		got, reason := runOn(t, c.program, c.where, c.record)
		if strings.Join(got, " ") != c.want || reason != c.reason {
			t.Errorf("%s where %s of %s: %q, %q, want %q, %q", c.program, c.where, c.record, got, reason, c.want, c.reason)
		}
	}
}

func TestCompileSaysWhere(t *testing.T) {
	for program, want := range map[string]string{
		"":                                "is empty",
		"{a: .b":                          "column 7: unexpected EOF",
		"{\n  a: .b,\n  c: ||\n}":         `line 3, column 6: unexpected token "|"`,
		". | foo(1)":                      "column 5: function not defined: foo/1",
		".now | now":                      "column 8: now is not for records: the same log would give other rows tomorrow",
		"[inputs]":                        "column 2: inputs is not for records: a program sees one record at a time",
		"$x":                              "column 1: variable not defined: $x",
		"$raw":                            "column 1: variable not defined: $raw",
		"include \"a\"; .":                `cannot load module: "a"`,
		`"abc`:                            "column 5: unterminated string literal",
		strings.Repeat(" ", 70_000) + ".": "is longer than 64 KiB",
	} {
		_, err := Compile(program, nil)
		if fmt.Sprint(err) != want {
			t.Errorf("%.40q: %v, want %s", program, err, want)
		}
		var f *Fault
		if !errors.As(err, &f) {
			t.Errorf("%.40q: %T is no Fault", program, err)
		}
	}
	if _, err := Compile("def now: .time; now", nil); err != nil {
		t.Errorf("a function of the program's own is refused: %v", err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":1,"a":2}`:                    "a key is there twice",
		`{"a":1`:                           "not JSON",
		`{"a":1} x`:                        "not JSON",
		`{"a":` + strings.Repeat("[", 128): "nested deeper than 128",
		"{\"a\":\"\xff\"}":                 "not UTF-8",
		`{"a":01}`:                         "not JSON",
	} {
		if _, f := Decode(line(text)); f.Reason != want {
			t.Errorf("%.40q: %q, want %q", text, f.Reason, want)
		}
	}
}
