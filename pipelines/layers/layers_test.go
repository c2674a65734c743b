package layers

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

// floors are the rooms from the ground up. A room imports what lies on a floor
// below its own, and on its own only what stands behind its arrow. A package that
// is on no floor may not exist.
var floors = [][]room{
	{ // 0: standard library and foreign modules only
		{name: "docs"}, // the guide, which is also a page of the site
		{name: "pkg/caps"},
		{name: "pkg/files"},
		{name: "pkg/model", arrows: []string{"pkg/files", "pkg/model/tree", "pkg/model/xgboost", "pkg/model/lightgbm", "pkg/model/onnx", "pkg/model/export"}},
		{name: "pkg/model/explain", arrows: []string{"pkg/model/tree"}},
		{name: "pkg/model/export", arrows: []string{"pkg/model/tree"}},
		{name: "pkg/model/lightgbm", arrows: []string{"pkg/model/tree"}},
		{name: "pkg/model/modeltest", arrows: []string{"pkg/model/tree"}},
		{name: "pkg/model/onnx", arrows: []string{"pkg/model/tree"}},
		{name: "pkg/model/pickle"},
		{name: "pkg/model/tree"},
		{name: "pkg/model/xgboost", arrows: []string{"pkg/model/pickle", "pkg/model/tree"}},
		{name: "pkg/spelling"},
		{name: "pkg/stats"},
		{name: "pkg/stats/design", arrows: []string{"pkg/stats"}},
		{name: "pkg/verdict"},
		{name: "pkg/words"},
		{name: "testdata"},
	},
	{ // 1
		{name: "pkg/chart"},
		{name: "pkg/model/ort"},
		{name: "pkg/profile/view", arrows: []string{"pkg/table"}},
		{name: "pkg/table", arrows: []string{"pkg/table/frame", "pkg/table/parquetfile"}},
		{name: "pkg/table/frame"},
		{name: "pkg/table/parquetfile"},
	},
	{ // 2
		{name: "pkg/cli"},
		{name: "pkg/predlog", arrows: []string{"pkg/predlog/arrowlog", "pkg/predlog/delimited", "pkg/predlog/faults", "pkg/predlog/jq", "pkg/predlog/jsonl", "pkg/predlog/jsontext", "pkg/predlog/known", "pkg/predlog/logfile", "pkg/predlog/mapping"}},
		{name: "pkg/predlog/arrowlog", arrows: []string{"pkg/predlog/batch", "pkg/predlog/faults", "pkg/predlog/mapping", "pkg/predlog/timestamp"}},
		{name: "pkg/predlog/batch"},
		{name: "pkg/predlog/delimited", arrows: []string{"pkg/predlog/batch", "pkg/predlog/faults", "pkg/predlog/mapping", "pkg/predlog/timestamp"}},
		{name: "pkg/predlog/faults"},
		{name: "pkg/predlog/health"},
		{name: "pkg/predlog/jq", arrows: []string{"pkg/predlog/faults", "pkg/predlog/jsontext"}},
		{name: "pkg/predlog/jsonl", arrows: []string{"pkg/predlog/batch", "pkg/predlog/faults", "pkg/predlog/jsontext", "pkg/predlog/mapping", "pkg/predlog/timestamp"}},
		{name: "pkg/predlog/jsontext", arrows: []string{"pkg/predlog/faults"}},
		{name: "pkg/predlog/known", arrows: []string{"pkg/predlog/jq", "pkg/predlog/mapping"}}, // a program is for a kind of log
		{name: "pkg/predlog/logfile"},
		{name: "pkg/predlog/mapping", arrows: []string{"pkg/predlog/batch", "pkg/predlog/faults", "pkg/predlog/jsontext", "pkg/predlog/timestamp"}},
		{name: "pkg/predlog/record", arrows: []string{"pkg/predlog/jsontext"}},
		{name: "pkg/predlog/timestamp"},
		{name: "pkg/predlog/tail"},
		{name: "pkg/predlog/logtest", arrows: []string{"pkg/predlog", "pkg/predlog/faults", "pkg/predlog/jsonl", "pkg/predlog/mapping"}}, // for tests
		{name: "pkg/profile/count", arrows: []string{"pkg/profile/ledger", "pkg/profile/plan", "pkg/profile/read", "pkg/profile/sketch"}},
		{name: "pkg/profile/joined", arrows: []string{"pkg/profile/read", "pkg/profile/sketch"}},
		{name: "pkg/profile/ledger", arrows: []string{"pkg/profile/sketch"}},
		{name: "pkg/profile/parts", arrows: []string{"pkg/profile/ledger", "pkg/profile/plan", "pkg/profile/read", "pkg/profile/sketch"}},
		{name: "pkg/profile/plan", arrows: []string{"pkg/profile/read", "pkg/profile/sketch"}},
		{name: "pkg/profile/profiletest", arrows: []string{"pkg/profile/plan", "pkg/profile/tally", "pkg/profile/wire"}}, // for tests
		{name: "pkg/profile/read", arrows: []string{"pkg/profile/sketch"}},
		{name: "pkg/profile/rejects", arrows: []string{"pkg/profile/sketch"}},
		{name: "pkg/profile/sketch"},
		{name: "pkg/profile/tally", arrows: []string{"pkg/profile/count", "pkg/profile/joined", "pkg/profile/ledger", "pkg/profile/parts", "pkg/profile/plan", "pkg/profile/read", "pkg/profile/rejects", "pkg/profile/sketch"}},
		{name: "pkg/profile/wire", arrows: []string{"pkg/profile/joined", "pkg/profile/ledger", "pkg/profile/plan", "pkg/profile/tally"}},
	},
	{ // 3
		{name: "pkg/drift/attribution"},
		{name: "pkg/drift/bins", arrows: []string{"pkg/drift/policy"}},
		{name: "pkg/drift/correlation", arrows: []string{"pkg/drift/bins", "pkg/drift/policy"}},
		{name: "pkg/drift/dependence", arrows: []string{"pkg/drift/policy"}},
		{name: "pkg/drift/distribution", arrows: []string{"pkg/drift/bins", "pkg/drift/policy"}},
		{name: "pkg/drift/domain", arrows: []string{"pkg/drift/bins", "pkg/drift/policy"}},
		{name: "pkg/drift/evidently", arrows: []string{"pkg/drift/bins", "pkg/drift/policy"}},
		{name: "pkg/drift/policy"},
		{name: "pkg/drift/quality", arrows: []string{"pkg/drift/bins", "pkg/drift/policy"}},
		{name: "pkg/drift/serving", arrows: []string{"pkg/drift/bins", "pkg/drift/policy"}},
		{name: "pkg/drift/strata"},
		{name: "pkg/drift/skew"},
		{name: "pkg/drift/trend", arrows: []string{"pkg/drift/bins"}},
		{name: "pkg/drift/versions", arrows: []string{"pkg/drift/bins"}},
		{name: "pkg/feature"},
		{name: "pkg/outcome"},
		{name: "pkg/outcome/binary", arrows: []string{"pkg/outcome"}},
		{name: "pkg/outcome/regression", arrows: []string{"pkg/outcome"}},
		{name: "pkg/outcome/multiclass", arrows: []string{"pkg/outcome", "pkg/outcome/binary"}},
		{name: "pkg/outcome/outcometest"}, // for tests
	},
	{ // 4
		{name: "pkg/bench"},
		{name: "pkg/bench/check"},
		{name: "pkg/bench/pyprofile"},
		{name: "pkg/bench/versus", arrows: []string{"pkg/bench", "pkg/bench/check"}},
		{name: "pkg/bench/load", arrows: []string{"pkg/bench"}},
		{name: "pkg/drift/rollup"},
		{name: "pkg/drift/say"},
		{name: "pkg/drift/segments"},
		{name: "pkg/sim"},
	},
	{ // 5
		{name: "pkg/drift"},
		{name: "pkg/drift/performance", arrows: []string{"pkg/drift"}},
		{name: "pkg/drift/retrain", arrows: []string{"pkg/drift"}},
	},
	{ // 6
		{name: "pkg/config"},
		{name: "pkg/site", arrows: []string{"pkg/site/export", "pkg/site/gallery", "pkg/site/guide", "pkg/site/history", "pkg/site/nights", "pkg/site/parts", "pkg/site/report", "pkg/site/service", "pkg/site/shares", "pkg/site/view", "pkg/site/wording"}},
		{name: "pkg/site/export", arrows: []string{"pkg/site/history", "pkg/site/report", "pkg/site/wording"}}, // the feed's entries are changes among the nights
		{name: "pkg/site/gallery", arrows: []string{"pkg/site/report"}}, // a course of the report
		{name: "pkg/site/guide", arrows: []string{"pkg/site/report", "pkg/site/view", "pkg/site/wording"}},
		{name: "pkg/site/history", arrows: []string{"pkg/site/report", "pkg/site/wording"}},
		{name: "pkg/site/nights", arrows: []string{"pkg/site/gallery", "pkg/site/history", "pkg/site/shares", "pkg/site/view", "pkg/site/wording"}},
		{name: "pkg/site/parts", arrows: []string{"pkg/site/gallery", "pkg/site/report", "pkg/site/view", "pkg/site/wording"}},
		{name: "pkg/site/report"},
		{name: "pkg/site/service", arrows: []string{"pkg/site/gallery", "pkg/site/report", "pkg/site/wording"}},
		{name: "pkg/site/shares", arrows: []string{"pkg/site/gallery", "pkg/site/report", "pkg/site/wording"}},
		{name: "pkg/site/sitetest", arrows: []string{"pkg/site/history", "pkg/site/report"}}, // for tests
		{name: "pkg/site/view", arrows: []string{"pkg/site/gallery", "pkg/site/history", "pkg/site/report", "pkg/site/shares"}},
		{name: "pkg/site/wording"},
	},
	{ // 7
		{name: "pkg/monitor"},
	},
	{ // 8
		{name: "pkg/commands", arrows: []string{"pkg/commands/deps", "pkg/commands/driftcalc", "pkg/commands/gate", "pkg/commands/history", "pkg/commands/ingest", "pkg/commands/initial", "pkg/commands/perfbench", "pkg/commands/render", "pkg/commands/report", "pkg/commands/simulate"}},
		{name: "pkg/commands/commandtest"}, // for tests
		{name: "pkg/commands/deps"},
		{name: "pkg/commands/driftcalc"},
		{name: "pkg/commands/gate", arrows: []string{"pkg/commands/driftcalc"}},
		{name: "pkg/commands/ingest"},
		{name: "pkg/commands/history"},
		{name: "pkg/commands/initial"},
		{name: "pkg/commands/perfbench"},
		{name: "pkg/commands/render"},
		{name: "pkg/commands/report", arrows: []string{"pkg/commands/driftcalc", "pkg/commands/ingest", "pkg/commands/perfbench", "pkg/commands/render", "pkg/commands/simulate"}},
		{name: "pkg/commands/simulate"},
	},
}

