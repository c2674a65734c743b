package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// judging are the rooms that ask or show what a check asks; of a room that ends
// in /... those below it too.
var judging = []string{"pkg/drift/...", "pkg/outcome/...", "pkg/site/...", "pkg/monitor/...", "pkg/commands/driftcalc", "pkg/commands/render", "pipelines/calibration"}

// otherwise are the strings that read as a check's name or a subject's and mean
// something else, by room.
var otherwise = map[[2]string]string{
	{"pkg/drift/say", "correlation"}:          "noun of a count",
	{"pkg/drift", "distribution"}:             "noun of a count",
	{"pkg/drift", "multivariate"}:             "area of the thresholds",
	{"pkg/drift", "latency"}:                  "area of the thresholds",
	{"pkg/drift", "range"}:                    "noun in a sentence",
	{"pkg/drift", "constant"}:                 "noun in a sentence",
	{"pkg/drift", "duplicates"}:               "noun in a sentence",
	{"pkg/drift/say", "missing"}:              "word for rows without a value",
	{"pkg/site", "missing"}:                   "word for rows without a value",
	{"pkg/site", "latency"}:                   "table and name of a picture",
	{"pkg/site", "traffic"}:                   "table",
	{"pkg/site", "new"}:                       "word for a first night",
	{"pkg/site", "success"}:                   "name of a picture",
	{"pkg/site/export", "latency"}:            "area of the metrics",
	{"pkg/site/export", "type"}:               "keyword of JSON Schema",
	{"pkg/site/report", "latency"}:            "table",
	{"pkg/site/report", "traffic"}:            "table",
	{"pkg/site/sitetest", "missing"}:          "word for rows without a value",
	{"pkg/site/shares", "missing"}:            "word for rows without a value",
	{"pkg/monitor", "latency"}:                "table",
	{"pkg/monitor", "traffic"}:                "table",
	{"pipelines/calibration", "multivariate"}: "part of the simulation",
	{"pipelines/calibration", "traffic"}:      "likewise",
}

var (
	action = regexp.MustCompile(`\{\{[^}]*\}\}`)
	quoted = regexp.MustCompile("\"[^\"]*\"|`[^`]*`")
)

// A check and a subject are written once, in verdict; who judges or shows them
// names the constant.
func TestChecksAreWrittenOnce(t *testing.T) {
	root := filepath.Join("..", "..")
	known := names(t, filepath.Join(root, "pkg", "verdict", "checks.go"))
	if len(known) < 20 {
		t.Fatalf("%d checks and subjects", len(known))
	}
	met := map[[2]string]bool{}
	see := func(file, literal string) {
		text, err := strconv.Unquote(literal)
		if err != nil || !known[text] {
			return
		}
		at := [2]string{path.Dir(file), text}
		if otherwise[at] == "" {
			t.Errorf("%s: %s: name the constant of verdict, or say what else it means", file, literal)
		}
		met[at] = true
	}
	for _, room := range judging {
		top, deep := strings.CutSuffix(room, "/...")
		err := filepath.WalkDir(filepath.Join(root, top), func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, p)
			if err != nil {
				return err
			}
			name = filepath.ToSlash(name)
			switch {
			case d.IsDir() && (d.Name() == "testdata" || !deep && name != top):
				return fs.SkipDir
			case strings.HasSuffix(name, ".html"):
				raw, err := os.ReadFile(p)
				for _, a := range action.FindAllString(string(raw), -1) {
					for _, q := range quoted.FindAllString(a, -1) {
						see(name, q)
					}
				}
				return err
			case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
				f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.SkipObjectResolution)
				if err != nil {
					return err
				}
				ast.Inspect(f, func(n ast.Node) bool {
					if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
						see(name, l.Value)
					}
					return true
				})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for at, why := range otherwise {
		if !met[at] {
			t.Errorf("%s has no %q any more (%s)", at[0], at[1], why)
		}
	}
}

// names are the values of the constants Check… and Subject… of a file.
func names(t *testing.T, file string) map[string]bool {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, id := range v.Names {
			if !strings.HasPrefix(id.Name, "Check") && !strings.HasPrefix(id.Name, "Subject") || i >= len(v.Values) {
				continue
			}
			if l, ok := v.Values[i].(*ast.BasicLit); ok {
				if text, err := strconv.Unquote(l.Value); err == nil {
					out[text] = true
				}
			}
		}
		return true
	})
	return out
}
