package pipelines

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/leadsman/leadsman/"

// layers says which of leadsman's packages a package may import. A package that
// is not here may not exist, and nothing imports a command.
var layers = map[string][]string{
	// Floor 0.
	"docs":                {}, // the guide, which is also a page of the site
	"pkg/files":           {},
	"pkg/model/tree":      {},
	"pkg/model/xgboost":   {"pkg/model/tree"},
	"pkg/model/lightgbm":  {"pkg/model/tree"},
	"pkg/model/explain":   {"pkg/model/tree"},
	"pkg/model/export":    {"pkg/model/tree"},
	"pkg/model/modeltest": {"pkg/model/tree"},
	"pkg/model":           {"pkg/model/tree", "pkg/model/xgboost", "pkg/model/lightgbm", "pkg/model/export"},
	"pkg/stats":           {},
	"pkg/words":           {},
	"testdata":            {},

	// Floor 1.
	"pkg/chart":        {},
	"pkg/model/ort":    {"pkg/model", "pkg/model/export"},
	"pkg/profile/view": {"pkg/table"},
	"pkg/table":        {"pkg/files"},

	// Floor 2.
	"pkg/cli":     {"pkg/files", "pkg/table", "pkg/words"}, // inputs and outputs of a command are tables
	"pkg/profile": {"pkg/profile/view", "pkg/stats", "pkg/table"},

	"pkg/predlog/faults":    {},
	"pkg/predlog/health":    {},
	"pkg/predlog/logfile":   {},
	"pkg/predlog/timestamp": {},
	"pkg/predlog/jsontext":  {"pkg/predlog/faults"},
	"pkg/predlog/record":    {"pkg/predlog/jsontext"},
	"pkg/predlog/batch":     {"pkg/table"},
	"pkg/predlog/mapping":   {"pkg/predlog/batch", "pkg/predlog/faults", "pkg/predlog/jsontext", "pkg/table"},
	"pkg/predlog/jsonl":     {"pkg/predlog/batch", "pkg/predlog/faults", "pkg/predlog/jsontext", "pkg/predlog/mapping", "pkg/predlog/record", "pkg/predlog/timestamp"},
	"pkg/predlog/delimited": {"pkg/predlog/batch", "pkg/predlog/faults", "pkg/predlog/mapping", "pkg/predlog/record", "pkg/predlog/timestamp", "pkg/table"},
	"pkg/predlog/adopt":     {"pkg/predlog/batch", "pkg/predlog/faults", "pkg/predlog/mapping", "pkg/predlog/record", "pkg/predlog/timestamp", "pkg/table"},
	"pkg/predlog":           {"pkg/files", "pkg/predlog/adopt", "pkg/predlog/delimited", "pkg/predlog/faults", "pkg/predlog/jsonl", "pkg/predlog/logfile", "pkg/predlog/mapping", "pkg/table"},
	"pkg/predlog/logtest":   {"pkg/predlog", "pkg/predlog/faults", "pkg/predlog/mapping", "pkg/table"}, // for tests

	// Floor 3.
	"pkg/feature": {"pkg/predlog", "pkg/predlog/mapping", "pkg/predlog/record", "pkg/table"},
	"pkg/outcome": {"pkg/profile/view", "pkg/stats", "pkg/table"},

	// Floor 4.
	"pkg/bench":      {"pkg/feature", "pkg/model", "pkg/model/explain", "pkg/model/export", "pkg/predlog/mapping", "pkg/stats", "pkg/table"},
	"pkg/bench/load": {"pkg/bench"},
	"pkg/sim":        {"pkg/feature", "pkg/model", "pkg/predlog/delimited", "pkg/predlog/record"},

	// Floor 5.
	"pkg/drift": {"pkg/profile/view", "pkg/stats", "pkg/table"},

	// Floor 6.
	"pkg/config": {"pkg/words"},
	"pkg/site":   {"docs", "pkg/bench", "pkg/chart", "pkg/drift", "pkg/files", "pkg/outcome", "pkg/table"},
}

func TestLayers(t *testing.T) {
	seen := map[string]bool{}
	for path, imports := range sources(t) {
		dir := filepath.ToSlash(filepath.Dir(path))
		if strings.HasPrefix(dir, "cmd/") || strings.HasPrefix(dir, "pipelines") || strings.HasSuffix(path, "_test.go") {
			for _, imp := range imports {
				if strings.HasPrefix(imp, "cmd/") {
					t.Errorf("%s imports the command %s", path, imp)
				}
			}
			continue
		}
		allowed, ok := layers[dir]
		if !ok {
			t.Errorf("%s: package %s has no place in the layers", path, dir)
			continue
		}
		seen[dir] = true
		for _, imp := range imports {
			if !slices.Contains(allowed, imp) {
				t.Errorf("%s imports %s, which its layer does not allow (%v)", path, imp, allowed)
			}
		}
	}
	for _, must := range []string{"pkg/cli", "pkg/table", "pkg/stats"} {
		if !seen[must] {
			t.Errorf("no source of %s was read: the test looks in the wrong place", must)
		}
	}
}

// sources returns every Go file below the top of the repository with its
// imports from leadsman, without the module's name.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "build" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		path = strings.TrimPrefix(filepath.ToSlash(path), "../")
		found[path] = nil
		for _, spec := range f.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if rest, ok := strings.CutPrefix(name, module); ok {
				found[path] = append(found[path], rest)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The top level holds what is agreed and nothing else.
func TestTopLevel(t *testing.T) {
	allowed := []string{".ci", ".git", ".github", ".gitignore", "Dockerfile", "LICENSE", "Makefile", "README.md", "build", "cmd", "docs", "go.mod", "go.sum", "logs", "pipelines", "pkg", "testdata"}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s at the top level", e.Name())
		}
	}
}
