package predlog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/logtest"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// A reference is whole but for one line in a hundred.
func TestReferenceTooBad(t *testing.T) {
	for _, test := range []struct {
		good, bad int
		want      string
	}{
		{99, 1, ""},
		{98, 1, "ref.csv:2: wrong number of fields; 1 of 99 lines are bad, more than 1 %"},
		{0, 3, "ref.csv:2: wrong number of fields; all 3 lines are bad"},
	} {
		text := "a,b\n" + strings.Repeat("1\n", test.bad) + strings.Repeat("1,2\n", test.good)
		s, err := predlog.ReferenceFrom("ref.csv", strings.NewReader(text), predlog.Options{}, func(arrow.RecordBatch) error { return nil })
		if got := fmt.Sprint(err); got != test.want && (err != nil || test.want != "") {
			t.Errorf("%d and %d: %s", test.good, test.bad, got)
		}
		if s.Bad != int64(test.bad) || s.Rows != int64(test.good) {
			t.Errorf("%d and %d: %+v", test.good, test.bad, s)
		}
	}
}

// A score that is no number spoils its row, so that a column of words under that
// name is no reference's score.
func TestReferenceScoreOfText(t *testing.T) {
	const row = `{"score":"high"}` + "\n"
	for name, text := range map[string]string{"ref.csv": "score,a\nhigh,1\nlow,2\n", "ref.jsonl": row + row} {
		_, err := predlog.ReferenceFrom(name, strings.NewReader(text), predlog.Options{}, func(arrow.RecordBatch) error { return nil })
		if err == nil || !strings.HasSuffix(err.Error(), ": score: want a number; all 2 lines are bad") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if rows, _, s := logtest.Reference(t, "ref.csv", "score,a\n,1\nNaN,2\n", predlog.Options{}); len(rows) != 2 || s.Bad != 0 {
		t.Errorf("without scores: %+v", s)
	}
}

// The JSON forms: flat rows, and a prediction log taken as reference.
func TestReferenceJSON(t *testing.T) {
	flat := `{"n":1,"c":"x","score":0.5,"y":true}` + "\n" + `{"n":2,"c":"` + strings.Repeat("y", 200) + `"}` + "\n"
	_, schema, _ := logtest.Reference(t, "ref.jsonl", flat, predlog.Options{Mapping: mapping.Options{Target: "y"}})
	if d, want := logtest.Describe(schema), "score number score held_out, n number feature, c text text, y text target"; d != want {
		t.Errorf("got  %s\nwant %s", d, want)
	}
	_, schema, _ = logtest.Reference(t, "ref.jsonl", logtest.Line(`{"n":1}`), predlog.Options{})
	if d, want := logtest.Describe(schema), "timestamp text timestamp, score number score held_out, label text label, inference_ms number latency, model_version text version, n number feature"; d != want {
		t.Errorf("got  %s\nwant %s", d, want)
	}
}

// Where the log's score stands in a list under its own name, the reference's may be the
// number itself or such a list.
func TestReferenceScoreBesideALogsList(t *testing.T) {
	o := predlog.Options{Mapping: mapping.Options{Fields: mapping.Fields{Predictions: map[string]mapping.Field{"score": {Path: "score[1]"}}}.Of(mapping.References)}}
	for name, text := range map[string]string{"ref.csv": "score,a\n0.25,1\n", "ref.jsonl": `{"score":0.25,"a":1}` + "\n", "list.jsonl": `{"score":[0.75,0.25],"a":1}` + "\n"} {
		rows, schema, s := logtest.Reference(t, name, text, o)
		if d := logtest.Describe(schema); d != "score number score held_out, a number feature" || s.Bad != 0 {
			t.Errorf("%s: %s, %+v", name, d, s)
		} else if got := fmt.Sprint(rows); got != "[map[a:1 score:0.25]]" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Types of a log's fields by a reference of several batches; what is pinned stays.
func TestReferencePins(t *testing.T) {
	var text strings.Builder
	text.WriteString("score,n,c,zip,note,who\n")
	for i := range 70_000 {
		fmt.Fprintf(&text, "0.5,%d,c%d,8001,%s,%d\n", i, i%3, strings.Repeat("long text ", 7), i)
	}
	path := filepath.Join(t.TempDir(), "ref.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	o := predlog.Options{Mapping: mapping.Options{ID: "who", Columns: []mapping.Pin{{Name: "zip", Type: "category"}}}}
	got, err := predlog.ReferencePins(path, o)
	if want := "[{zip category false [] []} {c category true [] []} {n number true [] []} {note text true [] []} {who id true [] []}]"; err != nil || fmt.Sprint(got) != want {
		t.Errorf("%v, %v, want %s", got, err, want)
	}
	if _, err := predlog.ReferencePins(path+"x", o); err == nil || err.Error() != path+"x: no such file or directory" {
		t.Errorf("got %v", err)
	}
}
