//go:build !windows

package ingest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/table"
)

// A service writes its log and rotates it by renaming, while ingest follows it, is killed,
// begins anew, and is told to finish: each line is in the parts once, parts have no more
// lines than they may, and memory does not grow. SOAK=5m does so for five minutes.
func TestFollow(t *testing.T) {
	soak, err := time.ParseDuration(os.Getenv("SOAK"))
	if err != nil {
		soak = 3 * time.Second
	}
	dir := t.TempDir()
	command := filepath.Join(dir, "ingest")
	if err := os.Symlink(os.Args[0], command); err != nil {
		t.Fatal(err)
	}
	log, parts := filepath.Join(dir, "api_requests.jsonl"), filepath.Join(dir, "parts")
	start := func() *exec.Cmd {
		c := exec.Command(command, "--kind", "requests", "--follow", parts, "--part-rows", "500", "--part-time", "10m", log)
		c.Stderr = os.Stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		return c
	}
	ingest := start()
	written, lines, rotations, kills := 0, 0, 0, 0
	var file *os.File
	// The last line of a file may have no end yet when it is read.
	put := func(text string) {
		if file == nil {
			if file, err = os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := file.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	var early, late int64
	pace := time.Millisecond
	if soak >= time.Minute {
		pace = 10 * time.Millisecond // else files are removed faster than a busy machine reads them
	}
	for begun, kill := time.Now(), time.Now(); time.Since(begun) < soak; time.Sleep(pace) {
		for range 20 {
			at := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC).Add(time.Duration(lines) * time.Second)
			put(fmt.Sprintf(`{"timestamp":%q,"endpoint":"/predict","method":"POST",`, at.Format(time.RFC3339)))
			put(fmt.Sprintf(`"status_code":200,"response_ms":%d}`+"\n", lines+1))
			lines++
			written++
		}
		if written > 3000 {
			written = 0
			for i := rotations; i > 0; i-- {
				_ = os.Rename(fmt.Sprintf("%s.%d", log, i), fmt.Sprintf("%s.%d", log, i+1))
			}
			if err := os.Rename(log, log+".1"); err != nil {
				t.Fatal(err)
			}
			rotations = min(rotations+1, 20)
			file.Close()
			file = nil
		}
		if soak < time.Minute && time.Since(kill) > 700*time.Millisecond {
			kill = time.Now()
			kills++
			_ = ingest.Process.Kill()
			_ = ingest.Wait() // its error is the signal
			ingest = start()
		}
		if early == 0 && time.Since(begun) > soak/5 {
			early = resident(ingest.Process.Pid)
		}
	}
	time.Sleep(2 * lookAgain) // a process that has just begun has yet to say what a signal means
	late = resident(ingest.Process.Pid)
	if err := ingest.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Millisecond)
	_ = ingest.Process.Signal(syscall.SIGTERM) // as timeout(1) does: its child, then the group
	if err := ingest.Wait(); err != nil {
		t.Errorf("told to finish: %v", err)
	}
	names, err := filepath.Glob(filepath.Join(parts, "part-*.arrows"))
	if err != nil || len(names) < 2 {
		t.Fatal(names, err)
	}
	next := 1
	for _, name := range names {
		rows := 0
		in := table.Open(table.Input{Name: name})
		for in.Next() {
			if in.Table() != "requests" {
				continue
			}
			column := in.Batch().Column(in.Schema().FieldIndices("response_ms")[0]).(*array.Float64)
			rows += column.Len()
			for i := range column.Len() {
				if got := int(column.Value(i)); got != next {
					t.Fatalf("%s: line %d, want %d", filepath.Base(name), got, next)
				}
				next++
			}
		}
		if err := in.Err(); err != nil {
			t.Fatal(err)
		}
		if rows == 0 || rows > 500 {
			t.Errorf("%s: %d rows", filepath.Base(name), rows)
		}
	}
	if next-1 != lines {
		t.Errorf("%d lines in the parts, %d were written", next-1, lines)
	}
	if left, _ := os.ReadDir(parts); len(left) != len(names)+1 {
		t.Errorf("beside the parts: %v", left)
	}
	t.Logf("%d lines in %d parts, %d files, %d kills; %d kB resident after a fifth, %d kB at the end", lines, len(names), rotations+1, kills, early, late)
	if soak >= time.Minute && late > early*3/2 {
		t.Errorf("memory grew from %d to %d kB", early, late)
	}
}

// resident is what a process has in memory, in kB; 0 where the system does not tell.
func resident(pid int) (kB int64) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), "VmRSS:")
	_, _ = fmt.Sscan(rest, &kB)
	return kB
}
