package ort

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestLibraryIsChosenInTurn(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("XDG_CACHE_HOME", "")
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	file := func(parts ...string) string {
		path := filepath.Join(parts...)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	defer SetLibrary("")
	t.Setenv("ONNXRUNTIME_LIB", "")
	_, err = library()
	const want = "ONNX Runtime is not available: `leadsman deps` fetches libonnxruntime.so, or name it in ONNXRUNTIME_LIB"
	if !errors.Is(err, errUnavailable) || err.Error() != want {
		t.Errorf("nothing there: %v", err)
	}

	cached := file(cache, "leadsman", "onnxruntime-"+Pinned, fileName())
	named, flag := file(dir, "named.so"), file(dir, "flag.so")
	check := func(want string) {
		t.Helper()
		if got, err := library(); err != nil || got != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	check(cached)
	t.Setenv("ONNXRUNTIME_LIB", named)
	check(named)
	SetLibrary(flag)
	check(flag)

	// What was asked for by name is not replaced by what is there.
	none := filepath.Join(dir, "none.so")
	SetLibrary(none)
	_, err = library()
	if !errors.Is(err, errUnavailable) || !errors.Is(err, os.ErrNotExist) || err.Error() != "ONNX Runtime is not available: "+none+": no such file or directory" {
		t.Errorf("got %v", err)
	}
}

// The version and the places that `make deps` and this package know are the
// same.
func TestPinnedIsFetched(t *testing.T) {
	script, err := os.ReadFile("../../../pipelines/deps.sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\nversion=" + Pinned + "\n",
		"\nname=libonnxruntime.so\n",
		"\ntarget=$cache/leadsman/onnxruntime-$version/$name\n",
	} {
		if !strings.Contains(string(script), want) {
			t.Errorf("deps.sh has no line %q", strings.TrimSpace(want))
		}
	}
}

func TestBuildsWithoutCgo(t *testing.T) {
	if _, err := os.ReadFile("nocgo.go"); err != nil { // so that a change of it runs this again
		t.Fatal(err)
	}
	cmd := exec.Command("go", "build", "-o", os.DevNull, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
