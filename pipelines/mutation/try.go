package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// dependents are the packages whose tests also run when those of the changed
// package pass.
var dependents = map[string]string{"pkg/stats": "pkg/drift", "pkg/drift/bins": "pkg/drift", "pkg/drift/policy": "pkg/drift", "pkg/drift/quality": "pkg/drift"}

// A verdict names the test that failed, and is empty when none did.
type verdict struct{ pkg, test string }

// try runs the tests with the mutant in place of its file.
func try(ctx context.Context, dir string, i int, m mutant) (verdict, error) {
	changed := filepath.Join(dir, fmt.Sprintf("%d-%s", i, filepath.Base(m.file)))
	if err := os.WriteFile(changed, m.source, 0o600); err != nil {
		return verdict{}, err
	}
	original, err := filepath.Abs(m.file)
	if err != nil {
		return verdict{}, err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err != nil {
		return verdict{}, err
	}
	replace := changed + ".json"
	if err := os.WriteFile(replace, overlay, 0o600); err != nil {
		return verdict{}, err
	}
	for pkg := m.pkg(); pkg != ""; pkg = dependents[pkg] {
		test, err := firstFailure(ctx, replace, pkg)
		if err != nil {
			return verdict{}, fmt.Errorf("%s: %w", m.where(), err)
		}
		if test != "" {
			return verdict{pkg, test}, nil
		}
	}
	return verdict{}, nil
}

// firstFailure runs a package's tests until one fails and returns its name, or
// nothing when all pass. A package that does not build is an error.
func firstFailure(ctx context.Context, overlay, pkg string) (string, error) {
	// A condition that ends a loop may never do so once it is negated.
	cmd := exec.CommandContext(ctx, "go", "test", "-json", "-failfast", "-vet=off", "-timeout=2m", "-overlay="+overlay, "./"+pkg)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return "", nil
	case !errors.As(err, &exit) || ctx.Err() != nil:
		return "", err
	}
	var said strings.Builder
	for d := json.NewDecoder(&out); ; {
		var event struct{ Action, Test, Output string }
		if err := d.Decode(&event); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return "", err
		}
		said.WriteString(event.Output)
		// A subtest's event comes before its parents'.
		if event.Action == "fail" && event.Test != "" {
			return event.Test, nil
		}
	}
	return "", fmt.Errorf("go test ./%s: %w\n%s%s", pkg, err, &complaint, said.String())
}

// document prints the negations and who noticed as a page for docs/.
func document(w io.Writer, mutants []mutant, verdicts []verdict) {
	noticed := 0
	for _, v := range verdicts {
		if v.test != "" {
			noticed++
		}
	}
	fmt.Fprintf(w, `# Would a test notice?

Conditions of `+"`pkg/stats`"+` and `+"`pkg/drift`"+`, each negated by itself, and the first test that failed. A test suite that passes says
little until it is known to fail. This page is printed by `+"`make mutation`"+`, which takes some minutes and fails when a negation goes unnoticed.

%d of %d negations were noticed.

| place | what it decides | negated condition | first test that failed |
| --- | --- | --- | --- |
`, noticed, len(mutants))
	for i, m := range mutants {
		killer := "**none**"
		if v := verdicts[i]; v.test != "" {
			killer = "`" + v.test + "`"
			if v.pkg != m.pkg() {
				killer += " of " + v.pkg
			}
		}
		fmt.Fprintf(w, "| `%s` | %s | `!(%s)` | %s |\n", m.where(), m.about, strings.ReplaceAll(m.condition, "|", `\|`), strings.ReplaceAll(killer, "|", `\|`))
	}
}
