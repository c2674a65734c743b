package logfile

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// packings are the ways in which files are packed: their first bytes, the endings
// of their names, and how they are read.
var packings = []struct {
	magic   string
	endings []string
	open    func(packed *bufio.Reader) (io.Reader, error)
}{
	{"\x1f\x8b", []string{".gz"}, func(r *bufio.Reader) (io.Reader, error) { return newGzipReader(r) }},
	{"\x28\xb5\x2f\xfd", []string{".zst", ".zstd"}, openZstd},
	{"BZh", []string{".bz2"}, func(r *bufio.Reader) (io.Reader, error) { return &bzip2Reader{bzip2.NewReader(r)}, nil }},
	{string(magicXZ), []string{".xz"}, func(r *bufio.Reader) (io.Reader, error) { return newXZReader(r) }},
	{magicLZ4, []string{".lz4"}, openLZ4},
}

// longestMagic is how many first bytes tell a packing.
const longestMagic = 6

var errBehind = errors.New("behind the compressed data is something else")

// Stem returns a file's name without the endings of packed files.
func Stem(name string) string {
	for _, p := range packings {
		for _, ending := range p.endings {
			if stem, ok := strings.CutSuffix(name, ending); ok {
				return stem
			}
		}
	}
	return name
}

// unpack returns the contents of what packed holds, or nil when its first bytes
// are not those of a packing.
func unpack(packed *bufio.Reader, head []byte) (io.Reader, error) {
	for _, p := range packings {
		if bytes.HasPrefix(head, []byte(p.magic)) && (p.magic != "BZh" || isBzip2(packed)) {
			return p.open(packed)
		}
	}
	return nil, nil
}

// isBzip2 looks closer, since BZh may begin a text: behind a digit comes the number
// of a block, or that of the end.
func isBzip2(packed *bufio.Reader) bool {
	head, _ := packed.Peek(10)
	return len(head) < 10 || head[3] >= '1' && head[3] <= '9' &&
		slices.Contains([]string{"\x31\x41\x59\x26\x53\x59", "\x17\x72\x45\x38\x50\x90"}, string(head[4:]))
}

func openZstd(packed *bufio.Reader) (io.Reader, error) {
	z, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
	if err != nil {
		return nil, err
	}
	return z.IOReadCloser(), nil
}

// skipZeros reads zeros, with which tapes and block devices fill a file up; io.EOF
// where nothing follows.
func skipZeros(r *bufio.Reader) error {
	for {
		b, err := r.ReadByte()
		if err != nil {
			return err
		}
		if b != 0 {
			return r.UnreadByte()
		}
	}
}

// gzipReader reads members of gzip, and zeros behind them.
type gzipReader struct {
	*gzip.Reader
	packed *bufio.Reader
}

func newGzipReader(packed *bufio.Reader) (*gzipReader, error) {
	z, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return &gzipReader{z, packed}, nil
}

func (g *gzipReader) Read(p []byte) (int, error) {
	for {
		n, err := g.Reader.Read(p)
		if !errors.Is(err, io.EOF) || n > 0 {
			return n, noEnd(err)
		}
		if err := skipZeros(g.packed); err != nil {
			return 0, err
		}
		if err := g.Reset(g.packed); err != nil {
			return 0, cut(err)
		}
		g.Multistream(false)
	}
}

// noEnd leaves an end that comes with bytes to the next call.
func noEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// bzip2Reader names the errors of bzip2.
type bzip2Reader struct{ io.Reader }

func (b *bzip2Reader) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	var damage bzip2.StructuralError
	if errors.As(err, &damage) {
		err = errors.New("damaged bzip2 file")
	}
	return n, err
}
