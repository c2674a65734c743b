package logfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// someLog is a log of several blocks, however it is packed.
func someLog() []byte {
	var log []byte
	for i := range 100_000 {
		log = fmt.Appendf(log, "%x\n", i*i*i)
	}
	return log
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// A packed log of many blocks is the log, from a stream and from a file.
func TestUnpacked(t *testing.T) {
	log := someLog()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"plain": log, "gzip": gzipped(t, log), "zstd": z.EncodeAll(log, nil), "empty": nil} {
		want := log
		if len(data) == 0 {
			want = nil
		}
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		read := 0
		for _, s := range []*Source{
			{Name: "log", From: bytes.NewReader(data)},
			{Name: "log", Path: path, Progress: func(n int) { read += n }},
		} {
			r, done, err := s.Open()
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %d bytes, want %d, %v", name, len(got), len(want), err)
			}
			done()
		}
		if read != len(data) {
			t.Errorf("%s: progress of %d bytes, want %d", name, read, len(data))
		}
	}
}

// A reader that stops early leaves no goroutine waiting.
func TestStopped(t *testing.T) {
	packed := gzipped(t, someLog())
	before := runtime.NumGoroutine()
	for range 3 {
		r, done, err := (&Source{From: bytes.NewReader(packed)}).Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.ReadByte(); err != nil {
			t.Fatal(err)
		}
		done()
	}
	for begun := time.Now(); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Since(begun) > 10*time.Second {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

func TestBadSources(t *testing.T) {
	packed := gzipped(t, someLog())
	contents := func(s *Source) error {
		r, done, err := s.Open()
		if err != nil {
			return err
		}
		defer done()
		if _, err := io.Copy(io.Discard, r); err != nil {
			return s.Fail(err)
		}
		return nil
	}
	for _, cut := range []int{3, 20, len(packed) / 2, len(packed) - 1} {
		if err := contents(&Source{Name: "log", From: bytes.NewReader(packed[:cut])}); err == nil || err.Error() != "log: the compressed file is cut short" {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
	dir := t.TempDir()
	for path, want := range map[string]string{
		dir:           ": is a directory: name the logs in it",
		dir + "/none": ": no such file or directory",
	} {
		if err := contents(&Source{Name: path, Path: path}); err == nil || err.Error() != path+want {
			t.Errorf("%v, want %s", err, path+want)
		}
	}
	torn := errors.New("torn")
	if err := (&Source{Name: "log"}).Fail(&os.PathError{Op: "read", Path: "x", Err: torn}); !errors.Is(err, torn) || err.Error() != "log: torn" {
		t.Errorf("got %v", err)
	}
}

func TestSize(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, make([]byte, 7), 0o666); err != nil {
		t.Fatal(err)
	}
	if n := Size([]string{path, "-", path}); n != 14 {
		t.Errorf("%d bytes, want 14", n)
	}
}
