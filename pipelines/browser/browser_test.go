//go:build browser

// Package browser opens every page of the demo in headless Chromium: `make
// browser`.
package browser

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const maxPage = 100 << 10 // bytes of HTML

//go:embed audit.js
var auditScript string

// A tab is one page of the browser, and what it complained of.
type tab struct {
	ctx   context.Context
	allow string // what requests may begin with, besides data:

	mu     sync.Mutex
	faults []string
}

func openTab(t *testing.T, allow string) *tab {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath("chromium"),
		chromedp.Headless,
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		chromedp.WSURLReadTimeout(2 * time.Minute),
	}
	for _, flag := range []string{"no-sandbox", "disable-gpu", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &tab{ctx: ctx, allow: allow}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.do(t, call(network.Enable, network.EnableParams{}), call(log.Enable, cdp.Empty{}))
	return b
}

// hear notes what must not happen while a page is open.
func (b *tab) hear(event any) {
	fault := ""
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		fault = fmt.Sprintf("console: %s", e.Type)
	case *runtime.EventExceptionThrown:
		fault = "exception: " + e.ExceptionDetails.Text
	case *log.EventEntryAdded:
		fault = fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
	case *network.EventLoadingFailed:
		fault = "request: " + e.ErrorText + string(e.BlockedReason)
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			fault = fmt.Sprintf("request: %s: status %d", e.Response.URL, e.Response.Status)
		}
	case *network.EventRequestWillBeSent:
		if url := e.Request.URL; !strings.HasPrefix(url, b.allow) && !strings.HasPrefix(url, "data:") {
			fault = "request elsewhere: " + url
		}
	}
	if fault != "" {
		b.mu.Lock()
		b.faults = append(b.faults, fault)
		b.mu.Unlock()
	}
}

// heard returns what was noted since it was last asked.
func (b *tab) heard() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	faults := b.faults
	b.faults = nil
	return faults
}

func (b *tab) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for _, step := range steps {
		run(t, b, step)
	}
}

func run[T any](t *testing.T, b *tab, action chromedp.Action[T]) T {
	t.Helper()
	ctx := b.ctx
	if chromedp.FromContext(ctx).Target != nil { // the first run must not end the browser
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
		defer cancel()
	}
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func call[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// ask calls a function of audit.js in the page.
func ask[T any](t *testing.T, b *tab, function string) T {
	t.Helper()
	return run(t, b, chromedp.Evaluate[T]("("+auditScript+")."+function+"()"))
}

func (b *tab) audit(t *testing.T) []string {
	t.Helper()
	return run(t, b, chromedp.Evaluate[[]string]("("+auditScript+").audit()", chromedp.EvalAwaitPromise))
}

func scheme(name string) chromedp.Action[chromedp.Void] {
	return call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
	})
}

