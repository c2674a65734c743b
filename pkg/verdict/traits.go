package verdict

// Traits are what every room needs to know of a check.
type Traits struct {
	Title  string // what it asks, in two words for people; its own name where ""
	Sound  bool   // asks whether the data is sound, not whether it moved
	Action string // what to do about a feature at warn or above; "" for nothing
}

var traits = map[string]Traits{
	CheckDistribution: {Title: "values", Action: ActionAskUpstream},
	CheckMissing:      {Title: "missing values", Sound: true, Action: ActionFindMissing},
	CheckNonfinite:    {Title: "NaN or infinite", Sound: true, Action: ActionCheckUnits},
	CheckType:         {Title: "wrong type", Sound: true, Action: ActionCheckTypes},
	CheckUnseen:       {Title: "unseen categories", Sound: true, Action: ActionCheckValues},
	CheckRange:        {Title: "out of range", Sound: true, Action: ActionCheckUnits},
	CheckConstant:     {Title: "constant column", Sound: true, Action: ActionCheckSource},
	CheckNew:          {Title: "new column", Sound: true, Action: ActionAddColumn},
	CheckVanished:     {Title: "vanished column", Sound: true, Action: ActionFindColumn},
	CheckDuplicates:   {Title: "duplicate rows", Sound: true, Action: ActionCheckRepeats},
	CheckCorrelation:  {Action: ActionAskUpstream},
	CheckMultivariate: {Title: "told apart by a classifier", Action: ActionAskUpstream},
	CheckLatency:      {Action: ActionCheckSpeed},
	CheckSuccess:      {Title: "success rate", Action: ActionCheckFailures},
	CheckTraffic:      {Action: ActionCheckTraffic},
	CheckContribution: {Title: "share in the score's shift"},
	CheckRetrain:      {Title: "reason to retrain"},
}

// TraitsOf returns the traits of a check; one that is not known has only its name.
func TraitsOf(check string) Traits {
	t := traits[check]
	if t.Title == "" {
		t.Title = check
	}
	return t
}
