package simulate

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/commandtest"
	"github.com/leadsman/leadsman/testdata"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"simulate": func() { cli.Main(App()) }})
}

func TestScripts(t *testing.T) {
	sample, err := filepath.Abs("../../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("SAMPLE", sample)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": commandtest.Status, "lines": lines},
	})
}

// lines says how many lines a file, or stdout, has that hold a text:
//
//	lines 100 stdout '"simulated":true'
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: lines N file text")
	}
	got := 0
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		if strings.Contains(line, args[2]) {
			got++
		}
	}
	if want, err := strconv.Atoi(args[0]); err != nil || got != want {
		ts.Fatalf("%d lines with %q, want %s", got, args[2], args[0])
	}
}

// The sample's reference is what this command makes, with the score that the
// training adds as its last column.
func TestSampleReference(t *testing.T) {
	var made bytes.Buffer
	command := exec.Command(os.Args[0], "reference", "--seed", "1", "--rows", "303")
	command.Args[0] = "simulate"
	path, err := exec.LookPath("simulate")
	if err != nil {
		t.Fatal(err)
	}
	command.Path, command.Stdout = path, &made
	if err := command.Run(); err != nil {
		t.Fatal(err)
	}
	sample := strings.Split(string(testdata.Reference), "\n")
	rows := strings.Split(made.String(), "\n")
	if len(sample) != len(rows) {
		t.Fatalf("%d lines, the sample has %d", len(rows), len(sample))
	}
	for i, row := range rows {
		if row != "" && !strings.HasPrefix(sample[i], row+",") {
			t.Fatalf("line %d: %.60s, the sample has %.60s", i+1, row, sample[i])
		}
	}
}
