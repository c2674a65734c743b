package pipelines

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"go.yaml.in/yaml/v3"
)

// What was installed serves another model, in a directory that is no clone, with
// nothing but the system's own tools beside it.
func TestInstalled(t *testing.T) {
	steps := nightly(t)
	runner := t.TempDir()
	repo := copyRepository(t)
	repo.env = append(repo.env, "RUNNER_TEMP="+runner, "GITHUB_PATH="+runner+"/path")
	repo.run(t, runner, steps["Install leadsman"])
	if err := os.RemoveAll(repo.dir); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(runner, "leadsman")); err != nil {
		t.Fatal(err)
	}
	bin, err := os.ReadFile(runner + "/path")
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimSpace(string(bin)) + ":/usr/bin:/bin"

	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/churn")); err != nil {
		t.Fatal(err)
	}
	user := installed{dir, []string{"PATH=" + path, "HOME=" + t.TempDir(), "NOW=" + firstNight}}

	out := user.exits(t, 0, "leadsman-report")
	if strings.Contains(out, "sample") || strings.Contains(out, "simulat") {
		t.Errorf("leadsman-report speaks of the sample case:\n%s", out)
	}
	if n := len(user.nights(t)); n != 1 {
		t.Fatalf("%d nights in the history after the first run, want 1", n)
	}

	t.Run("verdict", func(t *testing.T) {
		// make.py's SHIFTED is the only column that was drawn otherwise.
		found := false
		for _, f := range user.findings(t) {
			moved := f.Subject == "Rechnungsbetrag €" && f.Check == verdict.CheckDistribution
			found = found || moved
			moved = moved || f.Check == verdict.CheckMultivariate // of which it is one
			if bad := f.Level == "warn" || f.Level == "alert"; bad != moved {
				t.Errorf("%s, %s: level %q: %s", f.Subject, f.Check, f.Level, f.Sentence)
			}
		}
		if !found {
			t.Error("nothing is said of the column that has moved")
		}
		if index := user.read(t, "build/site/index.html"); !strings.Contains(index, "Rechnungsbetrag €") {
			t.Error("the overview does not name the column that has moved")
		}
	})

	t.Run("what must not be shown", func(t *testing.T) {
		sample := regexp.MustCompile(`(?i)\bsimulated\b|sample (case|data|reference|model)|lead scoring|\bleads\b|\bengaged\b|` + strings.Join(sampleColumns(t), "|"))
		private := regexp.MustCompile(`K-[0-9]{9}|Rückruf|Rabatt|Störung,`) // ids and words of the notes
		pages := 0
		err := filepath.WalkDir(filepath.Join(dir, "build/site"), func(path string, d fs.DirEntry, err error) error {
			ext := filepath.Ext(path)
			if err != nil || d.IsDir() || ext == ".png" || ext == ".parquet" {
				return err
			}
			if ext == ".html" {
				pages++
			}
			text, err := os.ReadFile(path)
			if found := private.Find(text); found != nil {
				t.Errorf("%s shows a subscriber's own data: %q", d.Name(), found)
			}
			if ext == ".csv" { // the names of a table's columns are leadsman's
				_, text, _ = bytes.Cut(text, []byte("\n"))
			}
			// report.json has the run's flags by name, and the guide explains them.
			if found := sample.Find(text); found != nil && ext != ".json" && d.Name() != "guide.html" {
				t.Errorf("%s speaks of the sample case: %q", d.Name(), found)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if pages < 10 {
			t.Errorf("%d pages, want at least ten", pages)
		}
	})

	t.Run("gate", func(t *testing.T) {
		if out := user.exits(t, 3, "leadsman-gate"); !strings.Contains(out, "warn") {
			t.Errorf("leadsman-gate does not say the level: %q", out)
		}
		user.exits(t, 0, "LEVEL=alert leadsman-gate")
	})

	t.Run("elsewhere", func(t *testing.T) {
		user.exits(t, 0, `mkdir "mein modell" && cp -r monitor.yaml reference.csv model.ubj features.json logs "mein modell"`)
		user.exits(t, 0, `CONFIG="mein modell/monitor.yaml" LOGS="mein modell/logs" OUT="seite von heute" HEALTH_URL=http://127.0.0.1:9/ leadsman-report`)
		if page := user.read(t, "seite von heute/model.html"); !strings.Contains(page, "No outcomes have come in") {
			t.Error("the page of the model's quality does not say that it has no outcomes")
		}
		user.exits(t, 0, `{ echo "Kundennummer,gekündigt"; sed -n 's/.*"Kundennummer":"\([^"]*\)".*/\1/p' "mein modell/logs/predictions.jsonl" | awk '{print $0 "," NR % 2}'; } > "mein modell/logs/outcomes.csv"`)
		user.exits(t, 0, `CONFIG="mein modell/monitor.yaml" LOGS="mein modell/logs" OUT="seite von heute" leadsman-report`)
		if page := user.read(t, "seite von heute/model.html"); strings.Contains(page, "No outcomes have come in") {
			t.Error("the outcomes beside the logs were not read")
		}
		if out := user.exits(t, 1, "CONFIG=monitr.yaml OUT=absent leadsman-report"); !strings.Contains(out, "monitr.yaml") {
			t.Errorf("a settings file that is not there is not named: %q", out)
		}
		if _, err := os.Stat(filepath.Join(dir, "absent")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a site without its settings: %v", err)
		}
	})

	t.Run("history", func(t *testing.T) {
		user.exits(t, 0, "leadsman-report")
		first := user.nights(t)
		if len(first) != 1 {
			t.Fatalf("nights %v after two runs over one log, want one", first)
		}
		nextDay(t, filepath.Join(dir, "logs"))
		user.exits(t, 0, "NOW="+secondNight+" leadsman-report")
		both := user.nights(t)
		if len(both) != 2 || both[0] != first[0] || both[1] != first[0].Add(24*time.Hour) {
			t.Errorf("nights %v, want %v and the day after it", both, first[0])
		}
	})

	// Each night a new checkout, on a new machine: only what was published is left.
	t.Run("workflow", func(t *testing.T) {
		published := ""
		for n := 1; n <= 2; n++ {
			job := installed{t.TempDir(), nil}
			tmp := t.TempDir()
			gh := "echo 'gh: Not Found (HTTP 404)' >&2; exit 1"
			if published != "" {
				gh = "echo file://" + published + "/"
			}
			if err := os.WriteFile(filepath.Join(tmp, "gh"), []byte("#!/bin/sh\n"+gh+"\n"), 0o777); err != nil {
				t.Fatal(err)
			}
			job.env = []string{"PATH=" + tmp + ":" + path, "HOME=" + tmp, "RUNNER_TEMP=" + tmp, "GITHUB_STEP_SUMMARY=" + tmp + "/summary", "GITHUB_OUTPUT=" + tmp + "/output",
				"GITHUB_REPOSITORY=someone/model", "CONFIG=monitor.yaml", "LOGS=logs", "HEALTH_URL=", "OUT=build/site"}
			if err := os.CopyFS(job.dir, os.DirFS("testdata/churn")); err != nil {
				t.Fatal(err)
			}
			job.env = append(job.env, "NOW="+firstNight)
			if n > 1 {
				nextDay(t, filepath.Join(job.dir, "logs"))
				job.env = append(job.env, "NOW="+secondNight)
			}
			job.exits(t, 0, "set -e\n"+steps["Fetch the history of earlier nights"])
			if n == 2 { // a fetch that fails is no first night
				if err := os.WriteFile(filepath.Join(tmp, "gh"), []byte("#!/bin/sh\necho 'gh: rate limit (HTTP 403)' >&2; exit 1\n"), 0o777); err != nil {
					t.Fatal(err)
				}
				job.exits(t, 1, "set -e\n"+steps["Fetch the history of earlier nights"])
			}
			job.exits(t, 0, "set -e\n"+steps["Write the site"])
			job.exits(t, 0, "set -e\n"+steps["Summary"])
			job.exits(t, 0, "set -e\n"+steps["Ask the gate"])
			if said, err := os.ReadFile(filepath.Join(tmp, "output")); err != nil || string(said) != "status=3\n" {
				t.Errorf("the gate says %q, %v", said, err)
			}
			job.exits(t, 3, "GATE=3\n"+steps["Fail when the model has drifted"])
			if nights := job.nights(t); len(nights) != n {
				t.Errorf("nights %v, want %d", nights, n)
			}
			summary, err := os.ReadFile(filepath.Join(tmp, "summary"))
			if err != nil || !strings.Contains(string(summary), "Rechnungsbetrag €") {
				t.Errorf("the job's summary: %q, %v", summary, err)
			}
			published = filepath.Join(job.dir, "build/site")
		}
	})
}

var pinned = regexp.MustCompile(`@[0-9a-f]{40}$`)

// nightly returns the shell steps of the workflow for a model's repository, by
// name.
func nightly(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../docs/examples/nightly.yml")
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct {
			Permissions map[string]string
			Steps       []struct{ Name, Run, Uses string }
		}
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	steps := map[string]string{}
	for name, job := range workflow.Jobs {
		for _, s := range job.Steps {
			if strings.Contains(s.Run, "${{") {
				t.Errorf("step %s: an expression in a script: pass it in env", s.Name)
			}
			if s.Run != "" {
				steps[s.Name] = s.Run
			}
			if s.Uses != "" && !pinned.MatchString(s.Uses) {
				t.Errorf("%s is not pinned by its commit", s.Uses)
			}
			if job.Permissions["pages"] == "write" && s.Run != "" {
				t.Errorf("job %s runs a script and may publish", name)
			}
		}
	}
	return steps
}

// An installed set of commands, used in dir.
type installed struct {
	dir string
	env []string
}

// exits runs a command line and returns what it printed.
func (u installed) exits(t *testing.T, status int, line string) string {
	t.Helper()
	cmd := exec.Command("bash", "-c", line)
	cmd.Dir, cmd.Env = u.dir, u.env
	out, err := cmd.CombinedOutput()
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if got != status {
		t.Fatalf("%s: status %d, want %d\n%s", line, got, status, out)
	}
	return string(out)
}

func (u installed) read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(u.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

type finding struct {
	Subject  string `table:"subject"`
	Check    string `table:"check"`
	Level    string `table:"level"`
	Sentence string `table:"sentence"`
}

func (u installed) findings(t *testing.T) []finding {
	t.Helper()
	return rows[finding](t, filepath.Join(u.dir, "build/site/data/findings.parquet"))
}

// nights returns the ends of the periods in the history, each once, as they
// stand in it.
func (u installed) nights(t *testing.T) []time.Time {
	t.Helper()
	type night struct {
		PeriodEnd time.Time `table:"period_end"`
	}
	var ends []time.Time
	for _, n := range rows[night](t, filepath.Join(u.dir, "build/site/data/history.parquet")) {
		if len(ends) == 0 || ends[len(ends)-1] != n.PeriodEnd {
			ends = append(ends, n.PeriodEnd)
		}
	}
	return ends
}

func rows[T any](t *testing.T, path string) []T {
	t.Helper()
	var all []T
	r := table.Open(table.Input{Name: path})
	for r.Next() {
		some, err := table.Decode[T](r.Batch())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatalf("%s has no rows", filepath.Base(path))
	}
	return all
}

// sampleColumns returns the columns of the sample case, as patterns that find
// them as words.
func sampleColumns(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../testdata/reference.csv")
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(text), "\n")
	var patterns []string
	for _, name := range strings.Split(strings.TrimSpace(head), ",") {
		// The site itself speaks of scores and locations.
		if name != "score" && len(name) > 8 {
			patterns = append(patterns, `\b`+regexp.QuoteMeta(name)+`\b`)
		}
	}
	if len(patterns) < 10 {
		t.Fatalf("columns %v of the sample case", patterns)
	}
	return patterns
}

// The end of the churn case's logs, and the day after it.
const firstNight, secondNight = "2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z"

// nextDay puts every time in the churn case's logs a day later. They span three
// days, the newest first.
func nextDay(t *testing.T, logs string) {
	t.Helper()
	later := strings.NewReplacer("2026-03-04T", "2026-03-05T", "2026-03-03T", "2026-03-04T", "2026-03-02T", "2026-03-03T")
	for _, name := range []string{"predictions.jsonl", "api_requests.jsonl"} {
		path := filepath.Join(logs, name)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(later.Replace(string(b))), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(logs, "predictions.jsonl.1.gz")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(logs, "predictions.jsonl.1")
	if err := os.WriteFile(plain, []byte(later.Replace(string(b))), 0o666); err != nil {
		t.Fatal(err)
	}
}
