package report_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/report"
)

// Where nobody named logs the sample case stands in; logs that somebody named and that
// are not there, or hold nothing, are never made up.
func TestNamedLogsAreNotMadeUp(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, logs := range []string{"nowhere", dir} {
		var said bytes.Buffer
		env := &cli.Env{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said}
		status := cli.Run(report.App(), env, []string{"report", "--logs", logs, "-o", filepath.Join(dir, "site")})
		if status != 1 || !strings.HasPrefix(said.String(), "report: ") || !strings.Contains(said.String(), logs) {
			t.Errorf("--logs %s: status %d, %s", logs, status, &said)
		}
	}
}
