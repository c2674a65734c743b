package logfile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"

	"github.com/pierrec/lz4/v4"
)

const magicLZ4 = "\x04\x22\x4d\x18"

// lz4Reader reads frames of LZ4, one after another.
type lz4Reader struct {
	packed *bufio.Reader
	frame  *lz4.Reader
}

func openLZ4(packed *bufio.Reader) (io.Reader, error) {
	return &lz4Reader{packed, lz4.NewReader(&lz4Frame{from: packed})}, nil
}

func (l *lz4Reader) Read(p []byte) (int, error) {
	for {
		n, err := l.frame.Read(p)
		switch {
		case err == nil, errors.Is(err, io.ErrUnexpectedEOF):
			return n, err
		case !errors.Is(err, io.EOF):
			return n, errors.New("damaged LZ4 file")
		case n > 0:
			return n, nil
		}
		if head, err := l.packed.Peek(len(magicLZ4)); len(head) == 0 {
			return 0, err
		} else if string(head) != magicLZ4 {
			return 0, errBehind
		}
		l.frame.Reset(&lz4Frame{from: l.packed})
	}
}

// lz4Frame gives the bytes of one frame and io.EOF behind its last, which the module
// does not tell from a cut.
type lz4Frame struct {
	from  *bufio.Reader
	begun bool
	ended bool
	sums  int // bytes of a block's checksum
	sum   int // of the frame's
	left  int // bytes up to the next length of a block
}

func (f *lz4Frame) Read(p []byte) (int, error) {
	if f.left == 0 {
		if err := f.next(); err != nil {
			return 0, err
		}
	}
	n, err := f.from.Read(p[:min(len(p), f.left)])
	f.left -= n
	return n, cut(err)
}

// next finds out how many bytes come up to the next length, which are looked at and
// not yet taken.
func (f *lz4Frame) next() error {
	if f.ended {
		return io.EOF
	}
	if !f.begun {
		head, err := f.from.Peek(6)
		if err != nil {
			return cut(err)
		}
		f.begun, f.left = true, 7 // magic, flags, sizes and their checksum
		flags := head[4]
		if flags&0x10 != 0 {
			f.sums = 4
		}
		if flags&0x08 != 0 {
			f.left += 8
		}
		if flags&0x04 != 0 {
			f.sum = 4
		}
		if flags&0x01 != 0 {
			f.left += 4
		}
		return nil
	}
	b, err := f.from.Peek(4)
	if err != nil {
		return cut(err)
	}
	size := int(binary.LittleEndian.Uint32(b) &^ (1 << 31))
	if f.left = 4 + size + f.sums; size == 0 {
		f.left, f.ended = 4+f.sum, true
	}
	return nil
}
