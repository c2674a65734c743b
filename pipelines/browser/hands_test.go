//go:build browser

package browser

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A column of a sortable table as it stands.
type column struct {
	Sort, Cells, Rows []string
}

// Every header of every sortable table sorts, by mouse and by keyboard.
func TestSort(t *testing.T) {
	each(t, func(t *testing.T, s *site, b *tab) {
		for _, page := range s.pages {
			raw, err := os.ReadFile(filepath.Join(s.dir, page))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(raw), "<table data-sort") {
				continue
			}
			t.Run(page, func(t *testing.T) {
				b.do(t, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(s.url(page)))
				row := s.name + "/" + page
				tables := ask[[][]string](t, b, "tables")
				handled.note(row, "tables", fmt.Sprint(len(tables)))
				var mouse, keyboard []string
				for i, headers := range tables {
					mouse = append(mouse, b.sortByMouse(t, i, headers)...)
				}
				b.do(t, chromedp.Navigate(s.url(page)))
				for i, headers := range tables {
					keyboard = append(keyboard, b.sortByKeyboard(t, i, headers)...)
				}
				handled.found(t, row, "sort by mouse", mouse)
				handled.found(t, row, "sort by keyboard", keyboard, b.heard())
			})
		}
	})
}

func (b *tab) sortByMouse(t *testing.T, table int, headers []string) (faults []string) {
	t.Helper()
	for i, header := range headers {
		if header == "" {
			continue
		}
		before := ask[column](t, b, "sorted", table, i)
		var cells [2][]string
		for k, want := range []string{"descending", "ascending"} {
			at := ask[[]float64](t, b, "header", table, i)
			b.do(t, chromedp.MouseClickXY(at[0], at[1]))
			after := ask[column](t, b, "sorted", table, i)
			faults = append(faults, after.wrong(header, i, want, before)...)
			cells[k] = slices.DeleteFunc(after.Cells, func(cell string) bool { return cell == "" || cell == "–" })
		}
		// How words are ordered is the browser's to know, but both orders are one.
		slices.Reverse(cells[1])
		numbers := slices.ContainsFunc(cells[0], func(cell string) bool { _, ok := magnitude(cell); return ok })
		if !numbers && !slices.Equal(cells[0], cells[1]) {
			faults = append(faults, fmt.Sprintf("%s: words are in the order %.80q, the other way round in %.80q", header, cells[0], cells[1]))
		}
	}
	return faults
}

// sortByKeyboard tabs through the headers in their order: Enter sorts, Space
// turns the order round.
func (b *tab) sortByKeyboard(t *testing.T, table int, headers []string) (faults []string) {
	t.Helper()
	for i, header := range headers {
		if header == "" {
			continue
		}
		for tabs := 0; ; tabs++ {
			if at := ask[[]int](t, b, "focused"); at[0] == table && at[1] == i {
				break
			}
			if tabs == 100 {
				return append(faults, header+": the Tab key does not get there")
			}
			b.do(t, chromedp.KeyEvent(kb.Tab))
		}
		before := ask[column](t, b, "sorted", table, i)
		turns := []string{"descending", "ascending"}
		if before.Sort[i] == "descending" {
			slices.Reverse(turns)
		}
		for k, key := range []string{kb.Enter, " "} {
			b.do(t, chromedp.KeyEvent(key))
			faults = append(faults, ask[column](t, b, "sorted", table, i).wrong(header, i, turns[k], before)...)
		}
	}
	return faults
}

// wrong says what is wrong with a table that was sorted by column i.
func (c column) wrong(header string, i int, want string, before column) (faults []string) {
	for j, sort := range c.Sort {
		if expect := map[bool]string{true: want}[j == i]; sort != expect {
			faults = append(faults, fmt.Sprintf("%s: aria-sort of column %d is %q, want %q", header, j, sort, expect))
		}
	}
	if !slices.Equal(slices.Sorted(slices.Values(c.Rows)), slices.Sorted(slices.Values(before.Rows))) {
		faults = append(faults, header+": the rows are not the same ones")
	}
	var last *float64
	for _, cell := range c.Cells {
		n, ok := magnitude(cell)
		if !ok {
			continue
		}
		if last != nil && (want == "ascending" && n < *last || want == "descending" && n > *last) {
			return append(faults, fmt.Sprintf("%s, %s: %v comes after %v", header, want, n, *last))
		}
		last = &n
	}
	return faults
}

var leading = regexp.MustCompile(`^(< ?|[+−-])?[0-9][0-9\x{202f}\x{a0}]*(\.[0-9]+)?(e[+-]?[0-9]+)?`)

// magnitude reads a number as people write it: a sign, groups of digits, a unit
// after it.
func magnitude(cell string) (float64, bool) {
	m := leading.FindString(cell)
	n, err := strconv.ParseFloat(strings.NewReplacer("< ", "", "<", "", "−", "-", "\u202f", "", "\u00a0", "").Replace(m), 64)
	return n, err == nil
}

var rowScore = regexp.MustCompile(`<tr data-score="([^"]+)" data-label="=([^"]*)"`)

// scores returns those of the rows of predictions.html, and those of the first
// of the labels by name.
func (s *site) scores(t *testing.T) (all, first []float64) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.dir, "predictions.html"))
	if err != nil {
		t.Fatal(err)
	}
	rows := rowScore.FindAllStringSubmatch(string(raw), -1)
	if len(rows) == 0 {
		t.Fatal("no rows")
	}
	label := slices.MinFunc(rows, func(a, b []string) int { return cmp.Compare(a[2], b[2]) })[2]
	for _, m := range rows {
		score, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, score)
		if m[2] == label {
			first = append(first, score)
		}
	}
	return all, first
}

