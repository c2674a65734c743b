//go:build chaos && linux

package chaos

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A site, a directory of tables and a log's tables on a file system of their own, which is
// full sooner or later: what stands there is the old or the new one, and the new one when
// there is room again. Nothing can be put beside a mount point, so this is the way in place.
func TestFullFileSystem(t *testing.T) {
	bin := build(t)
	from := inputs(t, bin)
	for _, c := range []command{
		{"render", []string{"render", "-o", "out", "found.arrows"}, []string{"out"}},
		{"driftcalc", []string{"driftcalc", "--reference", "ref.csv", "rows.arrows", "-o", "out/"}, []string{"out"}},
		{"ingest", []string{"ingest", "--reference", "ref.csv", "log.jsonl", "-o", "out/"}, []string{"out"}},
	} {
		dir := filepath.Join(t.TempDir(), "work")
		copyTree(t, from, dir)
		out := filepath.Join(dir, "out")
		if err := os.Mkdir(out, 0o777); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=8m", "none", out).CombinedOutput(); err != nil {
			t.Skipf("mounting is not allowed here: %s", said)
		}
		t.Cleanup(func() { _ = exec.Command("umount", out).Run() })
		earlier := append([]string{}, c.args...)
		for i, arg := range earlier {
			earlier[i] = strings.NewReplacer("log.jsonl", "ref-log.jsonl").Replace(arg)
		}
		if err := os.WriteFile(filepath.Join(dir, "ref-log.jsonl"), []byte(`{"timestamp":"2026-01-05T00:00:00Z","input":{"v":1,"kind":"a"},"score":0.5}`+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		must(t, bin, dir, "ingest", "--reference", "ref.csv", "ref-log.jsonl", "-o", "first.arrows")
		must(t, bin, dir, "driftcalc", "--reference", "ref.csv", "first.arrows", "-o", "first-found.arrows")
		for i, arg := range earlier {
			earlier[i] = map[string]string{"found.arrows": "first-found.arrows", "rows.arrows": "first.arrows"}[arg]
			if earlier[i] == "" {
				earlier[i] = arg
			}
		}
		must(t, bin, dir, c.args...)
		will := state(t, out)
		must(t, bin, dir, earlier...)
		was := state(t, out)
		if was == will {
			t.Fatalf("%s: both nights are the same", c.name)
		}
		refusals := 0
		for _, spare := range []int64{0, 4, 16, 64, 256, 1024} {
			must(t, bin, dir, earlier...)
			resize(t, out, used(t, out)+spare<<10)
			status, _, said := run(t, bin, dir, "", c.args...)
			now := state(t, out)
			switch {
			case status == 0 && now == will:
			case status == 1 && (now == was || now == will) && strings.Contains(said, "no space left on device"):
				refusals++
			default:
				t.Errorf("%s with %d kB to spare: status %d, %s; old %v, new %v", c.name, spare, status, said, now == was, now == will)
			}
			resize(t, out, 8<<20)
			must(t, bin, dir, c.args...)
			if state(t, out) != will {
				t.Errorf("%s with %d kB to spare: the next run does not make the new one", c.name, spare)
			}
		}
		if refusals == 0 {
			t.Errorf("%s: the file system was never full", c.name)
		}
	}
}

func used(t *testing.T, path string) int64 {
	t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		t.Fatal(err)
	}
	return int64(s.Blocks-s.Bfree) * s.Bsize
}

func resize(t *testing.T, path string, size int64) {
	t.Helper()
	if said, err := exec.Command("mount", "-o", fmt.Sprintf("remount,size=%d", size), path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
}
