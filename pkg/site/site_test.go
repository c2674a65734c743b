package site

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// built returns the files of the report's site.
func built(t *testing.T, r *report.Tables, o Options) map[string][]byte {
	t.Helper()
	b, err := build(r, o)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "site")
	out, err := files.CreateDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(b.writeData(out), out.Commit(nil)); err != nil {
		t.Fatal(err)
	}
	all := filesBelow(t, dir)
	maps.Copy(all, b.files)
	return all
}

func filesBelow(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// whole is the site of the fixture with a history, built once.
func whole(t *testing.T) map[string][]byte {
	t.Helper()
	once.Do(func() { wholeFiles = wholeAgain(t) })
	return wholeFiles
}

var (
	once       sync.Once
	wholeFiles map[string][]byte
)

func wholeAgain(t *testing.T) map[string][]byte {
	t.Helper()
	r := sitetest.Report()
	return built(t, r, Options{History: history.Add(sitetest.Nights(r, 20), history.Tonight(r), 0)})
}

var (
	reference = regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	image     = regexp.MustCompile(`<img [^>]*>`)
	script    = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
)

func pagesOf(files map[string][]byte) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, ".html") {
			out = append(out, name)
		}
	}
	return out
}

func TestPagesAreWholeAndNeedNothingElse(t *testing.T) {
	files := whole(t)
	for _, name := range pagesOf(files) {
		raw := files[name]
		if len(raw) > 100_000 {
			t.Errorf("%s: %d bytes, want at most 100 000", name, len(raw))
		}
		d := xml.NewDecoder(bytes.NewReader(raw))
		d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
		withoutScript := script.ReplaceAll(raw, nil)
		d = xml.NewDecoder(bytes.NewReader(withoutScript))
		d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
		ids := map[string]bool{}
		for {
			tok, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			if e, ok := tok.(xml.StartElement); ok {
				for _, a := range e.Attr {
					if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
						t.Errorf("%s: <%s %s>: the page's policy forbids it", name, e.Name.Local, a.Name.Local)
					}
					if a.Name.Local == "id" {
						if ids[a.Value] {
							t.Errorf("%s: id %q twice", name, a.Value)
						}
						ids[a.Value] = true
					}
				}
			}
		}
		for _, m := range reference.FindAllSubmatch(raw, -1) {
			target := string(m[1])
			switch {
			case strings.HasPrefix(target, "#"):
				if !ids[target[1:]] {
					t.Errorf("%s: no %s on the page", name, target)
				}
			case name == "guide.html" && strings.HasPrefix(target, guideLinks):
				// A document of the repository speaks of the others.
			case strings.Contains(target, ":"), strings.HasPrefix(target, "/"):
				t.Errorf("%s: %s leaves the site", name, target)
			default:
				file, id, anchor := strings.Cut(target, "#")
				there, ok := files[path.Join(path.Dir(name), file)]
				if !ok || anchor && !bytes.Contains(there, []byte(`id="`+id+`"`)) {
					t.Errorf("%s: %s is not in the site", name, target)
				}
			}
		}
		for _, m := range image.FindAll(raw, -1) {
			if !regexp.MustCompile(` width="\d+" height="\d+" alt="[^"]{20,}"`).Match(m) {
				t.Errorf("%s: %s: want a size and words for who cannot see it", name, m)
			}
		}
		for _, want := range []string{"<main id=\"main\">", "<nav ", "<header ", "<footer>", "<h1", `lang="en"`} {
			if !bytes.Contains(raw, []byte(want)) {
				t.Errorf("%s: no %s", name, want)
			}
		}
		policy := "default-src &#39;none&#39;; img-src &#39;self&#39; data:; style-src &#39;self&#39;"
		if len(script.FindAll(raw, -1)) > 0 {
			t.Errorf("%s: a script in the page, which its policy forbids", name)
		}
		if bytes.Contains(raw, []byte("<script src=")) {
			policy += "; script-src &#39;self&#39;"
		}
		if bytes.Contains(raw, []byte("data-search=")) {
			policy += "; connect-src &#39;self&#39;"
		}
		if !bytes.Contains(raw, []byte(`content="`+policy+`; base-uri &#39;none&#39;; form-action &#39;none&#39;"`)) {
			t.Errorf("%s: its policy is not %s", name, policy)
		}
	}
}

// spaced reads a page with plain spaces between numbers and units.
func spaced(page []byte) string { return strings.ReplaceAll(string(page), "\u00a0", " ") }

