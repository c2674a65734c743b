package deps

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/ort"
)

// What is fetched is what `make deps` fetches: its script has the same digests and
// the same version.
func TestSourcesArePinned(t *testing.T) {
	script, err := os.ReadFile("../../../pipelines/deps.sh")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(script), "wheel_sum="); got != len(sources) {
		t.Errorf("deps.sh has %d wheels, want %d", got, len(sources))
	}
	for platform, s := range sources {
		if !strings.Contains(string(script), "wheel_sum="+s.sha256+"\n") {
			t.Errorf("%s: deps.sh does not have the digest %s", platform, s.sha256)
		}
		if !strings.Contains(s.url, "/onnxruntime-"+ort.Pinned+"-cp311-") || !strings.Contains(s.file, ort.Pinned) {
			t.Errorf("%s: %s and %s are not of version %s", platform, s.url, s.file, ort.Pinned)
		}
	}
}

// A package that is another than the pinned one, or has no library, leaves what is
// there alone.
func TestKeep(t *testing.T) {
	pack := func(file, text string) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		f, err := w.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	of := func(wheel []byte) source {
		sum := sha256.Sum256(wheel)
		return source{sha256: hex.EncodeToString(sum[:]), size: int64(len(wheel)), file: "capi/library"}
	}
	good := pack("capi/library", "code")
	target := filepath.Join(t.TempDir(), "new", "libonnxruntime.so")

	err := of(pack("capi/library", "other")).keep(good, "w.whl", target)
	if want := "w.whl: SHA-256 is " + of(good).sha256 + ", want " + of(pack("capi/library", "other")).sha256; err == nil || err.Error() != want {
		t.Errorf("another package: %v, want %s", err, want)
	}
	empty := pack("capi/readme", "none")
	if err := of(empty).keep(empty, "w.whl", target); err == nil || err.Error() != "w.whl: holds no capi/library" {
		t.Errorf("no library: %v", err)
	}
	if err := of([]byte("text")).keep([]byte("text"), "w.whl", target); err == nil || !strings.HasPrefix(err.Error(), "w.whl: zip: ") {
		t.Errorf("no package: %v", err)
	}
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a library from nowhere: %v", err)
	}
	if err := of(good).keep(good, "w.whl", target); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(target); err != nil || string(got) != "code" {
		t.Errorf("library %q, %v", got, err)
	}
}

// No more is read than a package of the right size, and the byte that shows that it
// is longer.
func TestReadIsBounded(t *testing.T) {
	got, err := source{size: 3}.read(strings.NewReader("abcdefgh"))
	if err != nil || string(got) != "abcd" {
		t.Errorf("read %q, %v", got, err)
	}
}