func scripts(on bool) chromedp.Action[chromedp.Void] {
	return call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// visit opens a page at phone and desk width, light and dark, and returns all
// that is wrong with it.
func (b *tab) visit(t *testing.T, url string) []string {
	t.Helper()
	var faults []string
	for _, width := range []int64{390, 1280} {
		b.do(t, chromedp.EmulateViewport(width, 900), chromedp.Navigate(url))
		for _, colours := range []string{"light", "dark"} {
			b.do(t, scheme(colours))
			for _, f := range slices.Concat(b.audit(t), b.heard()) {
				faults = append(faults, fmt.Sprintf("%d pixels, %s: %s", width, colours, f))
			}
		}
	}
	return faults
}

// demo returns the directory of the site and the pages in it.
func demo(t *testing.T) (dir string, pages []string) {
	t.Helper()
	dir = cmp.Or(os.Getenv("DEMO"), "build/demo")
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("../..", dir)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".html") {
			pages = append(pages, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) < 10 {
		t.Fatalf("%d pages in %s: run make demo", len(pages), filepath.Base(dir))
	}
	return dir, pages
}

func TestPages(t *testing.T) {
	dir, pages := demo(t)
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer server.Close()
	b := openTab(t, server.URL+"/")
	for _, page := range pages {
		t.Run(page, func(t *testing.T) {
			info, err := os.Stat(filepath.Join(dir, page))
			if err != nil {
				t.Fatal(err)
			}
			if info.Size() > maxPage {
				t.Errorf("%d bytes, want at most %d", info.Size(), maxPage)
			}
			for _, fault := range b.visit(t, server.URL+"/"+page) {
				t.Error(fault)
			}

			with := ask[string](t, b, "text")
			b.do(t, scripts(false), chromedp.Navigate(server.URL+"/"+page))
			without, controls := ask[string](t, b, "text"), ask[int](t, b, "controls")
			b.do(t, scripts(true))
			if without != with {
				t.Errorf("without scripts the text differs from byte %d on: %.80q, with them %.80q", differ(without, with), without[differ(without, with):], with[differ(without, with):])
			}
			if controls != 0 {
				t.Errorf("%d controls that do nothing without scripts", controls)
			}
			for _, fault := range b.heard() {
				t.Errorf("without scripts: %s", fault)
			}
		})
	}
}

func differ(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// A site that was unpacked from a CI artefact is opened as a file.
func TestFile(t *testing.T) {
	dir, _ := demo(t)
	b := openTab(t, "file://"+dir+"/")
	for _, fault := range b.visit(t, "file://"+dir+"/index.html") {
		t.Error(fault)
	}
	if width := run(t, b, chromedp.Evaluate[string]("getComputedStyle(document.body).maxWidth")); width == "none" {
		t.Error("the stylesheet is not applied")
	}
}

var rowScore = regexp.MustCompile(`<tr data-score="([^"]+)" data-label="=([^"]*)"`)

func TestFilter(t *testing.T) {
	dir, _ := demo(t)
	html, err := os.ReadFile(filepath.Join(dir, "predictions.html"))
	if err != nil {
		t.Fatal(err)
	}
	var all, engaged []float64
	for _, m := range rowScore.FindAllStringSubmatch(string(html), -1) {
		score, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, score)
		if m[2] == "engaged" { // the first of the labels by name
			engaged = append(engaged, score)
		}
	}
	between := func(lo, hi float64) (shown []float64) {
		for _, s := range all {
			if s >= lo && s <= hi {
				shown = append(shown, s)
			}
		}
		return shown
	}
	sorted := slices.Sorted(slices.Values(all))
	if len(sorted) < 3 || sorted[0] == sorted[len(sorted)-1] || len(engaged) == 0 || len(engaged) == len(all) {
		t.Fatalf("scores %v, of them engaged %v, tell no filter from none", sorted, engaged)
	}
	middle := int(100*sorted[len(sorted)/2]) + 1 // in steps of the slider

	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer server.Close()
	b := openTab(t, server.URL+"/")
	b.do(t, chromedp.Navigate(server.URL+"/predictions.html"))
	expect := func(when string, want []float64) {
		t.Helper()
		if got := ask[[]float64](t, b, "rows"); !slices.Equal(got, want) {
			t.Errorf("%s: rows %v, want %v", when, got, want)
		}
		status := run(t, b, chromedp.Evaluate[string](`document.querySelector("form [role=status]").textContent`))
		if want := fmt.Sprintf("%d of %d shown", len(want), len(all)); status != want {
			t.Errorf("%s: status %q, want %q", when, status, want)
		}
	}
	tabTo := func(name string) {
		t.Helper()
		for range 60 {
			b.do(t, chromedp.KeyEvent(kb.Tab))
			if run(t, b, chromedp.Evaluate[string](`document.activeElement.name || ""`)) == name {
				return
			}
		}
		t.Fatalf("the Tab key does not reach %s", name)
	}
	expect("at first", all)
	if ask[int](t, b, "controls") < 2 {
		t.Error("the sliders are not on the screen")
	}
	tabTo("lo")
	b.do(t, chromedp.KeyEvent(strings.Repeat(kb.ArrowRight, middle)))
	expect("from the middle", between(float64(middle)/100, 1))
	b.do(t, chromedp.KeyEvent(kb.Home))
	expect("from 0 again", all)
	tabTo("hi")
	b.do(t, chromedp.KeyEvent(strings.Repeat(kb.ArrowLeft, 100-middle)))
	expect("up to the middle", between(0, float64(middle)/100))
	b.do(t, chromedp.KeyEvent(kb.Home))
	expect("up to 0", between(0, 0))
	b.do(t, chromedp.KeyEvent(kb.End))
	tabTo("label")
	b.do(t, chromedp.KeyEvent(kb.ArrowDown))
	expect("one label", engaged)
	for _, fault := range b.heard() {
		t.Error(fault)
	}
}

// The audit sees what it looks for.
func TestAudit(t *testing.T) {
	const page = `<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<link rel="stylesheet" href="absent.css"><link rel="stylesheet" href="http://127.0.0.1:9/x.css"></head>
<body style="color: color-mix(in srgb, #777 90%, transparent); background: #fff"><h1>one</h1><h1>two</h1>
<div class="broad" style="width: 1500px">wide</div><svg></svg><img src="absent.png"><script>console.error("ran")</script></body></html>`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, page)
	}))
	defer server.Close()
	b := openTab(t, server.URL+"/")
	found := strings.Join(b.visit(t, server.URL+"/"), "\n")
	for _, want := range []string{
		"390 pixels, light: no title", "no language", "2 h1", "no alt text: absent.png", "not loaded: absent.png", "no name: body svg",
		"1280 pixels, dark: 1508 pixels wide on 1280: div.broad", "contrast 3.72: h1", "absent.png: status 404", "request elsewhere: http://127.0.0.1:9/x.css",
		"Content Security Policy",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("the audit did not say %q", want)
		}
	}
	if t.Failed() {
		t.Log(found)
	}
}