func TestEveryPageIsReached(t *testing.T) {
	files := whole(t)
	seen := map[string]bool{"index.html": true}
	for todo := []string{"index.html"}; len(todo) > 0; todo = todo[1:] {
		for _, m := range reference.FindAllSubmatch(files[todo[0]], -1) {
			if p := path.Join(path.Dir(todo[0]), string(m[1])); strings.HasSuffix(p, ".html") && !seen[p] {
				seen[p] = true
				todo = append(todo, p)
			}
		}
	}
	for _, name := range pagesOf(files) {
		if !seen[name] {
			t.Errorf("%s: no way leads there", name)
		}
	}
	// The 12 features and the 21 nights have a page each; the others are those
	// of the navigation.
	if n := len(pagesOf(files)); n != 12+21+12 {
		t.Errorf("%d pages, want 45: %v", n, pagesOf(files))
	}
}

func TestFirstScreenSaysWhatMatters(t *testing.T) {
	files := whole(t)
	index := spaced(files["index.html"])
	for _, want := range []string{
		"The input drifted: 3 of 11 features moved, companysize most.",
		"PSI 0.14", // the score's effect
		"3 of 11",  // drifted of judged features
		"31.2 ms",  // 10.4 ms × 3: the response's 95th percentile
		"98.5 %",   // 1182 of 1200 requests
		"3 log lines rejected",
		"51-200 fell from 31 % to 12 %",
		"6 % of rows hold categories that the reference lacks",
		"Find out why values are missing more or less often than before: industry.",
		"since 2 Nov 2026 or before", // all 20 nights of the history hold the finding
	} {
		if !strings.Contains(index, want) {
			t.Errorf("the overview does not say %q", want)
		}
	}
	if i, j := strings.Index(index, "companysize</bdi></a>"), strings.Index(index, "llm_quality</bdi></a>"); i < 0 || j < i {
		t.Error("the changes are not in order of rank")
	}
}

func TestAPageWithoutDataIsAbsent(t *testing.T) {
	t.Parallel()
	files := built(t, sitetest.Bare(), Options{})
	if got := pagesOf(files); !slices.Equal(got, []string{"guide.html", "index.html"}) {
		t.Errorf("pages of a bare run: %v", got)
	}
	for _, name := range []string{"drift", "scores", "speed", "api", "quality", "correlations", "predictions", "benchmark", "history", "model"} {
		if bytes.Contains(files["index.html"], []byte(name+".html")) {
			t.Errorf("a link to %s.html, which is not there", name)
		}
	}
	for name, more := range map[string]func(r, full *report.Tables){
		"model.html":        func(r, full *report.Tables) { r.Estimates = quality().Estimates },
		"correlations.html": func(r, full *report.Tables) { r.Correlations = full.Correlations },
		"predictions.html":  func(r, full *report.Tables) { r.Recent = full.Recent },
		"benchmark.html":    func(r, full *report.Tables) { r.Bench = full.Bench },
		"quality.html":      func(r, full *report.Tables) { r.Rejects = full.Rejects },
		"api.html":          func(r, full *report.Tables) { r.Health = full.Health },
		"speed.html":        func(r, full *report.Tables) { r.Latency = full.Latency },
	} {
		r := sitetest.Bare()
		more(r, sitetest.Report())
		files := built(t, r, Options{})
		if got := pagesOf(files); len(got) != 3 || files[name] == nil || !bytes.Contains(files["index.html"], []byte(name)) {
			t.Errorf("with the data of %s the pages are %v", name, got)
		}
	}
}

func TestMarksStandOnEveryPage(t *testing.T) {
	for name, raw := range whole(t) {
		if bytes.Contains(raw, []byte("Simulated data.")) || bytes.Contains(raw, []byte("Sample reference.")) {
			t.Errorf("%s: marked without reason", name)
		}
	}
	r := sitetest.Bare()
	r.Findings = sitetest.Report().Findings
	r.Run.Simulated, r.Run.SampleReference, r.Run.Coverage = true, true, 0.75
	files := built(t, r, Options{})
	for _, p := range pagesOf(files) {
		for _, want := range []string{"Simulated data.", "Sample reference.", "Only 75 % of the log's parts"} {
			if !bytes.Contains(files[p], []byte(want)) {
				t.Errorf("%s: does not say %q", p, want)
			}
		}
	}
	if !bytes.Contains(files["summary.md"], []byte("**Simulated data.**")) {
		t.Error("summary.md does not say that the data is simulated")
	}
}

