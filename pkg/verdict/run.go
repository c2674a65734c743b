package verdict

import "time"

// Run is the one row of the table `run`: what was judged, by what, and how it
// came out.
type Run struct {
	Site            string    `table:"site" doc:"name of the site, from monitor.yaml"`
	Title           string    `table:"title" doc:"title for people"`
	PeriodStart     time.Time `table:"period_start" doc:"oldest prediction judged; on a site, to the hour"`
	PeriodEnd       time.Time `table:"period_end" doc:"newest prediction judged; on a site, to the hour"`
	Now             time.Time `table:"now" doc:"newest timestamp in the input, or --now"`
	NowGiven        bool      `table:"now_given" doc:"true where now was given, and is not the newest timestamp"`
	Last            float64   `table:"last,null" unit:"s" doc:"length of the period that was asked for; null: the whole log"`
	Window          float64   `table:"window,null" unit:"s" doc:"length of the trend's windows; null in older versions"`
	Configured      bool      `table:"configured" doc:"true where a monitor.yaml was given"`
	Rows            int64     `table:"rows" doc:"predictions judged"`
	Strays          int64     `table:"strays" doc:"rows and requests that a wrong clock dated before 1980, after now, or, where now was not given, far after all others: the period is without them"`
	NoZone          int64     `table:"no_zone" doc:"predictions in the input whose timestamp names no time zone and was taken as UTC"`
	ReferenceRows   int64     `table:"reference_rows" doc:"rows of the reference"`
	Requests        int64     `table:"requests" doc:"requests judged"`
	Features        int64     `table:"features" doc:"features compared"`
	Drifted         int64     `table:"drifted" doc:"features at warn or alert"`
	Alerted         int64     `table:"alerted" doc:"features at alert"`
	Insufficient    int64     `table:"insufficient" doc:"features that could not be judged"`
	DriftShare      float64   `table:"drift_share,null" unit:"1" doc:"drifted over all features, a lower bound where half of them or more could not be judged; null where none could"`
	Policy          string    `table:"policy" doc:"policy that gave the verdicts"`
	PlanID          string    `table:"plan_id" doc:"SHA-256 of the plan"`
	Level           string    `table:"level" doc:"worst of the areas' levels: ok, notice, warn, alert; insufficient where nothing is at notice or above and fewer than half of the features could be judged"`
	Because         string    `table:"because" doc:"the rule that keeps the level at notice, or why it is insufficient; else empty"`
	ScoreLevel      string    `table:"score_level" doc:"level of the score's drift"`
	FeatureLevel    string    `table:"feature_level" doc:"level of the features' drift"`
	QualityLevel    string    `table:"quality_level" doc:"level of data quality"`
	ModelLevel      string    `table:"model_level" doc:"level of the model's quality by outcomes; empty without"`
	SkewLevel       string    `table:"skew_level" doc:"level of the logged scores against those of the model at hand; empty without one"`
	LatencyLevel    string    `table:"latency_level" doc:"level of the latency; empty without a limit or earlier windows"`
	APILevel        string    `table:"api_level" doc:"level of success rate and traffic; empty without a limit or earlier windows"`
	Headline        string    `table:"headline" doc:"the run in one sentence"`
	ReferenceFrom   string    `table:"reference_from" doc:"where the reference comes from, as driftcalc baseline says: such as a period of production, whose scores production gave; empty where nothing says"`
	SampleReference bool      `table:"sample_reference" doc:"true when the embedded sample case stood in for a reference"`
	Simulated       bool      `table:"simulated" doc:"true when the log says that it was simulated"`
	Coverage        float64   `table:"coverage,null" unit:"1" doc:"share of the shards that are in; null when complete"`
	Threshold       float64   `table:"threshold,null" doc:"score from which a row counts as positive"`
	PositiveLabel   string    `table:"positive_label" doc:"label that counts as positive"`
	ModelVersion    string    `table:"model_version" doc:"newest model version in the log"`
	K               int64     `table:"k" doc:"values seen fewer than k times on each side are pooled"`
	Timezone        string    `table:"timezone" doc:"IANA name of the time zone whose days are nights; empty: UTC"`
	Newest          time.Time `table:"newest_prediction" doc:"newest prediction in the input that is no stray, judged or not; null without timestamps; on a site, to the hour"`
}

