// Command mutation takes what gremlins found in one file over into docs/mutation.md:
//
//	mutation DATE FILE [RESULT]
//
// RESULT is gremlins' JSON; it writes none for a file without mutants. The other
// files' rows stay as they are, the text above the tables too, and the rows of
// files that are no more go.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const (
	page    = "docs/mutation.md"
	columns = "tried | mutants | killed | lived | not covered | timed out | kill rate |\n| --- | --- | --: | --: | --: | --: | --: | --: |\n"
)

func main() {
	if err := run(append(os.Args[1:], "", "", "")); err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	date, file, result := args[0], args[1], args[2]
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	above, trials, err := parse(string(text))
	if err != nil {
		return err
	}
	source, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var found []byte
	if result != "" {
		if found, err = os.ReadFile(result); err != nil {
			return err
		}
	}
	if trials[file], err = newTrial(date, file, source, found); err != nil {
		return err
	}
	maps.DeleteFunc(trials, func(file string, _ trial) bool { _, err := os.Stat(file); return err != nil })
	return os.WriteFile(page, []byte(above+tables(trials)), 0o644)
}

// A trial is what became of a file's mutants on a day.
type trial struct {
	date      string
	counts    counts
	survivors []string // lines of the page: place, mutator, line of the source
}

// counts are of killed, lived, not covered, timed out, and the rest, which did
// not compile and count as no mutants.
type counts [5]int

var statuses = []string{"KILLED", "LIVED", "NOT COVERED", "TIMED OUT", "NOT VIABLE"}

func (c counts) String() string {
	rate := ""
	if tried := c[0] + c[1]; tried > 0 {
		rate = fmt.Sprintf("%.1f %%", 100*float64(c[0])/float64(tried))
	}
	return fmt.Sprintf("%d | %d | %d | %d | %d | %s |\n", c[0]+c[1]+c[2]+c[3], c[0], c[1], c[2], c[3], rate)
}

type mutation struct {
	Type, Status string
	Line, Column int
}

func newTrial(date, file string, source, result []byte) (trial, error) {
	t := trial{date: date}
	if len(result) == 0 {
		return t, nil
	}
	var got struct {
		Files []struct {
			Name      string `json:"file_name"`
			Mutations []mutation
		}
	}
	if err := json.Unmarshal(result, &got); err != nil {
		return t, fmt.Errorf("%s: %w", file, err)
	}
	if len(got.Files) != 1 || got.Files[0].Name != path.Base(file) {
		return t, fmt.Errorf("%s: want mutants of this file alone", file)
	}
	mutations := got.Files[0].Mutations
	slices.SortFunc(mutations, func(a, b mutation) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Type, b.Type))
	})
	lines := bytes.Split(source, []byte("\n"))
	for _, m := range mutations {
		i := slices.Index(statuses, m.Status)
		if i < 0 || m.Line < 1 || m.Line > len(lines) {
			return t, fmt.Errorf("%s:%d: %q, want a line of the file and one of %q", file, m.Line, m.Status, statuses)
		}
		t.counts[i]++
		if m.Status == "LIVED" {
			t.survivors = append(t.survivors, fmt.Sprintf("* `%s:%d:%d` %s `` %s ``\n", file, m.Line, m.Column, m.Type, bytes.TrimSpace(lines[m.Line-1])))
		}
	}
	return t, nil
}

// tables are a row a package, then for each a row a file and the survivors.
func tables(trials map[string]trial) string {
	byPackage := map[string][]string{}
	for _, f := range slices.Sorted(maps.Keys(trials)) {
		byPackage[path.Dir(f)] = append(byPackage[path.Dir(f)], f)
	}
	var packages, files strings.Builder
	packages.WriteString("| package | " + columns)
	for _, pkg := range slices.Sorted(maps.Keys(byPackage)) {
		var sum counts
		var survivors, dates []string
		fmt.Fprintf(&files, "\n## %s\n\n| file | %s", pkg, columns)
		for _, f := range byPackage[pkg] {
			t := trials[f]
			fmt.Fprintf(&files, "| `%s` | %s | %v", f, t.date, t.counts)
			for i, n := range t.counts {
				sum[i] += n
			}
			survivors, dates = append(survivors, t.survivors...), append(dates, t.date)
		}
		if len(survivors) > 0 {
			files.WriteString("\n" + strings.Join(survivors, ""))
		}
		tried := slices.Min(dates)
		if last := slices.Max(dates); last != tried {
			tried += " to " + last
		}
		all, _ := filepath.Glob(pkg + "/*.go")
		all = slices.DeleteFunc(all, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
		if len(dates) < len(all) {
			tried += fmt.Sprintf(" (%d of %d files)", len(dates), len(all))
		}
		fmt.Fprintf(&packages, "| [%s](#%s) | %s | %v", pkg, strings.ReplaceAll(pkg, "/", ""), tried, sum)
	}
	return packages.String() + files.String()
}

// parse splits the page into the text above the tables and what these say.
func parse(text string) (above string, trials map[string]trial, err error) {
	above, rest, _ := strings.Cut(text, "| package |")
	trials = map[string]trial{}
	for line := range strings.Lines(rest) {
		kind, rest, _ := strings.Cut(line, "`")
		file, row, _ := strings.Cut(rest, "` | ")
		place, _, _ := strings.Cut(rest, ":")
		t := trials[place]
		switch c, mutants := &t.counts, 0; kind {
		case "| ":
			place = file
			if _, err := fmt.Sscanf(row, "%s | %d | %d | %d | %d | %d |", &t.date, &mutants, &c[0], &c[1], &c[2], &c[3]); err != nil {
				return "", nil, fmt.Errorf("%s: row of %s: %w", page, file, err)
			}
		case "* ":
			t.survivors = append(t.survivors, line)
		default:
			continue
		}
		trials[place] = t
	}
	return above, trials, nil
}
