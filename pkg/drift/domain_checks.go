package drift

import (
	"github.com/leadsman/leadsman/pkg/drift/domain"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/say"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// domainCheck asks whether the rows differ as a whole. others are the checks of
// single columns, which have their levels when the sentence is made.
func domainCheck(res *domain.Result, others []*check) *check {
	c := newCheck(verdict.SubjectFeatures, verdict.RoleRun, "", verdict.CheckMultivariate)
	c.family, c.floors, c.EffectUnit = policy.MultivariateFamily, policy.AUCFloors, "AUC"
	c.setEvidence(res.Evidence)
	c.weight = (res.Effect - 0.5) / (c.floors.Warn - 0.5)
	c.say = func(f *verdict.Finding) (string, string) { return explainDomain(f, res, others) }
	return c
}

// explainDomain gives the reason of what the classifier came to, with its
// sentence. checks are those of the run, with their levels.
func explainDomain(f *verdict.Finding, res *domain.Result, checks []*check) (reason, sentence string) {
	switch {
	case res.Unjudged == verdict.ReasonRepetitive:
		return res.Unjudged, say.RowsRepeat(res)
	case res.Unjudged == verdict.ReasonDependent:
		return res.Unjudged, say.TooFewApart(res)
	case res.Unjudged == verdict.ReasonTooFewRows:
		return res.Unjudged, say.TooFewToTell(res)
	case res.Unjudged != "":
		return res.Unjudged, say.NoneVaries()
	case f.Level == verdict.Insufficient:
		return verdict.ReasonFewRows, say.AUCUnseen(f)
	case f.Level == verdict.OK && f.Effect >= f.Threshold:
		return verdict.ReasonByChance, say.ToldByChance(f)
	case f.Level == verdict.OK:
		return verdict.ReasonNotTold, say.NotTold(f)
	}
	named, movers, alone := tellingColumns(res, checks)
	if alone && len(named) > 0 {
		return verdict.ReasonTogether, say.ToldTogether(f, named)
	}
	return verdict.ReasonTold, say.Told(f, named, movers)
}

// minShare is the share of the importance from which a column is named.
const minShare = 0.15

// tellingColumns are the columns that give the sides away, three at most, and
// those of them that moved by themselves; alone says that no column did.
func tellingColumns(res *domain.Result, checks []*check) (named, movers []string, alone bool) {
	alone = true
	moved := map[string]bool{}
	for _, c := range checks {
		if verdict.Reaches(c.Level, verdict.Warn) && c.Role == verdict.RoleFeature && c.Check != verdict.CheckCorrelation {
			alone, moved[c.source] = false, true
		}
	}
	for i, t := range res.Telling {
		if i > 0 && t.Share < minShare || i == 3 {
			break
		}
		named = append(named, words.Name(t.Column))
		if moved[t.Column] {
			movers = append(movers, words.Name(t.Column))
		}
	}
	return named, movers, alone
}
