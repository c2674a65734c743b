package verdict

// Checks: what a finding asks of its subject.
const (
	CheckDistribution = "distribution"  // are the values distributed as in the reference?
	CheckMissing      = "missing"       // are as many values missing?
	CheckNonfinite    = "nonfinite"     // are values NaN or infinite?
	CheckType         = "type"          // are values of another type than the column's?
	CheckUnseen       = "unseen"        // are there categories that the reference lacks?
	CheckRange        = "range"         // do values leave the reference's range?
	CheckConstant     = "constant"      // do all rows hold one value?
	CheckNew          = "new"           // does the reference lack the column?
	CheckVanished     = "vanished"      // does no row hold the column any more?
	CheckClock        = "clock"         // are rows dated by a right clock?
	CheckLines        = "unreadable"    // can the lines of the logs be read?
	CheckDuplicates   = "duplicates"    // do the inputs of rows repeat?
	CheckResent       = "resent"        // are whole lines logged again?
	CheckCorrelation  = "correlation"   // do two columns still correlate as they did?
	CheckMultivariate = "multivariate"  // does a classifier tell production from reference?
	CheckLatency      = "latency"       // is the service as fast as it should be?
	CheckSuccess      = "success"       // do as many requests succeed?
	CheckTraffic      = "traffic"       // do as many predictions come?
	CheckSkew         = "skew"          // are the logged scores those of the model at hand?
	CheckContribution = "contribution"  // what did a feature add to the change of the scores?
	CheckPerformance  = "model_quality" // is the model as good as it was, by outcomes?
	CheckOutcomes     = "outcome_rate"  // are as many outcomes positive?
	CheckConcept      = "concept"       // does a score still mean what it meant?
	CheckVersions     = "versions"      // do the versions of the model score alike?
	CheckRetrain      = "retrain"       // is there a reason to retrain?
)

// ClassScore begins the name of the column with the scores of one of several classes.
// Features may be called so too: what a column is stands in its role.
const ClassScore = "score_"

// Bars that the table thresholds has beside those of the checks: what the run's
// level is made of.
const (
	BarDriftShare = "drift_share" // share of drifted features
	BarFeatures   = "features"    // features at alert
	BarQuality    = "quality"     // every check of quality, in a segment
)

// Subjects that are no column. Names of columns stand without parentheses; a pair
// of columns is "a ~ b".
const (
	SubjectRows         = "(rows)"          // whole rows
	SubjectCorrelations = "(correlations)"  // all pairs together
	SubjectFeatures     = "(features)"      // all features together
	SubjectLatency      = "(latency)"       // the service's speed
	SubjectTraffic      = "(traffic)"       // how many predictions came
	SubjectAPI          = "(api)"           // requests and their answers
	SubjectSkew         = "(logged scores)" // against the model at hand
	SubjectMargin       = "(margin)"        // the model's mean margin
	SubjectModel        = "(model)"         // the model, by outcomes
	SubjectRetraining   = "(retraining)"    // reasons to retrain
	SubjectNewColumns   = "(new columns)"   // columns that the reference lacks, and few rows have
	SubjectVersions     = "(model_version)" // the versions that scored
)

// PairOf is the subject of two columns together.
func PairOf(a, b string) string { return a + " ~ " + b }

// Roles of a finding's subject.
const (
	RoleScore      = "score"       // of several classes the highest
	RoleClassScore = "class_score" // of one of several classes
	RoleLabel      = "label"
	RoleFeature    = "feature"
	RoleRun        = "run" // no column
)

// IsScore tells whether a role is that of scores: of rows, or of one of several classes.
func IsScore(role string) bool { return role == RoleScore || role == RoleClassScore }

// Kinds of bins.
const (
	BinInterval = "interval" // values between two edges
	BinCategory = "category" // one category
	BinUnder    = "under"    // values below the reference's
	BinOver     = "over"     // values above the reference's
	BinMissing  = "missing"  // rows without a value
	BinRare     = "rare"     // what is too rare to stand alone
	BinUnseen   = "unseen"   // categories that the reference lacks
)

// Directions of a change.
const (
	Up      = "up"
	Down    = "down"
	Changed = "changed" // in shape, or in more than one way
)
