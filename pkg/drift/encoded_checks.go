package drift

import (
	"fmt"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// names tells whether a column is one of those that only one side has.
func (e *Encoded) names(column string) bool {
	return e != nil && (slices.Contains(e.Lost, column) || slices.Contains(e.Found, column))
}

// encodedCheck says in one finding what otherwise each column would say by itself: that
// it has vanished, or is new.
func encodedCheck(e *Encoded, nRef, nCur int64, by policy.Policy) *check {
	as := aspect{role: verdict.RoleRun, source: verdict.SubjectFeatures}
	return ruleCheck(verdict.SubjectFeatures, as, verdict.CheckVanished, verdict.Alert, by, nRef, nCur, verdict.ReasonEncoded, sayEncoded(e))
}

func sayEncoded(e *Encoded) string {
	const shown = 3
	some := func(names []string) string {
		out := make([]string, 0, shown+1)
		for _, n := range names[:min(shown, len(names))] {
			out = append(out, words.Name(n))
		}
		if more := len(names) - shown; more > 0 {
			out = append(out, fmt.Sprintf("%d more", more))
		}
		return words.List(out)
	}
	if e.Reference {
		return fmt.Sprintf("the reference is in the model's own columns (%s), the log in raw ones (%s): they cannot be compared; give the reference as raw rows, as features.json takes them", some(e.Lost), some(e.Found))
	}
	return fmt.Sprintf("the log is in the model's own columns (%s), the reference in raw ones (%s): they cannot be compared; log the raw rows, or give the reference as the model reads it", some(e.Found), some(e.Lost))
}
