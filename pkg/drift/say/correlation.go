package say

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/correlation"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Correlation is of two numbers whose correlation rose or fell.
func Correlation(f *verdict.Finding, p *correlation.Pair) string {
	before, after := words.Numbers(math.Round(p.Change.Before*100)/100, math.Round(p.Change.After*100)/100)
	return fmt.Sprintf("%s and %s: their correlation %s from %s to %s", words.Name(p.Row.A), words.Name(p.Row.B), roseOrFell(f.Effect > 0), before, after)
}

// Association is of a pair with a discrete column.
func Association(f *verdict.Finding, p *correlation.Pair) string {
	how := "in another way"
	switch f.Direction {
	case verdict.Up:
		how = "more"
	case verdict.Down:
		how = "less"
	}
	before, after := words.Numbers(math.Round(p.Change.Before*100)/100, math.Round(p.Change.After*100)/100)
	return fmt.Sprintf("%s and %s: they go together %s than before; Cramér's V from %s to %s", words.Name(p.Row.A), words.Name(p.Row.B), how, before, after)
}

func PairsSteady(pairs int64) string {
	return fmt.Sprintf("none of %s changed", words.Count(pairs, "correlation", "correlations"))
}

func PairsUnseen(pairs int64, mde float64) string {
	return fmt.Sprintf("too few rows to judge %s: a change below %s would go unseen", words.Count(pairs, "correlation", "correlations"), words.Number(mde))
}

// PairsLeftOut says of which columns no pair was looked at; it is empty of none.
func PairsLeftOut(r *correlation.Result) string {
	if r.Looked >= r.Columns {
		return ""
	}
	return fmt.Sprintf("; looked at %s of %s, those that matter most to the model or vary most; the others were not compared with each other", words.Whole(int64(r.Looked)), words.Count(int64(r.Columns), "column", "columns"))
}
