//go:build browser

package browser

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// What the tests of pages found, and of weights.
var (
	checked  sheet
	weighed  sheet
	followed sheet
	handled  sheet
)

func TestMain(m *testing.M) {
	code := m.Run()
	var f strings.Builder
	if _, err := exec.LookPath("chromium"); err != nil {
		fmt.Fprintf(&f, "not checked in a browser: %v\n\n", err)
	} else if _, err := fetchAxe(); err != nil {
		fmt.Fprintf(&f, "pages not looked at, for want of axe-core: %v\n\n", err)
	}
	if len(weighed.rows) > 0 {
		weighed.write(&f, "weight", "pages", "HTML", "largest page", "pictures", "PNG", "night", "all files")
	}
	if len(followed.rows) > 0 {
		followed.write(&f, "links and pictures", "links", "resolve")
	}
	if len(handled.rows) > 0 {
		handled.write(&f, "by hand", "tables", "sort by mouse", "sort by keyboard", "rows", "filter by mouse", "filter by keyboard", "places", "search", "copy link")
	}
	if len(checked.rows) > 0 {
		checked.write(&f, "page", "HTML", "load", "form", "390 px", "contrast", "axe light", "axe dark", "print", "no script")
	}
	if os.Getenv("SITE_CHECKS") != "" && f.Len() > 0 {
		if err := os.WriteFile(os.Getenv("SITE_CHECKS"), []byte(f.String()), 0o666); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func TestWeights(t *testing.T) {
	for _, s := range sites(t) {
		t.Run(s.name, func(t *testing.T) {
			html, pages := s.sum(func(name string) bool { return path.Ext(name) == ".html" })
			png, pictures := s.sum(func(name string) bool { return path.Ext(name) == ".png" })
			night, _ := s.sum(func(name string) bool {
				switch path.Ext(name) {
				case ".html", ".css", ".png", ".svg":
					return path.Dir(name) != "night" && path.Dir(name) != "feature"
				}
				return false
			})
			feature, features := s.sum(func(name string) bool { return path.Dir(name) == "feature" && path.Ext(name) == ".html" })
			all, _ := s.sum(func(string) bool { return true })
			largest := s.pages[0]
			for _, page := range s.pages {
				if s.size[page] > s.size[largest] {
					largest = page
				}
				if s.size[page] > maxPage {
					t.Errorf("%s: %d bytes, want at most %d", page, s.size[page], maxPage)
				}
			}
			if night > maxNight {
				t.Errorf("the night weighs %d bytes, want at most %d", night, maxNight)
			}
			if feature > int64(features)*maxFeature {
				t.Errorf("the pages of %d features weigh %d bytes, want at most %d each", features, feature, maxFeature)
			}
			for check, text := range map[string]string{
				"pages": fmt.Sprint(pages), "HTML": kilobytes(html), "largest page": largest + " " + kilobytes(s.size[largest]),
				"pictures": fmt.Sprint(pictures), "PNG": kilobytes(png), "night": kilobytes(night), "all files": kilobytes(all),
			} {
				weighed.note(s.name, check, text)
			}
		})
	}
}

// Every page at phone and desk width, light and dark, on paper and without
// scripts.
func TestPages(t *testing.T) {
	axe := axeCore(t)
	each(t, func(t *testing.T, s *site, b *tab) {
		for _, page := range s.sample() {
			t.Run(page, func(t *testing.T) {
				row := s.name + "/" + page
				checked.note(row, "HTML", kilobytes(s.size[page]))
				b.look(t, row, s.url(page), axe)
			})
		}
	})
}

// look opens a page and notes all that is wrong with it.
func (b *tab) look(t *testing.T, row, url, axe string) {
	t.Helper()
	b.do(t, show("", "light"), chromedp.EmulateViewport(390, 900), chromedp.Navigate(url))
	run(t, b, chromedp.Evaluate[any](axe+"; 0"))

	phone := ask[audit](t, b, "audit")
	checked.found(t, row, "axe light", ask[[]string](t, b, "axe"))
	b.picture(t, row, "phone")
	b.do(t, show("", "dark"))
	phoneDark := ask[audit](t, b, "audit")
	b.do(t, chromedp.EmulateViewport(1280, 900))
	dark := ask[audit](t, b, "audit")
	checked.found(t, row, "axe dark", ask[[]string](t, b, "axe"))
	b.picture(t, row, "dark")
	b.do(t, show("", "light"))
	light := ask[audit](t, b, "audit")
	b.picture(t, row, "light")

	ask[int](t, b, "remember")
	with := ask[string](t, b, "text")
	checked.found(t, row, "print", b.print(t))

	loaded := b.heard()
	b.do(t, show("", "light"), scripts(false), chromedp.Navigate(url))
	without, controls := ask[string](t, b, "text"), ask[int](t, b, "controls")
	b.do(t, scripts(true))
	var bare []string
	if without != with {
		n := differ(without, with)
		bare = append(bare, fmt.Sprintf("the text differs from byte %d on: %.80q, with scripts %.80q", n, without[n:], with[n:]))
	}
	if controls != 0 {
		bare = append(bare, fmt.Sprintf("%d controls that do nothing", controls))
	}
	checked.found(t, row, "no script", bare)
	checked.found(t, row, "load", loaded, b.heard())
	checked.found(t, row, "form", phone.Form, light.Form)
	checked.found(t, row, "390 px", phone.Width, light.Width)
	checked.found(t, row, "contrast", phone.Contrast, phoneDark.Contrast, light.Contrast, dark.Contrast)
}

// print puts the page, as someone with dark colours has it, on paper: light, all
// of it, and readable.
func (b *tab) print(t *testing.T) (faults []string) {
	t.Helper()
	b.do(t, show("print", "dark"))
	faults = append(faults, ask[[]string](t, b, "lost")...)
	for _, light := range ask[[]float64](t, b, "paper") {
		if light < 0.9 {
			faults = append(faults, fmt.Sprintf("the paper is dark: %.2f of white", light))
		}
	}
	faults = append(faults, ask[audit](t, b, "audit").Contrast...)
	pdf := run(t, b, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 5000 {
		faults = append(faults, fmt.Sprintf("%d bytes that are no PDF of a page", len(pdf)))
	}
	return faults
}

// picture writes a screenshot of the whole page where the variable SHOTS says.
func (b *tab) picture(t *testing.T, row, kind string) {
	t.Helper()
	dir := os.Getenv("SHOTS")
	if dir == "" {
		return
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("../..", dir)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	name := strings.NewReplacer("/", "-", ".html", "").Replace(row) + "-" + kind + ".png"
	if err := os.WriteFile(filepath.Join(dir, name), run(t, b, chromedp.FullScreenshot(100)), 0o666); err != nil {
		t.Fatal(err)
	}
}

func differ(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// Served, as a static host serves it, a site works as it does as files.
func TestServed(t *testing.T) {
	for _, s := range sites(t)[:1] {
		server := httptest.NewServer(http.FileServer(http.Dir(s.dir)))
		defer server.Close()
		b := openTab(t, server.URL+"/")
		err := fs.WalkDir(os.DirFS(s.dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || path.Ext(name) != ".html" || path.Dir(name) != "." {
				return err
			}
			b.do(t, chromedp.Navigate(server.URL+"/"+name))
			found := ask[audit](t, b, "audit")
			for _, fault := range append(found.Form, b.heard()...) {
				t.Errorf("%s: %s", name, fault)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if width := run(t, b, chromedp.Evaluate[string]("getComputedStyle(document.body).maxWidth")); width == "none" {
			t.Error("the stylesheet is not applied")
		}
	}
}

// The checks see what they look for.
func TestLook(t *testing.T) {
	const page = `<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<style>@media print { p { display: none } } @media (prefers-color-scheme: dark) { html { background: #111 } }</style>
<link rel="stylesheet" href="absent.css"><link rel="stylesheet" href="http://127.0.0.1:9/x.css"></head>
<body style="color: color-mix(in srgb, #777 90%, transparent)"><h1>one</h1><h1>two</h1><p>Not printed.</p><button>dead</button>
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
	axe := axeCore(t)
	b.do(t, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(server.URL+"/"))
	run(t, b, chromedp.Evaluate[any](axe+"; 0"))
	found := ask[audit](t, b, "audit")
	ask[int](t, b, "remember")
	said := strings.Join(append(append(append(append(append(found.Form, found.Width...), found.Contrast...), ask[[]string](t, b, "axe")...), b.print(t)...), b.heard()...), "\n")
	for _, want := range []string{
		"no title", "no language", "2 h1", "no alt text: absent.png", "not loaded: absent.png", "no name: body svg",
		"1508 pixels wide on 1280: div.broad", "contrast 3.72: h1", "absent.png: status 404", "request elsewhere: http://127.0.0.1:9/x.css",
		"Content Security Policy", "axe: image-alt", "axe: html-has-lang", "not on paper: Not printed.", "the paper is dark",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the checks did not say %q", want)
		}
	}
	if n := ask[int](t, b, "controls"); n != 1 {
		t.Errorf("%d controls, want the one button", n)
	}
	if t.Failed() {
		t.Log(said)
	}
}