// Finding is one check of one subject.
type Finding struct {
	Window          string  `table:"window" doc:"start of the UTC window, empty for the judged period"`
	Segment         string  `table:"segment" doc:"segment as column=name, empty for all rows"`
	Subject         string  `table:"subject" doc:"column, or a name in parentheses for what is no column: (rows), (correlations), (features), (latency), (traffic), (api), (margin), (model), (retraining); a pair is \"a ~ b\""`
	Role            string  `table:"role" doc:"role of the subject: score (of several classes the highest), class_score, label, feature, run"`
	Kind            string  `table:"kind" doc:"kind of the subject: number, category, text, or empty"`
	Check           string  `table:"check" doc:"what was asked: distribution, missing, nonfinite, type, unseen, range, constant, new, vanished, duplicates, resent, correlation, multivariate, latency, success, traffic, skew, contribution, model_quality, outcome_rate, concept, retrain"`
	Test            string  `table:"test" doc:"test or rule that answered"`
	Level           string  `table:"level" doc:"ok, insufficient, warn or alert"`
	NRef            int64   `table:"n_ref" doc:"reference rows with a value"`
	NCur            int64   `table:"n_cur" doc:"judged rows with a value"`
	EffRef          float64 `table:"n_ref_independent,null" doc:"independent rows that the reference rows are worth, by which the evidence is taken; null where each counts as one"`
	EffCur          float64 `table:"n_cur_independent,null" doc:"independent rows that the judged rows are worth; null where each counts as one"`
	Statistic       float64 `table:"statistic,null" doc:"the test's statistic"`
	StatisticMost   float64 `table:"statistic_most,null" doc:"the most that the statistic can be: what stands in it is the least where rows of both sides share a cell of the plan's grid; null where it is exact"`
	P               float64 `table:"p,null" doc:"p-value"`
	Q               float64 `table:"q,null" doc:"p-value after Benjamini-Hochberg within the family"`
	Effect          float64 `table:"effect,null" doc:"size of the difference, in effect_unit"`
	EffectUnit      string  `table:"effect_unit" doc:"what effect counts: PSI, log-odds or margin (of the mean margin's change), points (of rows, in percent), rho, V (Cramér's, of the change), AUC (of a classifier of production), ms, rows, times, 1"`
	Threshold       float64 `table:"threshold,null" doc:"effect at which the level turns to warn"`
	AlertThreshold  float64 `table:"alert_threshold,null" doc:"effect at which the level turns to alert"`
	Alpha           float64 `table:"alpha,null" doc:"q below which the evidence counts"`
	ThresholdSource string  `table:"threshold_source" doc:"where the thresholds come from: a policy or monitor.yaml"`
	Direction       string  `table:"direction" doc:"up, down, changed, or empty"`
	MDE             float64 `table:"mde,null" doc:"smallest effect seen with 80 % power at these sizes"`
	Rank            int64   `table:"rank" doc:"1 is the first thing to look at"`
	LookedAt        int64   `table:"looked_at" doc:"of what the check is about, how much it looked at: different rows that were followed (duplicates, resent), pairs of columns (correlation), judged rows (in a segment: all of them where they were counted, else those of the row sample); 0 where that is all rows of one subject"`
	Of              int64   `table:"of" doc:"and of how much: an estimate where rows are too many to follow"`
	Reason          string  `table:"reason" doc:"why the finding says what it says: docs/reasons.md has each with its sentence"`
	Action          string  `table:"action" doc:"what to do about it; empty where nothing is to be done"`
	Sentence        string  `table:"sentence" doc:"the finding in words"`
	Accepted        string  `table:"accepted" doc:"until when and why monitor.yaml accepts it: it is in no level, gate and feed; else empty"`
}

// Bin is one bar of a comparison: the very counts that the verdict used.
type Bin struct {
	Window   string  `table:"window" doc:"as in findings"`
	Segment  string  `table:"segment" doc:"as in findings"`
	Subject  string  `table:"subject" doc:"as in findings"`
	Kind     string  `table:"kind" doc:"interval, category, under, over, missing, rare, unseen"`
	Lo       float64 `table:"lo,null" doc:"lower edge, exclusive and rounded; null when open"`
	Hi       float64 `table:"hi,null" doc:"upper edge, inclusive and rounded; null when open"`
	Name     string  `table:"name" doc:"category, or the interval in words"`
	NRef     int64   `table:"n_ref" doc:"reference rows in the bin"`
	NCur     int64   `table:"n_cur" doc:"judged rows in the bin"`
	PSIShare float64 `table:"psi_share,null" doc:"the bin's share of the subject's PSI, of all bins 1"`
}