func TestNamesFromTheLogStayText(t *testing.T) {
	files := whole(t)
	for name, raw := range files {
		if strings.HasSuffix(name, ".html") && bytes.Contains(raw, []byte("<b>bold")) {
			t.Errorf("%s: a column's name became markup", name)
		}
	}
	if !bytes.Contains(files["drift.html"], []byte("&lt;b&gt;bold&lt;/b&gt;")) {
		t.Error("drift.html: the odd column is missing")
	}
	for name := range files {
		if !regexp.MustCompile(`^(\.leadsman|[a-z_]+(\.schema)?\.(html|css|js|json|md|svg|xml|prom|txt)|(charts|feature|data|night)/[a-z0-9_-]+\.(png|html|parquet|csv))$`).MatchString(name) {
			t.Errorf("odd file name %q", name)
		}
	}
	r := sitetest.Bare()
	r.Findings = sitetest.Report().Findings
	r.Findings[0].Sentence = "x: [click](http://evil.example) <script>alert(1)</script>\n# big | cell `code`"
	got := string(built(t, r, Options{})["summary.md"])
	for _, bad := range []string{"[click]", "<script>", "\n# big", "http://"} {
		if strings.Contains(got, bad) {
			t.Errorf("summary.md holds %q", bad)
		}
	}
}

func TestSameTablesSameBytes(t *testing.T) {
	a := whole(t)
	if !testing.Short() {
		drawn.Clear() // the pictures, too
	}
	b := wholeAgain(t)
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs from run to run", name)
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d files, then %d", len(a), len(b))
	}
}

// What was read once, and cleaned, is not cleaned of more when it is read again.
func TestDataIsTheTablesThatWereRead(t *testing.T) {
	t.Parallel()
	r, err := report.Read(table.NewReader("in", sitetest.Stream(t, sitetest.Report())))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "site")
	if err := WriteDir(dir, r, Options{}); err != nil {
		t.Fatal(err)
	}
	in := table.Open(table.Input{Name: filepath.Join(dir, "data")})
	defer in.Close()
	got, err := report.Read(in)
	if err != nil {
		t.Fatal(err)
	}
	// NaN differs from itself, so the rows are compared as they are written.
	if a, b := fmt.Sprintf("%+v", *got), fmt.Sprintf("%+v", *r); a != b {
		t.Errorf("data read back differs:\n%.300s\n%.300s", a, b)
	}
}

func TestOddTablesStillMakeASite(t *testing.T) {
	inf := 1 / zero
	r := sitetest.Report()
	for i := range r.Findings {
		r.Findings[i].Effect, r.Findings[i].P, r.Findings[i].Rank = inf, nan, 0
		r.Findings[i].Level = "<odd>"
	}
	for i := range r.Bins {
		r.Bins[i].NRef = -r.Bins[i].NRef
		r.Bins[i].Hi, r.Bins[i].PSIShare = -inf, inf
	}
	for i := range r.Trend {
		r.Trend[i].Value = inf
	}
	for i := range r.Latency {
		r.Latency[i].Lo, r.Latency[i].Value, r.Latency[i].Count = nan, inf, 1<<62
	}
	for i := range r.Traffic {
		r.Traffic[i].Requests = -1
		if r.Traffic[i].StatusCode != 0 {
			r.Traffic[i].StatusCode = 1 << 62
		}
		r.Traffic[i].SlotMinute = 1 << 53 // in nanoseconds it is 0
	}
	for i := range r.Recent {
		r.Recent[i].Score, r.Recent[i].Row = nan, 1
	}
	for i := range r.Correlations {
		r.Correlations[i].Ref, r.Correlations[i].Cur = -inf, 1e300
	}
	for i := range r.BenchLatency {
		r.BenchLatency[i].LoMS = -1
	}
	files := built(t, r, Options{History: history.Tonight(r)})
	if !json.Valid(files["report.json"]) {
		t.Error("report.json is no JSON")
	}
}

var zero float64

func TestASingleFileStandsAlone(t *testing.T) {
	var out bytes.Buffer
	if err := WriteSingle(&out, sitetest.Report(), Options{}); err != nil {
		t.Fatal(err)
	}
	for _, m := range reference.FindAllStringSubmatch(out.String(), -1) {
		if !strings.HasPrefix(m[1], "data:image/png;base64,") && !strings.HasPrefix(m[1], "#") {
			t.Errorf("%.60s is not in the file", m[1])
		}
	}
	if n := strings.Count(out.String(), `<svg class="chart"`); n < 12 {
		t.Errorf("%d pictures, want one a feature", n)
	}
}

func TestAYearOfNightsStaysWithinBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("a year takes seconds")
	}
	t.Parallel()
	r := sitetest.Bare()
	r.Findings = sitetest.Report().Findings
	files := built(t, r, Options{History: history.Add(sitetest.Nights(r, 400), history.Tonight(r), 0)})
	if n := len(files["history.html"]); n > 100_000 {
		t.Errorf("history.html: %d bytes", n)
	}
	if n := len(files["data/history.parquet"]); n > 1_000_000 {
		t.Errorf("data/history.parquet: %d bytes of 401 nights, want at most a megabyte", n)
	}
	total, pages := 0, 0
	for name, raw := range files {
		total += len(raw)
		if strings.HasPrefix(name, "night/") {
			pages++
			if len(raw) > 100_000 || bytes.Contains(raw, []byte("<img ")) {
				t.Errorf("%s: %d bytes, or a picture", name, len(raw))
			}
		}
	}
	// 401 nights, of which 400 may have a page.
	if pages != 400 || total > 50_000_000 {
		t.Errorf("%d pages of nights, %d bytes in all, want 400 and at most 50 MB", pages, total)
	}
}

func TestManyFeaturesStayWithinBounds(t *testing.T) {
	t.Parallel()
	r := sitetest.Bare()
	for i := range 1000 {
		name := fmt.Sprintf("feature %04d with a rather long name", i)
		level := verdict.OK
		if i < 30 {
			level = verdict.Warn
		}
		r.Findings = append(r.Findings, verdict.Finding{Subject: name, Role: verdict.RoleFeature, Kind: "category", Check: verdict.CheckDistribution, Level: level, Rank: int64(i + 1), EffectUnit: "PSI", Effect: 0.1})
		r.Bins = append(r.Bins, verdict.Bin{Subject: name, Kind: "category", Name: "a", NRef: 5, NCur: 6}, verdict.Bin{Subject: name, Kind: "category", Name: "b", NRef: 6, NCur: 5})
	}
	files := built(t, r, Options{})
	// Every feature has a row on one of five pages, those that moved on the first, and is
	// found by the search.
	for i := range 1000 {
		row := fmt.Sprintf("feature %04d with a rather long name</bdi></a></th>", i)
		on := 0
		for _, page := range []string{"drift.html", "drift-2.html", "drift-3.html", "drift-4.html", "drift-5.html"} {
			on += strings.Count(string(files[page]), row)
		}
		if on != 1 || i < 30 && !strings.Contains(string(files["drift.html"]), row) {
			t.Errorf("feature %d has %d rows, or a late one", i, on)
		}
	}
	var index []struct{ Name, Href, Level string }
	if err := json.Unmarshal(files["search.json"], &index); err != nil || len(index) != 1000 {
		t.Fatalf("the index has %d features: %v", len(index), err)
	}
	for _, f := range index {
		if files[f.Href] == nil || f.Name == "" || f.Level == "" {
			t.Errorf("the index has %+v", f)
		}
	}
	charts, pages := 0, 0
	for name, raw := range files {
		if strings.HasPrefix(name, "charts/") {
			charts++
		}
		if strings.HasPrefix(name, "feature/") {
			pages++
		}
		if strings.HasSuffix(name, ".html") && len(raw) > 100_000 {
			t.Errorf("%s: %d bytes", name, len(raw))
		}
	}
	// 30 at warn: a small and a large picture each.
	if charts != 60 || pages != 1000 {
		t.Errorf("%d pictures and %d feature pages, want 60 and 1000", charts, pages)
	}
}

func TestBenchmarkPage(t *testing.T) {
	page := string(whole(t)["benchmark.html"])
	for _, want := range []string{
		"4.5 ×", "5.5 ×",
		"native: 50 µs of CPU time a request",             // 100 ms over 2000 requests
		`model.(*Tree).score</th><td class="n">40 %</td>`, // the first by its own time
		`runtime.mallocgc</th><td class="n">80 %</td>`,    // the first with what it calls
		"99 %", "198", "12 ms", "status 200: 396, no answer (connection refused)", // 396 of 400
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
}
