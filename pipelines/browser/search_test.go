//go:build browser

package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A link is a feature and its page.
type link struct {
	Name, Href string
}

// plain are names that every keyboard has.
var plain = regexp.MustCompile(`^\w+$`)

// served is each, for sites as a static host serves them: what scripts ask for is there.
func served(t *testing.T, run func(t *testing.T, s *site, b *tab, root string)) {
	for _, s := range sites(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.FileServer(http.Dir(s.dir)))
			t.Cleanup(server.Close)
			run(t, s, openTab(t, server.URL+"/"), server.URL+"/")
		})
	}
}

// A feature is found and opened by the keyboard alone, on whatever page its row stands.
func TestSearch(t *testing.T) {
	served(t, func(t *testing.T, s *site, b *tab, root string) {
		raw, err := os.ReadFile(filepath.Join(s.dir, "search.json"))
		if _, ok := s.size["drift.html"]; err != nil && !ok {
			return // no features, no search
		} else if err != nil {
			t.Fatal(err)
		}
		var index, typed []link
		if err := json.Unmarshal(raw, &index); err != nil {
			t.Fatal(err)
		}
		for _, f := range index {
			if plain.MatchString(f.Name) {
				typed = append(typed, f)
			}
		}
		if len(typed) < 2 {
			t.Fatalf("%d features have names to type, of %d", len(typed), len(index))
		}
		row := s.name + "/drift.html"
		var faults []string
		for _, f := range []link{typed[0], typed[len(typed)-1]} {
			b.do(t, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(root+"drift.html"))
			contains := func(name string) bool { return strings.Contains(strings.ToLower(name), strings.ToLower(f.Name)) }
			// The first row of the page that has the name, and else the first elsewhere.
			var hits []link
			here := map[string]bool{}
			for _, l := range ask[[]link](t, b, "features") {
				if contains(l.Name) {
					hits, here[l.Name] = append(hits, l), true
				}
			}
			n := len(hits)
			for _, l := range index {
				if contains(l.Name) && !here[l.Name] {
					hits = append(hits, l)
				}
			}
			want := fmt.Sprintf("%d here", n)
			if n < len(hits) {
				want += fmt.Sprintf(", %d on other pages", len(hits)-n)
			}
			// As a keyboard sends it: whoever takes the key keeps its letter out of the field.
			b.do(t, call(input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "/", Code: "Slash", Text: "/"}), chromedp.KeyEvent(f.Name))
			if at := run(t, b, chromedp.Evaluate[string](`document.activeElement.id + ": " + document.activeElement.value`)); at != "q: "+f.Name {
				faults = append(faults, fmt.Sprintf("the keys / and %s: typed in %q", f.Name, at))
				continue
			}
			if got := run(t, b, chromedp.Poll[string](`document.querySelector("form[data-search] [role=status]").textContent`)); got != want {
				faults = append(faults, fmt.Sprintf("%s: %q, want %q", f.Name, got, want))
			}
			if shown := ask[[]link](t, b, "features"); len(shown) != n {
				faults = append(faults, fmt.Sprintf("%s: %d rows are shown, want %d", f.Name, len(shown), n))
			}
			b.do(t, chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(`nav.path + h1`))
			if at := run(t, b, chromedp.Location()); at != root+hits[0].Href {
				faults = append(faults, fmt.Sprintf("%s and Enter: opened %s, want %s", f.Name, at, hits[0].Href))
			}
			if h1 := run(t, b, chromedp.Evaluate[string](`document.querySelector("h1 bdi").textContent`)); h1 != hits[0].Name {
				faults = append(faults, fmt.Sprintf("%s and Enter: the page of %s", f.Name, h1))
			}
		}
		handled.found(t, row, "search", faults, b.heard())
	})
}

// The button beside a heading copies its address, says so, and what was copied leads there.
func TestCopyLink(t *testing.T) {
	served(t, func(t *testing.T, s *site, b *tab, root string) {
		b.do(t, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(root))
		var faults []string
		id := run(t, b, chromedp.Evaluate[string](`document.querySelector("main button.copy").closest("[id]").id`))
		const name = `document.querySelector("main button.copy").textContent`
		if got := run(t, b, chromedp.Evaluate[string](name)); got != "#" {
			faults = append(faults, fmt.Sprintf("the button says %q before it is pressed", got))
		}
		b.do(t, chromedp.Click("main button.copy"))
		if got := run(t, b, chromedp.Poll[string](name+` !== "#" && `+name)); got != "copied" {
			faults = append(faults, fmt.Sprintf("the button says %q once it is pressed", got))
		}
		want := root + "#" + id
		if at := run(t, b, chromedp.Location()); at != want {
			faults = append(faults, fmt.Sprintf("the page is at %s, want %s", at, want))
		}
		// What the clipboard holds is seen where it is pasted.
		b.do(t, chromedp.Evaluate[chromedp.Void](`document.querySelector("main").append(document.createElement("textarea")), document.querySelector("textarea").focus()`),
			call(input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: "v", Code: "KeyV", Modifiers: 2, Commands: []string{"paste"}}))
		if got := run(t, b, chromedp.Evaluate[string](`document.querySelector("textarea").value`)); got != want {
			faults = append(faults, fmt.Sprintf("copied %q, want %s", got, want))
		}
		handled.found(t, s.name+"/index.html", "copy link", faults, b.heard())
	})
}
