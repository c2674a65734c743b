package parquetfile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/apache/arrow-go/v18/parquet/file"
)

// CheckPages reads the pages of a file whose writer gave them checksums, and holds them to
// these; arrow-go's reader does not look at them. A chunk of a column whose first page has
// none is passed over. What cannot be taken apart here is left to whoever reads the
// values. Memory is that of one buffer.
func CheckPages(f io.ReaderAt, size int64, pf *file.Reader) error {
	m := pf.MetaData()
	buf := bufio.NewReaderSize(nil, 1<<16)
	for g := range m.NumRowGroups() {
		group := m.RowGroup(g)
		for c := range group.NumColumns() {
			chunk, err := group.ColumnChunk(c)
			if err != nil || chunk.CryptoMetadata() != nil {
				continue
			}
			start := chunk.DataPageOffset()
			if chunk.HasDictionaryPage() && chunk.DictionaryPageOffset() > 0 {
				start = min(start, chunk.DictionaryPageOffset())
			}
			length := chunk.TotalCompressedSize()
			if start < 0 || length <= 0 || start > size-length {
				continue
			}
			buf.Reset(io.NewSectionReader(f, start, length))
			if err := checkChunk(buf, length); err != nil {
				return fmt.Errorf("column %s: %w", chunk.PathInSchema(), err)
			}
		}
	}
	return nil
}

var errChecksum = errors.New("the checksum of a page is not that of its contents")

func checkChunk(buf *bufio.Reader, length int64) error {
	for length > 0 {
		h := &compact{from: buf}
		page, ok := h.pageHeader()
		if length -= h.read + page.size; !ok || page.size < 0 || length < 0 || !page.summed {
			return nil
		}
		sum := crc32.NewIEEE()
		if _, err := io.CopyN(sum, buf, page.size); err != nil {
			return err
		}
		if sum.Sum32() != page.sum {
			return errChecksum
		}
	}
	return nil
}

// pageHead is what is used of the header of a page.
type pageHead struct {
	size   int64 // of the page as it is stored, behind its header
	sum    uint32
	summed bool // there is a sum
}

// A compact reads Thrift's compact protocol, as far as a page's header needs it.
type compact struct {
	from *bufio.Reader
	read int64 // bytes
	bad  bool
}

// Types of fields.
const (
	compactTrue   = 1
	compactFalse  = 2
	compactByte   = 3
	compactInt16  = 4
	compactInt32  = 5
	compactInt64  = 6
	compactDouble = 7
	compactBinary = 8
	compactList   = 9
	compactSet    = 10
	compactStruct = 12
)

// Fields of a PageHeader.
const (
	fieldStored = 3
	fieldSum    = 4
)

func (c *compact) pageHeader() (h pageHead, ok bool) {
	sized := false
	c.fields(func(id int64, kind byte) bool {
		if kind != compactInt32 {
			return false
		}
		switch id {
		case fieldStored:
			h.size, sized = c.int(), true
		case fieldSum:
			h.sum, h.summed = uint32(c.int()), true
		default:
			return false
		}
		return true
	})
	return h, sized && !c.bad
}

// fields reads a struct; take reads a field's value, or leaves it and returns false.
func (c *compact) fields(take func(id int64, kind byte) bool) {
	id := int64(0)
	for !c.bad {
		head := c.byte()
		kind := head & 15
		if kind == 0 || c.bad {
			return
		}
		if step := head >> 4; step > 0 {
			id += int64(step)
		} else {
			id = c.int()
		}
		if !take(id, kind) {
			c.skip(kind, 0)
		}
	}
}

// maxNesting bounds what a damaged header can ask for.
const (
	maxNesting = 8
	maxItems   = 1 << 16
)

func (c *compact) skip(kind byte, depth int) {
	switch kind {
	case compactTrue, compactFalse:
	case compactByte:
		c.byte()
	case compactInt16, compactInt32, compactInt64:
		c.uvarint()
	case compactDouble:
		c.discard(8)
	case compactBinary:
		c.discard(int64(c.uvarint()))
	case compactList, compactSet:
		head := c.byte()
		n := uint64(head >> 4)
		if n == 15 {
			n = c.uvarint()
		}
		if n > maxItems || depth > maxNesting {
			c.bad = true
			return
		}
		kind := head & 15
		for range n {
			if kind == compactTrue || kind == compactFalse {
				c.byte()
				continue
			}
			c.skip(kind, depth+1)
		}
	case compactStruct:
		if depth > maxNesting {
			c.bad = true
			return
		}
		c.fields(func(_ int64, kind byte) bool { c.skip(kind, depth+1); return true })
	default:
		c.bad = true
	}
}

func (c *compact) byte() byte {
	b, err := c.from.ReadByte()
	if err != nil {
		c.bad = true
		return 0
	}
	c.read++
	return b
}

func (c *compact) discard(n int64) {
	const most = 16 << 20 // a header with statistics of long texts
	if n < 0 || n > most {
		c.bad = true
		return
	}
	got, err := c.from.Discard(int(n))
	c.read += int64(got)
	if err != nil {
		c.bad = true
	}
}

// ReadByte lets binary read numbers here.
func (c *compact) ReadByte() (byte, error) {
	b := c.byte()
	if c.bad {
		return 0, io.ErrUnexpectedEOF
	}
	return b, nil
}

func (c *compact) uvarint() uint64 {
	v, err := binary.ReadUvarint(c)
	if err != nil {
		c.bad = true
	}
	return v
}

// int reads a number in zigzag.
func (c *compact) int() int64 {
	v := c.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}
