package say

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Dependent says that too few independent rows are left to judge by.
func Dependent(f *verdict.Finding) string {
	rows, worth, side := f.NCur, f.EffCur, "judged"
	if !(worth < policy.LeastEffective) {
		rows, worth, side = f.NRef, f.EffRef, "reference"
	}
	return Named(f, fmt.Sprintf("%s not judged: the %s rows hang together, %s are worth about %s; it takes %d on each side",
		f.Check, side, words.Whole(rows), words.Count(int64(math.Round(worth)), "independent row", "independent rows"), policy.LeastEffective))
}

// notable is the share of the rows below which it is said how many independent ones
// they are worth.
const notable = 0.9

// Independent ends the sentence of a finding whose rows hang together.
func Independent(f *verdict.Finding) string {
	ref, cur := f.EffRef < notable*float64(f.NRef), f.EffCur < notable*float64(f.NCur)
	whole := func(x float64) string { return words.Whole(int64(math.Round(x))) }
	switch {
	case f.Reason == verdict.ReasonDependent || !ref && !cur:
		return ""
	case ref && cur:
		return fmt.Sprintf("; by about %s independent rows against %s", whole(f.EffCur), whole(f.EffRef))
	case ref:
		return fmt.Sprintf("; by about %s independent reference rows", whole(f.EffRef))
	}
	return fmt.Sprintf("; by about %s independent rows", whole(f.EffCur))
}
