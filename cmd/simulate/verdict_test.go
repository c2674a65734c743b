package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/sim"
	"github.com/leadsman/leadsman/pkg/table"
)

// Every scenario, through the real commands, is judged as it says it must be.
func TestVerdicts(t *testing.T) {
	// go test keeps a passed result until a file that the test read changes.
	for _, dir := range []string{"../../cmd", "../../pkg", "../../testdata"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".go") {
				_, err = os.ReadFile(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin+"/", "../simulate", "../ingest", "../driftcalc")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, s := range sim.Scenarios() {
		t.Run(s.Name, func(t *testing.T) {
			size, judge := []string{"--rows", "500"}, []string{"-o", "-"}
			if s.Needs != "" {
				size, judge = []string{"--days", "8", "--rate", "500"}, []string{"--last", "24h"}
			}
			size = append(size, "--seed", "7", "--scenario", s.Name)
			simulate := func(what string) []byte {
				return run(t, nil, bin+"/simulate", append([]string{what}, size...)...)
			}
			in := run(t, simulate("predictions"), bin+"/ingest")
			in = append(in, run(t, simulate("requests"), bin+"/ingest", "--kind", "requests")...)
			r := table.NewReader("driftcalc", bytes.NewReader(run(t, in, bin+"/driftcalc", judge...)))
			var level string
			var findings []drift.Finding
			for r.Next() {
				switch r.Table() {
				case "run":
					rows, err := table.Decode[drift.Run](r.Batch())
					if err != nil {
						t.Fatal(err)
					}
					level = rows[0].Level
				case "findings":
					rows, err := table.Decode[drift.Finding](r.Batch())
					if err != nil {
						t.Fatal(err)
					}
					findings = append(findings, rows...)
				}
			}
			if err := r.Err(); err != nil {
				t.Fatal(err)
			}
			checkVerdict(t, s.Verdict, level, findings)
		})
	}
}

func checkVerdict(t *testing.T, want sim.Verdict, level string, findings []drift.Finding) {
	t.Helper()
	if want.Run == drift.OK && level != drift.OK || want.Run != "" && !atLeast(level, want.Run) {
		t.Errorf("the run is at %s, want %s", level, want.Run)
	}
	reached := func(e sim.Expectation) bool {
		return slices.ContainsFunc(findings, func(f drift.Finding) bool {
			return f.Subject == e.Subject && f.Check == e.Check && atLeast(f.Level, e.Level)
		})
	}
	for _, e := range want.Must {
		if !reached(e) {
			t.Errorf("%s %s is not at %s", e.Subject, e.Check, e.Level)
		}
	}
	for _, e := range want.Never {
		if reached(e) {
			t.Errorf("%s %s is at %s", e.Subject, e.Check, e.Level)
		}
	}
}

// atLeast tells whether a level is another one or worse.
func atLeast(level, other string) bool { return drift.Worst(level, other) == level }

func run(t *testing.T, stdin []byte, name string, args ...string) []byte {
	t.Helper()
	var out, notes bytes.Buffer
	c := exec.Command(name, args...)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(stdin), &out, &notes
	if err := c.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, notes.Bytes())
	}
	return out.Bytes()
}
