package table

import (
	"encoding/hex"
	"io"

	"github.com/zeebo/xxh3"
)

// A section digests the streams of a bundle between two of its ends: XXH3 with 128 bits
// of each stream's bytes, and of these digests in turn. Streams without a name, which
// another program put among them, are left out. It finds damage; it is no seal against
// somebody who makes a digest anew.
type section struct {
	stream *xxh3.Hasher // of the open stream
	all    []byte       // the digests of those that ended
}

// begin begins a stream and returns what takes its bytes.
func (s *section) begin() io.Writer {
	if s.stream == nil {
		s.stream = xxh3.New()
	}
	s.stream.Reset()
	return s.stream
}

// end ends the stream, and counts it.
func (s *section) end() {
	sum := s.stream.Sum128().Bytes()
	s.all = append(s.all, sum[:]...)
}

// digest ends the section and returns its digest in hexadecimal.
func (s *section) digest() string {
	sum := xxh3.Hash128(s.all).Bytes()
	s.all = nil
	return hex.EncodeToString(sum[:])
}
