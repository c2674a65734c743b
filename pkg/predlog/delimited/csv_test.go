package delimited_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/logtest"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

func TestReferenceCSV(t *testing.T) {
	csv := "\ufeff,n,mixed,none,big,note,score,y,who\r\n" +
		"0,1.5,1,,9007199254740993,\"" + strings.Repeat("long, ", 20) + "\",0.25,1,7\r\n" +
		"1,,x,,1,\"two\nlines\",0.5,0,8\r\n"
	rows, schema, s := logtest.Reference(t, "ref.csv", csv, predlog.Options{Mapping: mapping.Options{Target: "y", ID: "who"}, InSample: true})
	// 120 and 9 characters: more than 60 on average.
	if d, want := logtest.Describe(schema), "score number score in_sample, n number feature, mixed text feature, big text feature, note text text, y number target, who text id"; d != want {
		t.Errorf("got  %s\nwant %s", d, want)
	}
	want := []map[string]any{
		{"n": 1.5, "mixed": "1", "big": "9007199254740993", "note": strings.Repeat("long, ", 20), "score": 0.25, "y": 1.0, "who": "7"},
		{"mixed": "x", "big": "1", "note": "two\nlines", "score": 0.5, "y": 0.0, "who": "8"},
	}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", rows, want)
	}
	if fmt.Sprint(s.Empty) != "[none]" || len(s.Unknown) != 0 {
		t.Errorf("%+v", s)
	}

	_, schema, _ = logtest.Reference(t, "stdin", "a\n007\n8\n", predlog.Options{Mapping: mapping.Options{Columns: []mapping.Pin{{Name: "a", Type: "category"}}}})
	if d := logtest.Describe(schema); d != "a text feature" {
		t.Errorf("pinned: %s", d)
	}
	rows, schema, _ = logtest.Reference(t, "stdin", "a,b\n", predlog.Options{})
	if len(rows) != 0 || schema.NumFields() != 0 {
		t.Errorf("no rows: %v, %v", rows, schema)
	}
}

// Excel writes semicolons where the comma is decimal, databases write tabs.
func TestSeparators(t *testing.T) {
	for _, test := range []struct{ text, schema string }{
		{"a;\"b;, c\";score\n1;x,y;0.5\n", "score number score held_out, a number feature, b;, c text feature"},
		{"a\tb;\tscore\n1\tx;y\t0.5\n", "score number score held_out, a number feature, b; text feature"},
		{"a;b,c;d\n1,2\n", "a;b number feature, c;d number feature"},
		{"a\n1;2\n", "a text feature"},
	} {
		_, schema, s := logtest.Reference(t, "ref.csv", test.text, predlog.Options{})
		if d := logtest.Describe(schema); d != test.schema || s.Rows != 1 {
			t.Errorf("%q: %s, %+v", test.text, d, s)
		}
	}
	d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}, func(rec arrow.RecordBatch) error {
		if rec.NumRows() != 1 {
			t.Errorf("%d rows", rec.NumRows())
		}
		return nil
	})
	if err := d.From("stdin", strings.NewReader("timestamp;score\n2026-03-01T12:00:00Z;0.5\n")); err != nil {
		t.Error(err)
	}
	if _, err := d.Close(); err != nil {
		t.Error(err)
	}
}

