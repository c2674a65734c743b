package versus

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/leadsman/leadsman/pkg/words"
)

// alpha is the level at which a difference of areas is called one.
const alpha = 0.05

// WriteMarkdown writes the comparison as a page.
func (r *Result) WriteMarkdown(w io.Writer) error {
	b := &strings.Builder{}
	auc := r.Rows[0]
	fmt.Fprintf(b, "# Two models on the same rows\n\nA is `%s` (SHA-256 `%.12s…`), B is `%s` (`%.12s…`). %s with their outcomes, of which %s.\n\n", code(auc.ModelA), auc.HashA, code(auc.ModelB), auc.HashB,
		words.Count(auc.N, "row", "rows"), positiveRows(auc.Positives))
	fmt.Fprintf(b, "%s\n", r.conclusion())
	b.WriteString("\n| | A | B | B − A | 95 % interval | p | by |\n| --- | --: | --: | --: | --- | --: | --- |\n")
	for _, c := range r.Rows {
		show := share
		if strings.HasSuffix(c.Metric, "_ms") {
			show = words.Milliseconds
		}
		interval, p := words.None, words.None
		if c.Lo == c.Lo {
			interval = fmt.Sprintf("%s to %s", signed(c.Lo, show), signed(c.Hi, show))
		}
		if c.P == c.P {
			p = words.Number(c.P)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s |\n", titles[c.Metric], show(c.A), show(c.B), signed(c.Difference, show), interval, p, c.Method)
	}
	fmt.Fprintf(b, "\nThe rows must be such as neither model was trained on. AUC does not depend on a threshold; the figures from F1 to accuracy take scores of %v and more for predicted positive, and models whose scores are not calibrated alike want thresholds of their own.\n", r.Threshold)
	if len(r.Timings) == 2 {
		t := r.Timings
		fmt.Fprintf(b, "A is scored by `%s`, B by `%s`, on %s; %s to load against %s, files of %s and %s.\n", t[0].Engine, t[1].Engine, t[0].Machine,
			words.Milliseconds(t[0].LoadMS), words.Milliseconds(t[1].LoadMS), words.Bytes(float64(t[0].FileBytes)), words.Bytes(float64(t[1].FileBytes)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// titles of the figures.
var titles = map[string]string{
	"auc": "AUC", "f1": "F1", "precision": "precision", "recall": "recall", "accuracy": "accuracy",
	"mean_ms": "mean latency", "p50_ms": "median latency", "p95_ms": "latency, 95 %", "cpu_ms": "CPU time a call",
}

// conclusion says which model ranks better, as far as the rows tell.
func (r *Result) conclusion() string {
	c := r.Rows[0]
	d := fmt.Sprintf("AUC %s against %s (%s, 95 %% interval %s to %s, p = %s)", share(c.B), share(c.A), signed(c.Difference, share), signed(c.Lo, share), signed(c.Hi, share), words.Number(c.P))
	switch {
	case !(c.P < alpha):
		return "These rows do not tell which model ranks better: " + d + "."
	case c.Difference > 0:
		return "**B ranks better**: " + d + "."
	}
	return "**A ranks better**: B has " + d + "."
}

func positiveRows(n int64) string {
	if n == 1 {
		return "1 is positive"
	}
	return words.Whole(n) + " are positive"
}

// share is a figure from 0 to 1.
func share(x float64) string {
	if math.IsNaN(x) {
		return words.None
	}
	return fmt.Sprintf("%.4f", x)
}

func signed(x float64, show func(float64) string) string {
	switch {
	case math.IsNaN(x):
		return words.None
	case x < 0:
		return "−" + show(-x)
	}
	return "+" + show(x)
}

// code is text between backquotes.
func code(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '`' || r < ' ' {
			return '\''
		}
		return r
	}, s)
}
