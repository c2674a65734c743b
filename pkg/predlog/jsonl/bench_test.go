package jsonl_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog/jsonl"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// benchLog makes a log of n lines of about 900 bytes with 25 keys.
func benchLog(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	text := func(size int) string {
		var b strings.Builder
		for b.Len() < size {
			fmt.Fprintf(&b, "word%d ", r.IntN(1000))
		}
		return b.String()
	}
	var log []byte
	for i := range n {
		p := record.Prediction{At: time.Unix(1.7e9, int64(i)*1e6), Score: r.Float64(), Label: []string{"hot", "cold"}[r.IntN(2)], InferenceMS: float64(r.IntN(5000)) / 1000, Version: "v1"}
		for f := range 5 {
			p.Input = append(p.Input, record.Field{Name: fmt.Sprintf("number_%d", f), Value: record.NumberValue(float64(r.IntN(10000)) / 100)})
		}
		for f := range 11 {
			p.Input = append(p.Input, record.Field{Name: fmt.Sprintf("category_%d", f), Value: record.StringValue(fmt.Sprintf("value %d of %d", r.IntN(5+20*f), f))})
		}
		for f := range 3 {
			p.Input = append(p.Input, record.Field{Name: fmt.Sprintf("text_%d", f), Value: record.StringValue(text(30 + 100*f))})
		}
		log = record.AppendPrediction(log, p)
	}
	return log
}

func BenchmarkReader(b *testing.B) {
	log := benchLog(20_000)
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	for b.Loop() {
		t := mapping.New(mapping.Options{Kind: mapping.Predictions}, nil, func(arrow.RecordBatch) error { return nil })
		if err := jsonl.NewReader(t).Read("log", bytes.NewReader(log)); err != nil {
			b.Fatal(err)
		}
		if _, err := t.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
