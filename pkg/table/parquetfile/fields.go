package parquetfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// fieldID is where a field's metadata carries the number that Parquet gives it.
const fieldID = "PARQUET:field_id"

// A field is an Arrow field, and where in a file its values are.
type field struct {
	arrow.Field
	levels   file.LevelInfo
	column   int // of a leaf
	children []*field
}

// fieldsOf returns the top fields of a file, and the metadata of its Arrow schema with
// what pandas says of its frame.
func fieldsOf(sc *schema.Schema, meta metadata.KeyValueMetadata) ([]*field, *arrow.Metadata, error) {
	origin, err := stored(meta)
	if err != nil {
		origin = nil // it has a type that arrow-go does not know: Parquet's own types will do
	}
	root := sc.Root()
	if origin != nil && origin.NumFields() != root.NumFields() {
		origin = nil // of another table
	}
	fields := make([]*field, root.NumFields())
	for i := range fields {
		if fields[i], err = fieldOf(sc, root.Field(i), file.LevelInfo{NullSlotUsage: 1}); err != nil {
			fields[i] = unreadable(root.Field(i).Name(), err)
		} else if origin != nil {
			if _, err := fields[i].restore(origin.Field(i)); err != nil {
				return nil, nil, err
			}
		}
	}
	var m arrow.Metadata
	if origin != nil {
		m = origin.Metadata()
	}
	if frame := meta.FindValue(PandasKey); frame != nil && m.FindKey(PandasKey) < 0 {
		m = arrow.NewMetadata(append(slices.Clone(m.Keys()), PandasKey), append(slices.Clone(m.Values()), *frame))
	}
	return fields, &m, nil
}

// PandasKey is where pandas describes its frame, in the metadata of a file and of its
// Arrow schema.
const PandasKey = "pandas"

// UnreadKey is where the metadata of a field of the type null says why its column is
// not read.
const UnreadKey = "leadsman.unread"

// unreadable is a field of which nothing is known but why: a column of nulls.
func unreadable(name string, why error) *field {
	return &field{Field: arrow.Field{Name: name, Type: arrow.Null, Nullable: true, Metadata: arrow.NewMetadata([]string{UnreadKey}, []string{strings.TrimPrefix(why.Error(), "column "+name+": ")})}, column: -1}
}

func metaOf(n schema.Node) arrow.Metadata {
	return arrow.NewMetadata([]string{fieldID}, []string{strconv.Itoa(int(n.FieldID()))})
}

func optional(n schema.Node) bool { return n.RepetitionType() == parquet.Repetitions.Optional }

func repeated(n schema.Node) bool { return n.RepetitionType() == parquet.Repetitions.Repeated }

func fieldOf(sc *schema.Schema, n schema.Node, l file.LevelInfo) (*field, error) {
	if group, ok := n.(*schema.GroupNode); ok {
		return groupOf(sc, group, l)
	}
	if !repeated(n) {
		l.Increment(n)
		return leafOf(sc, n, l)
	}
	// A list in one level: repeated TYPE name.
	outer := l.IncrementRepeated()
	item, err := leafOf(sc, n, l)
	if err != nil {
		return nil, err
	}
	item.Metadata = arrow.Metadata{}
	return listOf(n, l, outer, item, arrow.ListOf(item.Type), false), nil
}

func leafOf(sc *schema.Schema, n schema.Node, l file.LevelInfo) (*field, error) {
	p := n.(*schema.PrimitiveNode)
	t, err := typeOf(p)
	if err != nil {
		return nil, err
	}
	if p.PhysicalType() == parquet.Types.Int96 && l.RepLevel == 0 {
		t = arrow.FixedWidthTypes.Timestamp_us // see int96
	}
	return &field{
		Field:  arrow.Field{Name: p.Name(), Type: t, Nullable: optional(p), Metadata: metaOf(p)},
		levels: l, column: sc.ColumnIndexByNode(p),
	}, nil
}

// listOf is a list of item. outer is the definition level of the repeated ancestor: l has
// the list's own.
func listOf(n schema.Node, l file.LevelInfo, outer int16, item *field, t arrow.DataType, nullable bool) *field {
	l.RepeatedAncestorDefLevel = outer
	return &field{
		Field:  arrow.Field{Name: n.Name(), Type: t, Nullable: nullable, Metadata: metaOf(n)},
		levels: l, column: -1, children: []*field{item},
	}
}

