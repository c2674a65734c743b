package predlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// decoded is what a log became: rows as maps of their non-null values.
type decoded struct {
	rows    []map[string]any
	batches int
	schema  *arrow.Schema
	errs    []string
	Summary
}

func decode(t testing.TB, o Options, r io.Reader) decoded {
	t.Helper()
	var out decoded
	o.Complain = func(s string) { out.errs = append(out.errs, s) }
	d := NewDecoder(o, func(rec arrow.RecordBatch) error {
		out.batches++
		out.schema = rec.Schema()
		out.rows = append(out.rows, rowsOf(t, rec)...)
		return nil
	})
	if err := d.Read("log", r); err != nil {
		t.Fatal(err)
	}
	var err error
	if out.Summary, err = d.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

// rowsOf copies a batch out of the decoder's memory.
func rowsOf(t testing.TB, rec arrow.RecordBatch) []map[string]any {
	rows := make([]map[string]any, rec.NumRows())
	for i := range rows {
		rows[i] = map[string]any{}
	}
	for j, col := range rec.Columns() {
		if int64(col.Len()) != rec.NumRows() {
			t.Fatalf("column %s has %d rows of %d", rec.ColumnName(j), col.Len(), rec.NumRows())
		}
		nulls := 0
		for i := range rows {
			if col.IsNull(i) {
				nulls++
				if words, ok := col.(*array.Dictionary); ok && words.GetValueIndex(i) != 0 {
					t.Fatalf("column %s row %d: null stands over word %d", rec.ColumnName(j), i, words.GetValueIndex(i))
				}
				continue
			}
			if text, ok := table.Strings(col); ok {
				rows[i][rec.ColumnName(j)] = strings.Clone(text(i))
			} else if at, ok := table.Times(col); ok {
				rows[i][rec.ColumnName(j)] = time.UnixMicro(at(i)).UTC().Format(time.RFC3339Nano)
			} else if x, ok := table.Numbers(col); ok {
				rows[i][rec.ColumnName(j)] = x(i)
			}
		}
		if nulls != col.NullN() {
			t.Errorf("column %s says %d nulls and has %d", rec.ColumnName(j), col.NullN(), nulls)
		}
	}
	return rows
}

func predictionLine(input string) string {
	return `{"timestamp":"2026-03-01T12:00:00Z","input":` + input + `,"score":0.5,"label":"hot","inference_ms":1.5,"model_version":"v1"}` + "\n"
}

func TestPredictions(t *testing.T) {
	log := predictionLine(`{"n":1.5,"c":"x","flag":true,"late":null}`) +
		" \r\n\n" +
		`{ "score" : 1e-1 , "input" : { "c" : "y\u00fc\ud83d\ude00\ud83d" , "n" : -2 , "late" : 7 }, "timestamp" : "2026-03-01 13:00:00.25+01:00", "label": 1.0, "model_version": 12345678901234567890, "inference_ms": null }` + "\r\n" +
		`{"timestamp":"2026-03-01T12:00:02","score":1,"input":null,"label":false}`
	got := decode(t, Options{Kind: Predictions}, strings.NewReader(log))
	want := []map[string]any{
		{"timestamp": "2026-03-01T12:00:00Z", "score": 0.5, "label": "hot", "inference_ms": 1.5, "model_version": "v1", "n": 1.5, "c": "x", "flag": "true"},
		{"timestamp": "2026-03-01T12:00:00.25Z", "score": 0.1, "label": "1", "model_version": "12345678901234567890", "n": -2.0, "c": "yü😀\ufffd", "late": 7.0},
		{"timestamp": "2026-03-01T12:00:02Z", "score": 1.0, "label": "false"},
	}
	if fmt.Sprint(got.rows) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got.rows, want)
	}
	if got.Lines != 3 || got.Rows != 3 || got.Bad != 0 || got.Zoneless != 1 {
		t.Errorf("summary %+v", got.Summary)
	}
	if n := table.NameOf(got.schema); n != "predictions" {
		t.Errorf("table %q", n)
	}
	roles := ""
	for _, f := range got.schema.Fields() {
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
	got := decode(t, Options{Kind: Requests}, strings.NewReader(log))
	want := []map[string]any{
		{"timestamp": "2026-03-01T12:00:00Z", "endpoint": "/predict", "method": "POST", "status_code": 200.0, "response_ms": 12.5},
		{"timestamp": "2026-03-01T12:00:01Z", "endpoint": "/health", "method": "GET", "status_code": 503.0, "response_ms": 1.0},
	}
	if fmt.Sprint(got.rows) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got.rows, want)
	}
	if s, _ := table.MetaOf(got.schema, table.KeySimulated); s != "true" {
		t.Error("not marked as simulated")
	}
	if fmt.Sprint(got.Unknown) != "[{host 1}]" {
		t.Errorf("unknown %v", got.Unknown)
	}
	errs := []string{
		"log:3: endpoint: is there twice, by two names",
		"log:4: status_code: want a whole number, got 200.5",
		"log:5: missing status_code",
	}
	if fmt.Sprint(got.errs) != fmt.Sprint(errs) {
		t.Errorf("errors %q", got.errs)
	}
}

