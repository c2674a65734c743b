package initial

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/commandtest"
	"github.com/leadsman/leadsman/pkg/config"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"init": func() { cli.Main(App()) }})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": commandtest.Status},
	})
}

// A log that a program is shipped for is known by its records.
func TestKnownLogs(t *testing.T) {
	logs, _ := filepath.Glob("../../predlog/known/testdata/*.[jl]*")
	if len(logs) < 12 {
		t.Fatal(logs)
	}
	for _, log := range logs {
		name, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(log), filepath.Ext(log)), "-")
		text, err := propose(nil, log, "")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, "\nfrom: "+name+" ") {
			t.Errorf("%s:\n%s", log, text)
		}
		if _, err := config.Parse("monitor.yaml", []byte(text)); err != nil {
			t.Errorf("%s: %v\n%s", log, err, text)
		}
	}
}

// Whatever a log holds, what is printed is a monitor.yaml.
func FuzzPropose(f *testing.F) {
	for _, line := range []string{
		`{"ts":1772366400,"age":33,"country":"DE","prediction":0.7}`,
		`{"meta":{"time":"2026-03-01T12:00:00Z"},"features":{"a":1},"out":{"probs":[0.1,0.9]},"took_s":0.1}`,
		`{"time":"x","status":200,"path":"/a","ids[9999]":1,"a b":"c","\u0000\n: #":"é"}`,
		`[{"score":0.1}]`, `{"it's":"{}","input":"{\"a\":1}","at":"05/01/2026 10:00"}`,
		"a,b\n1,2\n", "", "\xff", `{"input":{"input":{"score":1}},"id":"no"}`,
	} {
		f.Add(line)
	}
	reference := filepath.Join(f.TempDir(), "reference.csv")
	f.Fuzz(func(t *testing.T, log string) {
		if err := os.WriteFile(reference, []byte(log), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, reference := range []string{"", reference} {
			text, err := propose(strings.NewReader(log), "-", reference)
			if err != nil {
				continue
			}
			if _, err := config.Parse("monitor.yaml", []byte(text)); err != nil {
				t.Fatalf("%q became\n%s\n%v", log, text, err)
			}
		}
	})
}