func groupOf(sc *schema.Schema, n *schema.GroupNode, l file.LevelInfo) (*field, error) {
	switch logical := n.LogicalType(); {
	case logical.Equals(schema.NewListLogicalType()):
		return listGroup(sc, n, l)
	case logical.Equals(schema.MapLogicalType{}):
		return mapGroup(sc, n, l)
	case logical.Equals(schema.VariantLogicalType{}) && !repeated(n):
		l.Increment(n)
		f, err := structOf(sc, n, l)
		if err != nil {
			return nil, err
		}
		f.Type, err = extensions.NewVariantType(f.Type)
		return f, err
	}
	if !repeated(n) {
		l.Increment(n)
		return structOf(sc, n, l)
	}
	outer := l.IncrementRepeated()
	item, err := structOf(sc, n, l)
	if err != nil {
		return nil, err
	}
	return listOf(n, l, outer, item, arrow.ListOf(item.Type), false), nil
}

func structOf(sc *schema.Schema, n *schema.GroupNode, l file.LevelInfo) (*field, error) {
	f := &field{levels: l, column: -1}
	if n.NumFields() == 0 {
		return nil, fmt.Errorf("group %s: has no fields", n.Name())
	}
	for i := range n.NumFields() {
		child, err := fieldOf(sc, n.Field(i), l)
		if err != nil {
			return nil, err
		}
		f.children = append(f.children, child)
	}
	f.Field = arrow.Field{Name: n.Name(), Type: structType(f.children), Nullable: n.RepetitionType() != parquet.Repetitions.Required, Metadata: metaOf(n)}
	return f, nil
}

func structType(children []*field) arrow.DataType {
	fields := make([]arrow.Field, len(children))
	for i, c := range children {
		fields[i] = c.Field
	}
	return arrow.StructOf(fields...)
}

func listGroup(sc *schema.Schema, n *schema.GroupNode, l file.LevelInfo) (*field, error) {
	if n.NumFields() != 1 || repeated(n) || !repeated(n.Field(0)) {
		return nil, fmt.Errorf("list %s: want one repeated child", n.Name())
	}
	l.Increment(n)
	outer := l.IncrementRepeated()
	var item *field
	var err error
	switch child := n.Field(0).(type) {
	case *schema.GroupNode:
		// A group of one field is the list's own level, unless its name says that it is a
		// struct, as old writers' do.
		if child.NumFields() == 1 && child.Name() != "array" && child.Name() != n.Name()+"_tuple" {
			item, err = fieldOf(sc, child.Field(0), l)
		} else {
			item, err = structOf(sc, child, l)
		}
	default:
		item, err = leafOf(sc, child, l) // two levels: the values themselves are repeated
	}
	if err != nil {
		return nil, err
	}
	return listOf(n, l, outer, item, arrow.ListOfField(item.Field), optional(n)), nil
}

func mapGroup(sc *schema.Schema, n *schema.GroupNode, l file.LevelInfo) (*field, error) {
	if n.NumFields() != 1 || repeated(n) || !repeated(n.Field(0)) {
		return nil, fmt.Errorf("map %s: want one repeated child", n.Name())
	}
	pair, ok := n.Field(0).(*schema.GroupNode)
	if !ok || pair.NumFields() < 1 || pair.NumFields() > 2 || pair.Field(0).RepetitionType() != parquet.Repetitions.Required {
		return nil, fmt.Errorf("map %s: want a required key and a value", n.Name())
	}
	if pair.NumFields() == 1 { // a set
		return listGroup(sc, n, l)
	}
	l.Increment(n)
	outer := l.IncrementRepeated()
	entry, err := structOf(sc, pair, l)
	if err != nil {
		return nil, err
	}
	entry.Name, entry.Nullable = n.Name(), false
	return listOf(n, l, outer, entry, arrow.MapOfFields(entry.children[0].Field, entry.children[1].Field), optional(n)), nil
}

