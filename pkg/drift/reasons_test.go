package drift_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/drift/performance"
	"github.com/leadsman/leadsman/pkg/drift/retrain"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/verdict"
)

var update = flag.Bool("update", false, "write the document that is made from the code")

// A reason is a constant of package verdict, or, without a value, the heading of
// a group of them.
type reason struct{ value, meaning, heading string }

func reasons(t *testing.T) []reason {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../verdict/reasons.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var out []reason
	for _, d := range f.Decls {
		block, ok := d.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST {
			continue
		}
		for _, s := range block.Specs {
			c := s.(*ast.ValueSpec)
			if !strings.HasPrefix(c.Names[0].Name, "Reason") {
				continue
			}
			if c.Doc != nil {
				out = append(out, reason{heading: strings.TrimSuffix(strings.TrimSpace(c.Doc.Text()), ".")})
			}
			value, err := strconv.Unquote(c.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, reason{value: value, meaning: strings.TrimSpace(c.Comment.Text())})
		}
	}
	return out
}

// retraining are findings of each reason to retrain.
func retraining() []verdict.Finding {
	monday := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	half, p := 0.5, 0.01
	r := drift.Report{Run: verdict.Run{Now: monday, DriftShare: 0.2, Features: 5, Drifted: 1}}
	retrain.Judge(&r, retrain.Rules{DriftShare: &half, ScoreP: &p, ModelAge: 24 * time.Hour, Trained: monday.Add(-90 * 24 * time.Hour)}, retrain.Measured{})
	return r.Findings
}

// measured are findings of what outcomes measured.
func measured() []verdict.Finding {
	nan := math.NaN()
	figure := func(metric string, ref, cur, expected, se, p float64) outcome.Comparison {
		return outcome.Comparison{Metric: metric, NRef: 3000, N: 2000, Ref: ref, Cur: cur, Expected: expected, SE: se, Statistic: 1, P: p, Test: "z"}
	}
	concept := func(expected, observed, p float64, weight, change float64, unjudged string) outcome.Comparison {
		c := figure("recalibration", expected, observed, nan, nan, p)
		c.Unjudged, c.Concept = unjudged, outcome.Concept{DF: 2, Weight: weight, Change: change, Left: 0.3, N: 3000, M: 2000}
		if unjudged == "" {
			c.Concept.Left = 0
		}
		return c
	}
	var out []verdict.Finding
	for _, compared := range [][]outcome.Comparison{
		{figure("roc_auc", 0.84, 0.7, 0.83, 0.01, 1e-9), figure("positive_rate", 0.4, 0.1, 0.41, nan, 1e-9), concept(0.41, 0.1, 1e-9, 200, 1, "")},
		{figure("roc_auc", 0.84, 0.84, 0.83, 0.01, 0.9), concept(0.41, 0.4, 0.8, 200, 0, "")},
		{concept(0.41, 0.4, nan, 200, 0, verdict.ReasonOtherScores)},
	} {
		r := drift.Report{}
		performance.Judge(&r, &outcome.Report{Outcomes: []verdict.Outcome{}, Compared: compared}, performance.Levels{})
		out = append(out, r.Findings...)
	}
	r := drift.Report{}
	performance.Judge(&r, &outcome.Report{Outcomes: []verdict.Outcome{}, Unjoined: "no prediction has the id of an outcome"}, performance.Levels{})
	return append(out, r.Findings...)
}

// docs/reasons.md has each reason with a sentence that a comparison made. Every
// finding has a reason, and every reason is some finding's.
func TestReasonsDoc(t *testing.T) {
	example := map[string]string{}
	known := map[string]bool{}
	all := reasons(t)
	for _, r := range all {
		known[r.value] = true
	}
	for _, f := range slices.Concat(drift.ReasonCases(), retraining(), measured()) {
		if f.Reason == "" || !known[f.Reason] {
			t.Errorf("%s %s has the reason %q: %s", f.Subject, f.Check, f.Reason, f.Sentence)
		}
		if s, ok := example[f.Reason]; !ok || len(f.Sentence) < len(s) && f.Level != verdict.OK {
			example[f.Reason] = f.Sentence
		}
	}
	var b strings.Builder
	b.WriteString("# Why a finding says what it says\n\n" +
		"Every finding of table `findings` has a `reason`. Behind each reason stands one way to write the sentence, which package `drift` makes\n" +
		"of the finding's numbers; nobody has to read the sentence to know the reason. This page is made by `make docs` from comparisons that\n" +
		"a test runs.\n")
	for _, r := range all {
		if r.heading != "" {
			fmt.Fprintf(&b, "\n## %s\n\n| reason | meaning | a sentence |\n| --- | --- | --- |\n", r.heading)
			continue
		}
		if example[r.value] == "" {
			t.Errorf("no finding has the reason %s: %s", r.value, r.meaning)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.value, r.meaning, strings.ReplaceAll(example[r.value], "|", "\\|"))
	}
	const path = "../../docs/reasons.md"
	if *update && !t.Failed() {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	was, err := os.ReadFile(path)
	if err != nil || string(was) != b.String() {
		t.Errorf("%s is not what the findings give: run make docs (%v)", path, err)
	}
}
