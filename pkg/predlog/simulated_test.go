package predlog_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
)

// That rows are simulated is no input, in a line as in a column, unless the settings
// name one so.
func TestSimulatedColumn(t *testing.T) {
	type row struct {
		Timestamp string  `table:"timestamp"`
		Score     float64 `table:"score"`
		N         float64 `table:"n"`
		Simulated string  `table:"simulated"`
	}
	type flag struct {
		Timestamp string  `table:"timestamp"`
		Score     float64 `table:"score"`
		N         float64 `table:"n"`
		Simulated bool    `table:"simulated"`
	}
	const at = "2026-01-05T00:00:00Z"
	stream := func(rec arrow.RecordBatch) string {
		var b bytes.Buffer
		w := table.NewWriter(&b)
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"log.jsonl":  `{"timestamp":"` + at + `","score":0.5,"input":{"n":1},"simulated":true}` + "\n",
		"log.csv":    "timestamp,score,n,simulated\n" + at + ",0.5,1,True\n",
		"log.arrows": stream(table.Encode("predictions", []row{{at, 0.5, 1, "true"}})),
		"bool":       stream(table.Encode("predictions", []flag{{at, 0.5, 1, true}})),
		"not.csv":    "timestamp,score,n,simulated\n" + at + ",0.5,1,false\n",
	} {
		for _, pinned := range []bool{false, true} {
			o := predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}
			if pinned {
				o.Mapping.Columns = []mapping.Pin{{Name: "simulated", Type: "category"}}
			}
			var schema *arrow.Schema
			d := predlog.NewDecoder(o, func(rec arrow.RecordBatch) error { schema = rec.Schema(); return nil })
			if err := d.From(name, strings.NewReader(text)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if _, err := d.Close(); err != nil {
				t.Fatal(err)
			}
			mark, _ := table.MetaOf(schema, table.KeySimulated)
			input := len(schema.FieldIndices("simulated")) > 0
			if pinned && name == "log.jsonl" { // the field of a line stands outside the input
				continue
			}
			if input != pinned || (mark == "true") != (!pinned && name != "not.csv") {
				t.Errorf("%s, pinned %v: an input %v, marked %q", name, pinned, input, mark)
			}
		}
	}
}