// The words are those of pandas 3.1's documentation of read_csv, na_values. In
// quotes they are words, except among numbers.
func TestMissing(t *testing.T) {
	text := "n,q,c,d\n"
	words := []string{"", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"}
	for _, w := range words {
		text += w + ",\"" + w + "\",\"" + w + "\"," + w + "\n"
	}
	rows, schema, s := logtest.Reference(t, "ref.csv", text+"1,2,na,\"two\nlines\"\n,,\"NA\",NA\n", predlog.Options{})
	if d := logtest.Describe(schema); d != "n number feature, q number feature, c text feature, d text feature" || s.TypeErrors != 0 || s.Rows != 21 {
		t.Errorf("%s, %+v", d, s)
	}
	for i, row := range rows {
		want := "map[c:NA]"
		switch {
		case i == 0:
			want = "map[]"
		case i < len(words):
			want = "map[c:" + words[i] + "]"
		case i == len(words):
			want = "map[c:na d:two\nlines n:1 q:2]"
		}
		if fmt.Sprint(row) != want {
			t.Errorf("row %d: %v, want %s", i, row, want)
		}
	}
}

// The row numbers that pandas writes are no column, whatever it calls them.
func TestIndex(t *testing.T) {
	_, schema, s := logtest.Reference(t, "ref.csv", ",Unnamed: 0,Unnamed: 0.1,n\n0,5,7,1\n1,6,8,2\n", predlog.Options{})
	if d := logtest.Describe(schema); d != "n number feature" || len(s.Unknown) != 0 {
		t.Errorf("%s, %+v", d, s)
	}
}

// A stray quote takes all the lines along that it swallows.
func TestStrayQuotes(t *testing.T) {
	rows := func(n int) string { return strings.Repeat("1,x\n", n) }
	read := func(text string) (faults.Summary, error) {
		return predlog.ReferenceFrom("ref.csv", strings.NewReader("a,b\n"+text), predlog.Options{}, func(arrow.RecordBatch) error { return nil })
	}
	if _, err := read(rows(99) + "1,\"x\n" + rows(400)); fmt.Sprint(err) != "ref.csv:101: a quote is not closed" {
		t.Errorf("to the end: %v", err)
	}
	// It is closed, wrongly, by the quote of line 106.
	s, err := read(rows(99) + "1,\"x\n" + rows(4) + "2,\"y\"\n" + rows(2000))
	if err != nil || s.Lines != 2105 || s.Bad != 6 || fmt.Sprint(s.Rejects) != "[{ref.csv line  stray quote 1 101 }]" {
		t.Errorf("to the next quote: %+v, %v", s, err)
	}
	s, err = read(rows(200) + "1,\"x")
	if err != nil || s.Bad != 1 || s.Rows != 200 {
		t.Errorf("in the last line: %+v, %v", s, err)
	}
	if s, err = read("1,\"two\nlines\"\n" + rows(3)); err != nil || s.Lines != 4 || s.Bad != 0 {
		t.Errorf("a text of two lines: %+v, %v", s, err)
	}
}

// A quote that is never closed does not take the whole file into memory.
func TestLongRecord(t *testing.T) {
	_, err := predlog.ReferenceFrom("x.csv", io.MultiReader(strings.NewReader("a,b\n1,\""), io.LimitReader(endless{}, 100<<20)), predlog.Options{}, func(arrow.RecordBatch) error { return nil })
	if err == nil || err.Error() != "x.csv: record longer than 16 MiB: is a quote not closed?" {
		t.Errorf("got %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// pandas.json_normalize names the columns of nested fields by their paths.
func TestMapped(t *testing.T) {
	fields := map[string]mapping.Field{"timestamp": {Path: "meta.ts", Format: "%d.%m.%Y %H:%M"}, "score": {Path: "response.score"}, "input": {Path: "request.features"}, "inference_ms": {Path: "took", Unit: "s"}}
	o := mapping.Options{Kind: mapping.Predictions, Fields: fields, Ignore: []string{"meta.host"}}
	var rows []map[string]any
	d := predlog.NewDecoder(predlog.Options{Mapping: o}, func(rec arrow.RecordBatch) error {
		rows = append(rows, logtest.Rows(t, rec)...)
		return nil
	})
	if err := d.From("log.csv", strings.NewReader("meta.ts,meta.host,request.features.v,request.features.w,w,response.score,took\n05.01.2026 00:00,h,1,2,3,0.5,0.25\n")); err != nil {
		t.Fatal(err)
	}
	s, err := d.Close()
	if got, want := fmt.Sprint(rows, s.Rejects, err), "[map[inference_ms:250 request.features.w:2 score:0.5 timestamp:2026-01-05T00:00:00Z v:1 w:3]] [] <nil>"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A mapped name that the reference lacks is leadsman's own, and that is noted; where
// it has both, its column of leadsman's name is a feature.
func TestReferenceFields(t *testing.T) {
	fields := mapping.Fields{Predictions: map[string]mapping.Field{"score": {Path: "proba"}}}.Of(mapping.References)
	for text, want := range map[string]string{
		"v,score\n1,0.5\n":            "[map[score:0.5 v:1]] [{score proba}]",
		"v,score,proba\n1,0.25,0.5\n": "[map[input.score:0.25 score:0.5 v:1]] []",
	} {
		rows, _, s := logtest.Reference(t, "ref.csv", text, predlog.Options{Mapping: mapping.Options{Fields: fields}})
		if got := fmt.Sprint(rows, s.Resolved); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
