package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	ucli "github.com/urfave/cli/v2"
)

// The flags that name files to write and to read, in every command.
var (
	outputFlags = []string{"output", "single", "cpuprofile"}
	inputFlags  = []string{"reference", "ref", "config", "plan", "model", "features", "population", "from", "outcomes", "rows", "bodies"}
)

// checkOutputs refuses an output that is also an input: the one would replace
// the other.
func checkOutputs(ctx *ucli.Context, stdin io.Reader) error {
	for _, flag := range outputFlags {
		path := ctx.String(flag)
		if path == "" || path == "-" {
			continue
		}
		out, err := os.Stat(path)
		if err != nil || !out.Mode().IsRegular() && !out.IsDir() {
			continue // it is made, or is a device
		}
		for _, in := range inputsOf(ctx, stdin) {
			if os.SameFile(out, in.info) {
				return Usagef("--%s: %s is also an input", flag, path)
			}
			if out.IsDir() && strings.HasSuffix(in.name, ".parquet") && isIn(out, in.name) {
				return Usagef("--%s: %s holds the input %s", flag, path, in.name)
			}
		}
	}
	return nil
}

func isIn(dir os.FileInfo, path string) bool {
	parent, err := os.Stat(filepath.Dir(path))
	return err == nil && os.SameFile(dir, parent)
}

type inputFile struct {
	name string
	info os.FileInfo
}

// inputsOf returns the files that a command reads: operands, which may be
// patterns, those of flags, and standard input when it is one.
func inputsOf(ctx *ucli.Context, stdin io.Reader) []inputFile {
	var files []inputFile
	add := func(name string) {
		if info, err := os.Stat(name); err == nil {
			files = append(files, inputFile{name, info})
		}
	}
	for _, operand := range ctx.Args().Slice() {
		add(operand)
		if found, err := filepath.Glob(operand); err == nil {
			for _, name := range found {
				add(name)
			}
		}
	}
	for _, flag := range inputFlags {
		if name := ctx.String(flag); name != "" {
			add(name)
		}
	}
	if f, ok := stdin.(*os.File); ok {
		if info, err := f.Stat(); err == nil {
			files = append(files, inputFile{Stdin, info})
		}
	}
	return files
}