func TestBadLines(t *testing.T) {
	const good = `{"timestamp":"2026-03-01T12:00:00Z","score":1}`
	for _, test := range []struct{ line, reason, sentence string }{
		{`{"timestamp":"2026-03-01T12:00:00Z"}`, "missing score", "missing score"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":null}`, "missing score", "missing score"},
		{`{"score":1}`, "missing timestamp", "missing timestamp"},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":"n/a"}`, "score: want a number", `score: want a number, got "n/a"`},
		{`{"timestamp":"2026-03-01T12:00:00Z","score":[1]}`, "score: want a number", `score: want a number, got a list`},
		{`{"timestamp":"2026-02-30T12:00:00Z","score":1}`, "timestamp: want an RFC 3339 timestamp", `timestamp: want an RFC 3339 timestamp, got "2026-02-30T12:00:00Z"`},
		{`{"timestamp":1772366400,"score":1}`, "timestamp: want an RFC 3339 timestamp", `timestamp: want an RFC 3339 timestamp, got 1772366400`},
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
		{`[` + good + `]`, "want one object a line, got a list", "want one object a line, got a list"},
		{`"x"`, "want an object", "want an object"},
		{`12`, "want an object", "want an object"},
		{`null`, "want an object", "want an object"},
		{`timestamp,score`, "not JSON", "not JSON at byte 1: want {"},
	} {
		got := decode(t, Options{Kind: Predictions}, strings.NewReader(good+"\n"+test.line+"\n"+good+"\n"))
		if got.Rows != 2 || got.Bad != 1 || len(got.rows) != 2 || fmt.Sprint(got.rows[0]) != fmt.Sprint(got.rows[1]) {
			t.Errorf("%s: rows %v, bad %d", test.line, got.rows, got.Bad)
			continue
		}
		if want := fmt.Sprint([]verdict.Reject{{Source: "log", Reason: test.reason, Count: 1, FirstLines: "2"}}); fmt.Sprint(got.Rejects) != want {
			t.Errorf("%s:\ngot  %v\nwant %s", test.line, got.Rejects, want)
		}
		if want := "log:2: " + test.sentence; fmt.Sprint(got.errs) != "["+want+"]" {
			t.Errorf("%s:\ngot  %v\nwant %s", test.line, got.errs, want)
		}
	}
}

// A value of another kind is null and counted; the row stays.
func TestTypeErrors(t *testing.T) {
	log := predictionLine(`{"n":1,"c":"x","z":{"a":[1,{"b":null}]}}`) +
		predictionLine(`{"n":"one","c":2,"m":null}`) +
		predictionLine(`{"n":true,"c":false,"z":"now text"}`)
	got := decode(t, Options{Kind: Predictions}, strings.NewReader(log))
	if len(got.rows) != 3 || got.Bad != 0 || got.TypeErrors != 4 {
		t.Fatalf("%+v", got.Summary)
	}
	for i, want := range []string{"1 x <nil>", "<nil> <nil> <nil>", "<nil> false now text"} {
		if r := got.rows[i]; fmt.Sprintf("%v %v %v", r["n"], r["c"], r["z"]) != want {
			t.Errorf("row %d: %v, want %s", i, r, want)
		}
	}
	want := "[{log nested: column z: left out 1 1} {log type: column n: want a number 2 2 3} {log type: column c: want a string 1 2}]"
	if s := fmt.Sprint(got.Rejects); s != want {
		t.Errorf("rejects %s", s)
	}
	if s := fmt.Sprint(got.Empty); s != "[m]" {
		t.Errorf("empty %s", s)
	}
}

// A value that no number can be is null and counted; the row stays, and where
// the field is ignored it does no harm. Text keeps the digits.
func TestUnfitValues(t *testing.T) {
	for _, test := range []struct{ fields, row, rejects, sentence string }{
		{`"input":{"x":NaN,"y":1}`, "y:1", "value: column x: " + reasonNaN, "x: " + reasonNaN + "; taken as null"},
		{`"input":{"y":1,"x":-Infinity}`, "y:1", "value: column x: " + reasonNaN, "x: " + reasonNaN + "; taken as null"},
		{`"input":{"x":nan}`, "", "value: column x: " + reasonNaN, "x: " + reasonNaN + "; taken as null"},
		{`"input":{"x":9007199254740993}`, "", "value: column x: integer beyond 2^53", "x: integer beyond 2^53, got 9007199254740993; taken as null"},
		{`"input":{"x":-90071992547409930000000}`, "", "value: column x: integer beyond 2^53", "x: integer beyond 2^53, got -90071992547409930000000; taken as null"},
		{`"input":{"x":1e999}`, "", "value: column x: number out of range", "x: number out of range, got 1e999; taken as null"},
		{`"input":{"pinned":9007199254740993}`, "", "value: column pinned: integer beyond 2^53", "pinned: integer beyond 2^53, got 9007199254740993; taken as null"},
		{`"input":{"zip":NaN}`, "", "value: column zip: " + reasonNaN, "zip: " + reasonNaN + "; taken as null"},
		{`"input":{"zip":9007199254740993}`, "zip:9007199254740993", "", ""},
		{`"input":{"who":-90071992547409930000000}`, "who:-90071992547409930000000", "", ""},
		{`"inference_ms":Infinity`, "", "value: column inference_ms: " + reasonNaN, "inference_ms: " + reasonNaN + "; taken as null"},
		{`"inference_ms":nan`, "", "value: column inference_ms: " + reasonNaN, "inference_ms: " + reasonNaN + "; taken as null"},
		{`"label":NaN`, "", "value: column label: " + reasonNaN, "label: " + reasonNaN + "; taken as null"},
		{`"input":{"x":{"deep":[NaN,-Infinity,1e999]}}`, "", "nested: column x: left out", ""},
		{`"other":NaN`, "", "", ""},
		{`"other":nan`, "", "", ""},
		{`"other":[{"a":-inf},9007199254740993]`, "", "", ""},
		{`"input":{"` + strings.Repeat("k", 1025) + `":1,"y":2}`, "y:2", "", ""},
	} {
		line := `{"timestamp":"2026-03-01T12:00:00Z","score":1,` + test.fields + "}\n"
		o := Options{Kind: Predictions, Columns: []Pin{{"pinned", "number"}, {"zip", "category"}, {"who", "id"}}}
		got := decode(t, o, strings.NewReader(line+predictionLine("{}")))
		if got.Rows != 2 || got.Bad != 0 {
			t.Errorf("%.80s: %+v", line, got.Summary)
			continue
		}
		delete(got.rows[0], "timestamp")
		delete(got.rows[0], "score")
		if row := fmt.Sprint(got.rows[0]); row != "map["+test.row+"]" {
			t.Errorf("%.80s: %s", line, row)
		}
		var rejects []verdict.Reject
		if test.rejects != "" {
			rejects = []verdict.Reject{{Source: "log", Reason: test.rejects, Count: 1, FirstLines: "1"}}
		}
		if fmt.Sprint(got.Rejects) != fmt.Sprint(rejects) {
			t.Errorf("%.80s: rejects %v", line, got.Rejects)
		}
		if test.sentence != "" && fmt.Sprint(got.errs) != "[log:1: "+test.sentence+"]" {
			t.Errorf("%.80s: %q", line, got.errs)
		}
	}
	for _, input := range []string{"NaN", "nan"} {
		line := `{"timestamp":"2026-03-01T12:00:00Z","score":1,"input":` + input + "}\n"
		if got := decode(t, Options{Kind: Predictions}, strings.NewReader(line+predictionLine("{}"))); got.Bad != 1 {
			t.Errorf("%s is taken for an object", input)
		}
	}
	for _, value := range []string{"NaNo", "Infinityx", "nan1", "-inf_"} {
		line := `{"timestamp":"2026-03-01T12:00:00Z","score":1,"input":{"x":` + value + "}}\n"
		if got := decode(t, Options{Kind: Predictions}, strings.NewReader(line+predictionLine("{}"))); got.Bad != 1 || got.Rejects[0].Reason != reasonSyntax {
			t.Errorf("%s: %+v", value, got.Summary)
		}
	}
}

func TestPinned(t *testing.T) {
	o := Options{Kind: Predictions, ID: "key", Columns: []Pin{{"zip", "category"}, {"n", "number"}, {"note", "text"}, {"who", "id"}},
		Fields: map[string]string{"input": "features", "score": "p"}}
	log := `{"timestamp":"2026-03-01T12:00:00Z","p":0.5,"key":7,"features":{"zip":8001,"n":null,"note":null,"who":12345678901234567890,"score":3}}` + "\n" +
		`{"timestamp":"2026-03-01T12:00:00Z","p":0.5,"score":1,"features":{"zip":"x","n":"1"}}` + "\n"
	got := decode(t, o, strings.NewReader(log))
	want := `[map[input.score:3 key:7 score:0.5 timestamp:2026-03-01T12:00:00Z who:12345678901234567890 zip:8001] map[score:0.5 timestamp:2026-03-01T12:00:00Z zip:x]]`
	if s := fmt.Sprint(got.rows); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	roles := map[string]table.Role{"key": table.ID, "who": table.ID, "note": table.Text, "n": table.Feature, "zip": table.Feature, "input.score": table.Feature}
	for name, role := range roles {
		f, ok := got.schema.FieldsByName(name)
		if !ok || table.RoleOf(f[0]) != role {
			t.Errorf("column %s: %v", name, f)
		}
	}
	if s := fmt.Sprint(got.Unknown); s != "[{score 1}]" {
		t.Errorf("unknown %s", s)
	}

	flat := decode(t, Options{Kind: Predictions, Fields: map[string]string{"input": ""}},
		strings.NewReader(`{"timestamp":"2026-03-01T12:00:00Z","score":0.5,"a":1,"b":"x"}`))
	if s := fmt.Sprint(flat.rows); s != `[map[a:1 b:x score:0.5 timestamp:2026-03-01T12:00:00Z]]` {
		t.Errorf("flat: %s", s)
	}
}

// What a rejected line set must not be seen in the rows that follow.
func TestRollBack(t *testing.T) {
	bad := predictionLine(`{"k":"text first","new":1}x`)
	log := bad + predictionLine(`{"k":1}`) + bad + predictionLine(`{"k":2,"s":"a"}`) + predictionLine(`{"k":"b","s":"secret"}x`) + predictionLine(`{"k":3,"s":"c"}`)
	var dict []string
	d := NewDecoder(Options{Kind: Predictions}, func(rec arrow.RecordBatch) error {
		for i, row := range rowsOf(t, rec) {
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
	if err := d.Read("log", strings.NewReader(log)); err != nil {
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
	log := predictionLine(`{"k":null,"note":"a"}`) + predictionLine(`{"k":"x","note":"secret","new":1}x`) + predictionLine(`{"k":1,"new":"s"}`) +
		predictionLine(`{"k":2,"note":"b","new":"t"}`) + predictionLine(`{"note":"secret"}x`)
	o := Options{Kind: Predictions, Columns: []Pin{{"note", "text"}}}
	got := decode(t, o, strings.NewReader(log))
	var seen []string
	for _, r := range got.rows {
		seen = append(seen, fmt.Sprint(r["k"], " ", r["note"], " ", r["new"]))
	}
	if s := strings.Join(seen, ", "); s != "<nil> a <nil>, 1 <nil> s, 2 b t" {
		t.Errorf("got %s", s)
	}
	var b bytes.Buffer
	w := table.NewWriter(&b)
	d := NewDecoder(o, w.Write)
	if err := d.Read("log", strings.NewReader(log)); err != nil {
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
	whole := strings.TrimSuffix(predictionLine(`{"n":-1.5e3,"c":"a\u00fcb","t":true,"u":null}`), "\n")
	for cut := 1; cut < len(whole); cut++ {
		got := decode(t, Options{Kind: Predictions}, strings.NewReader(whole+"\n"+whole[:cut]))
		if got.Lines != 1 || got.Rows != 1 || got.Bad != 0 || fmt.Sprint(got.Half) != "[log:2]" {
			t.Errorf("cut at %d (%q): %+v %q", cut, whole[cut-1:cut], got.Summary, got.errs)
		}
		if cut > 1 { // the same line, but ended, is bad
			got = decode(t, Options{Kind: Predictions}, strings.NewReader(whole[:cut]+"\n"+whole+"\n"))
			if got.Rows != 1 || got.Bad != 1 || len(got.Half) != 0 {
				t.Errorf("ended at %d: %+v", cut, got.Summary)
			}
		}
	}
	if got := decode(t, Options{Kind: Predictions}, strings.NewReader("garbage")); got.Bad != 1 {
		t.Error("a last line that is no JSON is taken for half a line")
	}
}

func TestLongLines(t *testing.T) {
	long := strings.Repeat("x", maxLine-1000)
	log := "\ufeff" + predictionLine(`{"c":"a"}`) + predictionLine(`{"c":"`+long+`"}`) + predictionLine(`{"c":"`+long+long+long+`"}`) + predictionLine(`{"c":"b"}`)
	got := decode(t, Options{Kind: Predictions}, strings.NewReader(log))
	if got.Rows != 3 || got.Bad != 1 || got.rows[1]["c"] != long || got.rows[2]["c"] != "b" {
		t.Errorf("%+v", got.Summary)
	}
	if s := fmt.Sprint(got.Rejects); s != "[{log longer than 16 MiB 1 3}]" {
		t.Errorf("rejects %s", s)
	}
}

// How a reader cuts the log into pieces does not matter.
func TestPieces(t *testing.T) {
	log := "\ufeff" + predictionLine(`{"c":"a\u00fc","n":-1.5e3}`) + "{bad\n\r\n" + predictionLine(`{"c":null,"l":[1,"]"]}`) + predictionLine(`{"c":"b"}`)[:60]
	want := decode(t, Options{Kind: Predictions}, strings.NewReader(log))
	if want.Rows != 2 || want.Bad != 1 || len(want.Half) != 1 {
		t.Fatalf("%+v", want.Summary)
	}
	for name, r := range map[string]io.Reader{
		"one byte":  iotest.OneByteReader(strings.NewReader(log)),
		"halves":    iotest.HalfReader(strings.NewReader(log)),
		"early EOF": iotest.DataErrReader(strings.NewReader(log)),
	} {
		got := decode(t, Options{Kind: Predictions}, r)
		if fmt.Sprint(got.rows, got.Summary, got.errs) != fmt.Sprint(want.rows, want.Summary, want.errs) {
			t.Errorf("%s: %v %+v", name, got.rows, got.Summary)
		}
	}
	d := NewDecoder(Options{Kind: Predictions}, func(arrow.RecordBatch) error { return nil })
	if err := d.Read("log", iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(log)))); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("an error of the reader comes back as %v", err)
	}
}

// Many batches, a dictionary that is begun anew, columns that come late and go.
func TestManyBatches(t *testing.T) {
	const n = 150_000
	var log []byte
	for i := range n {
		p := Prediction{At: time.Unix(int64(i), 0), Score: float64(i), Label: "l", Input: []Field{
			{"id", StringValue("row " + strconv.Itoa(i))},
			{"twice", StringValue("pair " + strconv.Itoa(i/3))},
			{"c", StringValue("c" + strconv.Itoa(i%7))},
		}}
		if i >= 100_000 {
			p.Input = append(p.Input, Field{"late", NumberValue(float64(-i))})
		}
		if i%5 == 0 {
			p.Input = p.Input[:2]
		}
		log = AppendPrediction(log, p)
	}
	got := decode(t, Options{Kind: Predictions}, bytes.NewReader(log))
	if got.Rows != n || got.batches < 3 {
		t.Fatalf("%+v, %d batches", got.Summary, got.batches)
	}
	for i, row := range got.rows {
		want := map[string]any{"timestamp": time.Unix(int64(i), 0).UTC().Format(time.RFC3339), "score": float64(i), "label": "l", "inference_ms": 0.0, "model_version": "",
			"id": "row " + strconv.Itoa(i), "twice": "pair " + strconv.Itoa(i/3)}
		if i%5 != 0 {
			want["c"] = "c" + strconv.Itoa(i%7)
			if i >= 100_000 {
				want["late"] = float64(-i)
			}
		}
		if len(row) != len(want) {
			t.Fatalf("row %d: %v", i, row)
		}
		for k, v := range want {
			if row[k] != v {
				t.Fatalf("row %d: %s is %v, want %v", i, k, row[k], v)
			}
		}
	}
}

// A first batch that is full by its bytes is followed by one of more rows.
func TestBatchSizes(t *testing.T) {
	var log []byte
	const long, short = 1000, 5000
	for i := range long + short {
		s := strconv.Itoa(i)
		if i < long {
			s += strings.Repeat("x", 40_000)
		}
		log = AppendPrediction(log, Prediction{Score: float64(i), Input: []Field{{"t", StringValue(s)}}})
	}
	got := decode(t, Options{Kind: Predictions}, bytes.NewReader(log))
	if got.Rows != long+short || got.batches < 2 {
		t.Fatalf("%+v, %d batches", got.Summary, got.batches)
	}
	for i, row := range got.rows {
		if s := strings.TrimRight(row["t"].(string), "x"); s != strconv.Itoa(i) || row["score"] != float64(i) {
			t.Fatalf("row %d: %s, %v", i, s, row["score"])
		}
	}
}

// A log that makes up names is held to its bounds.
func TestManyColumns(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, `{"timestamp":"2026-03-01T12:00:00Z","score":1,"x%d":1,"input":{"f%d":1}}`+"\n", i, i)
	}
	got := decode(t, Options{Kind: Predictions}, strings.NewReader(b.String()))
	if got.schema.NumFields() != maxColumns || got.Rows != maxColumns-5 || got.Bad != 5000-(maxColumns-5) {
		t.Errorf("%d columns, %d rows, %d bad", got.schema.NumFields(), got.Rows, got.Bad)
	}
	if len(got.Unknown) > maxColumns+1 {
		t.Errorf("%d unknown fields", len(got.Unknown))
	}
}

func TestEmptyLog(t *testing.T) {
	got := decode(t, Options{Kind: Predictions}, strings.NewReader(""))
	if got.batches != 1 || got.schema.NumFields() != 5 || len(got.rows) != 0 {
		t.Errorf("%d batches, %v", got.batches, got.schema)
	}
}

func TestTooBad(t *testing.T) {
	for _, test := range []struct {
		rows, bad int64
		want      string
	}{
		{0, 0, ""}, {0, 1, "the only line is bad"}, {0, 2, "all 2 lines are bad"}, {5, 5, ""}, {4, 5, "5 of 9 lines are bad, more than 1 %"}, {11, 10, ""}, {1000, 11, "11 of 1011 lines are bad, more than 1 %"}, {2000, 11, ""}, {2, 9, "9 of 11 lines are bad, more than 1 %"},
	} {
		s := Summary{Lines: test.rows + test.bad, Rows: test.rows, Bad: test.bad}
		got := ""
		if err := s.TooBad(0.01, 10); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
	s := Summary{Lines: 3, Rows: 1, Bad: 2, Rejects: []verdict.Reject{
		{Source: "a", Reason: "type: column x: want a number", Count: 1, FirstLines: "1"}, {Source: "b", Reason: "value: want an object", Count: 2, FirstLines: "7 9"}, {Source: "c", Reason: "not JSON", Count: 1, FirstLines: "1"},
	}}
	if err := s.TooBad(0.5, 0); fmt.Sprint(err) != "b:7: value: want an object; 2 of 3 lines are bad, more than 50 %" {
		t.Error(err)
	}
}

// FuzzDecoder reads one line both ways. Where encoding/json sees an object with
// flat values, the row must hold the same values; what it refuses, we refuse.
func FuzzDecoder(f *testing.F) {
	for _, s := range []string{
		predictionLine(`{"n":1,"c":"x","b":true,"z":null}`),
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
		for _, tail := range []string{"\n", "", "\n" + predictionLine("{}")} {
			compare(t, line, decode(t, Options{Kind: Predictions}, strings.NewReader(line+tail)), tail)
		}
	})
}

func compare(t *testing.T, line string, got decoded, tail string) {
	rows := got.rows
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
		for _, r := range got.Rejects {
			for _, rule := range []string{"missing", "twice", "want a", "2^53", "out of range", "deeper", "4096", "1024"} {
				if strings.Contains(r.Reason, rule) {
					return
				}
			}
		}
		t.Fatalf("%q: encoding/json reads it, we do not: %v", line, got.errs)
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
			c = InputPrefix + k
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
		if len(k) > maxKey {
			want = nil
		}
		if g := rows[0][c]; g != want && !strings.HasPrefix(k, InputPrefix) {
			t.Fatalf("%q: %q is %v, want %v", line, k, g, want)
		}
	}
}