// A room is a package, and the packages of its own floor that it imports.
type room struct {
	name   string
	arrows []string
}

// counting are the rooms that make a profile, which its readers do not see.
var counting = []string{
	"pkg/profile/count", "pkg/profile/ledger", "pkg/profile/parts", "pkg/profile/plan", "pkg/profile/read", "pkg/profile/rejects", "pkg/profile/sketch", "pkg/profile/tally", "pkg/profile/wire",
}

// shown is what the rooms of the site must not import: they show rows of verdict.
var shown = slices.Concat(counting, []string{"pkg/profile/joined", "pkg/profile/view", "pkg/predlog/...", "pkg/stats", "pkg/cli"})

// walls are what a room must not import though it lies below: who reads a
// profile sees its view only, and who draws or judges needs no command's ways. A
// name that ends in /... stands for the rooms in that room, too.
var walls = map[string][]string{
	"pkg/drift":        slices.Concat(counting, []string{"pkg/predlog/...", "pkg/feature", "pkg/model", "pkg/outcome", "pkg/cli", "pkg/chart"}),
	"pkg/outcome":      slices.Concat(counting, []string{"pkg/predlog/...", "pkg/cli", "pkg/chart"}),
	"pkg/site":         shown,
	"pkg/site/export":  slices.Concat(shown, []string{"pkg/chart"}),
	"pkg/site/history": slices.Concat(shown, []string{"pkg/chart"}),
	"pkg/site/gallery": shown,
	"pkg/site/service": shown,
	"pkg/site/shares":  shown,
	"pkg/site/view":    shown,
	"pkg/site/report":  slices.Concat(shown, []string{"pkg/chart"}),
	"pkg/sim":          slices.Concat(counting, []string{"pkg/cli"}),
	"pkg/bench":        slices.Concat(counting, []string{"pkg/cli"}),
	"pkg/monitor":      {"pkg/site/...", "pkg/cli", "pkg/chart", "pkg/sim", "pkg/bench/...", "testdata"},
}

