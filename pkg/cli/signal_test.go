package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/cli"
)

// The test's own binary is also the command that a signal is sent to.
func TestMain(m *testing.M) {
	if os.Getenv("CLI_TEST_COPY") != "" {
		cli.Main(testApp())
	}
	os.Exit(m.Run())
}

// A signal ends a command with its own status, and of what is not complete
// nothing stays behind.
func TestSignals(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT} {
		if signal.Ignored(sig) {
			continue // as SIGHUP is under nohup, and stays
		}
		for _, output := range []string{"out.arrows", "tables/"} {
			dir := t.TempDir()
			command := exec.Command(os.Args[0], "-o", dir+"/"+output)
			command.Env = append(os.Environ(), "CLI_TEST_COPY=1")
			stdin, err := command.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			whole := bundle(t)
			if _, err := stdin.Write(whole[:len(whole)-1]); err != nil {
				t.Fatal(err)
			}
			temporary := func() []string {
				var found []string
				for _, pattern := range []string{"/.*.tmp", "/*/.*.tmp"} {
					names, _ := filepath.Glob(dir + pattern)
					found = append(found, names...)
				}
				return found
			}
			for begun := time.Now(); len(temporary()) == 0 && time.Since(begun) < 10*time.Second; {
				time.Sleep(time.Millisecond)
			}
			if len(temporary()) == 0 {
				t.Fatalf("%s: no temporary file", output)
			}
			if err := command.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			_ = command.Wait() // its error is the signal
			// Those that would make Go print all goroutines end as a shell tells a signal.
			if s := command.ProcessState.Sys().(syscall.WaitStatus); (!s.Signaled() || s.Signal() != sig) && s.ExitStatus() != 128+int(sig) {
				t.Errorf("%s: ended with %v, want %v", output, s, sig)
			}
			if left := temporary(); len(left) > 0 {
				t.Errorf("%s: %v leaves %v", output, sig, left)
			}
		}
	}
}

// What cannot reach standard output is an error, also of a help; where nothing is to be
// written, it does not matter.
func TestStandardOutput(t *testing.T) {
	in := filepath.Join(t.TempDir(), "in.arrows")
	if err := os.WriteFile(in, bundle(t), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   string
		status int
		stderr string
	}{
		{"--help >/dev/full", 1, "copy: stdout: no space left on device\n"},
		{"--version >/dev/full", 1, "copy: stdout: no space left on device\n"},
		{"--completion bash >/dev/full", 1, "copy: stdout: no space left on device\n"},
		{"--help >&-", 1, "copy: stdout is closed\n"},
		{in + " >&-", 1, "copy: stdout is closed\n"},
		{in + " <>/dev/null >&0", 1, "copy: stdout is closed\n"},
		{in + " >/dev/null", 0, ""},
		{"--help >/dev/null", 0, ""},
		{in + " -o " + in + ".copy >&-", 0, ""},
	} {
		command := exec.Command("sh", "-c", os.Args[0]+" "+c.args)
		command.Env = append(os.Environ(), "CLI_TEST_COPY=1")
		var stderr bytes.Buffer
		command.Stderr = &stderr
		_ = command.Run() // its error is the status
		if got := command.ProcessState.ExitCode(); got != c.status || stderr.String() != c.stderr {
			t.Errorf("%s: status %d, stderr %q; want %d, %q", c.args, got, stderr.String(), c.status, c.stderr)
		}
	}
}