func TestClock(t *testing.T) {
	var c clock
	for _, s := range []string{
		"2026-03-01T12:34:56Z", "2024-02-29T23:59:59.999999Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.5Z", "2000-02-29T00:00:00+05:30",
		"0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "1900-03-01T00:00:00Z", "2026-03-01T12:34:56.123456789Z",
	} {
		want, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		got, zone, ok := c.parse([]byte(s))
		if !ok || !zone || got != want.UnixMicro() {
			t.Errorf("%s: want %d, got %d, %v, %v", s, want.UnixMicro(), got, zone, ok)
		}
	}
	for s, want := range map[string]string{
		"2026-03-01 12:34:56": "2026-03-01T12:34:56Z", "2026-03-01t12:34:56.5": "2026-03-01T12:34:56.5Z",
		"2026-03-01T12:34:56+0130": "2026-03-01T11:04:56Z", "2026-03-01T12:34:56-01": "2026-03-01T13:34:56Z", "2026-03-01T12:34:56z": "2026-03-01T12:34:56Z",
	} {
		w, _ := time.Parse(time.RFC3339Nano, want)
		if got, _, ok := c.parse([]byte(s)); !ok || got != w.UnixMicro() {
			t.Errorf("%s: got %d, %v", s, got, ok)
		}
	}
	for _, s := range []string{
		"", "2026-03-01", "2026-03-01T12:34", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-03-00T00:00:00Z",
		"2026-03-01T24:00:00Z", "2026-03-01T00:60:00Z", "2026-03-01T00:00:60Z", "2026-03-01T00:00:00.Z", "2026-03-01T00:00:00+1", "2026-03-01T00:00:00*01:00", "2026-03-01T00:00:00ZZ",
		"2026-03-01_00:00:00Z", "20x6-03-01T00:00:00Z", "2026/03/01T00:00:00Z", "2026-03-01T00:00:00+24:00",
	} {
		if got, _, ok := c.parse([]byte(s)); ok {
			t.Errorf("%q is read as %d", s, got)
		}
	}
	// Every day of 2,800 years, against the standard library.
	for day := int64(-700_000); day < 330_000; day += 1 {
		w := time.Unix(day*86400, 0).UTC()
		y, m, d := w.Date()
		if got := daysFrom1970(y, int(m), d); got != day {
			t.Fatalf("%v: want day %d, got %d", w, day, got)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, s := range []string{
		"0", "-0", "1", "-1.5", "0.1", "123456789.123456789", "9007199254740992", "-9007199254740992", "1e22", "1e23", "1e-22", "1E+5", "0.30000000000000004", "2.2250738585072011e-308",
		"17976931348623157000e289", "5e-324", "1e-400", "1234567890123456789.5", "12345678901234567890.5", "0.000000000000000000000000000000123", "9007199254740993.0", "1.7976931348623157e308",
	} {
		want, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		b := append([]byte(s), "\n................"...)
		if got, end := number(b, 0); end != len(s) || math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("%s: want %v, got %v, end %d", s, want, got, end)
		}
	}
}
