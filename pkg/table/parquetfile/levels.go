package parquetfile

import (
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// pathsOf returns, of each column that a type is stored in, the fields of structs that lead
// there, from the outside in. A type that is not nested has one column and an empty path.
func pathsOf(t arrow.DataType) [][]int {
	switch t := storageOf(t).(type) {
	case *arrow.StructType:
		var paths [][]int
		for i, f := range t.Fields() {
			for _, path := range pathsOf(f.Type) {
				paths = append(paths, append([]int{i}, path...))
			}
		}
		return paths
	case arrow.ListLikeType:
		return pathsOf(t.Elem())
	}
	return [][]int{nil}
}

// put writes the leaf at the end of path of a column. It may use spare's memory.
func put(out file.ColumnChunkWriter, col arrow.Array, nullable bool, path []int, spare *[]int16) error {
	if ext, ok := col.(array.ExtensionArray); ok {
		col = ext.Storage()
	}
	if _, nested := col.DataType().(arrow.NestedType); nested {
		s := shredder{}
		for i := range col.Len() {
			s.walk(col, nullable, path, i, position{})
		}
		leaf, err := s.values()
		if err != nil {
			return err
		}
		defer leaf.Release()
		if out.Descr().MaxDefinitionLevel() == 0 {
			s.def = nil
		}
		if out.Descr().MaxRepetitionLevel() == 0 {
			s.rep = nil
		}
		return putLeaf(out, leaf, s.def, s.rep)
	}
	if !nullable {
		return putLeaf(out, col, nil, nil)
	}
	def := slices.Grow((*spare)[:0], col.Len())[:col.Len()]
	*spare = def
	valid, offset := col.NullBitmapBytes(), col.Data().Offset()
	none := col.DataType().ID() == arrow.NULL
	for i := range def {
		switch {
		case none:
			def[i] = 0
		case len(valid) == 0 || bitutil.BitIsSet(valid, offset+i):
			def[i] = 1
		default:
			def[i] = 0
		}
	}
	return putLeaf(out, col, def, nil)
}

// isNull knows that a column of nulls has no bits to say so.
func isNull(a arrow.Array, i int) bool { return a.IsNull(i) || a.DataType().ID() == arrow.NULL }

// A shredder takes a nested column apart: for one of its leaves it finds the levels of
// every slot, and the values that are there.
type shredder struct {
	def, rep []int16
	leaf     arrow.Array // of all lists together
	runs     [][2]int    // of values of leaf that are there
}

// position says how deep in Parquet's levels a value is: how many optional and repeated
// fields above it are defined, the level at which it repeats, and how many lists it is in.
type position struct{ def, rep, depth int16 }

func (s *shredder) walk(a arrow.Array, nullable bool, path []int, i int, p position) {
	if nullable {
		if isNull(a, i) {
			s.slot(p)
			return
		}
		p.def++
	}
	if ext, ok := a.(array.ExtensionArray); ok {
		a = ext.Storage()
	}
	switch a := a.(type) {
	case *array.Struct:
		field := a.DataType().(*arrow.StructType).Field(path[0])
		s.walk(a.Field(path[0]), field.Nullable, path[1:], i, p)
	case array.ListLike:
		from, to := a.ValueOffsets(i)
		if from == to {
			s.slot(p)
			return
		}
		items, item := a.ListValues(), a.DataType().(arrow.ListLikeType).ElemField()
		p.def++
		p.depth++
		for j := int(from); j < int(to); j++ {
			s.walk(items, item.Nullable, path, j, p)
			p.rep = p.depth
		}
	default:
		s.slot(p)
		s.leaf = a
		if n := len(s.runs); n > 0 && s.runs[n-1][1] == i {
			s.runs[n-1][1]++
			return
		}
		s.runs = append(s.runs, [2]int{i, i + 1})
	}
}

func (s *shredder) slot(p position) { s.def, s.rep = append(s.def, p.def), append(s.rep, p.rep) }

// values returns the values that are there, without nulls, or an array of no type when
// there are none.
func (s *shredder) values() (arrow.Array, error) {
	if len(s.runs) == 0 {
		return array.NewNull(0), nil
	}
	parts := make([]arrow.Array, len(s.runs))
	leaf := s.leaf
	if d, ok := leaf.(*array.Dictionary); ok {
		var err error
		if leaf, err = decoded(d); err != nil {
			return nil, err
		}
		defer leaf.Release()
	}
	for i, r := range s.runs {
		parts[i] = array.NewSlice(leaf, int64(r[0]), int64(r[1]))
		defer parts[i].Release()
	}
	if len(parts) == 1 {
		parts[0].Retain()
		return parts[0], nil
	}
	return array.Concatenate(parts, mem)
}
