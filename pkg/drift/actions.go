package drift

import "github.com/leadsman/leadsman/pkg/verdict"

// action is what to do about a finding, "" where nothing is to be done: by what
// was asked where something is wrong, by the reason where it could not be judged.
func action(f *verdict.Finding) string {
	if f.Level == verdict.Insufficient {
		switch f.Reason {
		case verdict.ReasonNoRefScores, verdict.ReasonInSample:
			return verdict.ActionScoreReference
		case verdict.ReasonFewRows, verdict.ReasonTooFewRows, verdict.ReasonTooFewDistinct, verdict.ReasonNoRows, verdict.ReasonNoValues, verdict.ReasonTooRare:
			return verdict.ActionWait
		}
		return ""
	}
	if !verdict.Reaches(f.Level, verdict.Warn) {
		return ""
	}
	switch f.Check {
	case verdict.CheckVanished:
		return verdict.ActionFindColumn
	case verdict.CheckNew:
		return verdict.ActionAddColumn
	case verdict.CheckConstant:
		return verdict.ActionCheckSource
	case verdict.CheckMissing:
		return verdict.ActionFindMissing
	case verdict.CheckRange, verdict.CheckNonfinite:
		return verdict.ActionCheckUnits
	case verdict.CheckType:
		return verdict.ActionCheckTypes
	case verdict.CheckUnseen:
		return verdict.ActionCheckValues
	case verdict.CheckDuplicates:
		return verdict.ActionCheckRepeats
	case verdict.CheckDistribution:
		if f.Role == verdict.RoleFeature {
			return verdict.ActionAskUpstream
		}
		return verdict.ActionCompareScores
	case verdict.CheckCorrelation, verdict.CheckMultivariate:
		return verdict.ActionAskUpstream
	case verdict.CheckLatency:
		return verdict.ActionCheckSpeed
	case verdict.CheckSuccess:
		return verdict.ActionCheckFailures
	case verdict.CheckTraffic:
		return verdict.ActionCheckTraffic
	}
	return ""
}
