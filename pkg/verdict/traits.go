package verdict

import (
	"maps"
	"slices"
)

// Traits are what every room needs to know of a check.
type Traits struct {
	Area   string // of a run that it belongs to
	Title  string // what it asks, in two words for people; its own name where ""
	Sound  bool   // asks whether the data is sound, not whether it moved
	Action string // what to do about a feature at warn or above; "" for nothing
}

var traits = map[string]Traits{
	CheckDistribution: {Area: AreaFeatures, Title: "values", Action: ActionAskUpstream},
	CheckMissing:      {Area: AreaQuality, Title: "missing values", Sound: true, Action: ActionFindMissing},
	CheckNonfinite:    {Area: AreaQuality, Title: "NaN or infinite", Sound: true, Action: ActionCheckUnits},
	CheckType:         {Area: AreaQuality, Title: "wrong type", Sound: true, Action: ActionCheckTypes},
	CheckUnseen:       {Area: AreaQuality, Title: "unseen categories", Sound: true, Action: ActionCheckValues},
	CheckRange:        {Area: AreaQuality, Title: "out of range", Sound: true, Action: ActionCheckUnits},
	CheckConstant:     {Area: AreaQuality, Title: "constant column", Sound: true, Action: ActionCheckSource},
	CheckNew:          {Area: AreaQuality, Title: "new column", Sound: true, Action: ActionAddColumn},
	CheckVanished:     {Area: AreaQuality, Title: "vanished column", Sound: true, Action: ActionFindColumn},
	CheckClock:        {Area: AreaQuality, Title: "clock", Sound: true, Action: ActionCheckClock},
	CheckLines:        {Area: AreaQuality, Title: "lines that cannot be read", Sound: true, Action: ActionCheckLines},
	CheckDuplicates:   {Area: AreaQuality, Title: "duplicate rows", Sound: true, Action: ActionCheckRepeats},
	CheckResent:       {Area: AreaQuality, Title: "lines sent again", Sound: true, Action: ActionCheckRepeats},
	CheckCorrelation:  {Area: AreaCorrelations, Action: ActionAskUpstream},
	CheckMultivariate: {Area: AreaMultivariate, Title: "told apart by a classifier", Action: ActionAskUpstream},
	CheckLatency:      {Area: AreaLatency, Action: ActionCheckSpeed},
	CheckSuccess:      {Area: AreaAPI, Title: "success rate", Action: ActionCheckFailures},
	CheckTraffic:      {Area: AreaAPI, Action: ActionCheckTraffic},
	CheckSkew:         {Area: AreaSkew, Title: "scores by the model at hand", Action: ActionCheckModel},
	CheckContribution: {Area: areaWhy, Title: "share in the score's shift"},
	CheckPerformance:  {Area: AreaModel, Title: "model quality", Action: ActionNewModel},
	CheckOutcomes:     {Area: AreaModel, Title: "positive outcomes", Action: ActionCheckOutcomes},
	CheckConcept:      {Area: AreaModel, Title: "meaning of scores", Action: ActionNewModel},
	CheckVersions:     {Area: AreaSegments, Title: "versions against each other", Action: ActionCompareVersions},
	CheckRetrain:      {Area: AreaRetraining, Title: "reason to retrain"},
}

// Checks are all checks, in the order of their names.
func Checks() []string { return slices.Sorted(maps.Keys(traits)) }

// Areas of a run: each has a level, made of all findings in it.
const (
	AreaScore        = "score"
	AreaFeatures     = "features"
	AreaQuality      = "quality" // of the data
	AreaCorrelations = "correlations"
	AreaSegments     = "segments"
	AreaMultivariate = "multivariate"
	AreaModel        = "model" // its quality by outcomes
	AreaSkew         = "skew"
	AreaLatency      = "latency"
	AreaAPI          = "api"
	AreaRetraining   = "retraining"
	AreaRun          = "run" // whatever belongs to no other
	areaWhy          = "why" // explains, and judges nothing
)

// AreaOf is the area of a finding.
func AreaOf(f *Finding) string {
	switch area := traits[f.Check].Area; {
	case f.Segment != "":
		return AreaSegments
	case area == AreaFeatures && (IsScore(f.Role) || f.Role == RoleLabel):
		return AreaScore
	case area == "":
		return AreaRun
	default:
		return area
	}
}

// TraitsOf returns the traits of a check; one that is not known has only its name.
func TraitsOf(check string) Traits {
	t := traits[check]
	if t.Title == "" {
		t.Title = check
	}
	return t
}