// ScoreBins is how many bins of equal width over [0, 1] scores are counted in.
const ScoreBins = 20

// ScoreBin is one bin of equal width over [0, 1], of scores that all lie in there.
type ScoreBin struct {
	Subject string  `table:"subject" doc:"the score"`
	Lo      float64 `table:"lo" doc:"lower end, inclusive"`
	Hi      float64 `table:"hi" doc:"upper end, exclusive but for 1; bins are 0.05 wide, and together where fewer than k rows of either side are in one"`
	NRef    int64   `table:"n_ref" doc:"reference rows in the bin"`
	NCur    int64   `table:"n_cur" doc:"judged rows in the bin"`
}

// Statistic is one number about a subject, on both sides.
type Statistic struct {
	Window  string  `table:"window" doc:"as in findings"`
	Segment string  `table:"segment" doc:"as in findings"`
	Subject string  `table:"subject" doc:"as in findings"`
	Name    string  `table:"name" doc:"rows, missing_rate, mean, std (winsorised_mean and winsorised_std where fewer than k rows dominate them), p05, p25, p50, p75, p95, distinct, ks, wasserstein, jensen_shannon (distance, nats), psi, positive_rate, nonfinite_rate, type_error_rate, out_of_range_rate, unseen_rate; min, max of public columns; rows, columns, empty_columns, constant_columns, missing_cells_rate, duplicate_rate of (rows); each version of (model_version), as its share of the rows, and in its segment p50_ms and p95_ms of its sampled rows; requests, success_rate, requests_per_minute, probes (left out), uptime (share of the judged slots of 5 minutes), slots_judged, slots_unknown of (api); requests, success_rate, p50_ms, p95_ms, p99_ms of endpoints; domain_importance of the features by which a classifier tells production from reference, as shares, where (features) is at warn or above. Distances stand in cur. Features' values are rounded; quantiles of fewer than k values beyond are null"`
	Ref     float64 `table:"ref,null" doc:"reference; null where it has none"`
	Cur     float64 `table:"cur,null" doc:"judged period"`
	Lo      float64 `table:"lo,null" doc:"lower end of cur's 95 % interval, where there is one; of ks and wasserstein: the least that it can be, null while it is exact"`
	Hi      float64 `table:"hi,null" doc:"upper end"`
	Unit    string  `table:"unit" doc:"unit of ref and cur"`
}

// Correlation is one pair of columns.
type Correlation struct {
	Window  string  `table:"window" doc:"as in findings"`
	Segment string  `table:"segment" doc:"as in findings"`
	A       string  `table:"a" doc:"first column"`
	B       string  `table:"b" doc:"second column"`
	Measure string  `table:"measure" doc:"pearson, of normal scores on the reference's grid; cramers_v, bias-corrected, for pairs with a discrete column"`
	Ref     float64 `table:"ref,null" doc:"in the reference, in [-1, 1]"`
	Cur     float64 `table:"cur,null" doc:"in the judged period"`
	NRef    int64   `table:"n_ref" doc:"complete pairs in the reference"`
	NCur    int64   `table:"n_cur" doc:"complete pairs in the judged period"`
	P       float64 `table:"p,null" doc:"p-value of the change"`
	Q       float64 `table:"q,null" doc:"after Benjamini-Hochberg"`
}

// Threshold is one bar that something is judged by, as it is in force.
type Threshold struct {
	Area    string  `table:"area" doc:"score, features, quality, correlations, segments, multivariate, latency, api, run, model, retraining"`
	Check   string  `table:"check" doc:"as in findings, or the name of a trigger"`
	Effect  string  `table:"effect" doc:"what is held against the thresholds"`
	Unit    string  `table:"unit" doc:"unit of warn and alert"`
	Warn    float64 `table:"warn,null" doc:"from here it is a warning"`
	Alert   float64 `table:"alert,null" doc:"from here it is an alert"`
	Alpha   float64 `table:"alpha,null" unit:"1" doc:"what q must not exceed for the evidence to count; null where a rule needs none"`
	Source  string  `table:"source" doc:"a policy, or monitor.yaml"`
	Meaning string  `table:"meaning" doc:"the check in words"`
}
