package logfile

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// maxXZDictionary is the largest dictionary that a file may ask for: it is held in
// memory. xz itself takes 64 MiB at most unless told otherwise.
const maxXZDictionary = 256 << 20

var (
	magicXZ = []byte{0xfd, '7', 'z', 'X', 'Z', 0}
	errXZ   = errors.New("damaged xz file")
)

// xzReader reads an xz file (see "The .xz File Format", 1.2.1): streams one after
// another, of blocks of LZMA2. The module's own reader of such files takes as much
// memory as a header claims.
type xzReader struct {
	from  counted
	check hash.Hash // of the block, nil where the stream has none
	skip  int       // bytes of a check that is not known
	kind  byte
	block io.Reader // nil between blocks
}

func newXZReader(r *bufio.Reader) (*xzReader, error) {
	x := &xzReader{from: counted{Reader: r}}
	return x, x.stream()
}

// counted counts the bytes read, since parts lie on multiples of 4.
type counted struct {
	*bufio.Reader
	n int64
}

func (c *counted) ReadByte() (byte, error) {
	b, err := c.Reader.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

// take reads n bytes; that they are missing is a cut.
func (c *counted) take(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(c, b); err != nil {
		return nil, cut(err)
	}
	return b, nil
}

func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// stream reads a stream's header.
func (x *xzReader) stream() error {
	b, err := x.from.take(12)
	switch {
	case err != nil:
		return err
	case !bytes.Equal(b[:6], magicXZ), b[6] != 0, crc32.ChecksumIEEE(b[6:8]) != binary.LittleEndian.Uint32(b[8:]):
		return errXZ
	}
	x.kind = b[7] & 15
	switch x.kind {
	case 0:
		x.check, x.skip = nil, 0
	case 1:
		x.check = crc32.NewIEEE()
	case 4:
		x.check = crc64.New(crc64.MakeTable(crc64.ECMA))
	case 10:
		x.check = sha256.New()
	default:
		x.check, x.skip = nil, []int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}[x.kind]
	}
	return nil
}

func (x *xzReader) Read(p []byte) (int, error) {
	for {
		if x.block == nil {
			if err := x.next(); err != nil {
				return 0, err
			}
		}
		n, err := x.block.Read(p)
		if x.check != nil {
			x.check.Write(p[:n])
		}
		if errors.Is(err, io.EOF) {
			err = x.endBlock()
		} else if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			err = errXZ
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// next opens the next block; io.EOF is the end of the last stream.
func (x *xzReader) next() error {
	for {
		size, err := x.from.ReadByte()
		if err != nil {
			return cut(err)
		}
		if size != 0 {
			return x.open(size)
		}
		if err := x.index(); err != nil {
			return err
		}
		if err := x.padding(); err != nil {
			return err
		}
	}
}

// open reads the header of a block, of which the first byte was read.
func (x *xzReader) open(size byte) error {
	rest, err := x.from.take(4*int(size) + 3)
	if err != nil {
		return err
	}
	body, sum := rest[:len(rest)-4], binary.LittleEndian.Uint32(rest[len(rest)-4:])
	if crc32.ChecksumIEEE(append([]byte{size}, body...)) != sum {
		return errXZ
	}
	flags, r := body[0], bytes.NewReader(body[1:])
	for _, has := range []byte{0x40, 0x80} { // sizes, packed and not
		if flags&has != 0 {
			if _, err := binary.ReadUvarint(r); err != nil {
				return errXZ
			}
		}
	}
	filter := make([]byte, 3) // its id, the length of its properties, and they
	if _, err := io.ReadFull(r, filter); err != nil {
		return errXZ
	}
	if flags&3 != 0 || filter[0] != 0x21 || filter[1] != 1 || filter[2] > 40 {
		return errors.New("an xz file with a filter besides LZMA2: pack it without")
	}
	dictionary := int64(2|filter[2]&1) << (filter[2]/2 + 11)
	if dictionary > maxXZDictionary {
		return fmt.Errorf("an xz file with a dictionary of more than %d MiB", maxXZDictionary>>20)
	}
	if x.block, err = (lzma.Reader2Config{DictCap: max(int(dictionary), lzma.MinDictCap)}).NewReader2(&x.from); err != nil {
		return errXZ
	}
	if x.check != nil {
		x.check.Reset()
	}
	return nil
}

// endBlock reads what follows the last byte of a block.
func (x *xzReader) endBlock() error {
	x.block = nil
	if err := x.align(); err != nil {
		return err
	}
	if x.check == nil {
		_, err := x.from.take(x.skip)
		return err
	}
	want, err := x.from.take(x.check.Size())
	if err != nil {
		return err
	}
	got := x.check.Sum(nil)
	switch x.kind {
	case 1:
		binary.LittleEndian.PutUint32(got, binary.BigEndian.Uint32(got))
	case 4:
		binary.LittleEndian.PutUint64(got, binary.BigEndian.Uint64(got))
	}
	if !bytes.Equal(got, want) {
		return errors.New("damaged xz file: a block's checksum differs")
	}
	return nil
}

// align reads the zeros up to a multiple of 4 bytes.
func (x *xzReader) align() error {
	b, err := x.from.take(int(-x.from.n & 3))
	if err != nil {
		return err
	}
	if len(bytes.Trim(b, "\x00")) > 0 {
		return errXZ
	}
	return nil
}

// index reads the index of a stream, of which the first byte was read, and the
// footer behind it. What it says of the blocks was seen already.
func (x *xzReader) index() error {
	records, err := binary.ReadUvarint(&x.from)
	if err != nil {
		return cut(err)
	}
	for i := uint64(0); i < 2*records; i++ {
		if _, err := binary.ReadUvarint(&x.from); err != nil {
			return cut(err)
		}
	}
	if err := x.align(); err != nil {
		return err
	}
	b, err := x.from.take(4 + 12)
	if err == nil && string(b[14:]) != "YZ" {
		err = errXZ
	}
	return err
}

// padding reads the zeros behind a stream, and the header of the next if there is
// one; io.EOF where there is none.
func (x *xzReader) padding() error {
	if err := skipZeros(x.from.Reader); err != nil {
		return err
	}
	x.from.n = 0
	if head, _ := x.from.Peek(len(magicXZ)); !bytes.Equal(head, magicXZ) {
		return errBehind
	}
	return x.stream()
}
