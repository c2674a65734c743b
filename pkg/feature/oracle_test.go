package feature

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// TestOracle compares with testdata/train/columns.py, which made the sample
// model's rows in Python: the rows must be equal, float32 by float32.
func TestOracle(t *testing.T) {
	p, err := Open("../../testdata/features.json")
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("../../testdata/oracle/leads.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	width := len(p.Columns())
	var want [][]*float32
	var log []byte
	out := make([]float64, width)
	for lines.Scan() {
		var line struct {
			Lead    map[string]any
			Columns []*float32
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line.Lead == nil {
			continue // a row of the model alone
		}
		in := make([]record.Value, len(p.Raw()))
		var fields []record.Field
		for i, r := range p.Raw() {
			switch v := line.Lead[r.Name].(type) {
			case float64:
				in[i] = record.NumberValue(v)
			case string:
				in[i] = record.StringValue(v)
			}
			fields = append(fields, record.Field{Name: r.Name, Value: in[i]})
		}
		if err := p.Row(in, out); err != nil {
			t.Fatal(err)
		}
		check(t, p, len(want), out, line.Columns)
		want = append(want, line.Columns)
		log = record.AppendPrediction(log, record.Prediction{Input: fields})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(want) < 2000 {
		t.Fatalf("%d leads", len(want))
	}

	// The same leads by way of a log.
	var pins []mapping.Pin
	for _, r := range p.Raw() {
		pins = append(pins, mapping.Pin{Name: r.Name, Type: r.Type})
	}
	seen := 0
	d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions, Columns: pins}}, func(rec arrow.RecordBatch) error {
		rows := make([]float64, int(rec.NumRows())*width)
		if err := p.Batch(rec, rows); err != nil {
			return err
		}
		for ; len(rows) > 0; rows = rows[width:] {
			check(t, p, seen, rows[:width], want[seen])
			seen++
		}
		return nil
	})
	if err := d.From("log", strings.NewReader(string(log))); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if seen != len(want) {
		t.Errorf("%d of %d rows came through the log", seen, len(want))
	}
}

func check(t *testing.T, p *Pipeline, row int, got []float64, want []*float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("row %d: %d columns, want %d", row, len(got), len(want))
	}
	for i, w := range want {
		x := float32(math.NaN())
		if w != nil {
			x = *w
		}
		if !same(float64(float32(got[i])), float64(x)) {
			t.Errorf("row %d column %s: want %v, got %v", row, p.Columns()[i], x, got[i])
		}
	}
}

func BenchmarkBatch(b *testing.B) {
	p, err := Open("../../testdata/features.json")
	if err != nil {
		b.Fatal(err)
	}
	f, err := os.Open("../../testdata/reference.csv")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	b.ReportAllocs()
	_, err = predlog.ReferenceFrom("reference.csv", f, predlog.Options{}, func(rec arrow.RecordBatch) error {
		out := make([]float64, int(rec.NumRows())*len(p.Columns()))
		for b.Loop() {
			if err := p.Batch(rec, out); err != nil {
				return err
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rec.NumRows()), "ns/row")
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
