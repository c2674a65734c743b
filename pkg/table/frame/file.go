package frame

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

var (
	magic     = []byte("ARROW1")
	errFooter = errors.New("damaged Arrow file: its footer points outside the file")
)

// NewFileReader returns a Reader of an Arrow file of size bytes: of the schema in
// its footer, which is the one that counts, then of the dictionaries and batches
// where the footer says that they lie. A file without a footer is ErrCut.
func NewFileReader(file io.ReaderAt, size int64) (*Reader, error) {
	const tail = 4 + 6 // the footer's length and the magic
	end := make([]byte, tail)
	if size < 8+tail {
		return nil, ErrCut
	}
	if _, err := file.ReadAt(end, size-tail); err != nil {
		return nil, err
	}
	if !bytes.Equal(end[4:], magic) {
		return nil, ErrCut
	}
	length := int64(binary.LittleEndian.Uint32(end))
	from := size - tail - length
	if from < 8 || length > maxHeader {
		return nil, errFooter
	}
	footer := make([]byte, length)
	if _, err := file.ReadAt(footer, from); err != nil {
		return nil, err
	}
	h := &flat{b: footer, visits: len(footer) / 4}
	root := h.table(0)
	version, schema := h.scalar(root, 0, 2), h.child(root, 1)
	if h.bad || schema == 0 {
		return nil, errFooter
	}
	parts := []io.Reader{bytes.NewReader(schemaMessage(uint16(version), footer, schema))}
	left := from // all blocks together are no longer than the file
	for field := 2; field <= 3; field++ {
		at, n := h.vector(root, field, 24)
		for i := range n {
			block := at + 24*i
			start, header, body := int64(h.uint(block, 8)), int64(int32(h.uint(block+8, 4))), int64(h.uint(block+16, 8))
			if h.bad || start < 0 || header < 0 || body < 0 || start > from || header > left || body > left-header {
				return nil, errFooter
			}
			left -= header + body
			parts = append(parts, io.NewSectionReader(file, start, header+body))
		}
	}
	if h.bad {
		return nil, errFooter
	}
	return &Reader{parts: parts, blocks: true}, nil
}

// schemaMessage returns the schema at a position of a footer as a message of its
// own: a table Message in front of the footer's bytes, whose offsets are relative.
func schemaMessage(version uint16, footer []byte, schema int) []byte {
	const front = 40 // a multiple of 8, as flatbuffers want their numbers to lie
	u16, u32 := binary.LittleEndian.AppendUint16, binary.LittleEndian.AppendUint32
	b := u32(nil, uint32(front+len(footer)))
	b = u32(b, 16)                                    // where the table is
	for _, v := range []uint16{12, 24, 4, 6, 8, 16} { // the vtable: its size, the table's, and where version, header type, header and body length are
		b = u16(b, v)
	}
	b = u32(b, 12) // from the table back to the vtable
	b = u16(b, version)
	b = append(b, headSchema, 0)
	b = u32(b, uint32(front+schema-24)) // from here to the schema
	b = append(b, make([]byte, 12)...)  // no body
	return append(b, footer...)
}

// IsLegacy tells, by the first bytes, a stream of before Arrow 0.15, which begins
// with the length of a schema and no marker.
func IsLegacy(head []byte) bool {
	if len(head) < 32 {
		return false
	}
	n := binary.LittleEndian.Uint32(head)
	if n < 16 || n > maxHeader || n%4 != 0 {
		return false
	}
	h := &flat{b: head[4:min(len(head), int(n)+4)], visits: 8}
	msg := h.table(0)
	return h.scalar(msg, 1, 1) == headSchema && h.child(msg, 2) > 0 && h.scalar(msg, 3, 8) == 0 && !h.bad
}
