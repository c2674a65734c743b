package site

import (
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
)

// The table of docs/evidently.md says how many links lie between the first page and an
// answer: as many as there are in a site.
func TestClicksOfTheDocument(t *testing.T) {
	raw, err := os.ReadFile("../../docs/evidently.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(raw), "<!-- clicks -->\n")
	table, _, ok := strings.Cut(table, "<!-- end -->")
	rows := regexp.MustCompile("(?m)^\\| ([^|]+) \\| `([^`]+)`[^|]*\\| (\\d+) \\|").FindAllStringSubmatch(table, -1)
	if !ok || len(rows) < 10 {
		t.Fatalf("%d rows, want the table", len(rows))
	}
	r := explained()
	files := built(t, r, Options{History: history.Add(sitetest.Nights(r, 3), history.Tonight(r), 0)})
	clicks := map[string]int{"index.html": 0}
	href := regexp.MustCompile(`<a[^>]* href="([^"#:]+)`)
	for queue := []string{"index.html"}; len(queue) > 0; queue = queue[1:] {
		page := queue[0]
		if path.Ext(page) != ".html" {
			continue
		}
		for _, m := range href.FindAllSubmatch(files[page], -1) {
			to := path.Join(path.Dir(page), string(m[1]))
			if _, seen := clicks[to]; !seen {
				clicks[to] = clicks[page] + 1
				queue = append(queue, to)
			}
		}
	}
	for _, row := range rows {
		n, ok := clicks[row[2]]
		if want, _ := strconv.Atoi(row[3]); !ok || n != want {
			t.Errorf("%s %s is %d clicks away, the document says %s (found: %t)", row[1], row[2], n, row[3], ok)
		}
	}
}
