package parquetfile

import (
	"fmt"
	"math"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// nodesOf returns the schema of a file that holds tables of s.
func nodesOf(s *arrow.Schema, props *parquet.WriterProperties) (*schema.GroupNode, error) {
	nodes := make(schema.FieldList, s.NumFields())
	for i, f := range s.Fields() {
		var err error
		if nodes[i], err = nodeOf(f.Name, f); err != nil {
			return nil, fmt.Errorf("column %s: %w", f.Name, err)
		}
	}
	return schema.NewGroupNode(props.RootName(), props.RootRepetition(), nodes, -1)
}

func nodeOf(name string, f arrow.Field) (schema.Node, error) {
	id := int32(-1)
	if text, ok := f.Metadata.GetValue(fieldID); ok {
		if n, err := strconv.ParseInt(text, 10, 32); err == nil && n >= 0 {
			id = int32(n)
		}
	}
	rep := parquet.Repetitions.Required
	if f.Nullable {
		rep = parquet.Repetitions.Optional
	}
	switch t := storageOf(f.Type).(type) {
	case *arrow.NullType:
		if !f.Nullable {
			return nil, fmt.Errorf("%s, but nulls are not allowed", t)
		}
	case *arrow.DictionaryType: // an encoding in Parquet, not a type
		return nodeOf(name, arrow.Field{Type: t.ValueType, Nullable: f.Nullable, Metadata: f.Metadata})
	case *arrow.StructType:
		if t.NumFields() == 0 {
			return nil, fmt.Errorf("a struct without fields, which Parquet cannot hold")
		}
		var children schema.FieldList
		for _, c := range t.Fields() {
			child, err := nodeOf(c.Name, c)
			if err != nil {
				return nil, err
			}
			children = append(children, child)
		}
		return schema.NewGroupNode(name, rep, children, id)
	case *arrow.MapType:
		key, err := nodeOf("key", t.KeyField())
		if err != nil {
			return nil, err
		}
		value, err := nodeOf("value", t.ItemField())
		if err != nil {
			return nil, err
		}
		return schema.MapOf(name, key, value, rep, id)
	case *arrow.ListType, *arrow.LargeListType, *arrow.FixedSizeListType:
		item, err := nodeOf(name, t.(arrow.ListLikeType).ElemField())
		if err != nil {
			return nil, err
		}
		return schema.ListOfWithName(name, item, rep, id)
	}
	physical, logical, length, err := storedAs(storageOf(f.Type))
	if err != nil {
		return nil, err
	}
	if own, ok := f.Type.(interface{ ParquetLogicalType() schema.LogicalType }); ok {
		logical = own.ParquetLogicalType()
	}
	return schema.NewPrimitiveNodeLogical(name, rep, logical, physical, length, id)
}

// storedAs returns how Parquet stores a type, and the length of fixed bytes, -1 for others.
func storedAs(t arrow.DataType) (parquet.Type, schema.LogicalType, int, error) {
	types := &parquet.Types
	switch t := t.(type) {
	case *arrow.NullType:
		return types.Int32, schema.NullLogicalType{}, -1, nil
	case *arrow.BooleanType:
		return types.Boolean, schema.NoLogicalType{}, -1, nil
	case *arrow.Uint8Type, *arrow.Uint16Type, *arrow.Uint32Type, *arrow.Int8Type, *arrow.Int16Type, *arrow.Int32Type:
		return types.Int32, schema.NewIntLogicalType(int8(t.(arrow.FixedWidthDataType).BitWidth()), !arrow.IsUnsignedInteger(t.ID())), -1, nil
	case *arrow.Uint64Type, *arrow.Int64Type:
		return types.Int64, schema.NewIntLogicalType(64, !arrow.IsUnsignedInteger(t.ID())), -1, nil
	case *arrow.Float16Type:
		return types.FixedLenByteArray, schema.Float16LogicalType{}, 2, nil
	case *arrow.Float32Type:
		return types.Float, schema.NoLogicalType{}, -1, nil
	case *arrow.Float64Type:
		return types.Double, schema.NoLogicalType{}, -1, nil
	case *arrow.StringType, *arrow.LargeStringType:
		return types.ByteArray, schema.StringLogicalType{}, -1, nil
	case *arrow.BinaryType, *arrow.LargeBinaryType:
		return types.ByteArray, schema.NoLogicalType{}, -1, nil
	case *arrow.FixedSizeBinaryType:
		return types.FixedLenByteArray, schema.NoLogicalType{}, t.ByteWidth, nil
	case arrow.DecimalType:
		if t.ID() == arrow.DECIMAL128 || t.ID() == arrow.DECIMAL256 {
			return types.FixedLenByteArray, schema.NewDecimalLogicalType(t.GetPrecision(), t.GetScale()), decimalBytes(t.GetPrecision()), nil
		}
	case *arrow.Date32Type, *arrow.Date64Type:
		return types.Int32, schema.DateLogicalType{}, -1, nil
	case *arrow.Time32Type: // seconds become milliseconds
		return types.Int32, schema.NewTimeLogicalType(false, schema.TimeUnitMillis), -1, nil
	case *arrow.Time64Type:
		return types.Int64, schema.NewTimeLogicalType(false, unitOf(t.Unit)), -1, nil
	case *arrow.TimestampType:
		// The converted type is set as well, for readers from before the logical one.
		return types.Int64, schema.NewTimestampLogicalTypeForce(t.TimeZone != "", unitOf(t.Unit)), -1, nil
	}
	return 0, nil, 0, fmt.Errorf("no type in Parquet for %s", t)
}

// unitOf returns Parquet's unit for Arrow's: it has no seconds.
func unitOf(u arrow.TimeUnit) schema.TimeUnitType {
	switch u {
	case arrow.Nanosecond:
		return schema.TimeUnitNanos
	case arrow.Microsecond:
		return schema.TimeUnitMicros
	}
	return schema.TimeUnitMillis
}

// decimalBytes is how many bytes a decimal of so many digits takes.
func decimalBytes(precision int32) int {
	return int(math.Ceil((float64(precision)*math.Log2(10) + 1) / 8))
}
