//go:build nightly

package net_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// tableDigest describes a Parquet file as `rows=N meta:8hex column:8hex ...`,
// with the columns in their order. It reads by arrow-go alone, so that a fault
// of leadsman's own reader cannot hide one of its writer. A column's digest is
// of its values, row by row, and meta of everything else: names, types, roles.
func tableDigest(name, path string) (line string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	pf, err := file.NewParquetReader(f)
	if err != nil {
		return "", err
	}
	fr, err := pqarrow.NewFileReader(pf, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return "", err
	}
	schema, err := fr.Schema() // the table's own has lost the metadata
	if err != nil {
		return "", err
	}
	table, err := fr.ReadTable(context.Background())
	if err != nil {
		return "", err
	}
	defer table.Release()

	masks := masked[name]
	var b strings.Builder
	if masks["(rows)"] != "" {
		b.WriteString("rows=masked")
	} else {
		fmt.Fprintf(&b, "rows=%d", table.NumRows())
	}
	fmt.Fprintf(&b, " meta:%x", first(metaSum(schema), 4))
	seen := 0
	for i, field := range schema.Fields() {
		column := field.Name
		if strconv.Quote(column) != `"`+column+`"` || strings.ContainsAny(column, " :") {
			column = strings.ReplaceAll(strconv.QuoteToASCII(column), " ", `\x20`)
		}
		if masks[field.Name] != "" {
			fmt.Fprintf(&b, " %s:masked", column)
			seen++
			continue
		}
		sum := sha256.New()
		for _, chunk := range table.Column(i).Data().Chunks() {
			for row := range chunk.Len() {
				if err := writeCell(sum, chunk, row); err != nil {
					return "", fmt.Errorf("column %s: %w", field.Name, err)
				}
			}
		}
		fmt.Fprintf(&b, " %s:%x", column, sum.Sum(nil)[:4])
	}
	if masks["(rows)"] != "" {
		seen++
	}
	if seen != len(masks) {
		return "", errors.New("a column is masked that is not there")
	}
	return b.String(), nil
}

// metaSum is over the schema: its metadata, and name, type, nullability and
// metadata of each column.
func metaSum(schema *arrow.Schema) [sha256.Size]byte {
	var b strings.Builder
	pairs := func(m arrow.Metadata) {
		var all []string
		for i, key := range m.Keys() {
			all = append(all, strconv.Quote(key)+"="+strconv.Quote(m.Values()[i]))
		}
		slices.Sort(all)
		fmt.Fprintln(&b, strings.Join(all, " "))
	}
	pairs(schema.Metadata())
	for _, field := range schema.Fields() {
		fmt.Fprintf(&b, "%q %s %t ", field.Name, field.Type, field.Nullable)
		pairs(field.Metadata)
	}
	return sha256.Sum256([]byte(b.String()))
}

// writeCell writes a value so that no two values are written alike: a letter
// for its kind, and the length before a text. How it is stored (a dictionary, or
// fewer bits) does not show.
func writeCell(w hash.Hash, a arrow.Array, i int) error {
	if a.IsNull(i) {
		_, err := fmt.Fprint(w, "null;")
		return err
	}
	var err error
	switch a := a.(type) {
	case *array.String:
		_, err = fmt.Fprintf(w, "s%d:%s;", len(a.Value(i)), a.Value(i))
	case *array.LargeString:
		_, err = fmt.Fprintf(w, "s%d:%s;", len(a.Value(i)), a.Value(i))
	case *array.Binary:
		_, err = fmt.Fprintf(w, "b%d:%s;", len(a.Value(i)), a.Value(i))
	case *array.Boolean:
		_, err = fmt.Fprintf(w, "o%t;", a.Value(i))
	case *array.Int8:
		_, err = fmt.Fprintf(w, "i%d;", a.Value(i))
	case *array.Int16:
		_, err = fmt.Fprintf(w, "i%d;", a.Value(i))
	case *array.Int32:
		_, err = fmt.Fprintf(w, "i%d;", a.Value(i))
	case *array.Int64:
		_, err = fmt.Fprintf(w, "i%d;", a.Value(i))
	case *array.Uint32:
		_, err = fmt.Fprintf(w, "i%d;", a.Value(i))
	case *array.Uint64:
		_, err = fmt.Fprintf(w, "i%d;", a.Value(i))
	case *array.Float32:
		_, err = fmt.Fprintf(w, "f%x;", math.Float64bits(float64(a.Value(i))))
	case *array.Float64:
		_, err = fmt.Fprintf(w, "f%x;", math.Float64bits(a.Value(i)))
	case *array.Timestamp:
		_, err = fmt.Fprintf(w, "t%d%s;", a.Value(i), a.DataType().(*arrow.TimestampType).Unit)
	case *array.Dictionary:
		err = writeCell(w, a.Dictionary(), a.GetValueIndex(i))
	case array.ListLike:
		from, to := a.ValueOffsets(i)
		if _, err = fmt.Fprintf(w, "l%d:", to-from); err != nil {
			return err
		}
		for j := from; j < to; j++ {
			if err := writeCell(w, a.ListValues(), int(j)); err != nil {
				return err
			}
		}
	default:
		err = fmt.Errorf("values of type %s have no digest", a.DataType())
	}
	return err
}
