package say

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/quality"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

func Gone(subject, role string, unread bool) string {
	switch {
	case unread:
		return words.Name(subject) + ": in the reference; the log holds it too, but of a type that cannot be compared, such as a list"
	case role == verdict.RoleScore:
		return words.Name(subject) + `: in the reference, but in no row of the judged period; for a log without scores, set fields: {predictions: {score: ""}}`
	}
	return words.Name(subject) + ": in the reference, but in no row of the judged period"
}

func NewColumn(subject string) string {
	return words.Name(subject) + ": not in the reference, so it cannot be compared; add it there, or mark it id in monitor.yaml"
}

// RareNewColumn is of a column that fewer rows have than that share: a client may have made it up.
func RareNewColumn(subject string, below float64) string {
	return words.Name(subject) + ": not in the reference, and in fewer than " + words.Percent(below) + " of the rows"
}

// NewColumns is of columns that are not named; beside says that others are.
func NewColumns(n int64, beside bool) string {
	other := ""
	if beside {
		other = "other "
	}
	return words.Count(n, other+"new column", other+"new columns") + ": in few rows each, so not named; the reference lacks them"
}

func Outcome(subject string) string {
	return words.Name(subject) + ": only in the reference, with two values: taken as the outcome; name it with --target to be sure"
}

// NoRows says which side has no rows to ask something of.
func NoRows(f *verdict.Finding, asked string) string {
	side := "reference"
	if f.NRef > 0 {
		side = "judged period"
	}
	return fmt.Sprintf("%s: %s: no rows in the %s", words.Name(f.Subject), asked, side)
}

func Counters(f *verdict.Finding, asked string) string {
	return fmt.Sprintf("%s: %s: its counters do not add up", words.Name(f.Subject), asked)
}

// defect is what a share of rows is.
func defect(f *verdict.Finding) string {
	switch f.Check {
	case verdict.CheckNonfinite:
		return "NaN or infinite"
	case verdict.CheckType:
		return "of the wrong type"
	}
	return "missing"
}

func Never(f *verdict.Finding) string {
	return fmt.Sprintf("%s: never %s", words.Name(f.Subject), defect(f))
}

func AllRowsAsRef(f *verdict.Finding) string {
	return fmt.Sprintf("%s: all rows are %s, as in the reference", words.Name(f.Subject), defect(f))
}

func AllRows(f *verdict.Finding, r *quality.Rate) string {
	before, _ := sharesOf(f, r)
	return fmt.Sprintf("%s: all rows are %s; in the reference %s were", words.Name(f.Subject), defect(f), before)
}

func ShareSteady(f *verdict.Finding, r *quality.Rate) string {
	before, after := sharesOf(f, r)
	return fmt.Sprintf("%s: %s in %s of rows, %s in the reference", words.Name(f.Subject), defect(f), after, before)
}

// ShareMoved is of shares that rose and of those that fell.
func ShareMoved(f *verdict.Finding, r *quality.Rate) string {
	before, after := sharesOf(f, r)
	return fmt.Sprintf("%s: rows %s %s from %s to %s", words.Name(f.Subject), defect(f), roseOrFell(f.Effect > 0), before, after)
}

func sharesOf(f *verdict.Finding, r *quality.Rate) (before, after string) {
	return words.Percents(bins.Share(r.RefHits, f.NRef), bins.Share(r.CurHits, f.NCur))
}

// FewForPoints ends the sentence of a share that too few rows were there to
// judge.
func FewForPoints(f *verdict.Finding) string {
	return fmt.Sprintf("; too few rows to tell a difference below %s points", words.Number(math.Round(f.MDE)))
}

// Mistyped adds how many of the missing values were values of another type.
func Mistyped(r *quality.Rate) string {
	if math.IsNaN(r.Mistyped) {
		return ""
	}
	return fmt.Sprintf("; %s of them were values of another type", words.Percent(r.Mistyped))
}

func NoneUnseen(f *verdict.Finding) string {
	return words.Name(f.Subject) + ": no category that the reference lacks"
}

func Unseen(f *verdict.Finding, r *quality.Unseen) string {
	s := fmt.Sprintf("%s: %s of rows hold categories that the reference lacks", words.Name(f.Subject), words.Percent(r.Share))
	if len(r.Named) > 0 {
		names := make([]string, len(r.Named))
		for i, n := range r.Named {
			names[i] = fmt.Sprintf("%s (%s)", words.Name(n.Name), words.Percent(n.Share))
		}
		s += ": " + words.List(names)
	}
	return s + fmt.Sprintf("; %s was to be expected", words.Percent(r.Expected))
}

func Inside(f *verdict.Finding) string {
	return words.Name(f.Subject) + ": all values within the reference's range"
}

func Outside(f *verdict.Finding, r *quality.Range) string {
	side := words.Percent(bins.Share(r.Below, f.NCur)) + " below, the rest above"
	switch {
	case r.Above == 0:
		side = "all below"
	case r.Below == 0:
		side = "all above"
	}
	return fmt.Sprintf("%s: %s of values lie outside the reference's range (%s); %s was to be expected",
		words.Name(f.Subject), words.Percent(bins.Share(r.Below+r.Above, f.NCur)), side, words.Percent(r.Expected))
}

func OneValueRef(f *verdict.Finding) string {
	return words.Name(f.Subject) + ": one value only, the reference's"
}

func OneValue(f *verdict.Finding, r *quality.Constant) string {
	return fmt.Sprintf("%s: all %s hold one value; in the reference %s do",
		words.Name(f.Subject), words.Count(f.NCur, "row", "rows"), words.Percent(bins.Share(r.Alike, f.NRef)))
}

func NoRepeats(d *quality.Duplicates) string {
	if float64(d.Looked) < d.Of {
		return fmt.Sprintf("none of the %s that were followed came twice, of %s", words.Count(d.Looked, "row", "rows"), words.Count(d.NCur, "row", "rows"))
	}
	return "no row came twice"
}

func Repeats(d *quality.Duplicates) string {
	s := fmt.Sprintf("%s of rows repeat the inputs of an earlier one", words.Percent(d.Share))
	if d.Most > 0 {
		s += fmt.Sprintf(", one came %s", times(d))
	}
	if d.Expected > 0 {
		s += fmt.Sprintf("; %s was to be expected", words.Percent(d.Expected))
	}
	return s
}

// times is how often the row came that came most.
func times(d *quality.Duplicates) string {
	s := words.Whole(d.Most) + " times"
	if !d.Counted {
		s = "about " + s
	}
	return s
}

// Resent is of lines that came again as they are.
func Resent(d *quality.Duplicates) string {
	s := fmt.Sprintf("%s of rows are whole lines that were logged before", words.Percent(d.Share))
	if d.Most > 0 {
		s += fmt.Sprintf("; one line came %s, %s of all rows", times(d), words.Percent(float64(d.Most)/float64(d.NCur)))
	}
	if d.Expected > 0 {
		s += fmt.Sprintf("; %s was to be expected", words.Percent(d.Expected))
	}
	return s
}

func NoRefRows(f *verdict.Finding, d *quality.Duplicates) string {
	return fmt.Sprintf("%s: %s of rows repeat the inputs of an earlier one; the reference has no rows to compare with", words.Name(f.Subject), words.Percent(d.Share))
}
