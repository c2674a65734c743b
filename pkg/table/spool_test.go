package table

import (
	"fmt"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// What is spilt to a file comes back in order, as often as it is asked for.
func TestSpool(t *testing.T) {
	schema := Named("rows", arrow.NewSchema([]arrow.Field{Field("n", arrow.PrimitiveTypes.Int64, "")}, nil))
	for _, spills := range []bool{false, true} {
		var s Spool
		if !s.Empty() {
			t.Error("it is not empty at first")
		}
		if spills {
			s.bytes = spoolMemory // the first batch spills
		}
		for i := range 4 {
			b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
			for range i {
				b.Field(0).(*array.Int64Builder).Append(int64(i))
			}
			rec := b.NewRecordBatch()
			if err := s.Add(rec); err != nil {
				t.Fatal(err)
			}
			rec.Release()
			b.Release()
		}
		if (s.file != nil) != spills || s.Empty() {
			t.Errorf("spills is %v: a file %v, empty %v", spills, s.file != nil, s.Empty())
		}
		for range 2 {
			var got []string
			if err := s.Each(func(rec arrow.RecordBatch) error {
				got = append(got, fmt.Sprint(rec.NumRows(), rec.Column(0)))
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if want := "[0 [] 1 [1] 2 [2 2] 3 [3 3 3]]"; fmt.Sprint(got) != want {
				t.Errorf("spills is %v: got %v, want %s", spills, got, want)
			}
		}
		s.Close()
	}
}