func within(scores []float64, lo, hi float64) (shown []float64) {
	for _, s := range scores {
		if s >= lo && s <= hi {
			shown = append(shown, s)
		}
	}
	return shown
}

// The filter of predictions: two handles and the label, by mouse and by keyboard.
func TestFilter(t *testing.T) {
	each(t, func(t *testing.T, s *site, b *tab) {
		if _, ok := s.size["predictions.html"]; !ok {
			return // a log without predictions has no such page
		}
		row := s.name + "/predictions.html"
		all, first := s.scores(t)
		handled.note(row, "rows", fmt.Sprint(len(all)))
		b.do(t, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(s.url("predictions.html")))
		if ask[int](t, b, "controls") < 2 {
			t.Fatal("the sliders are not on the screen")
		}
		middle := float64(int(100*slices.Sorted(slices.Values(all))[len(all)/2])+1) / 100

		var faults []string
		expect := func(when string, want []float64) {
			t.Helper()
			if got := ask[[]float64](t, b, "rows"); !slices.Equal(got, want) {
				faults = append(faults, fmt.Sprintf("%s: rows %v, want %v", when, got, want))
			}
			status := run(t, b, chromedp.Evaluate[string](`document.querySelector("form [role=status]").textContent`))
			if want := fmt.Sprintf("%d of %d shown", len(want), len(all)); status != want {
				faults = append(faults, fmt.Sprintf("%s: status %q, want %q", when, status, want))
			}
		}

		drag := func(name string, to float64) float64 {
			t.Helper()
			at := ask[[]float64](t, b, "handle", name, to)
			b.do(t, chromedp.DragAndDropXY(at[0], at[1], at[2], at[1]))
			return ask[[]float64](t, b, "handle", name, to)[3]
		}
		expect("at first", all)
		lo := drag("lo", middle)
		if lo < middle-0.05 || lo > middle+0.05 {
			faults = append(faults, fmt.Sprintf("the lower handle was drawn to %v, and is at %v", middle, lo))
		}
		expect("from the middle, by mouse", within(all, lo, 1))
		drag("lo", 0)
		hi := drag("hi", middle)
		if hi < middle-0.05 || hi > middle+0.05 {
			faults = append(faults, fmt.Sprintf("the upper handle was drawn to %v, and is at %v", middle, hi))
		}
		expect("up to the middle, by mouse", within(all, 0, hi))
		lo = drag("lo", (hi+1)/2)
		if hi = ask[[]float64](t, b, "handle", "hi", 0)[3]; hi < lo {
			faults = append(faults, fmt.Sprintf("the lower handle passed the upper one: %v and %v", lo, hi))
		}
		expect("the lower handle beyond the upper one", within(all, lo, hi))
		drag("lo", 0)
		drag("hi", 1)
		expect("all again, by mouse", all)
		handled.found(t, row, "filter by mouse", faults)

		faults = nil
		b.do(t, chromedp.Navigate(s.url("predictions.html")))
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
		steps := int(100*middle + 0.5)
		tabTo("lo")
		b.do(t, chromedp.KeyEvent(strings.Repeat(kb.ArrowRight, steps)))
		expect("from the middle", within(all, middle, 1))
		b.do(t, chromedp.KeyEvent(kb.Home))
		expect("from 0 again", all)
		tabTo("hi")
		b.do(t, chromedp.KeyEvent(strings.Repeat(kb.ArrowLeft, 100-steps)))
		expect("up to the middle", within(all, 0, middle))
		b.do(t, chromedp.KeyEvent(kb.Home))
		expect("up to 0", within(all, 0, 0))
		b.do(t, chromedp.KeyEvent(kb.End))
		if len(first) < len(all) {
			tabTo("label")
			b.do(t, chromedp.KeyEvent(kb.ArrowDown))
			expect("one label", first)
		}
		handled.found(t, row, "filter by keyboard", faults, b.heard())
	})
}

// A picture says the numbers of a place: under the pointer, and by the arrow keys.
func TestPlaces(t *testing.T) {
	each(t, func(t *testing.T, s *site, b *tab) {
		for _, page := range s.sample() {
			b.do(t, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(s.url(page)))
			if ask[int](t, b, "places") == 0 {
				continue
			}
			row := s.name + "/" + page
			var faults []string
			says := func(when, want string) {
				t.Helper()
				if got := ask[string](t, b, "tip"); got != want {
					faults = append(faults, fmt.Sprintf("%s: the picture says %q, want %q", when, got, want))
				}
			}
			says("at first", "")
			at := ask[[]float64](t, b, "place", 0)
			b.do(t, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]))
			first := ask[string](t, b, "told", 0)
			if got, want := ask[string](t, b, "tip"), ask[[]string](t, b, "covering", 0); !slices.Contains(want, got) {
				faults = append(faults, fmt.Sprintf("under the pointer: the picture says %q, want one of %q", got, want))
			}
			b.do(t, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 2, 2))
			says("elsewhere", "")
			b.do(t, chromedp.Focus("figure .chart[tabindex]"))
			says("focused", first)
			b.do(t, chromedp.KeyEvent(kb.ArrowRight))
			if n := ask[int](t, b, "spots"); n > 1 {
				says("by the arrow", ask[string](t, b, "told", 1))
			}
			handled.found(t, row, "places", faults, b.heard())
		}
	})
}
