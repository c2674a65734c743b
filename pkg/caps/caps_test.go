package caps

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/caps.md")

// TestCapsDoc: docs/caps.md is the table of all caps.
func TestCapsDoc(t *testing.T) {
	var b strings.Builder
	b.WriteString("# What is kept, and what happens beyond\n\n" +
		"Memory is bounded by the plan and not by the log, so of some things only so many are kept. A cap may change the method, never the\n" +
		"answer: totals stay exact, what is estimated says so, and where a check looked at a part, its finding says at how much of what\n" +
		"(`looked_at`, `of`). None depends on the order of rows, columns or shards. This page is made from the code: `make docs`.\n\n" +
		"| kept, at most | of | beyond |\n| ---: | --- | --- |\n")
	seen := map[string]bool{}
	for _, c := range all {
		if c.N <= 0 || c.What == "" || c.Beyond == "" || seen[c.What] {
			t.Errorf("%+v says nothing, or twice", c)
		}
		seen[c.What] = true
		fmt.Fprintf(&b, "| %s | %s | %s |\n", grouped(c.N), c.What, c.Beyond)
	}
	const path = "../../docs/caps.md"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != b.String() {
		t.Errorf("%s is not what the code says: run make docs (%v)", path, err)
	}
}

// grouped writes a number with its thousands apart.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
