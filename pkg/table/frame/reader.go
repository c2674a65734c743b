// Package frame reads the messages that an Arrow IPC stream is made of, and looks
// at each before arrow-go does.
package frame

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// ErrCut says that a stream stops without its end.
var ErrCut = errors.New("ends in the middle: what follows is missing")

// A Reader reads the messages of one IPC stream, or file, for arrow-go's Reader. It does
// what that leaves out: the end of the bytes is an error where the end marker
// is missing, a body is read as it comes instead of by the length it claims,
// and headers are checked first, since a damaged count makes arrow-go ask for
// more memory than there is, which ends the process.
type Reader struct {
	r      io.Reader
	cut    bool
	msg    *ipc.Message
	blocks bool        // of a file: the messages are in parts
	parts  []io.Reader // that follow, each of one message
}

// NewReader returns a Reader of the stream that r begins with.
func NewReader(r io.Reader) *Reader { return &Reader{r: r} }

// Cut tells that the bytes ended before the marker.
func (f *Reader) Cut() bool { return f.cut }

// Message implements ipc.MessageReader; io.EOF is the end marker, ErrCut the end of
// the bytes before it.
func (f *Reader) Message() (*ipc.Message, error) {
	f.Release()
	if f.blocks {
		if len(f.parts) == 0 {
			return nil, io.EOF
		}
		f.r, f.parts = f.parts[0], f.parts[1:]
	}
	n, err := f.length()
	if err != nil {
		return nil, err
	}
	header, err := f.take(int64(n))
	if err != nil {
		return nil, err
	}
	bodyLength, check, err := vet(header)
	if err != nil {
		return nil, err
	}
	body, err := f.take(bodyLength)
	if err != nil {
		return nil, err
	}
	if err := check(body); err != nil {
		return nil, err
	}
	f.msg = ipc.NewMessage(memory.NewBufferBytes(header), memory.NewBufferBytes(body))
	return f.msg, nil
}

// length reads the length of the next header; io.EOF is the end marker.
func (f *Reader) length() (uint32, error) {
	const continues = 0xffffffff
	n, err := f.word()
	if err == nil && n == continues {
		n, err = f.word()
	}
	switch {
	case err != nil:
		return 0, err
	case n == 0 && f.blocks:
		return 0, errFooter
	case n == 0:
		return 0, io.EOF
	case n > maxHeader:
		return 0, fmt.Errorf("damaged stream: a header of %d bytes", n)
	}
	return n, nil
}

func (f *Reader) word() (uint32, error) {
	b, err := f.take(4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}

// take reads n bytes; a large n is believed only as far as bytes come.
func (f *Reader) take(n int64) ([]byte, error) {
	const trusted = 16 << 20
	if n <= trusted {
		b := make([]byte, n)
		_, err := io.ReadFull(f.r, b)
		return b, f.cutOr(err)
	}
	var b bytes.Buffer
	b.Grow(trusted)
	_, err := io.CopyN(&b, f.r, n)
	return b.Bytes(), f.cutOr(err)
}

func (f *Reader) cutOr(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		f.cut = true
		return ErrCut
	}
	return err
}

// Retain and Release implement ipc.MessageReader; the last message is released
// before the next one, as arrow-go's own reader does it.
func (f *Reader) Retain() {}

func (f *Reader) Release() {
	if f.msg != nil {
		f.msg.Release()
		f.msg = nil
	}
}
