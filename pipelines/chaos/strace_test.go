//go:build chaos && linux

package chaos

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The calls that TestEveryCall tries are all that the kernel sees of these kinds: none
// changes what stands on disk past the hook.
func TestKernelSeesTheSame(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("no strace here")
	}
	bin := build(t)
	from := inputs(t, bin)
	done := regexp.MustCompile(`(?m)^(fsync|fdatasync|rename|renameat|renameat2|link|linkat)\((.*)\) += 0$`)
	for _, c := range commands {
		dir, trace, seen := filepath.Join(t.TempDir(), "work"), filepath.Join(t.TempDir(), "trace"), filepath.Join(t.TempDir(), "seen")
		copyTree(t, from, dir)
		run := exec.Command(strace, append([]string{"-ff", "-q", "-o", seen, "-e", "trace=fsync,fdatasync,rename,renameat,renameat2,link,linkat", bin}, c.args...)...)
		run.Dir = dir
		run.Env = append(os.Environ(), faultVariable+"=trace:"+trace)
		if said, err := run.CombinedOutput(); err != nil {
			if strings.Contains(string(said), "ptrace") {
				t.Skipf("strace may not trace here: %s", said)
			}
			t.Fatalf("%s: %v: %s", c.name, err, said)
		}
		hook, err := os.ReadFile(trace)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{}
		for line := range strings.Lines(string(hook)) {
			switch kind, _, _ := strings.Cut(line, " "); kind {
			case "fsync", "rename", "exchange", "link":
				want[kind]++
			}
		}
		threads, err := filepath.Glob(seen + ".*") // a file each, so that no line is cut by another's
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, path := range threads {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range done.FindAllStringSubmatch(string(raw), -1) {
				kind := strings.TrimSuffix(strings.TrimSuffix(m[1], "2"), "at")
				switch {
				case strings.Contains(m[2], "RENAME_EXCHANGE"):
					kind = "exchange"
				case kind == "fdatasync":
					kind = "fsync"
				}
				got[kind]++
			}
		}
		t.Logf("%s: %v", c.name, got)
		if !maps.Equal(got, want) {
			t.Errorf("%s: the kernel saw %v, the hook %v", c.name, got, want)
		}
	}
}