func TestLayers(t *testing.T) {
	floor, arrows := map[string]int{}, map[string][]string{}
	for i, rooms := range floors {
		for _, r := range rooms {
			floor[r.name], arrows[r.name] = i, r.arrows
		}
	}
	seen, used := map[string]bool{}, map[[2]string]bool{}
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
		at, ok := floor[dir]
		if !ok {
			t.Errorf("%s: package %s is on no floor", path, dir)
			continue
		}
		seen[dir] = true
		for _, imp := range imports {
			below, ok := floor[imp]
			arrow := slices.Contains(arrows[dir], imp)
			used[[2]string{dir, imp}] = arrow
			if walled(dir, imp) || !ok || below > at || below == at && !arrow {
				t.Errorf("%s on floor %d imports %s on floor %d", path, at, imp, below)
			}
		}
	}
	for name, to := range arrows {
		if !seen[name] {
			t.Errorf("no source of %s was read: there is no such room", name)
		}
		for _, imp := range to {
			if !used[[2]string{name, imp}] {
				t.Errorf("the arrow from %s to %s is not needed", name, imp)
			}
		}
	}
}

func walled(dir, imp string) bool {
	return slices.ContainsFunc(walls[dir], func(wall string) bool {
		within, all := strings.CutSuffix(wall, "/...")
		return imp == within || all && strings.HasPrefix(imp, within+"/")
	})
}

// sources returns every Go file below the top of the repository with its
// imports from leadsman, without the module's name.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
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
		path = strings.TrimPrefix(filepath.ToSlash(path), "../../")
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
	allowed := []string{".ci", ".git", ".github", ".gitignore", ".golangci.yml", ".goreleaser.yaml", "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile", "LICENSE", "Makefile", "README.md", "SECURITY.md", "action.yml", "build", "cmd", "docs", "go.mod", "go.sum", "logs", "pipelines", "pkg", "python", "testdata"}
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s at the top level", e.Name())
		}
	}
}
