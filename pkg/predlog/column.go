package predlog

import (
	"math/bits"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/table"
)

// shape is how a column's values lie in memory.
type shape uint8

const (
	unset  shape = iota // no value yet
	floats              // float64
	ints                // int64
	times               // microseconds
	words               // numbers of a dictionary
	texts               // plain text
)

// dictType is the type of a column of words.
var dictType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// column gathers one column of a batch in the layout of Arrow, so that a batch
// is made without a copy. Rows are written in any order of columns; a row that
// is not written is null.
type column struct {
	name   string
	role   table.Role
	shape  shape
	pinned bool // the shape is not the first value's doing
	asText bool // numbers are taken as their text
	sealed bool // a batch with this column went out: its shape stays

	optional bool // left out while it has no value

	valid   []byte // a bit a row
	floats  []float64
	ints    []int64 // of ints and times
	words   []int32
	dict    *dict
	fresh   bool // the current row added the last entry of dict
	offsets []int32
	data    []byte
	filled  int // rows of texts whose end is in offsets

	sent     *array.String // dictionary that was sent last
	wordRows int           // rows that went out with dict
}

// room makes space for rows rows. A column may get its first value late in a
// batch; the rows before it are null.
func (c *column) room(rows int) {
	if len(c.valid)*8 < rows {
		c.valid = append(c.valid, make([]byte, (rows+7)/8-len(c.valid))...)
	}
	switch c.shape {
	case floats:
		if len(c.floats) < rows {
			c.floats = append(c.floats, make([]float64, rows-len(c.floats))...)
		}
	case ints, times:
		if len(c.ints) < rows {
			c.ints = append(c.ints, make([]int64, rows-len(c.ints))...)
		}
	case words:
		if len(c.words) < rows {
			c.words = append(c.words, make([]int32, rows-len(c.words))...)
		}
		if c.dict == nil {
			c.dict = newDict()
		}
	case texts:
		if len(c.offsets) < rows+1 {
			c.offsets = append(c.offsets, make([]int32, rows+1-len(c.offsets))...)
		}
	}
}

func (c *column) mark(row int) { c.valid[row>>3] |= 1 << (row & 7) }

func (c *column) setFloat(row int, x float64) {
	c.floats[row] = x
	c.mark(row)
}

func (c *column) setInt(row int, x int64) {
	c.ints[row] = x
	c.mark(row)
}

// has tells whether the row has a value.
func (c *column) has(row int) bool {
	return row>>3 < len(c.valid) && c.valid[row>>3]&(1<<(row&7)) != 0
}

// empty tells whether no row of the batch has a value.
func (c *column) empty() bool {
	for _, b := range c.valid {
		if b != 0 {
			return false
		}
	}
	return true
}

// setText sets the text buf[p:p+n], behind which 8 bytes can be read. It
// returns false when the text is not UTF-8.
func (c *column) setText(row int, buf []byte, p, n int) bool {
	if c.shape == words {
		id, fresh := c.dict.index(buf, p, n)
		if id < 0 {
			return false
		}
		c.words[row], c.fresh = int32(id), fresh
		c.mark(row)
		return true
	}
	text := buf[p : p+n]
	if !utf8.Valid(text) {
		return false
	}
	c.fill(row)
	c.data = append(c.data[:c.offsets[row]], text...)
	c.offsets[row+1] = int32(len(c.data))
	c.filled = row + 1
	c.mark(row)
	return true
}

// fill ends the rows before row that were left out.
func (c *column) fill(row int) {
	for ; c.filled < row; c.filled++ {
		c.offsets[c.filled+1] = c.offsets[c.filled]
	}
}

// undo makes row null again.
func (c *column) undo(row int) {
	if row>>3 >= len(c.valid) {
		return
	}
	was := c.has(row)
	c.valid[row>>3] &^= 1 << (row & 7)
	switch c.shape {
	case floats:
		c.floats[row] = 0
	case ints, times:
		c.ints[row] = 0
	case words:
		c.words[row] = 0
		if was && c.fresh {
			c.dict.drop()
		}
		c.fresh = false
	case texts:
		c.filled = min(c.filled, row)
	}
}

