package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
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

	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// built writes the report's site into a directory and returns its files.
func built(t *testing.T, r *Report, o Options) map[string][]byte {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	if err := r.WriteDir(dir, o); err != nil {
		t.Fatal(err)
	}
	return filesBelow(t, dir)
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
	r := fixture()
	return built(t, r, Options{History: MergeHistory(nights(r, 20), r.Tonight())})
}

// bare is a report of nothing but its run.
func bare() *Report {
	full := fixture()
	return &Report{Run: full.Run, runs: full.runs}
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
			case name == "guide.html" && strings.HasPrefix(target, repository):
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
		for _, m := range script.FindAllSubmatch(raw, -1) {
			sum := sha256.Sum256(m[1])
			policy += "; script-src &#39;sha256-" + strings.ReplaceAll(base64.StdEncoding.EncodeToString(sum[:]), "+", "&#43;") + "&#39;"
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
	// The 12 features and the 20 old nights have a page each; the others are those
	// of the navigation.
	if n := len(pagesOf(files)); n != 12+20+11 {
		t.Errorf("%d pages, want 43: %v", n, pagesOf(files))
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
	if i, j := strings.Index(index, "companysize</a>"), strings.Index(index, "llm_quality</a>"); i < 0 || j < i {
		t.Error("the changes are not in order of rank")
	}
}

func TestAPageWithoutDataIsAbsent(t *testing.T) {
	files := built(t, bare(), Options{})
	if got := pagesOf(files); !slices.Equal(got, []string{"guide.html", "index.html"}) {
		t.Errorf("pages of a bare run: %v", got)
	}
	for _, name := range []string{"drift", "scores", "speed", "api", "quality", "correlations", "predictions", "benchmark", "history", "model"} {
		if bytes.Contains(files["index.html"], []byte(name+".html")) {
			t.Errorf("a link to %s.html, which is not there", name)
		}
	}
	for name, more := range map[string]func(r, full *Report){
		"model.html":        func(r, full *Report) { r.Estimates = quality().Estimates },
		"correlations.html": func(r, full *Report) { r.Correlations = full.Correlations },
		"predictions.html":  func(r, full *Report) { r.Recent = full.Recent },
		"benchmark.html":    func(r, full *Report) { r.Bench = full.Bench },
		"quality.html":      func(r, full *Report) { r.Rejects = full.Rejects },
		"api.html":          func(r, full *Report) { r.Health = full.Health },
		"speed.html":        func(r, full *Report) { r.Latency = full.Latency },
	} {
		r := bare()
		more(r, fixture())
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
	r := bare()
	r.Findings = fixture().Findings
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
		if !regexp.MustCompile(`^(\.leadsman|[a-z_]+(\.schema)?\.(html|css|json|md|svg|xml|prom|txt)|(charts|feature|data|night)/[a-z0-9_-]+\.(png|html|parquet))$`).MatchString(name) {
			t.Errorf("odd file name %q", name)
		}
	}
	r := bare()
	r.Findings = fixture().Findings
	r.Findings[0].Sentence = "x: [click](http://evil.example) <script>alert(1)</script>\n# big | cell `code`"
	got := string(built(t, r, Options{})["summary.md"])
	for _, bad := range []string{"[click]", "<script>", "\n# big", "http://"} {
		if strings.Contains(got, bad) {
			t.Errorf("summary.md holds %q", bad)
		}
	}
}

func TestSameTablesSameBytes(t *testing.T) {
	a, b := whole(t), wholeAgain(t)
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs from run to run", name)
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d files, then %d", len(a), len(b))
	}
}

func TestReportJSONHoldsTheTables(t *testing.T) {
	r, files := fixture(), whole(t)
	var got struct {
		Version  int
		Run      map[string]any
		Findings []map[string]any
		Bins     []map[string]any
		Trend    []map[string]any
	}
	if err := json.Unmarshal(files["report.json"], &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != 1 || got.Run["rows"] != 1014.0 || got.Run["coverage"] != nil || got.Run["period_end"] != "2026-11-22T23:58:00Z" {
		t.Errorf("run: %v", got.Run)
	}
	if len(got.Findings) != len(r.Findings) || got.Findings[0]["effect"] != 0.42 || got.Findings[0]["segment"] != "" {
		t.Errorf("findings: %d, first %v", len(got.Findings), got.Findings[0])
	}
	if len(got.Bins) != len(r.Bins) || got.Bins[0]["lo"] != nil || got.Bins[0]["hi"] != 0.08 {
		t.Errorf("first bin: %v", got.Bins[0])
	}
	// Of the fixture's 11 courses of 14 windows that of llm_quality is a feature's.
	if len(got.Trend) != 10*14 {
		t.Errorf("%d rows of trend, want 140", len(got.Trend))
	}
}

func TestBadgeIsAPictureOfTheLevel(t *testing.T) {
	for level, word := range map[string]string{verdict.OK: "ok", verdict.Warn: "warning", verdict.Alert: "alert", verdict.Insufficient: "cannot tell", "<x>": "not judged"} {
		raw := badge(level)
		if err := xml.Unmarshal(raw, new(struct{})); err != nil {
			t.Errorf("%s: %v", level, err)
		}
		if !bytes.Contains(raw, []byte("<title>drift: "+word+"</title>")) {
			t.Errorf("%s: %s", level, raw)
		}
	}
}

func TestDataIsTheTablesThatWereRead(t *testing.T) {
	r := fixture()
	dir := filepath.Join(t.TempDir(), "site")
	if err := r.WriteDir(dir, Options{}); err != nil {
		t.Fatal(err)
	}
	in := table.Open(table.Input{Name: filepath.Join(dir, "data")})
	defer in.Close()
	got, err := Read(in)
	if err != nil {
		t.Fatal(err)
	}
	// NaN differs from itself, so the rows are compared as they are written.
	if a, b := fmt.Sprintf("%+v", *got), fmt.Sprintf("%+v", *r); a != b {
		t.Errorf("data read back differs:\n%.300s\n%.300s", a, b)
	}
}

func TestReadRefusesWhatIsNoRun(t *testing.T) {
	r := fixture()
	two := *r
	two.runs = append(two.runs, two.runs[0])
	none := *r
	none.runs = nil
	cut := stream(t, r).Bytes()
	for name, c := range map[string]struct {
		in   []byte
		want string
	}{
		"no run":   {stream(t, &none).Bytes(), "no table run in the stream: render reads what driftcalc writes"},
		"two runs": {stream(t, &two).Bytes(), "2 runs in the stream: render one at a time"},
		"cut":      {cut[:len(cut)-9], "in: "},
		"empty":    {nil, "in: "},
	} {
		_, err := Read(table.NewReader("in", bytes.NewReader(c.in)))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := Read(table.NewReader("in", stream(t, &none))); !errors.Is(err, ErrNoRun) {
		t.Errorf("no run: %v, want ErrNoRun", err)
	}
}

func TestOddTablesStillMakeASite(t *testing.T) {
	inf := 1 / zero
	r := fixture()
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
	files := built(t, r, Options{History: r.Tonight()})
	if !json.Valid(files["report.json"]) {
		t.Error("report.json is no JSON")
	}
}

var zero float64

func TestASingleFileStandsAlone(t *testing.T) {
	var out bytes.Buffer
	if err := fixture().WriteSingle(&out, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, m := range reference.FindAllStringSubmatch(out.String(), -1) {
		if !strings.HasPrefix(m[1], "data:image/png;base64,") && !strings.HasPrefix(m[1], "#") {
			t.Errorf("%.60s is not in the file", m[1])
		}
	}
	if n := strings.Count(out.String(), "<img "); n < 12 {
		t.Errorf("%d pictures, want one a feature", n)
	}
}

func TestAYearOfNightsStaysWithinBounds(t *testing.T) {
	r := bare()
	r.Findings = fixture().Findings
	files := built(t, r, Options{History: MergeHistory(nights(r, 400), r.Tonight())})
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
	// 401 nights, of which 400 may have a page and tonight is the overview.
	if pages != 399 || total > 50_000_000 {
		t.Errorf("%d pages of nights, %d bytes in all, want 399 and at most 50 MB", pages, total)
	}
}

func TestManyFeaturesStayWithinBounds(t *testing.T) {
	r := bare()
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
	// 30 at warn: a small and a large picture each, and six cards.
	if charts != 66 || pages != maxPages {
		t.Errorf("%d pictures and %d feature pages, want 66 and %d", charts, pages, maxPages)
	}
}
