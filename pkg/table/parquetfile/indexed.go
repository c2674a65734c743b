package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// indexedType is the type of a column of words that is read as indices.
var indexedType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// An indexed reads a column of words as the file holds it: the dictionary of a row group
// and an index a row. All batches of a row group share the dictionary. Words that stand in
// the pages themselves, as they do once a dictionary has grown too long, become a
// dictionary of their batch, in which a word may stand twice.
type indexed struct {
	*field
	file  *file.Reader
	group int // the next one
	pages file.PageReader
	words arrow.Array // of the row group; nil before its dictionary page

	left  int    // values of the page that are not read yet
	there runs   // of the page's values: 1 where there is one
	plain []byte // words of a page that has no indices; else nil
	index runs

	// What was loaded: the dictionaries that it takes, one behind the other, and indices
	// into that.
	dicts []arrow.Array
	base  int32 // words before the last of dicts
	at    []int32
	valid []byte // nil while all are there
	nulls int
}

// isIndexed says whether a column is read so: words that are not nested, with a dictionary
// in some row group and no encoding but that, or none.
func isIndexed(f *file.Reader, c *field) bool {
	if len(c.children) > 0 || c.column < 0 || c.levels.RepLevel > 0 || c.levels.DefLevel > 1 {
		return false
	}
	if id := c.Type.ID(); id != arrow.STRING && id != arrow.LARGE_STRING || f.NumRowGroups() == 0 {
		return false
	}
	some := false
	for i := range f.NumRowGroups() {
		chunk, err := f.MetaData().RowGroup(i).ColumnChunk(c.column)
		if err != nil || chunk.Type() != parquet.Types.ByteArray {
			return false
		}
		some = some || chunk.HasDictionaryPage()
		for _, e := range chunk.Encodings() {
			if e != parquet.Encodings.Plain && e != parquet.Encodings.PlainDict && e != parquet.Encodings.RLEDict && e != parquet.Encodings.RLE {
				return false
			}
		}
	}
	return some
}

func (c *indexed) load(rows int64) error {
	c.dicts, c.base, c.valid, c.nulls = nil, 0, nil, 0
	c.at = make([]int32, 0, rows)
	for len(c.at) < int(rows) {
		if c.left == 0 {
			if more, err := c.nextPage(); err != nil {
				return fmt.Errorf("column %s: %w", c.Name, err)
			} else if !more {
				break
			}
			continue
		}
		if err := c.take(min(c.left, int(rows)-len(c.at))); err != nil {
			return fmt.Errorf("column %s: %w", c.Name, err)
		}
	}
	return nil
}

// nextPage begins the next page with values; false after the last.
func (c *indexed) nextPage() (bool, error) {
	for {
		if c.pages == nil {
			if c.group == c.file.NumRowGroups() {
				return false, nil
			}
			var err error
			if c.pages, err = c.file.RowGroup(c.group).GetColumnPageReader(c.column); err != nil {
				return false, err
			}
			c.group, c.words = c.group+1, nil
		}
		if !c.pages.Next() {
			if err := c.pages.Err(); err != nil {
				return false, err
			}
			c.closePages()
			continue
		}
		var err error
		switch page := c.pages.Page().(type) {
		case *file.DictionaryPage:
			c.words, err = wordsOf(page.Data(), int(page.NumValues()))
		case *file.DataPageV1:
			err = c.begin(page, -1)
		case *file.DataPageV2:
			err = c.begin(page, int(page.DefinitionLevelByteLen()))
		}
		if err != nil {
			return false, err
		}
		if c.left > 0 {
			return true, nil
		}
	}
}

var errPage = errors.New("a page is shorter than it says")

// begin takes a page apart. Its levels have so many bytes, or say so themselves.
func (c *indexed) begin(page file.DataPage, levels int) error {
	b := page.Data()
	c.left, c.there = int(page.NumValues()), runs{}
	if c.field.levels.DefLevel > 0 {
		if levels < 0 {
			if len(b) < 4 {
				return errPage
			}
			levels, b = int(min(binary.LittleEndian.Uint32(b), 1<<31-1)), b[4:]
		}
		if levels > len(b) {
			return errPage
		}
		c.there, b = runs{in: b[:levels], width: 1}, b[levels:]
	}
	switch e := parquet.Encoding(page.Encoding()); e {
	case parquet.Encodings.Plain:
		c.plain = b[:len(b):len(b)]
	case parquet.Encodings.PlainDict, parquet.Encodings.RLEDict:
		if c.plain = nil; len(b) == 0 { // a page of nulls
			c.index = runs{}
			return nil
		}
		if c.words == nil || b[0] > 32 {
			return errRuns
		}
		c.index = runs{in: b[1:], width: uint(b[0])}
	default:
		return fmt.Errorf("a page of encoding %s", e)
	}
	return nil
}

