package batch

import (
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Shape is how a column's values lie in memory.
type Shape uint8

const (
	Unset  Shape = iota // no value yet
	Floats              // float64
	Ints                // int64
	Times               // microseconds since 1970
	Words               // numbers of a dictionary
	Texts               // plain text
)

// dictType is the type of a column of words.
var dictType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// A Column gathers one column of a batch in the layout of Arrow, so that a batch
// is made without a copy. Rows are written in any order of columns; a row that
// is not written is null.
type Column struct {
	Name     string
	Role     table.Role
	Shape    Shape
	Unit     string // of its numbers, as table.KeyUnit says it; "" for none
	Pinned   bool   // the shape is not the values' doing
	AsText   bool   // numbers are taken as their text
	Optional bool   // left out while it has no value
	Settles  bool   // when its first batch goes out it is decided whether words are free text
	Learnt   bool   // it is pinned by what an earlier reading found
	Decided  bool   // the kind was found out beforehand: the first batch does not decide

	KeepsAll bool     // words such as NA are values
	Keeps    []string // those of them that are

	Format  spelling.Format // of numbers that come as text
	Values  int64           // so far, apart from strays
	Numbers int64           // among them, in a column of words that is not pinned
	Quoted  bool            // all numbers so far stood in quotes
	Tidied  string          // a text whose outer blanks or Unicode form are another than its category's

	texting  textColumn // of a reference
	sealed   bool       // a batch with this column went out: its shape stays
	kept     []kept     // by row; before it is sealed
	infinite int64      // numbers that are not finite; before it is sealed
	none     []string   // taken as missing
	noNumber []float64  // those that are numbers

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
func (c *Column) room(rows int) {
	if len(c.valid)*8 < rows {
		c.valid = append(c.valid, make([]byte, (rows+7)/8-len(c.valid))...)
	}
	switch c.Shape {
	case Floats:
		if len(c.floats) < rows {
			c.floats = append(c.floats, make([]float64, rows-len(c.floats))...)
		}
	case Ints, Times:
		if len(c.ints) < rows {
			c.ints = append(c.ints, make([]int64, rows-len(c.ints))...)
		}
	case Words:
		if len(c.words) < rows {
			c.words = append(c.words, make([]int32, rows-len(c.words))...)
		}
		if c.dict == nil {
			c.dict = newDict(c.spell())
		}
	case Texts:
		if len(c.offsets) < rows+1 {
			c.offsets = append(c.offsets, make([]int32, rows+1-len(c.offsets))...)
		}
	}
}

func (c *Column) mark(row int) { c.valid[row>>3] |= 1 << (row & 7) }

// SetFloat sets a number of Floats.
func (c *Column) SetFloat(row int, x float64) {
	c.floats[row] = x
	c.mark(row)
}

// Float is the number of a row of Floats that has one.
func (c *Column) Float(row int) float64 { return c.floats[row] }

// SetInt sets a number of Ints, or a moment of Times.
func (c *Column) SetInt(row int, x int64) {
	c.ints[row] = x
	c.mark(row)
}

// Has tells whether the row has a value.
func (c *Column) Has(row int) bool {
	return row>>3 < len(c.valid) && c.valid[row>>3]&(1<<(row&7)) != 0
}

// empty tells whether no row of the batch has a value.
func (c *Column) empty() bool {
	for _, b := range c.valid {
		if b != 0 {
			return false
		}
	}
	return true
}

// SetText sets the text buf[p:p+n], behind which 8 bytes can be read. It
// returns false when the text is not UTF-8.
func (c *Column) SetText(row int, buf []byte, p, n int) bool {
	if c.Shape == Words {
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
	if (c.Role == table.ID || c.Role == table.Entity || c.Role == table.Key) && !spelling.IsSpelled(text) {
		text = []byte(spelling.Value(string(text)))
	}
	c.fill(row)
	c.data = append(c.data[:c.offsets[row]], text...)
	c.offsets[row+1] = int32(len(c.data))
	c.filled = row + 1
	c.mark(row)
	return true
}

// fill ends the rows before row that were left out.
func (c *Column) fill(row int) {
	for ; c.filled < row; c.filled++ {
		c.offsets[c.filled+1] = c.offsets[c.filled]
	}
}

// undo makes row null again.
func (c *Column) undo(row int) {
	for len(c.kept) > 0 && c.kept[len(c.kept)-1].row == row {
		c.kept = c.kept[:len(c.kept)-1]
	}
	if row>>3 >= len(c.valid) {
		return
	}
	was := c.Has(row)
	c.valid[row>>3] &^= 1 << (row & 7)
	switch c.Shape {
	case Floats:
		c.floats[row] = 0
	case Ints, Times:
		c.ints[row] = 0
	case Words:
		c.words[row] = 0
		if was && c.fresh {
			c.dict.drop()
		}
		c.fresh = false
	case Texts:
		c.filled = min(c.filled, row)
	}
}

// settle decides, when the first batch of a reference goes out, whether a
// column of words is free text by its rows rows. In a log only a pin makes free
// text: were the rows to decide, a column could be of two types in two logs.
func (c *Column) settle(rows int) {
	if !c.Settles || c.Decided || c.Shape != Words || c.Pinned || c.Role != table.Feature {
		return
	}
	if !c.texting.Free() {
		return
	}
	c.Role, c.Shape = table.Text, Texts
	c.room(8 * len(c.valid)) // as much as before: later batches may have more rows
	for row := range rows {
		if c.Has(row) {
			c.data = append(c.data, c.dict.entry(int(c.words[row]))...)
		}
		c.offsets[row+1] = int32(len(c.data))
	}
	c.filled = rows
	c.words, c.dict = nil, nil
}

func (c *Column) arrowType() arrow.DataType {
	switch c.Shape {
	case Floats:
		return arrow.PrimitiveTypes.Float64
	case Ints:
		return arrow.PrimitiveTypes.Int64
	case Times:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case Words:
		return dictType
	}
	return arrow.BinaryTypes.String
}

// array returns the column's first rows rows as an array on the column's own
// memory, good until reset.
func (c *Column) array(rows int) arrow.Array {
	c.room(rows)
	nulls := rows - int(c.count(rows))
	c.Values += int64(rows - nulls)
	var valid *memory.Buffer
	if nulls > 0 {
		valid = memory.NewBufferBytes(c.valid[:(rows+7)/8])
	}
	buffers := []*memory.Buffer{valid, nil}
	switch c.Shape {
	case Floats:
		buffers[1] = memory.NewBufferBytes(arrow.Float64Traits.CastToBytes(c.floats[:rows]))
	case Ints, Times:
		buffers[1] = memory.NewBufferBytes(arrow.Int64Traits.CastToBytes(c.ints[:rows]))
	case Words:
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
func (c *Column) dictionary() *array.String {
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
func (c *Column) reset(rows int) {
	clear(c.valid)
	clear(c.words) // the numbers of null rows must lie in a new dictionary, too
	c.data, c.filled = c.data[:0], 0
	if c.dict == nil {
		return
	}
	c.wordRows += rows
	if n := c.dict.len(); n > maxWords || len(c.dict.data) > maxWordBytes || n > 1024 && 2*n > c.wordRows {
		c.dict.clear()
		c.sent, c.wordRows, c.texting.lengths = nil, 0, nil
	}
}

// Limits of a column's dictionary; one that has outgrown them begins anew with
// the next batch.
const (
	maxWords     = 1 << 16
	maxWordBytes = 4 << 20
)
