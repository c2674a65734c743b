package batch_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/predlog/logtest"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// Many batches, a dictionary that is begun anew, columns that come late and go.
func TestManyBatches(t *testing.T) {
	const n = 150_000
	var log []byte
	for i := range n {
		p := record.Prediction{At: time.Unix(int64(i), 0), Score: float64(i), Label: "l", Input: []record.Field{
			{Name: "id", Value: record.StringValue("row " + strconv.Itoa(i))},
			{Name: "twice", Value: record.StringValue("pair " + strconv.Itoa(i/3))},
			{Name: "c", Value: record.StringValue("c" + strconv.Itoa(i%7))},
		}}
		if i >= 100_000 {
			p.Input = append(p.Input, record.Field{Name: "late", Value: record.NumberValue(float64(-i))})
		}
		if i%5 == 0 {
			p.Input = p.Input[:2]
		}
		log = record.AppendPrediction(log, p)
	}
	got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, bytes.NewReader(log))
	if got.Summary.Rows != n || got.Batches < 3 {
		t.Fatalf("%+v, %d batches", got.Summary, got.Batches)
	}
	for i, row := range got.Rows {
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
		log = record.AppendPrediction(log, record.Prediction{Score: float64(i), Input: []record.Field{{Name: "t", Value: record.StringValue(s)}}})
	}
	got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, bytes.NewReader(log))
	if got.Summary.Rows != long+short || got.Batches < 2 {
		t.Fatalf("%+v, %d batches", got.Summary, got.Batches)
	}
	for i, row := range got.Rows {
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
	got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(b.String()))
	if got.Schema.NumFields() != batch.MaxColumns || got.Summary.Rows != batch.MaxColumns-5 || got.Summary.Bad != 5000-(batch.MaxColumns-5) {
		t.Errorf("%d columns, %d rows, %d bad", got.Schema.NumFields(), got.Summary.Rows, got.Summary.Bad)
	}
	if len(got.Summary.Unknown) > batch.MaxColumns+1 {
		t.Errorf("%d unknown fields", len(got.Summary.Unknown))
	}
}

func TestEmptyLog(t *testing.T) {
	got := logtest.Decode(t, mapping.Options{Kind: mapping.Predictions}, strings.NewReader(""))
	if got.Batches != 1 || got.Schema.NumFields() != 5 || len(got.Rows) != 0 {
		t.Errorf("%d batches, %v", got.Batches, got.Schema)
	}
}
