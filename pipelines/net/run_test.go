//go:build nightly

package net_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// prelude stands before every script. What a command says goes to a file of its
// own, as the order in which the parts of a pipe speak is not fixed. `run NAME
// COMMAND...` keeps stdout in NAME.out, and stderr and exit status in NAME.err.
const prelude = `
for command in simulate ingest driftcalc render perfbench; do
  eval "$command() { command $command \"\$@\" 2>>$command.err; }"
done
run() {
  local name=$1 status=0
  shift
  command "$@" >"$name.out" 2>"$name.err" || status=$?
  echo "status $status" >>"$name.err"
  if [ ! -s "$name.out" ]; then rm "$name.out"; fi
}
`

// run runs the script of a case in dir. A script that fails is an error: where
// a command must fail, the script says so by run.
func (c netCase) run(t *testing.T, top, bin, dir string) {
	t.Helper()
	for _, need := range c.needs {
		if err := os.CopyFS(filepath.Join(dir, filepath.Base(need)), os.DirFS(filepath.Join(top, need))); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", prelude+c.script)
	cmd.Dir = dir
	cmd.WaitDelay = time.Second // for pipes that a killed shell's children hold
	cmd.Env = []string{
		"PATH=" + bin + ":" + os.Getenv("PATH"),
		"HOME=/nonexistent", // no configuration and no cache of the user's
		"TMPDIR=" + t.TempDir(),
		"LC_ALL=C",
		"TZ=Asia/Kathmandu",    // whose time nobody must see
		"ONNXRUNTIME_LIB=none", // which not every machine has
	}
	out, err := cmd.CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("the script: %v\n%s%s", err, out, stderrOf(dir))
	}
}

// stderrOf returns what the commands of a script that failed wrote to stderr.
func stderrOf(dir string) string {
	var all strings.Builder
	for _, name := range commands {
		if b, err := os.ReadFile(filepath.Join(dir, name+".err")); err == nil { // else it did not run
			all.Write(b)
		}
	}
	return all.String()
}

// record returns the digests of everything in dir but what the case was given.
func record(c netCase, dir string) (map[string]string, error) {
	lines := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.ContainsFunc(c.needs, func(need string) bool { return filepath.Base(need) == rel }) {
				return filepath.SkipDir
			}
			return nil
		}
		name := c.name + "/" + filepath.ToSlash(rel)
		if strings.ContainsAny(name, " \"\n") {
			return fmt.Errorf("%q: a name that a line cannot begin with", name)
		}
		if omitted[name] != "" {
			return nil
		}
		lines[name], err = digest(name, path)
		return err
	})
	return lines, err
}

// digest describes a file: a table by its columns, what was said in full, and
// anything else by its bytes.
func digest(name, path string) (string, error) {
	if strings.HasSuffix(name, ".parquet") {
		line, err := tableDigest(name, path)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		return line, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if strings.HasSuffix(name, ".err") {
		return fmt.Sprintf("text=%q", b), nil
	}
	return fmt.Sprintf("bytes=%d %x", len(b), first(sha256.Sum256(b), 8)), nil
}

// first returns the first n bytes of a sum: enough to tell versions of one file
// apart.
func first(sum [sha256.Size]byte, n int) []byte { return sum[:n] }
