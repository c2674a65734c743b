package pipelines

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docs/SUMMARY.md is what the tree says of itself: the README, the commands'
// help, a site that they write, the pictures, the measurements in the documents
// and go.mod. Nothing is measured anew.
func TestSummary(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Summary\n\nWhat leadsman can do, what it looks like, how fast it is and what it is built on, on one page. Made from the tree by `make summary`.\n")
	readme := read(t, "../README.md")
	intro := picture.ReplaceAllString(between(t, readme, "# leadsman\n\n", "\n## "), "")
	b.WriteString("\n" + strings.ReplaceAll(strings.ReplaceAll(intro, "\n\n\n", "\n"), "](docs/", "]("))

	b.WriteString("\n## Capabilities\n\n| command | what it does |\n| --- | --- |\n")
	for _, c := range []string{"ingest", "driftcalc", "render", "perfbench", "simulate"} {
		summariseCommand(t, &b, c)
	}
	summariseSite(t, &b)
	fmt.Fprintf(&b, "\n### Statistics\n\nIn `pkg/stats`, each specified in its comment: %s. What decides is in [statistics](statistics.md).\n", strings.Join(statistics(t), ", "))

	summariseScreenshots(t, &b)

	b.WriteString("\n## Benchmarks\n")
	fmt.Fprintf(&b, "\n### Scoring\n\n%s\nFrom [the performance report](PERFORMANCE_REPORT.md), which says on what machine.\n",
		firstTable(t, section(t, "../docs/PERFORMANCE_REPORT.md", "## Baseline and optimised")))
	speed := section(t, "../docs/evidently.md", "### Speed: ")
	title, _, _ := strings.Cut(strings.TrimPrefix(speed, "### Speed: "), "\n")
	fmt.Fprintf(&b, "\n### The drift report, %s\n\n%s\nFrom [coming from Evidently](evidently.md), which has the agreement and the false alarms beside it.\n", title, firstTable(t, speed))

	summariseModules(t, &b)
	compareDocument(t, "../docs/SUMMARY.md", b.String(), "make summary")
}

// compareDocument holds a document against what it is made from; with -update it
// writes it.
func compareDocument(t *testing.T, path, want, target string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, path); got != want {
		t.Errorf("%s is not what it is made from: run %s", filepath.Base(path), target)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func between(t *testing.T, text, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, from)
	inside, _, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Fatalf("no text between %q and %q", from, to)
	}
	return inside
}

// section is a heading of a document, given by its beginning, with what stands
// below it.
func section(t *testing.T, path, heading string) string {
	t.Helper()
	text := read(t, path)
	at := strings.Index(text, "\n"+heading)
	if at < 0 {
		t.Fatalf("%s: no heading %q", path, heading)
	}
	text = text[at+1:]
	if end := regexp.MustCompile(`\n#+ `).FindStringIndex(text); end != nil {
		text = text[:end[0]+1]
	}
	return text
}

var tableRows = regexp.MustCompile(`(?m)(?:^\|.*\n)+`)

func firstTable(t *testing.T, text string) string {
	t.Helper()
	found := tableRows.FindString(text)
	if found == "" {
		t.Fatalf("no table in %q", text)
	}
	return found
}

var command = regexp.MustCompile(`(?m)^  (\S+) +(\S.*)$`)

// summariseCommand adds a command and its own commands, as --help has them.
func summariseCommand(t *testing.T, b *strings.Builder, name string) {
	t.Helper()
	help := repository{env: withPath()}.run(t, t.TempDir(), name+" --help")
	first, _, _ := strings.Cut(help, "\n\n")
	first = strings.Join(strings.Fields(first), " ")
	what, ok := strings.CutPrefix(first, name+" - ")
	if !ok {
		t.Fatalf("%s --help begins with %q", name, first)
	}
	fmt.Fprintf(b, "| `%s` | %s |\n", name, what)
	if _, list, ok := strings.Cut(help, "\nCommands:\n"); ok {
		list, _, _ = strings.Cut(list, "\n\n")
		list = regexp.MustCompile(`\n {3,}`).ReplaceAllString(list, " ") // what goes on in the next line
		for _, m := range command.FindAllStringSubmatch(list, -1) {
			fmt.Fprintf(b, "| `%s %s` | %s |\n", name, m[1], m[2])
		}
	}
}

var menu = regexp.MustCompile(`<a href="([a-z]+\.html)"`)

var pageTitle = regexp.MustCompile(`<title>([^<]*?) · `)

