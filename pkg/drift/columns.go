package drift

import (
	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/segments"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// An aspect says how a column is compared: its role and kind, the raw column
// that it belongs to, and the family of its distribution test.
type aspect struct {
	role, kind, source string
	family             policy.Family
}

// columnChecks are the checks of one column.
func columnChecks(c segments.Column, by policy.Policy, o evidently.Options) []*check {
	as := aspect{role: c.Role, kind: c.Kind, source: c.Name, family: policy.FeatureFamily}
	if c.Role == verdict.RoleScore || c.Role == verdict.RoleLabel {
		as.family = policy.ScoreFamily
	}
	if c.Outcome {
		return []*check{outcomeTaken(c, as, by)}
	}
	var out []*check
	if c.Quality != nil {
		out = qualityChecks(c.Name, as, *c.Quality, by)
	}
	for _, v := range c.Values {
		if v.Quality != nil {
			out = append(out, qualityChecks(v.Cur.Name, as, *v.Quality, by)...)
		}
		if by != policy.Evidently {
			out = append(out, distributionCheck(v.Cur.Name, as, v.Distribution))
			continue
		}
		var e evidently.Result
		if !v.Distribution.Absent {
			e = evidently.Compare(v.Ref, v.Cur, o)
		}
		out = append(out, evidentlyCheck(v.Cur.Name, as, v.Distribution, e))
	}
	return out
}
