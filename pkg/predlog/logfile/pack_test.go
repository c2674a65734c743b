package logfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// unpacked returns what is in packed bytes.
func unpacked(packed []byte) ([]byte, error) {
	s := &Source{Name: "log", From: bytes.NewReader(packed)}
	r, done, err := s.Open()
	if err != nil {
		return nil, err
	}
	defer done()
	b, err := io.ReadAll(r)
	if err != nil {
		return b, s.Fail(err)
	}
	return b, nil
}

// Files that testdata/make.sh packed. Cut anywhere they are none, nor where
// something else follows.
func TestOtherPackers(t *testing.T) {
	var want bytes.Buffer
	for i := range 1000 {
		fmt.Fprintln(&want, i)
	}
	paths, err := filepath.Glob("testdata/*.*")
	if err != nil || len(paths) != 12 {
		t.Fatalf("%v, %v", paths, err)
	}
	for _, path := range paths {
		packed, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, ".sh") {
			continue
		}
		if got, err := unpacked(packed); err != nil || !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s: %d bytes, %v", path, len(got), err)
		}
		end := len(bytes.TrimRight(packed, "\x00"))
		for _, at := range []int{10, 11, 15, 20, end / 2, end - 20, end - 9} {
			if got, err := unpacked(packed[:at]); err == nil && !strings.Contains(path, "streams") && !strings.Contains(path, "frames") {
				t.Fatalf("%s cut at %d of %d: %d bytes", path, at, end, len(got))
			}
		}
		if _, err := unpacked(append(bytes.Clone(packed), "something else"...)); err == nil {
			t.Errorf("%s: something else behind it", path)
		}
		if Stem("x.jsonl"+filepath.Ext(path)) != "x.jsonl" {
			t.Errorf("%s: its stem", path)
		}
	}
}

// Text may begin like a packing.
func TestNotPacked(t *testing.T) {
	text := "BZhang,score\n1,2\n"
	if got, err := unpacked([]byte(text)); err != nil || string(got) != text {
		t.Errorf("%q, %v", got, err)
	}
}

// A file that asks for more memory than there may be is refused.
func TestLargeDictionary(t *testing.T) {
	packed, err := os.ReadFile("testdata/none.xz")
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(packed, []byte{0x21, 1}) + 2
	for _, c := range []struct {
		bits byte
		want string
	}{{40, "log: an xz file with a dictionary of more than 256 MiB"}, {41, "log: an xz file with a filter besides LZMA2: pack it without"}} {
		b := bytes.Clone(packed)
		b[at] = c.bits
		fixHeader(b[12:])
		if _, err := unpacked(b); err == nil || err.Error() != c.want {
			t.Errorf("%d: %v", c.bits, err)
		}
	}
	b := bytes.Clone(packed)
	b[at]++
	if _, err := unpacked(b); err == nil || err.Error() != "log: damaged xz file" {
		t.Errorf("a header whose checksum differs: %v", err)
	}
}

// A block whose checksum differs is damaged.
func TestChecksums(t *testing.T) {
	for _, name := range []string{"crc64.xz", "blocks.xz", "sha256.xz"} {
		packed, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		failed := false
		for at := len(packed) - 64; at < len(packed)-20; at++ {
			b := bytes.Clone(packed)
			b[at] ^= 1
			_, err := unpacked(b)
			failed = failed || err != nil && err.Error() == "log: damaged xz file: a block's checksum differs"
		}
		if !failed {
			t.Errorf("%s: no byte that is changed spoils the checksum", name)
		}
	}
}

// Whatever the bytes, unpacking ends with an error or the contents.
func FuzzUnpack(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		packed, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(packed)
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		b := bufio.NewReader(bytes.NewReader(packed))
		head, _ := b.Peek(longestMagic)
		r, err := unpack(b, head)
		if err != nil || r == nil {
			return
		}
		_, _ = io.CopyN(io.Discard, r, 16<<20)
	})
}

// fixHeader puts the right checksum behind the header of a block.
func fixHeader(b []byte) {
	end := 4 * int(b[0])
	binary.LittleEndian.PutUint32(b[end:], crc32.ChecksumIEEE(b[:end]))
}
