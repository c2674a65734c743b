//go:build nightly

// Package net_test holds the real commands to what they wrote before: each case
// is a script, and digests.txt has one line for every table and file that the
// scripts leave behind. A change that should change nothing leaves digests.txt
// as it is; any other shows there which columns and files it touched.
//
//	go test -count=1 -tags nightly -timeout 20m ./pipelines/net
//	go test -count=1 -tags nightly -timeout 20m ./pipelines/net -update
//
// LEADSMAN_BIN names a directory of commands that are built already, and
// NET_KEEP one in which the outputs of all cases stay.
package net_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "write digests.txt")

const (
	committed = "digests.txt"
	version   = "net" // what --version prints
)

var commands = []string{"simulate", "ingest", "driftcalc", "render", "perfbench"}

// A netCase is a script, which runs in an empty directory, and the directories
// of the repository that stand there under their last name. Inputs are under
// relative names and times are given, so that nothing depends on where and when
// it runs.
type netCase struct {
	name   string
	needs  []string
	script string
}

func TestNet(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("elsewhere Go may fuse multiplications with additions, which changes last digits")
	}
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	bin := binaries(t, top)
	all := allCases()

	var lock sync.Mutex
	ran := map[string]bool{}
	now := map[string]string{}
	t.Run("cases", func(t *testing.T) {
		for _, c := range all {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				dir := workDir(t, c.name)
				c.run(t, top, bin, dir)
				lines, err := record(c, dir)
				if err != nil {
					t.Fatal(err)
				}
				lock.Lock()
				defer lock.Unlock()
				ran[c.name] = true
				maps.Copy(now, lines)
			})
		}
	})

	old, err := readDigests(committed)
	if err != nil && !(*update && os.IsNotExist(err)) {
		t.Fatal(err)
	}
	// With -run, lines of the cases that did not run stay as they are.
	for name, line := range old {
		of, _, _ := strings.Cut(name, "/")
		if !ran[of] && slices.ContainsFunc(all, func(c netCase) bool { return c.name == of }) {
			now[name] = line
		}
	}
	if *update {
		if err := writeDigests(committed, now); err != nil {
			t.Fatal(err)
		}
		return
	}
	if changes := compare(old, now); len(changes) > 0 {
		report(t, changes, now)
	}
}

// binaries returns the directory of the commands, which it builds unless the
// environment names one.
func binaries(t *testing.T, top string) string {
	t.Helper()
	if dir := os.Getenv("LEADSMAN_BIN"); dir != "" {
		dir, err := filepath.Abs(fromTop(dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range commands {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				t.Fatalf("LEADSMAN_BIN: %v", err)
			}
		}
		return dir
	}
	dir := t.TempDir()
	if out, err := exec.Command("make", "-C", top, "build", "BIN="+dir, "VERSION="+version).CombinedOutput(); err != nil {
		t.Fatalf("make build: %v\n%s", err, out)
	}
	return dir
}

// fromTop takes a relative path as one from the top of the repository, where
// the test was started, and not from this directory.
func fromTop(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join("../..", path)
}

// workDir returns an empty directory for a case, below NET_KEEP if it is set.
func workDir(t *testing.T, name string) string {
	t.Helper()
	keep := fromTop(os.Getenv("NET_KEEP"))
	if keep == "" {
		return t.TempDir()
	}
	if err := os.MkdirAll(keep, 0o777); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(keep, name)
	if err := os.Mkdir(dir, 0o777); err != nil { // never into what an earlier run left
		t.Fatalf("NET_KEEP: %v", err)
	}
	return dir
}

// readDigests returns the lines of a file of digests by what they are of.
func readDigests(path string) (map[string]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := map[string]string{}
	for line := range strings.Lines(string(b)) {
		name, rest, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !ok {
			return nil, fmt.Errorf("%s: no digest in %q", path, line)
		}
		lines[name] = rest
	}
	return lines, nil
}

func writeDigests(path string, lines map[string]string) error {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		fmt.Fprintf(&b, "%s %s\n", name, lines[name])
	}
	return os.WriteFile(path, []byte(b.String()), 0o666)
}
