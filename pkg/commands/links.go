package commands

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/files"
)

func makeLinks(ctx *ucli.Context) error {
	if ctx.NArg() != 1 {
		return cli.Usagef("want one directory, got %d", ctx.NArg())
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(ctx.Args().First())
	if err != nil {
		return err
	}
	if info, err := os.Stat(dir); err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("%s: is no directory", dir)
	}
	names := links()
	for i, name := range names {
		names[i] = filepath.Join(dir, name+filepath.Ext(program))
		if !ctx.Bool("force") {
			if err := free(names[i], program); err != nil {
				return err
			}
		}
	}
	for _, name := range names {
		if err := link(program, name); err != nil {
			return err
		}
	}
	return nil
}

// free tells whether name may become a link: nothing is there, or one to the same
// program.
func free(name, program string) error {
	if _, err := os.Lstat(name); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	there, err := os.Stat(name)
	if err == nil {
		if own, err := os.Stat(program); err == nil && os.SameFile(there, own) {
			return nil
		}
	}
	return fmt.Errorf("%s: is there already; --force replaces it", name)
}

// link makes name a link to program, or a copy where there can be no link.
func link(program, name string) error {
	target := program
	if filepath.Dir(program) == filepath.Dir(name) {
		target = filepath.Base(program) // both may be moved together
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if os.Symlink(target, name) == nil || os.Link(program, name) == nil {
		return nil
	}
	return files.Write(name, func(w io.Writer) error {
		from, err := os.Open(program)
		if err != nil {
			return err
		}
		defer from.Close()
		_, err = io.Copy(w, from)
		return err
	})
}
