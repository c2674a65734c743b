//go:build unix

package pipelines

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What the Dockerfile copies is there, and is all that the commands are made of.
func TestDockerfile(t *testing.T) {
	text, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	copied := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] != "COPY" || strings.HasPrefix(words[1], "--from") {
			continue
		}
		for _, source := range words[1 : len(words)-1] {
			copied[source] = true
			if _, err := os.Stat(filepath.Join("..", source)); err != nil {
				t.Errorf("COPY %s: %v", source, err)
			}
		}
	}
	deps := repository{env: os.Environ()}.run(t, "..", "go list -deps ./cmd/...")
	needed := 0
	for dep := range strings.Lines(deps) {
		if own, ok := strings.CutPrefix(strings.TrimSpace(dep), module); ok {
			needed++
			if top, _, _ := strings.Cut(own, "/"); !copied[top] {
				t.Errorf("%s is needed and %s is not copied", own, top)
			}
		}
	}
	if needed < 10 {
		t.Errorf("%d packages of leadsman's are needed: the test looks in the wrong place", needed)
	}
}

// The container's command, with a report and a server that only note that they
// ran: the server starts once there is a site, however old; the site is written
// again; without one nothing is served.
func TestServe(t *testing.T) {
	script, err := filepath.Abs("container/serve.sh")
	if err != nil {
		t.Fatal(err)
	}
	stub := func(t *testing.T, report string) (dir string, cmd *exec.Cmd) {
		dir = t.TempDir()
		for name, body := range map[string]string{
			"leadsman-report": report,
			// Ends when the report has run three times, or after 20 seconds.
			"nginx": `echo "nginx $*" >> log; for _ in $(seq 400); do [ "$(grep -c report log)" -ge 3 ] && exit 0; sleep 0.05; done; exit 9`,
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/usr/bin/env bash\n"+body+"\n"), 0o777); err != nil {
				t.Fatal(err)
			}
		}
		cmd = exec.Command(script)
		cmd.Dir = dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		t.Cleanup(func() { // the loop writes once more after the server has gone
			for cmd.Process != nil && syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) == nil {
				time.Sleep(10 * time.Millisecond)
			}
		})
		cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "OUT="+dir+"/site", "EVERY=0.1", "NGINX_CONF=some.conf")
		return dir, cmd
	}
	log := func(t *testing.T, dir string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, "log"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}

	t.Run("a site every night", func(t *testing.T) {
		dir, cmd := stub(t, `echo report >> log; mkdir -p "$OUT"; echo > "$OUT/index.html"`)
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		if got := log(t, dir); !strings.HasPrefix(got, "report\nnginx -e stderr -c some.conf\nreport\nreport\n") {
			t.Errorf("ran %q", got)
		}
	})
	t.Run("no site", func(t *testing.T) {
		dir, cmd := stub(t, `echo report >> log; exit 1`)
		if err := cmd.Run(); cmd.ProcessState.ExitCode() != 1 {
			t.Errorf("status %v, want 1", err)
		}
		if got := log(t, dir); got != "report\n" {
			t.Errorf("ran %q", got)
		}
	})
	t.Run("the last site stays", func(t *testing.T) {
		dir, cmd := stub(t, `echo report >> log; exit 1`)
		if err := os.MkdirAll(filepath.Join(dir, "site"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "site/index.html"), nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		if got := log(t, dir); !strings.HasPrefix(got, "report\nnginx") {
			t.Errorf("ran %q", got)
		}
	})
}
