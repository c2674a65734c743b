package tally_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// wideBatch has numbers and categories in equal shares, as one day's log in
// order of time.
func wideBatch(r *rand.Rand, rows, columns int) arrow.RecordBatch {
	fields := []arrow.Field{
		table.Field("timestamp", table.Micros, table.Timestamp),
		table.Field("score", arrow.PrimitiveTypes.Float64, table.Score),
		table.Field("label", arrow.BinaryTypes.String, table.Label),
		table.Field("inference_ms", arrow.PrimitiveTypes.Float64, table.Latency),
	}
	for i := range columns {
		t := arrow.DataType(arrow.PrimitiveTypes.Float64)
		if i%2 == 1 {
			t = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
		}
		fields = append(fields, table.Field(fmt.Sprint("f", i), t, table.Feature))
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.Named("predictions", arrow.NewSchema(fields, nil)))
	defer b.Release()
	for row := range rows {
		b.Field(0).(*array.TimestampBuilder).Append(arrow.Timestamp(profiletest.Day.UnixMicro() + int64(row)*int64(24*time.Hour/1000)/int64(rows)))
		b.Field(1).(*array.Float64Builder).Append(r.Float64())
		b.Field(2).(*array.StringBuilder).Append([]string{"yes", "no"}[r.IntN(2)])
		b.Field(3).(*array.Float64Builder).Append(r.ExpFloat64())
		for i := range columns {
			switch b := b.Field(4 + i).(type) {
			case *array.Float64Builder:
				if i%4 == 0 {
					b.Append(r.NormFloat64())
				} else {
					b.Append(float64(r.IntN(100)))
				}
			case *array.BinaryDictionaryBuilder:
				if err := b.AppendString(fmt.Sprint("category ", r.IntN(20*(i+1)))); err != nil {
					panic(err)
				}
			}
		}
	}
	return b.NewRecordBatch()
}

// BenchmarkAddRows counts 65,536 rows of 20 features by a reference of 100,000.
func BenchmarkAddRows(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	planner := plan.NewPlanner(profiletest.Options)
	if err := planner.Add(wideBatch(r, 100_000, 20)); err != nil {
		b.Fatal(err)
	}
	p, err := planner.Plan()
	if err != nil {
		b.Fatal(err)
	}
	const rows = 1 << 16
	batch := wideBatch(r, rows, 20)
	f := tally.New(p, view.Period{})
	if err := f.AddRows(wideBatch(r, 2*rows, 20)); err != nil { // which uses up what is kept of distinct values
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := f.AddRows(batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows/20, "ns/value")
	b.ReportMetric(float64(b.Elapsed().Seconds())/float64(b.N)/rows*1e6, "s/Mrow")
}

// BenchmarkPlan makes the plan of 100,000 rows of 20 features.
func BenchmarkPlan(b *testing.B) {
	const rows = 100_000
	batch := wideBatch(rand.New(rand.NewPCG(1, 1)), rows, 20)
	b.ReportAllocs()
	for b.Loop() {
		planner := plan.NewPlanner(profiletest.Options)
		if err := planner.Add(batch); err != nil {
			b.Fatal(err)
		}
		if _, err := planner.Plan(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Seconds())/float64(b.N)/rows*1e6, "s/Mrow")
}
