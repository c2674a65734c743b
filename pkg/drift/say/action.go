package say

import "github.com/leadsman/leadsman/pkg/verdict"

// Action is what to do about a finding, "" where nothing is to be done: by what
// was asked where something is wrong, by the reason where it could not be judged.
func Action(f *verdict.Finding) string {
	if f.Level == verdict.Insufficient {
		switch f.Reason {
		case verdict.ReasonNoRefScores, verdict.ReasonInSample:
			return verdict.ActionScoreReference
		case verdict.ReasonFewRows, verdict.ReasonTooFewRows, verdict.ReasonDependent, verdict.ReasonTooFewDistinct, verdict.ReasonNoRows, verdict.ReasonNoValues, verdict.ReasonTooRare:
			return verdict.ActionWait
		}
		return ""
	}
	if !verdict.Reaches(f.Level, verdict.Warn) {
		return ""
	}
	if f.Reason == verdict.ReasonEncoded {
		return verdict.ActionSameColumns
	}
	if f.Check == verdict.CheckDistribution && f.Role != verdict.RoleFeature {
		return verdict.ActionCompareScores
	}
	return verdict.TraitsOf(f.Check).Action
}
