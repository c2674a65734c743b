package pipelines

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The action's own steps, one after another as a workflow runs them, with a release
// that was packed here: it is taken by its digest alone, the site is written and told
// in the job's summary, and the gate speaks after that.
func TestAction(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the release is packed for Linux")
	}
	action := readAction(t)
	top, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	tmp, releases := t.TempDir(), t.TempDir()
	archive := fmt.Sprintf("%s/v1.2.3/leadsman_1.2.3_%s_%s.tar.gz", releases, runtime.GOOS, runtime.GOARCH)
	if err := os.Mkdir(filepath.Dir(archive), 0o777); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("tar", "-czf", archive, "-C", commands, "leadsman").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	packed, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(tmp, "gh"), []byte("#!/bin/sh\necho 'gh: Not Found (HTTP 404)' >&2; exit 1\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	job := installed{t.TempDir(), []string{
		"PATH=" + tmp + ":" + tmp + "/leadsman-bin:/usr/bin:/bin", "HOME=" + tmp, "RUNNER_TEMP=" + tmp, "GITHUB_PATH=" + tmp + "/path",
		"GITHUB_STEP_SUMMARY=" + tmp + "/summary", "GITHUB_OUTPUT=" + tmp + "/output", "GITHUB_REPOSITORY=someone/model", "GITHUB_ACTION_PATH=" + top,
		"LEADSMAN_RELEASES=file://" + releases, "NOW=" + firstNight,
	}}
	if err := os.CopyFS(job.dir, os.DirFS("testdata/churn")); err != nil {
		t.Fatal(err)
	}
	// with runs a step with the action's inputs, by default where they are not given.
	with := func(step string, status int, inputs map[string]string) string {
		t.Helper()
		s, ok := action.steps[step]
		if !ok {
			t.Fatalf("no step %q", step)
		}
		job := job
		for name, value := range s.Env {
			if input, ok := strings.CutPrefix(strings.TrimSuffix(value, " }}"), "${{ inputs."); ok {
				if _, ok := action.inputs[input]; !ok {
					t.Errorf("step %s: no input %q", step, input)
				}
				value = action.inputs[input].Default
				if given, ok := inputs[input]; ok {
					value = given
				}
			}
			job.env = append(job.env[:len(job.env):len(job.env)], name+"="+value)
		}
		return job.exits(t, status, "set -eo pipefail\n"+s.Run)
	}

	if out := with("Install", 2, nil); !strings.Contains(out, "name a release by version and sha256") {
		t.Errorf("nothing to install: %s", out)
	}
	wrong := map[string]string{"version": "v1.2.3", "sha256": strings.Repeat("0", 64)}
	if out := with("Install", 1, wrong); !strings.Contains(out, "leadsman_1.2.3_linux_") || !strings.Contains(out, "want 0000") {
		t.Errorf("another digest: %s", out)
	}
	if _, err := os.Stat(filepath.Join(tmp, "leadsman-bin", "leadsman")); err == nil {
		t.Error("an archive of another digest was unpacked")
	}
	with("Install", 0, map[string]string{"version": "v1.2.3", "sha256": fmt.Sprintf("%x", sha256.Sum256(packed))})
	with("Install", 0, map[string]string{"program": filepath.Join(commands, "leadsman")})

	if out := with("Fetch the history of earlier nights", 0, nil); !strings.Contains(out, "the history starts here") {
		t.Errorf("the first night: %s", out)
	}
	with("Report", 0, nil)
	with("Gate", 0, nil)
	with("Gate", 3, map[string]string{"fail": "true"})
	with("Gate", 0, map[string]string{"fail": "true", "gate": "alert"})
	with("Gate", 2, map[string]string{"gate": "wran"})
	if said := job.read(t, "build/site/index.html"); !strings.Contains(said, "Rechnungsbetrag €") {
		t.Error("the site does not name the column that has moved")
	}
	output, err := os.ReadFile(filepath.Join(tmp, "output"))
	if want := "level=warn\ngate=3\ngate=3\ngate=0\ngate=2\n"; err != nil || string(output) != want {
		t.Errorf("outputs %q, %v, want %q", output, err, want)
	}
	summary, err := os.ReadFile(filepath.Join(tmp, "summary"))
	if err != nil || !strings.Contains(string(summary), "Rechnungsbetrag €") {
		t.Errorf("the job's summary: %q, %v", summary, err)
	}

	// A file of history that the caller keeps is the one that gets the night.
	with("Report", 0, map[string]string{"history": "kept.parquet"})
	if info, err := os.Stat(filepath.Join(job.dir, "kept.parquet")); err != nil || info.Size() == 0 {
		t.Errorf("the history that was named: %v", err)
	}
}

type actionStep struct {
	Name, Run, Uses string
	Env             map[string]string
}

type actionInput struct{ Description, Default string }

type actionFile struct {
	inputs map[string]actionInput
	steps  map[string]actionStep
}

func readAction(t *testing.T) actionFile {
	t.Helper()
	text, err := os.ReadFile("../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs map[string]actionInput
		Runs   struct{ Steps []actionStep }
	}
	if err := yaml.Unmarshal(text, &action); err != nil {
		t.Fatal(err)
	}
	steps := map[string]actionStep{}
	for _, s := range action.Runs.Steps {
		steps[s.Name] = s
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %s: an expression in a script: pass it in env", s.Name)
		}
		if s.Uses != "" && !pinned.MatchString(s.Uses) {
			t.Errorf("%s is not pinned by its commit", s.Uses)
		}
	}
	return actionFile{action.Inputs, steps}
}
