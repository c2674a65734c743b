package logfile

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Find returns the files that operands name. An operand that is no file and
// holds *, ? or [ is a pattern; one that matches nothing is an error. The
// files of a rotated log come oldest first, where the first of them stood:
// x.jsonl-20260301, x.jsonl.2.gz, x.jsonl.1, x.jsonl. Other files keep the
// order they were given in.
func Find(operands []string) ([]string, error) {
	var names []string
	for _, o := range operands {
		if _, err := os.Lstat(o); err == nil || !strings.ContainsAny(o, "*?[") {
			names = append(names, o)
			continue
		}
		found, err := filepath.Glob(o)
		if err != nil {
			return nil, fmt.Errorf("%s: bad pattern", o)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: no file matches", o)
		}
		names = append(names, found...)
	}
	return inOrder(names), nil
}

// inOrder puts the files of each rotated log oldest first, where the first of them
// stood.
func inOrder(names []string) []string {
	families := map[string][]string{}
	for _, n := range names {
		stem, _ := rotation(n)
		families[stem] = append(families[stem], n)
	}
	var sorted []string
	for _, n := range names {
		stem, _ := rotation(n)
		family := families[stem]
		delete(families, stem)
		slices.SortStableFunc(family, func(a, b string) int {
			_, x := rotation(a)
			_, y := rotation(b)
			return cmp.Or(cmp.Compare(x.rank, y.rank), strings.Compare(x.date, y.date), cmp.Compare(y.number, x.number))
		})
		sorted = append(sorted, family...)
	}
	return sorted
}

// age is where a file stands in its rotation: by date, then numbers from high
// to low, then the live log.
type age struct {
	rank   int
	date   string
	number int
}

var rotated = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(.+)[.-](\d{1,5}|\d{6,14}|\d{4}-\d\d-\d\d(?:[T_-]?[\d:-]+)?)$`)
})

func rotation(path string) (stem string, a age) {
	stem = Stem(path)
	m := rotated().FindStringSubmatch(stem)
	if m == nil {
		return stem, age{rank: 2}
	}
	if len(m[2]) <= 5 {
		n, _ := strconv.Atoi(m[2])
		return m[1], age{rank: 1, number: n}
	}
	return m[1], age{date: m[2]}
}
