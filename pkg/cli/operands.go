package cli

import (
	"cmp"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/files"
)

// The flags that name files to write and to read, in every command.
var (
	outputFlags = []string{"output", "single", "cpuprofile"}
	inputFlags  = append(slices.Clip(fileFlags), "rows", "bodies")
)

// fileFlags are the flags whose file every command opens as files.Open does.
var fileFlags = []string{"reference", "ref", "config", "plan", "model", "features", "population", "from", "outcomes", "logs"}

// namesStdin tells the names of standard input.
func namesStdin(name string) bool { return name == "-" || name == files.Stdin }

// stdinFlag is the flag whose file is standard input, "" for none. One of several is
// an error. Where it says so with "-", it is given the file's name.
func stdinFlag(ctx *ucli.Context) (string, error) {
	taken := ""
	for _, flag := range fileFlags {
		if !namesStdin(ctx.String(flag)) {
			continue
		}
		if taken != "" {
			return "", Usagef("--%s and --%s: cannot both be stdin", taken, flag)
		}
		taken = flag
		if err := ctx.Set(flag, files.Stdin); err != nil {
			return "", err
		}
	}
	return taken, nil
}

// CheckStdin refuses standard input for an operand where a flag takes it.
func CheckStdin(ctx *ucli.Context) error {
	if flag, err := stdinFlag(ctx); flag != "" || err != nil {
		return cmp.Or(err, Usagef("--%s and the input: cannot both be stdin: name a file for one of them", flag))
	}
	return nil
}

// checkFiles finds the flag that standard input belongs to, and refuses what
// checkOutputs does.
func checkFiles(ctx *ucli.Context, stdin io.Reader) error {
	if _, err := stdinFlag(ctx); err != nil {
		return err
	}
	return checkOutputs(ctx, stdin)
}

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
