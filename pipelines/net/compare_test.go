//go:build nightly

package net_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const mostLines = 60 // of a report: the rest stands in a file

// A change is one line of digests that is not what it was.
type change struct{ of, what string }

// compare returns what differs, by case.
func compare(old, now map[string]string) map[string][]change {
	names := maps.Clone(old)
	maps.Copy(names, now)
	changes := map[string][]change{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		before, was := old[name]
		after, is := now[name]
		if was && is && before == after {
			continue
		}
		of, path, _ := strings.Cut(name, "/")
		what := ""
		switch {
		case !was:
			what = "new: " + after
		case !is:
			what = "gone: " + before
		case strings.HasSuffix(path, ".parquet"):
			what = columns(before, after)
		default:
			what = before + " → " + after
		}
		changes[of] = append(changes[of], change{path, what})
	}
	return changes
}

// columns returns which columns of a table differ.
func columns(before, after string) string {
	split := func(line string) (order []string, sums map[string]string) {
		sums = map[string]string{}
		for _, part := range strings.Fields(line) {
			at := strings.LastIndexAny(part, ":=")
			name := part[:at]
			order, sums[name] = append(order, name), part[at+1:]
		}
		return order, sums
	}
	oldOrder, old := split(before)
	newOrder, now := split(after)
	var parts []string
	for _, name := range oldOrder {
		switch sum, is := now[name]; {
		case !is:
			parts = append(parts, "-"+name)
		case sum != old[name]:
			parts = append(parts, fmt.Sprintf("%s %s→%s", name, old[name], sum))
		}
	}
	for _, name := range newOrder {
		if _, was := old[name]; !was {
			parts = append(parts, "+"+name)
		}
	}
	if len(parts) == 0 {
		return "the order of the columns"
	}
	return strings.Join(parts, ", ")
}

// report fails the test with what differs, a share of the lines for each case,
// and keeps all of it and the new digests in files.
func report(t *testing.T, changes map[string][]change, now map[string]string) {
	t.Helper()
	dir := fromTop(os.Getenv("NET_KEEP"))
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "leadsman-net-"); err != nil {
			t.Fatal(err)
		}
	}
	digests, all := filepath.Join(dir, "digests.txt"), filepath.Join(dir, "changes.txt")
	if err := writeDigests(digests, now); err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(changes))
	var full, short strings.Builder
	lines, count := 0, 0
	for i, name := range names {
		of := changes[name]
		count += len(of)
		head := fmt.Sprintf("%s: %d differ\n", name, len(of))
		full.WriteString(head)
		share := max(2, (mostLines-lines)/(len(names)-i)-1)
		if lines < mostLines {
			short.WriteString(head)
			lines++
		}
		for j, c := range inOrder(of) {
			line := fmt.Sprintf("  %s: %s\n", c.of, c.what)
			full.WriteString(line)
			switch {
			case lines >= mostLines:
			case j < share-1 || len(of) <= share:
				short.WriteString(cut(line))
				lines++
			case j == share-1:
				fmt.Fprintf(&short, "  … and %d more\n", len(of)-j)
				lines++
			}
		}
	}
	if err := os.WriteFile(all, []byte(full.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Errorf("%d tables and files of %d cases differ (old → new):\n%sall changes: %s\nnew digests: %s", count, len(names), short.String(), all, digests)
}

// inOrder puts tables and messages first: they say what the pages then show.
func inOrder(of []change) []change {
	rank := func(c change) int {
		switch {
		case strings.HasSuffix(c.of, ".parquet") && !strings.HasPrefix(c.of, "site/"):
			return 0
		case strings.HasSuffix(c.of, ".err"):
			return 1
		case strings.HasSuffix(c.of, ".parquet"):
			return 2
		}
		return 3
	}
	return slices.SortedStableFunc(slices.Values(of), func(a, b change) int { return rank(a) - rank(b) })
}

// cut keeps a line to what a terminal shows at a glance.
func cut(line string) string {
	const most = 400
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most]) + "…\n"
	}
	return line
}