// take reads the next n values of the page, which has as many.
func (c *indexed) take(n int) error {
	from := len(c.at)
	c.at = c.at[:from+n]
	there, err := c.takeLevels(from, n)
	if err != nil {
		return err
	}
	at := c.at[from : from+there]
	if c.plain != nil {
		words, left, err := cutWords(c.plain, there)
		if err != nil {
			return err
		}
		c.plain = left
		c.use(words)
		for i := range at {
			at[i] = c.base + int32(i)
		}
	} else if there > 0 {
		c.use(c.words)
		if err := c.index.read(at); err != nil {
			return err
		}
		for i, v := range at {
			if uint32(v) >= uint32(c.words.Len()) {
				return errors.New("an index is beyond its dictionary")
			}
			at[i] = c.base + v
		}
	}
	if there < n { // from the last, so that none is overwritten
		for i, next := n-1, there-1; i >= 0; i-- {
			if bitutil.BitIsSet(c.valid, from+i) {
				c.at[from+i] = at[next]
				next--
			} else {
				c.at[from+i] = 0
			}
		}
	}
	c.left -= n
	return nil
}

// takeLevels returns how many of the next n values, which go to from, are there.
func (c *indexed) takeLevels(from, n int) (there int, err error) {
	if c.field.levels.DefLevel == 0 {
		return n, nil
	}
	var levels [256]int32
	for done := 0; done < n; {
		k, level, err := c.there.same(n - done)
		if err != nil {
			return 0, err
		}
		if k > 0 {
			c.there.left -= k
			there += c.note(from+done, k, level == 1)
			done += k
			continue
		}
		some := levels[:min(n-done, c.there.left, len(levels))]
		if err := c.there.read(some); err != nil {
			return 0, err
		}
		for i, level := range some {
			there += c.note(from+done+i, 1, level == 1)
		}
		done += len(some)
	}
	c.nulls += n - there
	return there, nil
}

// note marks n values from row at as there or not, and returns how many are.
func (c *indexed) note(at, n int, there bool) int {
	if c.valid == nil && !there {
		c.valid = make([]byte, bitutil.BytesForBits(int64(cap(c.at))))
		bitutil.SetBitsTo(c.valid, 0, int64(at), true)
	}
	switch {
	case !there: // the bits are 0
		return 0
	case c.valid == nil:
	case n == 1:
		bitutil.SetBit(c.valid, at)
	default:
		bitutil.SetBitsTo(c.valid, int64(at), int64(n), true)
	}
	return n
}

// use makes words the dictionary that the next indices are of.
func (c *indexed) use(words arrow.Array) {
	if n := len(c.dicts); n > 0 {
		if c.dicts[n-1] == words {
			return
		}
		c.base += int32(c.dicts[n-1].Len())
	}
	c.dicts = append(c.dicts, words)
}

func (c *indexed) build(int64) (arrow.Array, error) {
	var words arrow.Array
	switch len(c.dicts) {
	case 0:
		words = array.MakeArrayOfNull(mem, indexedType.ValueType, 0)
	case 1:
		words = c.dicts[0]
	default:
		var err error
		if words, err = array.Concatenate(c.dicts, mem); err != nil {
			return nil, err
		}
	}
	var valid *memory.Buffer
	if c.valid != nil {
		valid = memory.NewBufferBytes(c.valid)
	}
	buffers := []*memory.Buffer{valid, memory.NewBufferBytes(arrow.GetBytes(c.at))}
	d := array.NewDataWithDictionary(indexedType, len(c.at), buffers, c.nulls, 0, words.Data().(*array.Data))
	defer d.Release()
	return array.NewDictionaryData(d), nil
}

// wordsOf returns a dictionary of n words.
func wordsOf(b []byte, n int) (arrow.Array, error) {
	words, _, err := cutWords(b, n)
	return words, err
}

// cutWords returns the first n of words that stand behind their lengths, and what is left.
func cutWords(b []byte, n int) (arrow.Array, []byte, error) {
	if n < 0 || n > len(b)/4 {
		return nil, nil, errPage
	}
	offsets, text := make([]int32, 1, n+1), make([]byte, 0, len(b)-4*n)
	for range n {
		if len(b) < 4 {
			return nil, nil, errPage
		}
		size := binary.LittleEndian.Uint32(b)
		if b = b[4:]; uint64(size) > uint64(len(b)) {
			return nil, nil, errPage
		}
		text = append(text, b[:size]...)
		offsets, b = append(offsets, int32(len(text))), b[size:]
	}
	buffers := []*memory.Buffer{nil, memory.NewBufferBytes(arrow.GetBytes(offsets)), memory.NewBufferBytes(text)}
	d := array.NewData(indexedType.ValueType, n, buffers, nil, 0, 0)
	defer d.Release()
	return array.MakeFromData(d), b, nil
}

// levels are asked for by what a column lies in: this one lies in none.
func (c *indexed) levels() (def, rep []int16) { return nil, nil }

func (c *indexed) repeats() bool { return false }

func (c *indexed) closePages() {
	if c.pages != nil {
		_ = c.pages.Close() // the pages were only read
		c.pages = nil
	}
}

func (c *indexed) release() { c.closePages() }
