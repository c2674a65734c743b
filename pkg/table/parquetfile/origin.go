package parquetfile

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// SchemaKey is where a file's metadata carries its Arrow schema: a message in base64.
const SchemaKey = "ARROW:schema"

// stored returns the Arrow schema that a file carries, nil without one.
func stored(meta metadata.KeyValueMetadata) (*arrow.Schema, error) {
	text := meta.FindValue(SchemaKey)
	if text == nil {
		return nil, nil
	}
	b, err := base64.StdEncoding.DecodeString(*text)
	if err != nil {
		return nil, err
	}
	r, err := ipc.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	defer r.Release()
	return r.Schema(), nil
}

// restore takes from the Arrow field that was written what Parquet could not hold, and
// reports whether there was something.
func (f *field) restore(origin arrow.Field) (changed bool, err error) {
	switch t := origin.Type.(type) {
	case arrow.ExtensionType:
		changed, err = f.restore(arrow.Field{Type: t.StorageType(), Metadata: origin.Metadata})
		if err != nil {
			return changed, err
		}
		if changed && !arrow.TypeEqual(t, f.Type) {
			storage := f.Type
			if own, ok := storage.(arrow.ExtensionType); ok && own.ExtensionName() == t.ExtensionName() {
				storage = own.StorageType()
			}
			if !arrow.TypeEqual(t.StorageType(), storage) {
				return changed, fmt.Errorf("column %s: %s is stored as %s", f.Name, t, f.Type)
			}
			f.Type = t
		}
	case arrow.UnionType:
		return false, errors.New("a union")
	case *arrow.StructType:
		if len(f.children) != t.NumFields() || f.Type.ID() != arrow.STRUCT {
			return false, nil
		}
		for i, c := range f.children {
			more, err := c.restore(t.Field(i))
			if err != nil {
				return false, err
			}
			changed = changed || more
		}
		if changed {
			f.Type = structType(f.children)
		}
	case arrow.ListLikeType:
		if changed, err = f.restoreList(t); err != nil || len(f.children) != 1 {
			return changed, err
		}
	case *arrow.TimestampType:
		own, ok := f.Type.(*arrow.TimestampType)
		if !ok {
			return false, nil
		}
		if t.Unit == own.Unit && own.TimeZone == "UTC" && t.TimeZone != "" {
			f.Type = t
		}
		changed = true
	case *arrow.DurationType:
		if f.Type.ID() == arrow.INT64 {
			f.Type, changed = t, true
		}
	case *arrow.LargeStringType, *arrow.LargeBinaryType:
		f.Type, changed = t, true
	case *arrow.DictionaryType:
		if !arrow.IsBinaryLike(f.Type.ID()) {
			return false, nil
		}
		f.Type, changed = &arrow.DictionaryType{IndexType: t.IndexType, ValueType: f.Type, Ordered: t.Ordered}, true
	case *arrow.Decimal256Type:
		if f.Type.ID() == arrow.DECIMAL128 {
			f.Type, changed = t, true
		}
	}
	if origin.HasMetadata() {
		all := origin.Metadata.ToMap()
		for i, k := range f.Metadata.Keys() {
			all[k] = f.Metadata.Values()[i]
		}
		f.Metadata, changed = arrow.MetadataFrom(all), true
	}
	return changed, nil
}

func (f *field) restoreList(t arrow.ListLikeType) (changed bool, err error) {
	own := f.Type.ID()
	fits := own == arrow.LIST && slices.Contains([]arrow.Type{arrow.LIST, arrow.LARGE_LIST, arrow.FIXED_SIZE_LIST}, t.ID()) || own == arrow.MAP && t.ID() == arrow.MAP
	if len(f.children) != 1 || !fits {
		return false, nil
	}
	item := f.children[0]
	changed, err = item.restore(arrow.Field{Type: t.Elem()})
	if err != nil || !changed && own == t.ID() {
		return changed, err
	}
	switch t := t.(type) {
	case *arrow.FixedSizeListType:
		f.Type = arrow.FixedSizeListOfField(t.Len(), item.Field)
	case *arrow.LargeListType:
		f.Type = arrow.LargeListOfField(item.Field)
	case *arrow.MapType:
		pair := item.Type.(*arrow.StructType)
		f.Type = arrow.MapOfFields(pair.Field(0), pair.Field(1))
	default:
		f.Type = arrow.ListOfField(item.Field)
	}
	return true, nil
}
