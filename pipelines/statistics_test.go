package pipelines

import (
	"fmt"
	"math"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/drift/performance"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/site/guide"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// everything are options under which each family of tests has something to do.
var everything = drift.Options{Segments: make([]view.Split, 1)}

// thresholdsOf are the bars with those of outcomes.
func thresholdsOf(o drift.Options) []verdict.Threshold {
	of := func(numbers bool) []verdict.Threshold {
		return performance.Thresholds(o.Policy, performance.Levels{}, numbers)
	}
	return slices.Concat(drift.Thresholds(o), of(false), of(true))
}

// The tables in the documents that say what is judged by what are those of the
// code: each stands between a comment that names it and <!-- end -->.
func TestStatisticsDoc(t *testing.T) {
	tables := map[string]func() string{
		"thresholds":            func() string { return guide.ThresholdTable(drift.Thresholds(drift.Options{})) },
		"thresholds calibrated": func() string { return guide.ThresholdTable(thresholdsOf(everything)) },
		"thresholds classic":    func() string { return guide.ThresholdTable(thresholdsOf(drift.Options{Policy: policy.Classic})) },
		"thresholds evidently":  func() string { return guide.ThresholdTable(thresholdsOf(drift.Options{Policy: policy.Evidently})) },
		"alphas":                alphaTable,
		"detectable":            detectableTable,
		"rows":                  rowsTable,
		"points":                pointsTable,
		"example":               exampleWords,
	}
	found := map[string]bool{}
	for _, doc := range []string{"../docs/statistics.md", "../docs/MONITORING_GUIDE.md"} {
		old, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		text := string(old)
		for name, of := range tables {
			mark := "<!-- " + name + " -->\n"
			before, rest, ok := strings.Cut(text, mark)
			if !ok {
				continue
			}
			_, after, ok := strings.Cut(rest, "<!-- end -->\n")
			if !ok {
				t.Fatalf("%s: %s has no end", doc, name)
			}
			found[name] = true
			text = before + mark + of() + "<!-- end -->\n" + after
		}
		if *update {
			if err := os.WriteFile(doc, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if text != string(old) {
			t.Errorf("%s is not what the code says: run make docs", doc)
		}
	}
	for name := range tables {
		if !found[name] {
			t.Errorf("the table %s stands in no document", name)
		}
	}
}

// alphaTable says how the run's alpha is spent.
func alphaTable() string {
	var b strings.Builder
	b.WriteString("| family | α |\n| --- | --- |\n")
	total, seen := 0.0, map[string]bool{}
	for _, r := range thresholdsOf(everything) {
		operation := r.Area == "latency" || r.Area == "api" || r.Area == "retraining"
		if math.IsNaN(r.Alpha) || operation || seen[r.Area] {
			continue
		}
		seen[r.Area] = true
		total += r.Alpha
		fmt.Fprintf(&b, "| %s | %s %% |\n", r.Area, short(100*r.Alpha))
	}
	fmt.Fprintf(&b, "| together | %s %% |\n", short(100*total))
	return b.String()
}

func short(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

var (
	referenceRows = []int64{100, 303, 1000, 10000}
	judgedRows    = []int64{50, 100, 200, 500, 1000, 10000}
)

// detectableTable has the smallest PSI that a feature among 19 shows.
func detectableTable() string {
	return crossTable("PSI", func(n, m int64) string {
		least := leastPSI(n, m, 19, "f0")
		if least > 0.25 {
			return strconv.FormatFloat(least, 'f', 2, 64) + " \\*"
		}
		return strconv.FormatFloat(least, 'f', 2, 64)
	})
}

// pointsTable has the smallest change of a missing rate of 5 % that a column
// among 19 shows.
func pointsTable() string {
	return crossTable("points", func(n, m int64) string {
		return strconv.FormatFloat(leastSeen(even(n, 19, true), even(m, 19, true), "f0", verdict.CheckMissing), 'f', 0, 64)
	})
}

func crossTable(unit string, cell func(n, m int64) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| reference rows, least %s seen in |", unit)
	for _, m := range judgedRows {
		fmt.Fprintf(&b, " %d judged |", m)
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", len(judgedRows)+1) + "\n")
	for _, n := range referenceRows {
		fmt.Fprintf(&b, "| %d |", n)
		for _, m := range judgedRows {
			fmt.Fprintf(&b, " %s |", cell(n, m))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// rowsTable says how many judged rows it takes before a distribution that stands
// still is ok and not insufficient.
func rowsTable() string {
	var b strings.Builder
	b.WriteString("| reference rows | the scores | a feature of 19 | of 47 |\n| --- | --- | --- | --- |\n")
	for _, n := range referenceRows {
		fmt.Fprintf(&b, "| %d | %s |", n, fewestRows(n, 1, "score"))
		for _, features := range []int{19, 47} {
			fmt.Fprintf(&b, " %s |", fewestRows(n, features, "f0"))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func fewestRows(n int64, features int, subject string) string {
	const most = 100_000
	enough := func(m int) bool { return !(leastPSI(n, int64(m), features, subject) > 0.25) }
	if !enough(most) {
		return "none suffice"
	}
	return strconv.Itoa(sort.Search(most, func(m int) bool { return m > 0 && enough(m) }))
}

// exampleWords derive one cell of detectableTable.
func exampleWords() string {
	const n, m, features = 303, 100, 19
	r := drift.Compare(even(n, features, false), even(m, features, false), drift.Options{})
	var f verdict.Finding
	for i := range r.Findings {
		if r.Findings[i].Subject == "f0" && r.Findings[i].Check == verdict.CheckDistribution {
			f = r.Findings[i]
		}
	}
	each := 1.0/n + 1.0/m
	return fmt.Sprintf(`An example: %d reference rows, %d judged ones, %d features in ten bins each. The least of %d p-values is held against %s/%d = %s. A chi-squared
statistic with nine degrees of freedom passes that level four times out of five when drift adds %s to its mean. PSI over (1/%d + 1/%d) is such a statistic, so the
least PSI seen is %s × %s = %s. The bar of an alert is %s: an alert could have gone unseen, and the level is `+"`%s`"+`.
`, n, m, features, features, short(f.Alpha), features, strconv.FormatFloat(f.Alpha/features, 'g', 2, 64), strconv.FormatFloat(f.MDE/each, 'f', 1, 64), n, m,
		strconv.FormatFloat(f.MDE/each, 'f', 1, 64), strconv.FormatFloat(each, 'f', 4, 64), strconv.FormatFloat(f.MDE, 'f', 2, 64), short(f.AlertThreshold), f.Level)
}

// leastPSI is what a comparison itself says: the smallest drift that it sees at
// those sizes in columns of ten equal bins.
func leastPSI(n, m int64, features int, subject string) float64 {
	return leastSeen(even(n, features, false), even(m, features, false), subject, verdict.CheckDistribution)
}

func leastSeen(ref, cur view.View, subject, check string) float64 {
	r := drift.Compare(ref, cur, drift.Options{})
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Subject == subject && f.Check == check {
			return f.MDE
		}
	}
	return math.NaN()
}

// even is a view of a score and so many features, each spread over ten values, in
// 5 % of the rows missing where that is asked for.
func even(rows int64, features int, gaps bool) view.View {
	v := view.View{Rows: rows}
	add := func(name string, role table.Role) {
		missing := int64(0)
		if gaps {
			missing = max(1, rows/20)
		}
		held := rows - missing
		n := &view.Number{Open: make([]int64, 11), First: make([]float64, 11), Exact: true, Min: 1, Max: 10, Mean: 5.5, Std: 3}
		for i := range int64(10) {
			n.Edges = append(n.Edges, float64(i+1))
			n.At = append(n.At, held/10+min(1, max(0, held%10-i)))
		}
		for i := range n.First {
			n.First[i] = math.NaN()
		}
		n.Bins = n.Edges[:9]
		v.Columns = append(v.Columns, view.Column{Name: name, Role: role, Kind: view.NumberKind, Rows: rows, Missing: missing, Number: n})
	}
	add("score", table.Score)
	for i := range features {
		add(fmt.Sprint("f", i), table.Feature)
	}
	return v
}