// isFixed tells a text column of the record from an input field.
func (c *column) isFixed() bool {
	switch c.role {
	case table.Label, table.ModelID, table.Endpoint, table.Method:
		return true
	}
	return false
}

// settle decides, when the first batch of a reference goes out, whether a
// column of words is free text by its rows rows. In a log only a pin makes free
// text: were the rows to decide, a column could be of two types in two logs.
func (c *column) settle(rows int) {
	if c.shape != words || c.pinned || c.role != table.Feature {
		return
	}
	var present, length int64
	for row := range rows {
		if c.has(row) {
			present++
			length += int64(utf8.RuneCount(c.dict.entry(int(c.words[row]))))
		}
	}
	if !isText(present, length, present, int64(c.dict.len())) {
		return
	}
	c.role, c.shape = table.Text, texts
	c.room(8 * len(c.valid)) // as much as before: later batches may have more rows
	for row := range rows {
		if c.has(row) {
			c.data = append(c.data, c.dict.entry(int(c.words[row]))...)
		}
		c.offsets[row+1] = int32(len(c.data))
	}
	c.filled = rows
	c.words, c.dict = nil, nil
}

func (c *column) arrowType() arrow.DataType {
	switch c.shape {
	case floats:
		return arrow.PrimitiveTypes.Float64
	case ints:
		return arrow.PrimitiveTypes.Int64
	case times:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case words:
		return dictType
	}
	return arrow.BinaryTypes.String
}

// array returns the column's first rows rows as an array on the column's own
// memory, good until reset.
func (c *column) array(rows int) arrow.Array {
	c.room(rows)
	nulls := rows
	for i, b := range c.valid {
		if i*8 >= rows {
			break
		}
		nulls -= bits.OnesCount8(b)
	}
	var valid *memory.Buffer
	if nulls > 0 {
		valid = memory.NewBufferBytes(c.valid[:(rows+7)/8])
	}
	buffers := []*memory.Buffer{valid, nil}
	switch c.shape {
	case floats:
		buffers[1] = memory.NewBufferBytes(arrow.Float64Traits.CastToBytes(c.floats[:rows]))
	case ints, times:
		buffers[1] = memory.NewBufferBytes(arrow.Int64Traits.CastToBytes(c.ints[:rows]))
	case words:
		buffers[1] = memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.words[:rows]))
		data := array.NewData(dictType.IndexType, rows, buffers, nil, nulls, 0)
		return array.NewDictionaryArray(dictType, array.MakeFromData(data), c.dictionary())
	default:
		c.fill(rows)
		buffers[1] = memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.offsets[:rows+1]))
		buffers = append(buffers, memory.NewBufferBytes(c.data[:c.offsets[rows]]))
	}
	return array.MakeFromData(array.NewData(c.arrowType(), rows, buffers, nil, nulls, 0))
}

// dictionary returns the dictionary's array, the same one while nothing was
// added to it.
func (c *column) dictionary() *array.String {
	if c.sent == nil || c.sent.Len() != c.dict.len() {
		c.sent = array.NewStringData(array.NewData(arrow.BinaryTypes.String, c.dict.len(), []*memory.Buffer{
			nil,
			memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.dict.offsets)),
			memory.NewBufferBytes(c.dict.data),
		}, nil, 0, 0))
	}
	return c.sent
}

// reset empties the column for the batch that follows one of rows rows. The
// dictionary stays unless it has become large or does not pay: each batch that
// adds to it sends it again, whole.
func (c *column) reset(rows int) {
	clear(c.valid)
	clear(c.words) // the numbers of null rows must lie in a new dictionary, too
	c.data, c.filled = c.data[:0], 0
	if c.dict == nil {
		return
	}
	c.wordRows += rows
	if n := c.dict.len(); n > maxWords || len(c.dict.data) > maxWordBytes || n > 1024 && 2*n > c.wordRows {
		c.dict.clear()
		c.sent, c.wordRows = nil, 0
	}
}

// Limits of a column's dictionary; one that has outgrown them begins anew with
// the next batch.
const (
	maxWords     = 1 << 16
	maxWordBytes = 4 << 20
)
