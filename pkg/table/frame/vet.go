package frame

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The largest header, body and number of rows of a message.
const (
	maxHeader = 64 << 20
	maxBody   = 2 << 30
	maxRows   = 1 << 28
)

var errHeader = errors.New("damaged stream: a header points outside itself")

// Header types of a message.
const (
	headSchema     = 1
	headDictionary = 2
	headBatch      = 3
)

// vet checks the header of a message (a flatbuffer, see Message.fbs in the
// Arrow format) as far as sizes go: every vector lies inside the header, no
// field is reached more often than the header has room for, and lengths are
// within bounds. It returns the body's length and the check of the body.
func vet(header []byte) (int64, func(body []byte) error, error) {
	h := &flat{b: header, visits: len(header) / 4}
	noBody := func([]byte) error { return nil }
	msg := h.table(0)
	kind := h.scalar(msg, 1, 1)
	length := int64(h.scalar(msg, 3, 8))
	if length < 0 || length > maxBody {
		return 0, nil, fmt.Errorf("damaged stream: a body of %d bytes", length)
	}
	h.vector(msg, 4, 4)
	check := noBody
	head := h.child(msg, 2)
	switch kind {
	case headSchema:
		h.fields(head, 1, 0)
		h.vector(head, 2, 4)
		h.vector(head, 3, 8)
	case headDictionary:
		check = h.batch(h.child(head, 1))
	case headBatch:
		check = h.batch(head)
	}
	if h.bad {
		return 0, nil, errHeader
	}
	return length, check, nil
}

// A flat reads a flatbuffer with every access checked; bad says that one
// pointed outside.
type flat struct {
	b      []byte
	visits int // tables that may still be visited: shared ones could multiply
	bad    bool
}

// uint returns the n-byte little-endian number at position at.
func (f *flat) uint(at, n int) uint64 {
	if at < 0 || n > len(f.b) || at > len(f.b)-n {
		f.bad = true
		return 0
	}
	var word [8]byte
	copy(word[:], f.b[at:at+n])
	return binary.LittleEndian.Uint64(word[:])
}

// table returns the position of the table that the offset at position at
// points to.
func (f *flat) table(at int) int {
	to := at + int(f.uint(at, 4))
	f.visits--
	if f.visits < 0 || to <= 0 || to >= len(f.b) {
		f.bad = true
		return -1
	}
	return to
}

// slot returns the position of a table's field, or 0 where the field is absent.
func (f *flat) slot(table, field int) int {
	if f.bad || table <= 0 {
		return 0
	}
	vtable := table - int(int32(f.uint(table, 4)))
	size := int(f.uint(vtable, 2))
	if f.bad || 4+2*field+2 > size {
		return 0
	}
	offset := int(f.uint(vtable+4+2*field, 2))
	if offset == 0 {
		return 0
	}
	return table + offset
}

func (f *flat) scalar(table, field, size int) uint64 {
	if at := f.slot(table, field); at > 0 {
		return f.uint(at, size)
	}
	return 0
}

// child returns the position of the table in a field, or 0 where there is none.
func (f *flat) child(table, field int) int {
	if at := f.slot(table, field); at > 0 {
		return f.table(at)
	}
	return 0
}

// vector returns where the elements of a vector field begin and how many there
// are, of size bytes each.
func (f *flat) vector(table, field, size int) (at, n int) {
	slot := f.slot(table, field)
	if slot == 0 {
		return 0, 0
	}
	at = slot + int(f.uint(slot, 4))
	n = int(f.uint(at, 4))
	at += 4
	if f.bad || n > (len(f.b)-at)/size {
		f.bad = true
		return 0, 0
	}
	return at, n
}

// typeUnion is the only type that holds a vector.
const typeUnion = 14

// fields walks the columns in a vector of Field, and their children.
func (f *flat) fields(table, field, depth int) {
	if depth > 64 {
		f.bad = true
	}
	at, n := f.vector(table, field, 4)
	for i := 0; i < n && !f.bad; i++ {
		column := f.table(at + 4*i)
		f.fields(column, 5, depth+1)
		f.vector(column, 6, 4)
		if kind := f.scalar(column, 2, 1); kind == typeUnion {
			f.vector(f.child(column, 3), 1, 4)
		}
	}
}

// batch checks a RecordBatch and returns the check of its body: where its
// buffers are compressed, the sizes that they claim to unpack to.
func (f *flat) batch(table int) func(body []byte) error {
	if rows := int64(f.scalar(table, 0, 8)); rows < 0 || rows > maxRows {
		f.bad = true
	}
	nodes, n := f.vector(table, 1, 16)
	for i := range n {
		if rows := int64(f.uint(nodes+16*i, 8)); rows < 0 || rows > maxRows {
			f.bad = true
		}
	}
	buffers, n := f.vector(table, 2, 16)
	counts, columns := f.vector(table, 4, 8) // buffers of each column of views
	for i := range columns {
		if f.uint(counts+8*i, 8) > uint64(n) {
			f.bad = true
		}
	}
	if f.child(table, 3) == 0 {
		return func([]byte) error { return nil }
	}
	return func(body []byte) error {
		packed := &flat{b: body}
		var total uint64
		for i := range n {
			start, length := f.uint(buffers+16*i, 8), f.uint(buffers+16*i+8, 8)
			if length == 0 {
				continue
			}
			if start > maxBody {
				return errHeader
			}
			size := packed.uint(int(start), 8)
			if packed.bad {
				return errHeader
			}
			if size == ^uint64(0) { // stored as it is
				continue
			}
			if total += size; size > maxBody || total > maxBody {
				return errors.New("damaged stream: unpacks to more than 2 GiB")
			}
		}
		return nil
	}
}