// summariseSite adds the pages of a site with everything on it, and what lies
// beside them.
func summariseSite(t *testing.T, b *strings.Builder) {
	t.Helper()
	dir := t.TempDir()
	repository{env: withPath()}.run(t, dir, `
simulate predictions --days 3 --rate 200 -o p.jsonl
simulate requests --days 3 --rate 200 -o r.jsonl
simulate outcomes --days 3 --rate 200 -o o.csv
{ ingest p.jsonl; ingest --kind requests r.jsonl; perfbench model --n 50; } |
  driftcalc --outcomes o.csv --last 24h | render --history site/data/history.parquet -o site
`)
	var pages, machine []string
	links := func(page, from string) (files []string) {
		if text := read(t, filepath.Join(dir, "site", page)); strings.Contains(text, from) {
			for _, m := range menu.FindAllStringSubmatch(between(t, text, from, "</nav>"), -1) {
				files = append(files, m[1])
			}
		}
		return files
	}
	for _, place := range links("index.html", "<nav ") {
		inside := links(place, `<nav class="pages"`)
		if len(inside) == 0 {
			inside = []string{place}
		}
		for _, page := range inside {
			title := pageTitle.FindStringSubmatch(read(t, filepath.Join(dir, "site", page)))
			if title == nil {
				t.Fatalf("%s has no title", page)
			}
			pages = append(pages, title[1])
		}
	}
	entries, err := filepath.Glob(filepath.Join(dir, "site/[a-z]*.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if ext := filepath.Ext(e); ext != ".html" && ext != ".css" && ext != ".js" {
			machine = append(machine, "`"+filepath.Base(e)+"`")
		}
	}
	each, err := filepath.Glob(filepath.Join(dir, "site/feature/*.html"))
	if err != nil || len(each) == 0 || len(pages) < 8 {
		t.Fatalf("pages %q and %d of features: the site is not whole", pages, len(each))
	}
	fmt.Fprintf(b, "\n### The site\n\nPages: %s; one for each feature, and one for each night. Beside them: %s, and every table as Parquet in `data/` ([the tables](tables.md)).\n",
		strings.Join(pages, ", "), strings.Join(machine, ", "))
}

const module = "github.com/leadsman/leadsman/"

// statistics are the functions of pkg/stats.
func statistics(t *testing.T) []string {
	t.Helper()
	files := token.NewFileSet()
	sources, err := filepath.Glob("../pkg/stats/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var parsed []*ast.File
	for _, s := range sources {
		if strings.HasSuffix(s, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(files, s, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
	}
	p, err := doc.NewFromFiles(files, parsed, module+"pkg/stats")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range p.Funcs {
		known[f.Name] = true
	}
	for _, typ := range p.Types {
		for _, f := range typ.Funcs {
			known[f.Name] = true
		}
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(known)) {
		// The same statistic of counts or weighted values.
		plain := strings.TrimSuffix(strings.TrimSuffix(name, "Counts"), "Weighted")
		if plain == name || !known[plain] {
			names = append(names, "`"+name+"`")
		}
	}
	return names
}

var picture = regexp.MustCompile(`!\[([^\]]*)\]\((?:docs/)?([^)/]+\.png)\)`)

// summariseScreenshots adds the pictures in docs/ with the words that a document
// has for them.
func summariseScreenshots(t *testing.T, b *strings.Builder) {
	t.Helper()
	words := map[string]string{}
	docs, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range append(docs, "../README.md") {
		if filepath.Base(d) == "SUMMARY.md" {
			continue
		}
		for _, m := range picture.FindAllStringSubmatch(read(t, d), -1) {
			words[m[2]] = m[1]
		}
	}
	pictures, err := filepath.Glob("../docs/*.png")
	if err != nil {
		t.Fatal(err)
	}
	b.WriteString("\n## Screenshots\n")
	for _, p := range pictures {
		name := filepath.Base(p)
		alt := words[name]
		if alt == "" {
			alt = strings.TrimSuffix(name, ".png")
		}
		fmt.Fprintf(b, "\n![%s](%s)\n", alt, name)
	}
}

// summariseModules adds what go.mod requires, with the version and what
// docs/dependencies.md has to say of it.
func summariseModules(t *testing.T, b *strings.Builder) {
	t.Helper()
	var mod struct {
		Go      string
		Require []struct {
			Path, Version string
			Indirect      bool
		}
	}
	if err := json.Unmarshal([]byte(repository{env: os.Environ()}.run(t, "..", "go mod edit -json")), &mod); err != nil {
		t.Fatal(err)
	}
	known := map[string][]string{}
	for line := range strings.Lines(read(t, "../docs/dependencies.md")) {
		if cells := strings.Split(line, "|"); len(cells) == 5 && strings.Contains(cells[1], "`") {
			known[strings.Split(cells[1], "`")[1]] = cells
		}
	}
	fmt.Fprintf(b, "\n## Dependencies\n\nGo %s. [Why each one](dependencies.md).\n\n| module | version | what it saves | who keeps it |\n| --- | --- | --- | --- |\n", mod.Go)
	for _, r := range mod.Require {
		if r.Indirect {
			continue
		}
		cells, ok := known[r.Path]
		if !ok {
			t.Errorf("docs/dependencies.md does not say what %s saves", r.Path)
			continue
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", r.Path, r.Version, strings.TrimSpace(cells[2]), strings.TrimSpace(cells[3]))
	}
}
