package jsonl_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/logtest"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestBadLines(t *testing.T) {
	const good = `{"timestamp":"2026-03-01T12:00:00Z","score":1}`
	for _, test := range []struct{ line, reason, sentence string }{
		{`{"timestamp":"2026-03-01T12:00:00Z"}`, "missing score", "no score; the line has timestamp"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":null}`, "missing score", "missing score"},
		{`{"score":1}`, "missing timestamp", "no timestamp; the line has score"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":"n/a"}`, "score: want a number", `score: want a number, got "n/a"`},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":[1]}`, `score: want a number (of a list one item is read, as "score[1]")`, `score: want a number (of a list one item is read, as "score[1]"), got a list`},
		{`{`, "want one object a line, got a part of one: jq -c . FILE writes one a line", "want one object a line, got a part of one: jq -c . FILE writes one a line"},
		{` [ `, "want one object a line, got a part of one: jq -c . FILE writes one a line", "want one object a line, got a part of one: jq -c . FILE writes one a line"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":1,"input":"{\"n\":1}"}`, `input: want an object (JSON in a text is read by jq: ".input |= fromjson")`, `input: want an object (JSON in a text is read by jq: ".input |= fromjson"), got "{\"n\":1}"`},
		{`{"timestamp":"2026-02-30T12:00:00Z","score":1}`, "timestamp: want an RFC 3339 timestamp", `timestamp: want an RFC 3339 timestamp, got "2026-02-30T12:00:00Z"`},
		{`{"timestamp":17723664,"score":1}`, "timestamp: want an RFC 3339 timestamp", `timestamp: want an RFC 3339 timestamp, got 17723664`},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":NaN}`, "score: NaN and Infinity are not JSON: write null", "score: NaN and Infinity are not JSON: write null"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":1e999}`, "score: number out of range", "score: number out of range, got 1e999"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":1,"input":{"x":1,"y":2,"x":1}}`, "a key is there twice", `a key is there twice, got "x"`},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":1,"input":"x"}`, "input: want an object", `input: want an object, got "x"`},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":01}`, "not JSON", "not JSON at byte 46: a number begins with 0"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":1.}`, "not JSON", "not JSON at byte 47: want a digit after the point"},
		{`{"timestamp":"2026-03-01T12:00:00Z" "score":1}`, "not JSON", "not JSON at byte 37: want , or } in an object"},
		{`{"timestamp":"2026-03-01T12:00:00Z",score:1}`, "not JSON", "not JSON at byte 37: want a key"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score" 1}`, "not JSON", "not JSON at byte 45: want : after a key"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":1} x`, "not JSON", "not JSON at byte 48: want the end of the line after the object"},
		{`{"timestamp":"\x","score":1}`, "not JSON", "not JSON at byte 16: unknown escape in a string"},
		{"{\"a\tb\":1}", "not JSON", "not JSON at byte 4: control character in a string"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":1,"input":{"x":"` + "\xff" + `"}}`, "not UTF-8", "not UTF-8"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":1,"other":["` + "\xff" + `"]}`, "not UTF-8", "not UTF-8"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":1,"` + "\xff" + `":1}`, "not UTF-8", "not UTF-8"},
		{`{"a":` + strings.Repeat("[", 200), "nested deeper than 128", "nested deeper than 128"},
		{`[` + good + `]`, `want one object a line, got a list: jq: ".[]" takes it apart`, `want one object a line, got a list: jq: ".[]" takes it apart`},
		{`"x"`, "want an object", "want an object"},
		{`12`, "want an object", "want an object"},
		{`null`, "want an object", "want an object"},
		{`timestamp,score`, "not JSON", "not JSON at byte 1: want {"},
	} {
		got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(good+"\n"+test.line+"\n"+good+"\n"))
		if got.Summary.Rows != 2 || got.Summary.Bad != 1 || len(got.Rows) != 2 || fmt.Sprint(got.Rows[0]) != fmt.Sprint(got.Rows[1]) {
			t.Errorf("%s: rows %v, bad %d", test.line, got.Rows, got.Summary.Bad)
			continue
		}
		if want := fmt.Sprint([]verdict.Reject{{Source: "log", Kind: verdict.RejectLine, Reason: test.reason, Count: 1, FirstLines: "2"}}); fmt.Sprint(got.Summary.Rejects) != want {
			t.Errorf("%s:\ngot  %v\nwant %s", test.line, got.Summary.Rejects, want)
		}
		if want := "log:2: " + test.sentence; fmt.Sprint(got.Sentences) != "["+want+"]" {
			t.Errorf("%s:\ngot  %v\nwant %s", test.line, got.Sentences, want)
		}
	}
}

// What a rejected line set must not be seen in the rows that follow.
func TestRollBack(t *testing.T) {
	bad := logtest.Line(`{"k":"text first","new":1}x`)
	log := bad + logtest.Line(`{"k":1}`) + bad + logtest.Line(`{"k":2,"s":"a"}`) + logtest.Line(`{"k":"b","s":"secret"}x`) + logtest.Line(`{"k":3,"s":"c"}`)
	var dict []string
	d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}, func(rec arrow.RecordBatch) error {
		for i, row := range logtest.Rows(t, rec) {
			if row["k"] != float64(i+1) || row["new"] != nil {
				t.Errorf("row %d: %v", i, row)
			}
		}
		if rec.NumCols() != 7 {
			t.Errorf("%d columns", rec.NumCols())
		}
		var b bytes.Buffer
		w := table.NewWriter(&b)
		if err := errors.Join(w.Write(rec), w.Close()); err != nil {
			t.Fatal(err)
		}
		dict = append(dict, b.String())
		return nil
	})
	if err := d.From("log", strings.NewReader(log)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if s := strings.Join(dict, ""); strings.Contains(s, "secret") || strings.Contains(s, "text first") {
		t.Error("the text of a rejected line is in the stream")
	}
}

// The same for a column that is known but has no value yet, for keys that were
// seen first in a rejected line, and for plain text.
func TestRollBackKnown(t *testing.T) {
	log := logtest.Line(`{"k":null,"note":"a"}`) + logtest.Line(`{"k":"x","note":"secret","new":1}x`) + logtest.Line(`{"k":1,"new":"s"}`) +
		logtest.Line(`{"k":2,"note":"b","new":"t"}`) + logtest.Line(`{"note":"secret"}x`)
	o := mapping.Options{Kind: mapping.Predictions, Columns: []mapping.Pin{{Name: "note", Type: "text"}}}
	got := logtest.Decode(t, o, strings.NewReader(log))
	var seen []string
	for _, r := range got.Rows {
		seen = append(seen, fmt.Sprint(r["k"], " ", r["note"], " ", r["new"]))
	}
	if s := strings.Join(seen, ", "); s != "<nil> a <nil>, 1 <nil> s, 2 b t" {
		t.Errorf("got %s", s)
	}
	var b bytes.Buffer
	w := table.NewWriter(&b)
	d := predlog.NewDecoder(predlog.Options{Mapping: o}, w.Write)
	if err := d.From("log", strings.NewReader(log)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if b.Len() == 0 || strings.Contains(b.String(), "secret") {
		t.Error("the text of a rejected line is in the stream")
	}
}

func TestHalfLine(t *testing.T) {
	whole := strings.TrimSuffix(logtest.Line(`{"n":-1.5e3,"c":"a\u00fcb","t":true,"u":null}`), "\n")
	for cut := 1; cut < len(whole); cut++ {
		got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(whole+"\n"+whole[:cut]))
		if got.Summary.Lines != 1 || got.Summary.Rows != 1 || got.Summary.Bad != 0 || fmt.Sprint(got.Summary.Unfinished) != "[log:2]" {
			t.Errorf("cut at %d (%q): %+v %q", cut, whole[cut-1:cut], got.Summary, got.Sentences)
		}
		if cut > 1 { // the same line, but ended, is bad
			got = logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(whole[:cut]+"\n"+whole+"\n"))
			if got.Summary.Rows != 1 || got.Summary.Bad != 1 || len(got.Summary.Unfinished) != 0 {
				t.Errorf("ended at %d: %+v", cut, got.Summary)
			}
		}
	}
	if got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader("garbage")); got.Summary.Bad != 1 {
		t.Error("a last line that is no JSON is taken for half a line")
	}
}

func TestLongLines(t *testing.T) {
	long := strings.Repeat("x", faults.MaxLine-1000)
	log := "\ufeff" + logtest.Line(`{"c":"a"}`) + logtest.Line(`{"c":"`+long+`"}`) + logtest.Line(`{"c":"`+long+long+long+`"}`) + logtest.Line(`{"c":"b"}`)
	got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(log))
	if got.Summary.Rows != 3 || got.Summary.Bad != 1 || got.Rows[1]["c"] != long || got.Rows[2]["c"] != "b" {
		t.Errorf("%+v", got.Summary)
	}
	if s := fmt.Sprint(got.Summary.Rejects); s != "[{log line  longer than 16 MiB 1 3 }]" {
		t.Errorf("rejects %s", s)
	}
}

// How a reader cuts the log into pieces does not matter.
func TestPieces(t *testing.T) {
	log := "\ufeff" + logtest.Line(`{"c":"a\u00fc","n":-1.5e3}`) + "{bad\n\r\n" + logtest.Line(`{"c":null,"l":[1,"]"]}`) + logtest.Line(`{"c":"b"}`)[:60]
	want := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(log))
	if want.Summary.Rows != 2 || want.Summary.Bad != 1 || len(want.Summary.Unfinished) != 1 {
		t.Fatalf("%+v", want.Summary)
	}
	for name, r := range map[string]io.Reader{
		"one byte":  iotest.OneByteReader(strings.NewReader(log)),
		"halves":    iotest.HalfReader(strings.NewReader(log)),
		"early EOF": iotest.DataErrReader(strings.NewReader(log)),
	} {
		got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, r)
		if fmt.Sprint(got.Rows, got.Summary, got.Sentences) != fmt.Sprint(want.Rows, want.Summary, want.Sentences) {
			t.Errorf("%s: %v %+v", name, got.Rows, got.Summary)
		}
	}
	d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}, func(arrow.RecordBatch) error { return nil })
	if err := d.From("log", iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(log)))); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("an error of the reader comes back as %v", err)
	}
}
