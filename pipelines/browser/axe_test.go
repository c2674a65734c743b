//go:build browser

package browser

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// axe-core is under the MPL 2.0: it is fetched and run, never kept in the
// repository.
const (
	axeVersion = "4.14.1"
	axeURL     = "https://registry.npmjs.org/axe-core/-/axe-core-" + axeVersion + ".tgz"
	axeSum     = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745" // SHA-256 of the package
)

// axeCore returns the script of axe-core out of its package, which is fetched
// into the user's cache.
func axeCore(t *testing.T) string {
	t.Helper()
	script, err := fetchAxe()
	switch {
	case err == nil:
	case os.Getenv("CI") == "" && errors.Is(err, errNoAxe):
		t.Skipf("not checked with axe-core: %v", err)
	default:
		t.Fatal(err)
	}
	return script
}

var errNoAxe = errors.New("it could not be fetched")

func fetchAxe() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "leadsman")
	file := filepath.Join(dir, "axe-core-"+axeVersion+".tgz")
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return "", err
		}
		// npm knows of mirrors; the registry is asked where there is none.
		npm := exec.Command("npm", "pack", "--silent", "--fetch-retries", "1", "axe-core@"+axeVersion)
		npm.Dir = dir
		if npm.Run() != nil {
			if err := download(axeURL, file); err != nil {
				return "", fmt.Errorf("%w: %w", errNoAxe, err)
			}
		}
		raw, err = os.ReadFile(file)
	}
	if err != nil {
		return "", err
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(raw)); sum != axeSum {
		return "", fmt.Errorf("%s: SHA-256 is %s, want %s", filepath.Base(file), sum, axeSum)
	}
	packed, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return "", err
	}
	for files := tar.NewReader(packed); ; {
		h, err := files.Next()
		if err != nil {
			return "", fmt.Errorf("%s: axe.min.js: %w", filepath.Base(file), err)
		}
		if h.Name == "package/axe.min.js" {
			script, err := io.ReadAll(files)
			return string(script), err
		}
	}
}

// download writes what the address holds to a file.
func download(url, file string) error {
	client := http.Client{Timeout: 2 * time.Minute}
	answer, err := client.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, answer.Status)
	}
	raw, err := io.ReadAll(io.LimitReader(answer.Body, 64<<20))
	if err != nil {
		return err
	}
	return os.WriteFile(file, raw, 0o666)
}
