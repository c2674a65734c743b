package pipelines

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/sim"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/testdata"
)

// Every scenario, through the real commands, is judged as it says it must be.
func TestVerdicts(t *testing.T) {
	type seeded struct {
		sim.Scenario
		seed string
	}
	scenarios, err := sim.ReadScenarios(bytes.NewReader(testdata.Scenarios))
	if err != nil {
		t.Fatal(err)
	}
	var all []seeded
	for _, s := range scenarios {
		seeds := []string{"7"}
		if s.Outcomes || s.Segment != "" {
			seeds = []string{"7", "8", "9"} // make calibration has the others' rates
		}
		for _, seed := range seeds {
			all = append(all, seeded{s, seed})
		}
	}
	for _, s := range all {
		t.Run(s.Name+" "+s.seed, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			size, judge := []string{"--rows", "500"}, []string{"-o", "-"}
			if s.Days > 0 {
				size, judge = []string{"--days", strconv.Itoa(s.Days), "--rate", "500"}, []string{"--last", "24h"}
			}
			if s.Weekend {
				size = append(size, "--start", "2026-03-07")
			}
			size = append(size, "--seed", s.seed, "--scenario", s.Name)
			simulate := func(what string, more ...string) []byte {
				return filter(t, nil, "simulate", slices.Concat([]string{what}, size, more)...)
			}
			var id, prepare []string
			if s.Outcomes {
				config, known := dir+"/monitor.yaml", dir+"/outcomes.csv"
				id, prepare = []string{"--id", "lead"}, []string{"--config", config}
				put(t, config, []byte("id: lead\n"+sampleConfig(t)))
				put(t, known, simulate("outcomes", id...))
				judge = append(judge, "--config", config, "--outcomes", known)
			}
			if s.Weeks > 0 {
				// The seed of its own keeps its rows apart from the log's.
				before, length := dir+"/before.jsonl", 7*s.Weeks
				start := time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -length).Format(time.DateOnly)
				put(t, before, filter(t, nil, "simulate", "predictions", "--days", strconv.Itoa(length), "--rows", "4000", "--start", start, "--seed", "1"+s.seed, "--scenario", s.Name))
				judge = append(judge, "--reference", before)
			}
			if s.Segment != "" {
				judge = append(judge, "--segment", s.Segment)
			}
			in := filter(t, simulate("predictions", id...), "ingest", prepare...)
			in = append(in, filter(t, simulate("requests"), "ingest", "--kind", "requests")...)
			r := table.NewReader("driftcalc", bytes.NewReader(filter(t, in, "driftcalc", judge...)))
			var level string
			var findings []verdict.Finding
			for r.Next() {
				switch r.Table() {
				case "run":
					rows, err := table.Decode[verdict.Run](r.Batch())
					if err != nil {
						t.Fatal(err)
					}
					level = rows[0].Level
				case "findings":
					rows, err := table.Decode[verdict.Finding](r.Batch())
					if err != nil {
						t.Fatal(err)
					}
					findings = append(findings, rows...)
				case "outcomes":
					rows, err := table.Decode[verdict.Outcome](r.Batch())
					if err != nil {
						t.Fatal(err)
					}
					for _, o := range rows {
						if o.Kind == "test" {
							findings = append(findings, verdict.Finding{Subject: "(outcomes)", Check: o.Metric, Level: o.Level})
						}
					}
				}
			}
			if err := r.Err(); err != nil {
				t.Fatal(err)
			}
			checkVerdict(t, s.Verdict, level, findings)
		})
	}
}

func checkVerdict(t *testing.T, want sim.Verdict, level string, findings []verdict.Finding) {
	t.Helper()
	if want.Run == verdict.OK && level != verdict.OK || want.Run != "" && !atLeast(level, want.Run) {
		t.Errorf("the run is at %s, want %s", level, want.Run)
	}
	reached := func(e sim.Expectation) bool {
		return slices.ContainsFunc(findings, func(f verdict.Finding) bool {
			return f.Subject == e.Subject && f.Check == e.Check && f.Segment == e.Segment && atLeast(f.Level, e.Level)
		})
	}
	for _, e := range want.Must {
		if !reached(e) {
			t.Errorf("%+v is not there", e)
		}
	}
	for _, e := range want.Never {
		if reached(e) {
			t.Errorf("%+v is there", e)
		}
	}
}

// sampleConfig is the sample case's, with the reference where it lies.
func sampleConfig(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../testdata/reference.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(testdata.Config), "\n")
	lines = slices.DeleteFunc(lines, func(l string) bool {
		return strings.HasPrefix(l, "reference:") || strings.HasPrefix(l, "model:") || strings.HasPrefix(l, "features:")
	})
	return strings.Join(append(lines, "reference: "+path, ""), "\n")
}

func put(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// atLeast tells whether a level is another one or worse.
func atLeast(level, other string) bool { return verdict.Worst(level, other) == level }

// filter runs a command on stdin and returns what it wrote.
func filter(t *testing.T, stdin []byte, name string, args ...string) []byte {
	t.Helper()
	var out, notes bytes.Buffer
	c := exec.Command(filepath.Join(commands, name), args...)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(stdin), &out, &notes
	if err := c.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, notes.Bytes())
	}
	return out.Bytes()
}
