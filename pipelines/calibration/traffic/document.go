package traffic

import (
	"fmt"
	"slices"
	"strings"
)

func percent(k, n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f", 100*float64(k)/float64(n))
}

// Document writes the section of docs/calibration.md.
func (r *Result) Document(b *strings.Builder) {
	fmt.Fprintf(b, `## Rows that hang together

Quiet traffic as it is, and the same with two of nine columns moved by a standard deviation on the judged night; a fresh
reference for every night. The bars: at most %g %% of quiet nights at notice or above; moved nights at warn or above on %g %% from %d
rows a night on; at most %g %% of features insufficient from %d rows on. Cells whose column in the middle is worth fewer than 10
independent rows are exempt from the last two, marked –; where the leads of the reference come again too, from the last. "By rows" is the rule as it was, every row an independent one of any day, on
the same draws. %d quiet nights a cell, %d moved ones. `+"`go run ./pipelines/calibration -only traffic`"+`
prints this section, `+"`go test -v ./pipelines/calibration/traffic`"+` a smaller one.

| traffic | reference rows | rows a night | at notice or above, %% | by rows, %% | moved: loud, %% | features insufficient, %% | independent rows |
|---|---|---|---|---|---|---|---|
`, 100*quietBar, 100*foundBar, foundFrom, 100*weakBar, weakFrom, r.sizes.Nights, r.sizes.Moved)
	for _, c := range r.cells {
		found, weak := percent(c.moved.loud, c.moved.nights), percent(c.quiet.weak, c.quiet.features)
		if c.exempt() {
			found, weak = found+" –", weak+" –"
		}
		fmt.Fprintf(b, "| %s | %d | %d | %s | %s | %s | %s | %.0f |\n", c.kind.name, c.reference, c.night,
			percent(c.quiet.noticed, c.quiet.nights), percent(c.before.noticed, c.before.nights), found, weak, c.quiet.worth())
	}
	fmt.Fprintf(b, `
### A month against one reference

%d references of %d rows, each with %d nights of %d rows without drift. New findings are those at warn or above that the night before
did not have. The first five nights of rows that follow each other have no earlier windows that tell: they make nearly all of that line.

| traffic | new findings a month | nights at notice or above, %% |
|---|---|---|
`, r.sizes.Months, monthSizes, monthDays, slowRows)
	for _, m := range r.months {
		fmt.Fprintf(b, "| %s | %.2f | %.1f |\n", m.kind.name, float64(m.fresh)*monthDays/float64(m.days), 100*float64(m.loud)/float64(m.days))
	}
	fmt.Fprintf(b, `
### Slow drift

Two columns move from 0 to %g σ over %d nights of %d independent rows, judged every night with the nights before it; %d logs. The night on
which a level came first, in the middle of the logs, with the first and the last.

| level | night | of a log | logs |
|---|---|---|---|
`, slowTo, monthDays, slowRows, len(r.slow))
	for i, level := range []string{"notice", "warn", "alert"} {
		var first []int
		for _, s := range r.slow {
			if s.first[i] > 0 {
				first = append(first, s.first[i])
			}
		}
		if len(first) == 0 {
			fmt.Fprintf(b, "| %s | never | | 0 |\n", level)
			continue
		}
		slices.Sort(first)
		fmt.Fprintf(b, "| %s | %d | %d–%d | %d |\n", level, first[len(first)/2], first[0], first[len(first)-1], len(first))
	}
	b.WriteString("\n")
	r.documentParts(b)
}