// typeOf returns the Arrow type of a column.
func typeOf(n *schema.PrimitiveNode) (arrow.DataType, error) {
	logical := n.LogicalType()
	switch {
	case logical.Equals(schema.NullLogicalType{}):
		return arrow.Null, nil
	case !logical.IsValid(): // of a newer Parquet: the values are still there
		logical = schema.NoLogicalType{}
	}
	physical := n.PhysicalType()
	switch physical {
	case parquet.Types.Boolean:
		return arrow.FixedWidthTypes.Boolean, nil
	case parquet.Types.Int96:
		return arrow.FixedWidthTypes.Timestamp_ns, nil
	case parquet.Types.Float:
		return arrow.PrimitiveTypes.Float32, nil
	case parquet.Types.Double:
		return arrow.PrimitiveTypes.Float64, nil
	}
	if d, ok := logical.(schema.DecimalLogicalType); ok {
		if d.Precision() <= 38 {
			return &arrow.Decimal128Type{Precision: d.Precision(), Scale: d.Scale()}, nil
		}
		return &arrow.Decimal256Type{Precision: d.Precision(), Scale: d.Scale()}, nil
	}
	switch physical {
	case parquet.Types.Int32, parquet.Types.Int64:
		if t := integerType(physical, logical); t != nil {
			return t, nil
		}
	case parquet.Types.ByteArray:
		switch logical.(type) {
		case schema.StringLogicalType, schema.EnumLogicalType, schema.JSONLogicalType: // UTF-8, all three
			return arrow.BinaryTypes.String, nil
		case schema.NoLogicalType, schema.BSONLogicalType, schema.GeometryLogicalType, schema.GeographyLogicalType:
			return arrow.BinaryTypes.Binary, nil
		}
	case parquet.Types.FixedLenByteArray:
		fixed := &arrow.FixedSizeBinaryType{ByteWidth: n.TypeLength()}
		switch logical.(type) {
		case schema.NoLogicalType, schema.IntervalLogicalType:
			return fixed, nil
		case schema.UUIDLogicalType:
			if t := arrow.GetExtensionType("arrow.uuid"); t != nil {
				return t, nil
			}
			return fixed, nil
		case schema.Float16LogicalType:
			return arrow.FixedWidthTypes.Float16, nil
		}
	}
	return nil, fmt.Errorf("column %s: %s as %s", n.Name(), logical, physical)
}

// integerType returns nil for what a column of whole numbers cannot mean.
func integerType(physical parquet.Type, logical schema.LogicalType) arrow.DataType {
	long := physical == parquet.Types.Int64
	switch t := logical.(type) {
	case schema.NoLogicalType:
		if long {
			return arrow.PrimitiveTypes.Int64
		}
		return arrow.PrimitiveTypes.Int32
	case schema.IntLogicalType:
		return map[bool]map[int8]arrow.DataType{
			true:  {8: arrow.PrimitiveTypes.Int8, 16: arrow.PrimitiveTypes.Int16, 32: arrow.PrimitiveTypes.Int32, 64: arrow.PrimitiveTypes.Int64},
			false: {8: arrow.PrimitiveTypes.Uint8, 16: arrow.PrimitiveTypes.Uint16, 32: arrow.PrimitiveTypes.Uint32, 64: arrow.PrimitiveTypes.Uint64},
		}[t.IsSigned()][t.BitWidth()]
	case schema.DateLogicalType:
		if !long {
			return arrow.FixedWidthTypes.Date32
		}
	case schema.TimeLogicalType:
		switch {
		case !long && t.TimeUnit() == schema.TimeUnitMillis:
			return arrow.FixedWidthTypes.Time32ms
		case long && t.TimeUnit() == schema.TimeUnitMicros:
			return arrow.FixedWidthTypes.Time64us
		case long && t.TimeUnit() == schema.TimeUnitNanos:
			return arrow.FixedWidthTypes.Time64ns
		}
	case schema.TimestampLogicalType:
		units := map[schema.TimeUnitType]arrow.TimeUnit{schema.TimeUnitMillis: arrow.Millisecond, schema.TimeUnitMicros: arrow.Microsecond, schema.TimeUnitNanos: arrow.Nanosecond}
		unit, ok := units[t.TimeUnit()]
		if !ok || !long {
			return nil
		}
		zone := ""
		if t.IsAdjustedToUTC() || t.IsFromConvertedType() {
			zone = "UTC"
		}
		return &arrow.TimestampType{Unit: unit, TimeZone: zone}
	}
	return nil
}
