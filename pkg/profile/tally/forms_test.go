package tally_test

import (
	"bytes"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/profile/profiletest"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// TestOtherForms: a column counts the same as dictionary, large strings, plain
// strings, or another width of number.
func TestOtherForms(t *testing.T) {
	p := profiletest.Plan(t, profiletest.Options, []profiletest.Row{{Amount: 1.0, City: "a", Note: "x", Score: 0.5}})
	cities := []any{"a", nil, "b", "", "a", "c", "b"}
	notes := []any{"x,y", "x", nil, "zz", "x,y", "", "ü"}
	build := func(text arrow.DataType, number arrow.DataType) arrow.RecordBatch {
		b := array.NewRecordBuilder(memory.DefaultAllocator, table.Named("predictions", arrow.NewSchema([]arrow.Field{
			table.Field("city", text, table.Feature), table.Field("note", text, table.Text), table.Field("amount", number, table.Feature),
		}, nil)))
		defer b.Release()
		for i := range cities {
			for j, v := range []any{cities[i], notes[i], int64(i)} {
				switch b := b.Field(j).(type) {
				case *array.StringBuilder:
					appendText(v, b.AppendNull, b.Append)
				case *array.LargeStringBuilder:
					appendText(v, b.AppendNull, b.Append)
				case *array.BinaryDictionaryBuilder:
					appendText(v, b.AppendNull, func(s string) {
						if err := b.AppendString(s); err != nil {
							t.Fatal(err)
						}
					})
				case *array.Float64Builder:
					b.Append(float64(v.(int64)))
				case *array.Float32Builder:
					b.Append(float32(v.(int64)))
				case *array.Int32Builder:
					b.Append(int32(v.(int64)))
				case *array.Uint64Builder:
					b.Append(uint64(v.(int64)))
				}
			}
		}
		return b.NewRecordBatch()
	}
	bytesFor := func(rec arrow.RecordBatch) []byte {
		f := tally.New(p, view.Period{})
		if err := f.AddRows(rec); err != nil {
			t.Fatal(err)
		}
		return profiletest.Bytes(t, f)
	}
	want := bytesFor(build(arrow.BinaryTypes.String, arrow.PrimitiveTypes.Float64))
	dict := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	for _, rec := range []arrow.RecordBatch{
		build(dict, arrow.PrimitiveTypes.Int32),
		build(dict, arrow.PrimitiveTypes.Uint64),
		build(arrow.BinaryTypes.LargeString, arrow.PrimitiveTypes.Float32),
	} {
		if !bytes.Equal(bytesFor(rec), want) {
			t.Errorf("%v counts other bytes", rec.Schema())
		}
		// A slice of a batch counts as its rows alone.
		f, g := tally.New(p, view.Period{}), tally.New(p, view.Period{})
		for _, err := range []error{f.AddRows(rec.NewSlice(0, 3)), g.AddRows(rec.NewSlice(3, 7)), f.Merge(g)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(profiletest.Bytes(t, f), want) {
			t.Errorf("slices of %v count other bytes", rec.Schema())
		}
	}
}

func appendText(v any, null func(), text func(string)) {
	if s, ok := v.(string); ok {
		text(s)
		return
	}
	null()
}
