// Package deps is the command that fetches ONNX Runtime for the engine onnx.
package deps

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/model/ort"
)

// A source is the package of ONNX Runtime for one platform: its makers' wheel.
type source struct {
	url    string
	sha256 string // of the wheel
	size   int64  // of the wheel, bytes
	file   string // the library in it
}

const pypi = "https://files.pythonhosted.org/packages/"

// sources are the packages of ort.Pinned by operating system and processor; the
// digests are PyPI's, and those of pipelines/deps.sh.
var sources = map[string]source{
	"linux/amd64": {
		pypi + "b6/3f/8de630f595daf6ce884d4dd95afd2a60e70ec6572e52bfee3aa2229befab/onnxruntime-1.26.0-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
		"11a8df4dcfe9ad5ff0bd71a7571dbed019fabc7594676c89fe8b86ea029c246f", 18176043, "onnxruntime/capi/libonnxruntime.so.1.26.0",
	},
	"linux/arm64": {
		pypi + "66/c7/73efa6c8a4000c38fcc14947d84f234a17e5d66f203b37b7f1ad4a7b46eb/onnxruntime-1.26.0-cp311-cp311-manylinux_2_27_aarch64.manylinux_2_28_aarch64.whl",
		"35c7c7b0ac2e02001d28fab6c9fc24e9abc5e6faa35e6e19c63cecf1406ba89f", 16043752, "onnxruntime/capi/libonnxruntime.so.1.26.0",
	},
	"darwin/arm64": {
		pypi + "d4/81/29a9eb470994a75eb7b3ccf32be314d7c66675a00ac7b50294816cc2db27/onnxruntime-1.26.0-cp311-cp311-macosx_14_0_arm64.whl",
		"ee1109ef4ef27cad90e823399e61e03b3c6c7bfe0fb820b4baf3678c15be8b3c", 18005108, "onnxruntime/capi/libonnxruntime.1.26.0.dylib",
	},
}

// App returns the command, to be run once.
func App() *ucli.App {
	app := cli.New("deps", "fetch ONNX Runtime, for the engine onnx", "", `
Puts the library of ONNX Runtime `+ort.Pinned+` where the engine onnx looks for it, the
user's cache, and prints its path. It is taken out of its makers' package on
PyPI, which must have the SHA-256 that is written into this program. Only a
program that was built with cgo has the engine: leadsman-onnx of a release, for
Linux on amd64, or one that was built from the source.

Where the network is closed, fetch the package elsewhere and name it by --from.

Examples:
  leadsman deps
  leadsman deps --show
  leadsman deps --from onnxruntime-1.26.0-*_x86_64.whl`)
	app.Flags = []ucli.Flag{
		&ucli.StringFlag{Name: "from", Usage: "take the library out of the package `FILE`; - is stdin"},
		&ucli.BoolFlag{Name: "show", Usage: "only print the package's address, its SHA-256 and where the library goes"},
	}
	app.Action = run
	return app
}

func run(ctx *ucli.Context) error {
	if ctx.NArg() > 0 {
		return cli.Usagef("want no operand, got %d", ctx.NArg())
	}
	env := cli.EnvOf(ctx)
	platform := runtime.GOOS + "/" + runtime.GOARCH
	from, ok := sources[platform]
	if !ok {
		return fmt.Errorf("no ONNX Runtime is pinned for %s: name yours in ONNXRUNTIME_LIB, version 1.24 or later", platform)
	}
	target, err := ort.Cached()
	if err != nil {
		return err
	}
	if ctx.Bool("show") {
		_, err := fmt.Fprintf(env.Stdout, "%s\nsha256:%s\n%s\n", from.url, from.sha256, target)
		return err
	}
	if _, err := os.Stat(target); err != nil || ctx.IsSet("from") {
		wheel, name, err := from.wheel(ctx)
		if err != nil {
			return err
		}
		if err := from.keep(wheel, name, target); err != nil {
			return err
		}
	}
	if !ort.Built {
		env.Notef("this program was built without cgo and has no engine onnx: %s has", ort.WithEngine())
	}
	_, err = fmt.Fprintln(env.Stdout, target)
	return err
}

// wheel returns the package's bytes, at most one more than it should have, and what
// to call it in an error.
func (s source) wheel(ctx *ucli.Context) (wheel []byte, name string, err error) {
	if ctx.IsSet("from") {
		name = ctx.String("from")
		f, err := files.Open(name)
		if p := (*fs.PathError)(nil); errors.As(err, &p) {
			return nil, "", fmt.Errorf("%s: %w", name, p.Err)
		} else if err != nil {
			return nil, "", err
		}
		defer f.Close()
		wheel, err = s.read(f)
		return wheel, name, err
	}
	name = s.url
	timed, cancel := context.WithTimeout(ctx.Context, 5*time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(timed, http.MethodGet, s.url, nil)
	if err != nil {
		return nil, "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, "", fmt.Errorf("%s: %s", name, response.Status)
	}
	if wheel, err = s.read(response.Body); err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return wheel, name, err
}

func (s source) read(r io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(r, s.size+1)) }

// keep checks the package and puts its library in its place, whole or not at all.
func (s source) keep(wheel []byte, name, target string) error {
	if sum := sha256.Sum256(wheel); hex.EncodeToString(sum[:]) != s.sha256 {
		return fmt.Errorf("%s: SHA-256 is %x, want %s", name, sum, s.sha256)
	}
	archive, err := zip.NewReader(bytes.NewReader(wheel), int64(len(wheel)))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	library, err := archive.Open(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: holds no %s", name, s.file)
	} else if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer func() { _ = library.Close() }() // read to its end, it has no more to tell
	if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		return err
	}
	return files.Write(target, func(w io.Writer) error {
		_, err := io.Copy(w, library)
		return err
	})
}
