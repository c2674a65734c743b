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
	if at := sealAt(footer); at >= 0 { // else another creator is named
		own := sha256.Sum256(footer)
		copy(footer[at:], s.body()+hex.EncodeToString(own[:]))
	}
	_, err := s.to.Write(held)
	return err
}

// sealEntry is what stands before the seal in a footer: the key, and that a string of its
// length follows as the next field.
var sealEntry = binary.AppendUvarint(append([]byte(SealKey), compactField), uint64(2*digestLength))

// sealEnd is what stands behind it: the end of the entry, which is the last, and the next
// field, the creator.
var sealEnd = append([]byte{0, compactField, byte(len(Creator))}, Creator...)

// compactField is the head of a field that is text and follows the one before.
const compactField = 1<<4 | compactBinary

// sealAt finds the seal in a footer of ours, by its bytes: a footer that is damaged may
// still be taken apart, into something else. Negative where there is none.
func sealAt(footer []byte) int {
	for at := 0; ; {
		i := bytes.Index(footer[at:], sealEntry)
		if i < 0 {
			return -1
		}
		at += i + len(sealEntry)
		if len(footer) >= at+2*digestLength && bytes.HasPrefix(footer[at+2*digestLength:], sealEnd) {
			return at
		}
	}
}

// footerOf returns a file's footer and where it starts.
func footerOf(f io.ReaderAt, size int64) (footer []byte, start int64, err error) {
	tail := make([]byte, tailLength)
	if size < tailLength {
		return nil, 0, errors.New("it is too short")
	}
	if _, err := f.ReadAt(tail, size-tailLength); err != nil {
		return nil, 0, err
	}
	start = size - tailLength - int64(binary.LittleEndian.Uint32(tail))
	if start < 0 {
		return nil, 0, errors.New("its footer is longer than the file")
	}
	footer = make([]byte, size-tailLength-start)
	_, err = f.ReadAt(footer, start)
	return footer, start, err
}

// Body returns the digest of what lies before the footer, as a file of size bytes carries
// it; "" where it carries none.
func Body(f io.ReaderAt, size int64) string {
	footer, _, err := footerOf(f, size)
	if err != nil {
		return ""
	}
	at := sealAt(footer)
	if at < 0 {
		return ""
	}
	return string(footer[at : at+digestLength])
}

var errChanged = errors.New("its digest is not that of its contents: it was changed after it was written")

// Verify holds a file of size bytes to the digests that it carries, which a Writer put
// there: all of it is read. sealed is false where it carries none, as the files of
// other programs and of earlier versions; one that another program wrote anew keeps the
// metadata, not the digests' truth, and counts as that program's.
func Verify(f io.ReaderAt, size int64) (sealed bool, err error) {
	footer, start, err := footerOf(f, size)
	if err != nil {
		return false, err
	}
	at := sealAt(footer)
	if at < 0 {
		return false, nil
	}
	body, own := string(footer[at:at+digestLength]), string(footer[at+digestLength:at+2*digestLength])
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
