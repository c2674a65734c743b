package parquetfile

import (
	"encoding/binary"
	"errors"

	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/pierrec/lz4/v4"
)

func init() {
	for _, c := range []compress.Compression{compress.Codecs.Snappy, compress.Codecs.Gzip, compress.Codecs.Brotli, compress.Codecs.Zstd, compress.Codecs.Lz4Raw} {
		if codec, err := compress.GetCodec(c); err == nil {
			compress.RegisterCodec(c, lenient(codec))
		}
	}
	compress.RegisterCodec(compress.Codecs.Lz4, hadoop{})
}

// blank is a codec that unpacks no bytes to no bytes: pages without values have
// them in files of several writers, and arrow-go's codecs call them damaged.
type blank struct{ compress.Codec }

func (c blank) DecodeWithError(dst, src []byte) ([]byte, error) {
	if len(src) == 0 {
		return dst[:0], nil
	}
	return compress.Decode(c.Codec, dst, src)
}

// lenient keeps what else a codec can do.
func lenient(c compress.Codec) compress.Codec {
	if s, ok := c.(compress.StreamingCodec); ok {
		return struct {
			blank
			compress.StreamingCodec
		}{blank{c}, s}
	}
	return blank{c}
}

// hadoop is LZ4 as it was written before LZ4_RAW: blocks, each behind the bytes that
// it unpacks to and those that it has, big-endian. Some writers left that out.
type hadoop struct{}

var errLZ4 = errors.New("damaged LZ4 block")

func (h hadoop) Decode(dst, src []byte) []byte {
	dst, err := h.DecodeWithError(dst, src)
	if err != nil {
		panic(err) // which compress.Decode takes up
	}
	return dst
}

func (hadoop) DecodeWithError(dst, src []byte) ([]byte, error) {
	if n, ok := unframe(dst, src); ok {
		return dst[:n], nil
	}
	n, err := lz4.UncompressBlock(src, dst)
	if err != nil {
		return nil, errLZ4
	}
	return dst[:n], nil
}

// unframe unpacks blocks with their lengths; false where src is none.
func unframe(dst, src []byte) (n int, ok bool) {
	const head = 8
	for len(src) > 0 {
		if len(src) < head {
			return 0, false
		}
		plain, packed := binary.BigEndian.Uint32(src), binary.BigEndian.Uint32(src[4:])
		src = src[head:]
		if uint64(packed) > uint64(len(src)) || uint64(plain) > uint64(len(dst)-n) {
			return 0, false
		}
		got, err := lz4.UncompressBlock(src[:packed], dst[n:n+int(plain)])
		if err != nil || got != int(plain) {
			return 0, false
		}
		n, src = n+got, src[packed:]
	}
	return n, true
}

// Encode writes one block.
func (h hadoop) Encode(dst, src []byte) []byte {
	const head = 8
	if bound := int(h.CompressBound(int64(len(src)))); cap(dst) < bound {
		dst = make([]byte, bound)
	}
	dst = dst[:cap(dst)]
	n, err := lz4.CompressBlock(src, dst[head:], nil)
	if err != nil {
		panic(err) // which CompressBound rules out
	}
	binary.BigEndian.PutUint32(dst, uint32(len(src)))
	binary.BigEndian.PutUint32(dst[4:], uint32(n))
	return dst[:head+n]
}

func (h hadoop) EncodeLevel(dst, src []byte, _ int) []byte { return h.Encode(dst, src) }

func (hadoop) CompressBound(n int64) int64 { return 8 + int64(lz4.CompressBlockBound(int(n))) }
