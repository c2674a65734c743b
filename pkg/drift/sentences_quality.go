package drift

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/quality"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

func sayGone(subject, role string, unread bool) string {
	switch {
	case unread:
		return words.Name(subject) + ": in the reference; the log holds it too, but of a type that cannot be compared, such as a list"
	case role == verdict.RoleScore:
		return words.Name(subject) + `: in the reference, but in no row of the judged period; for a log without scores, set fields: {predictions: {score: ""}}`
	}
	return words.Name(subject) + ": in the reference, but in no row of the judged period"
}

func sayNewColumn(subject string) string {
	return words.Name(subject) + ": not in the reference, so it cannot be compared; add it there, or mark it id in monitor.yaml"
}

// sayRareNewColumn is of a column that few rows have: a client may have made it up.
func sayRareNewColumn(subject string) string {
	return words.Name(subject) + ": not in the reference, and in fewer than " + words.Percent(warnNewColumn) + " of the rows"
}

// sayNewColumns is of columns that are not named; beside says that others are.
func sayNewColumns(n int64, beside bool) string {
	other := ""
	if beside {
		other = "other "
	}
	return words.Count(n, other+"new column", other+"new columns") + ": in few rows each, so not named; the reference lacks them"
}

func sayOutcome(subject string) string {
	return words.Name(subject) + ": only in the reference, with two values: taken as the outcome; name it with --target to be sure"
}

// sayNoRows says which side has no rows to ask something of.
func sayNoRows(f *verdict.Finding, asked string) string {
	side := "reference"
	if f.NRef > 0 {
		side = "judged period"
	}
	return fmt.Sprintf("%s: %s: no rows in the %s", words.Name(f.Subject), asked, side)
}

func sayCounters(f *verdict.Finding, asked string) string {
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

func sayNever(f *verdict.Finding) string {
	return fmt.Sprintf("%s: never %s", words.Name(f.Subject), defect(f))
}

func sayAllRowsAsRef(f *verdict.Finding) string {
	return fmt.Sprintf("%s: all rows are %s, as in the reference", words.Name(f.Subject), defect(f))
}

func sayAllRows(f *verdict.Finding, r *quality.Rate) string {
	before, _ := sharesOf(f, r)
	return fmt.Sprintf("%s: all rows are %s; in the reference %s were", words.Name(f.Subject), defect(f), before)
}

func sayShareSteady(f *verdict.Finding, r *quality.Rate) string {
	before, after := sharesOf(f, r)
	return fmt.Sprintf("%s: %s in %s of rows, %s in the reference", words.Name(f.Subject), defect(f), after, before)
}

// sayShareMoved is of shares that rose and of those that fell.
func sayShareMoved(f *verdict.Finding, r *quality.Rate) string {
	before, after := sharesOf(f, r)
	return fmt.Sprintf("%s: rows %s %s from %s to %s", words.Name(f.Subject), defect(f), roseOrFell(f.Effect > 0), before, after)
}

func sharesOf(f *verdict.Finding, r *quality.Rate) (before, after string) {
	return words.Percents(bins.Share(r.RefHits, f.NRef), bins.Share(r.CurHits, f.NCur))
}

// sayFewForPoints ends the sentence of a share that too few rows were there to
// judge.
func sayFewForPoints(f *verdict.Finding) string {
	return fmt.Sprintf("; too few rows to tell a difference below %s points", words.Number(math.Round(f.MDE)))
}

// sayMistyped adds how many of the missing values were values of another type.
func sayMistyped(r *quality.Rate) string {
	if math.IsNaN(r.Mistyped) {
		return ""
	}
	return fmt.Sprintf("; %s of them were values of another type", words.Percent(r.Mistyped))
}

func sayNoneUnseen(f *verdict.Finding) string {
	return words.Name(f.Subject) + ": no category that the reference lacks"
}

func sayUnseen(f *verdict.Finding, r *quality.Unseen) string {
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

func sayInside(f *verdict.Finding) string {
	return words.Name(f.Subject) + ": all values within the reference's range"
}

func sayOutside(f *verdict.Finding, r *quality.Range) string {
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

func sayOneValueRef(f *verdict.Finding) string {
	return words.Name(f.Subject) + ": one value only, the reference's"
}

func sayOneValue(f *verdict.Finding, r *quality.Constant) string {
	return fmt.Sprintf("%s: all %s hold one value; in the reference %s do",
		words.Name(f.Subject), words.Count(f.NCur, "row", "rows"), words.Percent(bins.Share(r.Alike, f.NRef)))
}

func sayNoRepeats(d *quality.Duplicates) string {
	if float64(d.Looked) < d.Of {
		return fmt.Sprintf("none of the %s that were followed came twice, of %s", words.Count(d.Looked, "row", "rows"), words.Count(d.NCur, "row", "rows"))
	}
	return "no row came twice"
}

func sayRepeats(d *quality.Duplicates) string {
	s := fmt.Sprintf("%s of rows repeat the inputs of an earlier one", words.Percent(d.Share))
	if d.Most > 0 {
		s += fmt.Sprintf(", one came %s", sayTimes(d))
	}
	if d.Expected > 0 {
		s += fmt.Sprintf("; %s was to be expected", words.Percent(d.Expected))
	}
	return s
}

// sayTimes is how often the row came that came most.
func sayTimes(d *quality.Duplicates) string {
	s := words.Whole(d.Most) + " times"
	if !d.Counted {
		s = "about " + s
	}
	return s
}

// sayResent is of lines that came again as they are.
func sayResent(d *quality.Duplicates) string {
	s := fmt.Sprintf("%s of rows are whole lines that were logged before", words.Percent(d.Share))
	if d.Most > 0 {
		s += fmt.Sprintf("; one line came %s, %s of all rows", sayTimes(d), words.Percent(float64(d.Most)/float64(d.NCur)))
	}
	if d.Expected > 0 {
		s += fmt.Sprintf("; %s was to be expected", words.Percent(d.Expected))
	}
	return s
}

func sayNoRefRows(f *verdict.Finding, d *quality.Duplicates) string {
	return fmt.Sprintf("%s: %s of rows repeat the inputs of an earlier one; the reference has no rows to compare with", words.Name(f.Subject), words.Percent(d.Share))
}
