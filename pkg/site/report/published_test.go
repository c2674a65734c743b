package report

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

var update = flag.Bool("update", false, "write the table of docs/publishing.md")

// A rule says what of the data is published.
type rule struct {
	of, what, setting string
	tables            []string // that hold it
}

// rules are those that drift keeps when it makes the tables, and Read when it cleans them.
func rules() []rule {
	return []rule{
		{"categories", "by name from k rows on one side on; the rest is one class", "`site.k`", []string{"bins"}},
		{"numbers", fmt.Sprintf("counts by at most %d intervals with rounded edges; no minimum, no maximum", caps.Bins.N), "`columns: {NAME: {public: true}}` adds both, rounded", []string{"bins", "statistics"}},
		{"scores in [0, 1]", fmt.Sprintf("counts by bins %g wide; a bin with fewer than k rows on each side is joined with the next", 1.0/verdict.ScoreBins), "`site.k`", []string{"score_bins"}},
		{"mean, deviation", "rounded by their standard errors to 1, 2 or 5 of a decimal place; winsorised, under names that say so, where fewer than k rows have two thirds of all squares", "`site.k`", []string{"statistics"}},
		{"quantiles", "rounded so that k rows, and one standard error, are around them; none that fewer than k rows lie beyond", "`site.k`", []string{"statistics"}},
		{"free text", "missing rate, length, commas", "none", []string{"statistics", "bins"}},
		{"names of columns", fmt.Sprintf("those of the reference; new ones from k rows on, the %d that most rows have; the others as a number", caps.NewColumns.N), "`site.k`; `ignore`", []string{"findings"}},
		{"evidence", fmt.Sprintf("statistic, p, q, effect and the least effect that could have been seen to %d digits, more only where a number would else be rounded over the bar that it is held against; sentences are rounded more", evidenceDigits), "none", []string{"findings", "segments", "correlations", "standing", "triggers"}},
		{"limits and floors", "as they are set", "none", []string{"thresholds", "findings"}},
		{"windows", "how many came; all else from k rows on, for each column; the mean of scores rounded by its standard error", "`site.k`", []string{"trend"}},
		{fmt.Sprintf("the newest %d rows", caps.Recent.N), fmt.Sprintf("the %s, the score to %g (half a standard deviation where scores are no probabilities), a label that k rows have, %s digits of the time, columns marked `public`", map[bool]string{true: "hour"}[grain.Hours() == 1], scoreGrain, spelled(oneDuration)), "`public` at `timestamp`, `score`, `label`, `inference_ms` and other columns", []string{"recent"}},
		{"the judged period", "its bounds to the hour; how many rows, of which plan and policy", "none", []string{"run"}},
		{"times to answer", fmt.Sprintf("%s digits of mean and percentiles, %s of the least and the greatest; a histogram by %[2]s digits; a slot's from k requests on", spelled(manyDurations), spelled(oneDuration)), "`site.k`", []string{"latency", "traffic"}},
		{"endpoints", "as below; from k requests on by name, the others as one", "`site.k`", []string{"traffic"}},
		{"model versions", "from k rows on; their durations from k of the sampled rows on", "`site.k`", []string{"segments", "statistics", "outcomes"}},
		{"segments", "by value from k rows on; their mean scores rounded by their standard error", "`site.k`", []string{"segments"}},
		{"reasons for the scores", "means of what features add, over the row sample, to 3 digits", "none", []string{"contributions"}},
		{"outcomes", fmt.Sprintf("figures of k rows and more, to 3 digits, more only where one would else be rounded over a limit under retrain, and cells of a confusion matrix of 0 or k rows and more, but for the smallest where one alone would be missing; the mean score of a bin to %g", curveStep), "`site.k`", []string{"outcomes", "estimates"}},
		{"correlations", fmt.Sprintf("to %g", correlationStep), "none", []string{"correlations"}},
		{"bad lines", "how many, by reason, and the first line numbers; the file's name without its directory; never what stood there", "none", []string{"rejects"}},
		{"addresses", "without user, query and fragment", "none", []string{"health", "api_load"}},
		{"measurements of the model and of an API under load", "as measured; names of files without directories", "none", []string{"bench", "bench_latency", "hotspots", "api_load", "api_status"}},
	}
}

func spelled(n int) string { return []string{"no", "one", "two", "three", "four"}[n] }

// TestPublishingDoc: the table of docs/publishing.md is that of the rules, in the numbers
// that the code rounds by, and every table that is published stands under one.
func TestPublishingDoc(t *testing.T) {
	if view.K != 5 {
		t.Error("the page says that k is 5")
	}
	var b strings.Builder
	b.WriteString("| of the data | what is published | setting | tables |\n| --- | --- | --- | --- |\n")
	var known, named []string
	for name := range RowTypes() {
		known = append(known, name)
	}
	for _, r := range rules() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.of, r.what, r.setting, "`"+strings.Join(r.tables, "`, `")+"`")
		for _, name := range r.tables {
			if !slices.Contains(known, name) {
				t.Errorf("%s: no table %s is published", r.of, name)
			}
			named = append(named, name)
		}
	}
	for _, name := range known {
		if !slices.Contains(named, name) {
			t.Errorf("table %s is published, and no rule says at what precision", name)
		}
	}
	const path, mark, end = "../../../docs/publishing.md", "<!-- published -->\n", "<!-- end -->\n"
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(old), mark)
	_, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("%s has no place for the table", path)
	}
	text := before + mark + b.String() + end + after
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text != string(old) {
		t.Errorf("%s is not what the code says: run make docs", path)
	}
}
