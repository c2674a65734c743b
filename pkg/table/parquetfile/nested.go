package parquetfile

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// group is a struct.
type group struct {
	*field
	storage  arrow.DataType
	children []column
	guide    column // the child whose levels say where the struct is null
}

func newStruct(f *field, storage arrow.DataType, children []column) *group {
	g := &group{field: f, storage: storage, children: children, guide: children[0]}
	for _, c := range children {
		if !c.repeats() { // it has the fewest levels
			g.guide = c
			break
		}
	}
	return g
}

func (g *group) load(rows int64) error {
	for _, c := range g.children {
		if err := c.load(rows); err != nil {
			return err
		}
	}
	return nil
}

func (g *group) levels() (def, rep []int16) { return g.guide.levels() }

func (g *group) repeats() bool { return g.guide.repeats() }

func (g *group) release() {
	for _, c := range g.children {
		c.release()
	}
}

func (g *group) build(length int64) (arrow.Array, error) {
	valid := file.ValidityBitmapInputOutput{ReadUpperBound: length, Read: length}
	if length > 0 && (g.repeats() || g.Nullable) {
		valid.ValidBits = make([]byte, bitutil.BytesForBits(length))
		def, rep := g.levels()
		if g.repeats() {
			if err := file.DefRepLevelsToBitmap(def, rep, g.field.levels, &valid); err != nil {
				return nil, err
			}
		} else {
			file.DefLevelsToBitmap(def, g.field.levels, &valid)
		}
	}
	data := make([]arrow.ArrayData, len(g.children))
	for i, c := range g.children {
		child, err := c.build(length)
		if err != nil {
			return nil, err
		}
		defer child.Release()
		data[i] = child.Data()
	}
	if !g.Nullable && !g.repeats() {
		valid.Read = int64(data[0].Len())
	}
	for i, d := range data {
		if int64(d.Len()) != valid.Read {
			return nil, fmt.Errorf("column %s: %d of its rows have a %s", g.Name, d.Len(), g.field.children[i].Name)
		}
	}
	buffers := []*memory.Buffer{nil}
	if valid.NullCount > 0 {
		buffers[0] = memory.NewBufferBytes(valid.ValidBits)
	}
	d := array.NewData(g.storage, int(valid.Read), buffers, data, int(valid.NullCount), 0)
	defer d.Release()
	return asExtension(g.Type, array.NewStructData(d)), nil
}

// list is a list of any kind, or a map, which is a list of structs.
type list struct {
	*field
	storage arrow.DataType
	item    column
}

func (l *list) load(rows int64) error { return l.item.load(rows) }

func (l *list) levels() (def, rep []int16) { return l.item.levels() }

func (l *list) repeats() bool { return true }

func (l *list) release() { l.item.release() }

func (l *list) build(length int64) (arrow.Array, error) {
	if l.storage.ID() == arrow.LARGE_LIST {
		return buildList[int64](l, length)
	}
	return buildList[int32](l, length)
}

func buildList[T int32 | int64](l *list, length int64) (arrow.Array, error) {
	valid := file.ValidityBitmapInputOutput{ReadUpperBound: length}
	if l.Nullable {
		valid.ValidBits = make([]byte, bitutil.BytesForBits(length))
	}
	offsets := make([]T, length+1)
	def, rep := l.levels()
	if err := file.DefRepLevelsToListInfo(def, rep, l.field.levels, &valid, offsets); err != nil {
		return nil, err
	}
	n := int(valid.Read)
	offsets = offsets[:n+1]
	items, err := l.item.build(int64(offsets[n]))
	if err != nil {
		return nil, err
	}
	defer items.Release()
	if int64(items.Len()) < int64(offsets[n]) {
		return nil, fmt.Errorf("column %s: lists of %d values have %d", l.Name, offsets[n], items.Len())
	}
	buffers := []*memory.Buffer{nil}
	if valid.NullCount > 0 {
		buffers[0] = memory.NewBufferBytes(valid.ValidBits)
	}
	if t, ok := l.storage.(*arrow.FixedSizeListType); ok {
		if items, err = fixedItems(l.Name, t, valid, offsets, items); err != nil {
			return nil, err
		}
		defer items.Release()
	} else {
		buffers = append(buffers, memory.NewBufferBytes(arrow.GetBytes(offsets)))
	}
	d := array.NewData(l.storage, n, buffers, []arrow.ArrayData{items.Data()}, int(valid.NullCount), 0)
	defer d.Release()
	return asExtension(l.Type, array.MakeFromData(d)), nil
}

// fixedItems returns the items of lists of one length: a null list, which Parquet stores
// as none, has as many nulls.
func fixedItems[T int32 | int64](name string, t *arrow.FixedSizeListType, valid file.ValidityBitmapInputOutput, offsets []T, items arrow.Array) (arrow.Array, error) {
	var parts []arrow.Array
	defer func() {
		for _, p := range parts {
			p.Release()
		}
	}()
	isNull := func(i int) bool { return valid.NullCount > 0 && !bitutil.BitIsSet(valid.ValidBits, i) }
	size := T(t.Len())
	for i, from := 0, 0; i < len(offsets)-1; i++ {
		if want := map[bool]T{false: size}[isNull(i)]; offsets[i+1]-offsets[i] != want {
			return nil, fmt.Errorf("column %s: a list of %d values, want %d", name, offsets[i+1]-offsets[i], want)
		}
		if i == len(offsets)-2 || isNull(i+1) != isNull(i) { // the end of a run
			if isNull(i) {
				parts = append(parts, array.MakeArrayOfNull(mem, t.Elem(), (i+1-from)*int(size)))
			} else {
				parts = append(parts, array.NewSlice(items, int64(offsets[from]), int64(offsets[i+1])))
			}
			from = i + 1
		}
	}
	if len(parts) == 0 {
		return array.MakeArrayOfNull(mem, t.Elem(), 0), nil
	}
	return array.Concatenate(parts, mem)
}
