package parquetfile

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// An open chunk costs some 300 KB of buffers, whatever it holds: a file of thousands of
// short columns is read a column at a time instead.
const shortChunk = 128 << 10 // bytes, decoded

// A short is a column of which each row group's part is read whole and closed again.
type short struct {
	*field
	file  *file.Reader
	group int           // the next one
	parts []arrow.Array // what was read and is not yet given out
	rows  int64         // of parts
	want  int64
}

// isShort says whether every chunk of a column that is not nested is small once decoded.
func isShort(f *file.Reader, c *field) bool {
	if len(c.children) > 0 || c.column < 0 || c.levels.RepLevel > 0 {
		return false
	}
	var width int64
	switch f.MetaData().Schema.Column(c.column).PhysicalType() {
	case parquet.Types.Boolean, parquet.Types.Int32, parquet.Types.Float:
		width = 4
	case parquet.Types.Int64, parquet.Types.Double:
		width = 8
	default: // a dictionary of bytes can decode to any length
		return false
	}
	for i := range f.NumRowGroups() {
		if f.RowGroup(i).NumRows() > shortChunk/width {
			return false
		}
	}
	return true
}

func (s *short) load(rows int64) error {
	s.want = rows
	for s.rows < rows && s.group < s.file.NumRowGroups() {
		part, err := s.read(s.group)
		if err != nil {
			return err
		}
		s.group++
		s.rows += int64(part.Len())
		s.parts = append(s.parts, part)
	}
	return nil
}

func (s *short) read(group int) (arrow.Array, error) {
	l, err := newLeaf(s.file, s.field, group, group+1)
	if err != nil {
		return nil, err
	}
	defer l.release()
	if err := l.load(s.file.RowGroup(group).NumRows()); err != nil {
		return nil, err
	}
	a, err := l.values()
	if err != nil {
		return nil, err
	}
	defer a.Release()
	return array.Concatenate([]arrow.Array{a}, mem) // what was read has room for twice as much
}

func (s *short) build(int64) (arrow.Array, error) {
	var out []arrow.Array
	defer func() {
		for _, a := range out {
			a.Release()
		}
	}()
	for left := s.want; left > 0 && len(s.parts) > 0; {
		a := s.parts[0]
		n := min(left, int64(a.Len()))
		out = append(out, array.NewSlice(a, 0, n))
		if s.parts = s.parts[1:]; n < int64(a.Len()) {
			s.parts = append([]arrow.Array{array.NewSlice(a, n, int64(a.Len()))}, s.parts...)
		}
		a.Release()
		left -= n
		s.rows -= n
	}
	switch len(out) {
	case 0:
		return array.MakeArrayOfNull(mem, s.Type, 0), nil
	case 1:
		out[0].Retain()
		return out[0], nil
	}
	return array.Concatenate(out, mem)
}

func (s *short) levels() (def, rep []int16) { return nil, nil }

func (s *short) repeats() bool { return false }

func (s *short) release() {
	for _, a := range s.parts {
		a.Release()
	}
	s.parts = nil
}
