package commands

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/commandtest"
)

func TestMain(m *testing.M) {
	main := func() { cli.MainWith(Named(os.Args)) }
	called := map[string]func(){program: main}
	for _, name := range links() {
		called[name] = main
	}
	testscript.Main(m, called)
}

func TestScripts(t *testing.T) {
	churn, err := filepath.Abs("../../pipelines/testdata/churn")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("CHURN", churn)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": commandtest.Status, "draw": draw},
	})
}
