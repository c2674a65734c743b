package perfbench

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/commandtest"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"perfbench": func() { cli.Main(App()) }})
}

func TestScripts(t *testing.T) {
	models, err := filepath.Abs("../../../pkg/model/testdata")
	if err != nil {
		t.Fatal(err)
	}
	sample, err := filepath.Abs("../../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	profiles, err := filepath.Abs("../../bench/pyprofile/testdata")
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(http.HandlerFunc(score))
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("MODELS", models)
			env.Setenv("SAMPLE", sample)
			env.Setenv("PROFILES", profiles)
			env.Setenv("API", api.URL)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": commandtest.Status, "json": parses},
	})
}

// score stands for a scoring API; a body that says fail is not scored.
func score(w http.ResponseWriter, q *http.Request) {
	switch q.URL.Path {
	case "/predict", "/v2/score":
		body, err := io.ReadAll(q.Body)
		if err != nil || !json.Valid(body) || bytes.Contains(body, []byte("fail")) {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	case "/health":
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// parses says that a file, or stdout, is one JSON document:
//
//	json stdout
func parses(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: json file")
	}
	var doc any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc))
}

// On a terminal the output is text, never Arrow.
func TestTerminal(t *testing.T) {
	var stdout, stderr bytes.Buffer
	env := &cli.Env{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, StdoutTerminal: true}
	if got := cli.Run(App(), env, []string{"perfbench", "model", "--n", "10"}); got != 0 {
		t.Fatalf("status %d: %s", got, &stderr)
	}
	if !strings.HasPrefix(stdout.String(), "sample model.ubj: XGBoost ") {
		t.Errorf("got %q", &stdout)
	}
}
