package parquetfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// SealKey is the key of the file's metadata with its two digests, SHA-256 in hexadecimal,
// one behind the other: of the bytes before the footer, and of the footer (without its
// length and the magic) in which zeros stand for both.
const SealKey = "leadsman.sha256"

// Creator is what the files say that wrote them.
const Creator = "leadsman"

const (
	digestLength = 2 * sha256.Size
	tailLength   = 8 // the footer's length and the magic
)

var blankSeal = strings.Repeat("0", 2*digestLength)

// A sealer passes a file on and digests it; the footer waits for its own digest.
type sealer struct {
	to     io.Writer
	digest hash.Hash
	footer *bytes.Buffer // nil before the footer
}

func newSealer(w io.Writer) *sealer { return &sealer{to: w, digest: sha256.New()} }

func (s *sealer) Write(b []byte) (int, error) {
	if s.footer != nil {
		return s.footer.Write(b)
	}
	s.digest.Write(b) //nolint:errcheck // a hash takes everything
	return s.to.Write(b)
}

func (s *sealer) body() string { return hex.EncodeToString(s.digest.Sum(nil)) }

func (s *sealer) holdFooter() { s.footer = &bytes.Buffer{} }

// finish puts the digests into the footer and writes it.
func (s *sealer) finish() error {
	held := s.footer.Bytes()
	if len(held) < tailLength {
		return errors.New("the Parquet file has no footer")
	}
	start := len(held) - tailLength - int(binary.LittleEndian.Uint32(held[len(held)-tailLength:]))
	if start < 0 {
		return errors.New("the footer of the Parquet file is longer than what was written")
	}
	s.digest.Write(held[:start]) //nolint:errcheck // what lies between rows and footer
	footer := held[start : len(held)-tailLength]
	at, err := sealAt(footer, blankSeal)
	if err != nil {
		return err
	}
	own := sha256.Sum256(footer)
	copy(footer[at:], s.body()+hex.EncodeToString(own[:]))
	_, err = s.to.Write(held)
	return err
}

// sealAt finds the value of the seal in a footer.
func sealAt(footer []byte, seal string) (int, error) {
	// A string is its length, in seven bits a byte, and its bytes; 0x18 says that a
	// string follows as the next field.
	entry := append([]byte(SealKey), 0x18)
	entry = binary.AppendUvarint(entry, uint64(len(seal)))
	entry = append(entry, seal...)
	at := bytes.Index(footer, entry)
	if at < 0 || bytes.Contains(footer[at+1:], entry) {
		return 0, errors.New("the Parquet file has no place for its digests")
	}
	return at + len(entry) - len(seal), nil
}

// sealOf returns the two digests that a file of ours carries.
func sealOf(m *metadata.FileMetaData) (body, footer string, ok bool) {
	v := m.KeyValueMetadata().FindValue(SealKey)
	if v == nil || len(*v) != 2*digestLength || m.FileMetaData.GetCreatedBy() != Creator {
		return "", "", false
	}
	return (*v)[:digestLength], (*v)[digestLength:], true
}

// Body returns the digest of what lies before the footer, as the file carries it; "" where
// it carries none.
func Body(m *metadata.FileMetaData) string {
	body, _, _ := sealOf(m)
	return body
}

var errChanged = errors.New("its digest is not that of its contents: it was changed after it was written")

// Verify holds a file of size bytes to the digests that it carries, which a Writer put
// there: all of it is read. sealed is false where it carries none, as the files of
// other programs and of earlier versions; one that another program wrote anew keeps the
// metadata, not the digests' truth, and counts as that program's.
func Verify(f io.ReaderAt, size int64, m *metadata.FileMetaData) (sealed bool, err error) {
	body, own, ok := sealOf(m)
	if !ok {
		return false, nil
	}
	tail := make([]byte, tailLength)
	if _, err := f.ReadAt(tail, size-tailLength); err != nil {
		return false, err
	}
	length := int64(binary.LittleEndian.Uint32(tail))
	start := size - tailLength - length
	if start < 0 {
		return false, errChanged
	}
	footer := make([]byte, length)
	if _, err := f.ReadAt(footer, start); err != nil {
		return false, err
	}
	at, err := sealAt(footer, body+own)
	if err != nil {
		return false, errChanged
	}
	copy(footer[at:], blankSeal)
	if sum := sha256.Sum256(footer); hex.EncodeToString(sum[:]) != own {
		return false, errChanged
	}
	digest := sha256.New()
	if _, err := io.Copy(digest, io.NewSectionReader(f, 0, start)); err != nil {
		return false, fmt.Errorf("reading it to the end: %w", err)
	}
	if hex.EncodeToString(digest.Sum(nil)) != body {
		return false, errChanged
	}
	return true, nil
}
