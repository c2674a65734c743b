package predlog

import (
	"reflect"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/jq"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// read reads a log, by the name of a file, with what makes its records or without.
func read(t *testing.T, name, text string, records *jq.Pipeline) (rows []map[string]string, s faults.Summary, err error) {
	t.Helper()
	d := NewDecoder(Options{Mapping: mapping.Options{Kind: mapping.Predictions}, Records: records}, func(rec arrow.RecordBatch) error {
		for i := range int(rec.NumRows()) {
			row := map[string]string{}
			for j, column := range rec.Columns() {
				if words, ok := column.(*array.Dictionary); ok && !column.IsNull(i) {
					row[rec.ColumnName(j)] = words.Dictionary().ValueStr(words.GetValueIndex(i))
				} else if !column.IsNull(i) {
					row[rec.ColumnName(j)] = column.ValueStr(i)
				}
			}
			rows = append(rows, row)
		}
		return nil
	})
	if err = d.From(name, strings.NewReader(text)); err != nil {
		return nil, s, err
	}
	s, err = d.Close()
	return rows, s, err
}

// The program that changes nothing gives the rows that the log has without it.
func FuzzNothingChanged(f *testing.F) {
	const line = `{"timestamp":"2026-03-01T12:00:00Z","score":0.5,"label":"a","input":{"n":1.5,"c":"x","b":true,"z":null}}` + "\n"
	for _, text := range []string{
		line, line + line, line + "\n\r\n" + line + `{"timestamp":"2026-03-01T12`, "\ufeff" + line, `{"input":{"a":1}}` + "\n" + `{"input":{"a":"x"}}`,
		strings.Repeat(line, 30) + `{"score":"x"}` + "\nnot JSON\n[1]\n" + line, `{"timestamp":1772366400,"score":"0.5","input":{"n":9007199254740993,"i":-0.0}}`,
		`{"input":{"n":NaN,"l":[1,{"a":2}]},"score":1}`, "timestamp,score,n\n2026-03-01T12:00:00Z,0.5,1\n,,\n",
	} {
		f.Add(text)
	}
	same, err := jq.Compile(".", nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, plain, err := read(t, "log", text, nil)
		if err != nil {
			return
		}
		got, through, err := read(t, "log", text, &jq.Pipeline{Stages: []jq.Stage{{Name: "jq", Program: same}}})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		// What is no prediction is refused by both, if not always for one reason: a
		// program sees all of a record, its reader what it needs.
		if plain.Bad == 0 && through.Bad == 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: rows %v, want %v", text, got, want)
		}
	})
}

func TestNothingChanged(t *testing.T) {
	text := strings.Repeat(`{"timestamp":"2026-03-01T12:00:00Z","score":0.5,"input":{"n":1}}`+"\n", 25) + "{\n" + `{"score":1,"timestamp":"x","input":{}}` + "\n"
	same, err := jq.Compile(".", nil)
	if err != nil {
		t.Fatal(err)
	}
	want, plain, err := read(t, "log", text, nil)
	if err != nil || len(want) != 25 || plain.Bad != 2 {
		t.Fatal(len(want), plain.Bad, err)
	}
	got, through, err := read(t, "log", text, &jq.Pipeline{Stages: []jq.Stage{{Name: "jq", Program: same}}})
	if err != nil || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(through.Rejects, plain.Rejects) || through.Lines != plain.Lines {
		t.Errorf("%d rows, %+v, want %d, %+v (%v)", len(got), through, len(want), plain, err)
	}
}
