package table

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
)

// Levels of zstd: the fastest one, and one for free text, of which most files consist: there
// it is a tenth smaller for a tenth more time.
const (
	zstdLevel     = 1
	zstdTextLevel = 3
)

// layout says how a column is stored, by its first values. Values that repeat have a
// dictionary: of others one is made for nothing, and given up when it has grown too long.
// Texts have their lengths apart, whole numbers and moments their differences. Bytes of
// floats by their place would be smaller still, but Spark's vectorized reader does not know
// them.
func layout(path parquet.ColumnPath, a arrow.Array) []parquet.WriterProperty {
	if !mostlyDistinct(a) {
		return nil
	}
	options := []parquet.WriterProperty{parquet.WithDictionaryPath(path, false)}
	encoded := func(e parquet.Encoding) { options = append(options, parquet.WithEncodingPath(path, e)) }
	kind := a.DataType()
	if d, ok := a.(*array.Dictionary); ok {
		kind = d.Dictionary().DataType()
	}
	switch kind.ID() {
	case arrow.STRING, arrow.LARGE_STRING:
		encoded(parquet.Encodings.DeltaLengthByteArray)
		options = append(options, parquet.WithCompressionLevelPath(path, zstdTextLevel))
	case arrow.INT64, arrow.TIMESTAMP:
		encoded(parquet.Encodings.DeltaBinaryPacked)
	}
	return options
}

// layoutSample is how many values of a column are looked at.
const layoutSample = 1 << 12

// mostlyDistinct tells a column whose first values hardly repeat.
func mostlyDistinct(a arrow.Array) bool {
	n := min(a.Len(), layoutSample)
	seen := map[string]bool{}
	switch a := a.(type) {
	case *array.Dictionary:
		return manyOf(a.Dictionary().Len(), a.Len())
	case *array.Float64:
		return distinct(a.Float64Values()[:n])
	case *array.Float32:
		return distinct(a.Float32Values()[:n])
	case *array.Int64:
		return distinct(a.Int64Values()[:n])
	case *array.Timestamp:
		return distinct(a.TimestampValues()[:n])
	case *array.String:
		for i := range n {
			seen[a.Value(i)] = true
		}
	case *array.LargeString:
		for i := range n {
			seen[a.Value(i)] = true
		}
	}
	return manyOf(len(seen), n)
}

func distinct[T comparable](values []T) bool {
	seen := make(map[T]bool, len(values))
	for _, v := range values {
		seen[v] = true
	}
	return manyOf(len(seen), len(values))
}

// manyOf is the share of distinct values from which they are said to hardly repeat.
func manyOf(distinct, of int) bool { return of > 0 && 2*distinct > of }
