package verdict

import "time"

// A Night is one finding of one night, with what the night came to. All rows of
// a site and a period_end are one night; a night without findings has one row
// with an empty subject. With its bins an old night can be drawn again. Rows that
// older versions wrote lack the columns from newest_prediction on.
type Night struct {
	Site         string    `table:"site" doc:"name of the site"`
	PeriodEnd    time.Time `table:"period_end" doc:"end of the judged period: the run's own time, or where that was not given the newest prediction judged; with site the key of a night"`
	PeriodStart  time.Time `table:"period_start" doc:"oldest prediction judged"`
	Rows         int64     `table:"rows" doc:"predictions judged"`
	Requests     int64     `table:"requests" doc:"requests judged"`
	Level        string    `table:"level" doc:"the run's level"`
	ScoreLevel   string    `table:"score_level" doc:"as in run"`
	FeatureLevel string    `table:"feature_level" doc:"as in run"`
	QualityLevel string    `table:"quality_level" doc:"as in run"`
	LatencyLevel string    `table:"latency_level" doc:"as in run"`
	APILevel     string    `table:"api_level" doc:"as in run"`
	DriftShare   float64   `table:"drift_share,null" unit:"1" doc:"drifted over judged features"`
	ScorePSI     float64   `table:"score_psi,null" doc:"effect of the score's comparison"`
	Policy       string    `table:"policy" doc:"policy that gave the verdicts"`
	PlanID       string    `table:"plan_id" doc:"SHA-256 of the plan"`
	Headline     string    `table:"headline" doc:"the run in one sentence"`
	Subject      string    `table:"subject" doc:"as in findings"`
	Role         string    `table:"role" doc:"as in findings"`
	Kind         string    `table:"kind" doc:"as in findings"`
	Check        string    `table:"check" doc:"as in findings"`
	Test         string    `table:"test" doc:"as in findings"`
	FindingLevel string    `table:"finding_level" doc:"level of the finding"`
	NRef         int64     `table:"n_ref" doc:"as in findings"`
	NCur         int64     `table:"n_cur" doc:"as in findings"`
	Statistic    float64   `table:"statistic,null" doc:"as in findings"`
	P            float64   `table:"p,null" doc:"as in findings"`
	Q            float64   `table:"q,null" doc:"as in findings"`
	Effect       float64   `table:"effect,null" doc:"as in findings"`
	EffectUnit   string    `table:"effect_unit" doc:"as in findings"`
	Threshold    float64   `table:"threshold,null" doc:"as in findings"`
	Direction    string    `table:"direction" doc:"as in findings"`
	Rank         int64     `table:"rank" doc:"as in findings"`
	Sentence     string    `table:"sentence" doc:"as in findings"`
	Bins         string    `table:"bins,null" doc:"JSON array of the subject's bins, each [kind, lo, hi, name, n_ref, n_cur]; with the comparison of its values only"`

	Newest        time.Time `table:"newest_prediction" doc:"as in run"`
	NowGiven      bool      `table:"now_given" doc:"as in run"`
	Last          float64   `table:"last,null" unit:"s" doc:"as in run"`
	Timezone      string    `table:"timezone" doc:"as in run"`
	Title         string    `table:"title" doc:"as in run"`
	ModelLevel    string    `table:"model_level" doc:"as in run"`
	ModelVersion  string    `table:"model_version" doc:"as in run"`
	ReferenceRows int64     `table:"reference_rows" doc:"as in run"`
	Thresholds    string    `table:"thresholds" doc:"first digits of a SHA-256 of the table thresholds"`
	AUC           float64   `table:"roc_auc,null" unit:"1" doc:"ROC AUC of the night's own predictions, by the outcomes that have come in since: later nights put it right; of a night with several windows their mean, by outcomes; of a run without a period's length that of all that was judged"`
	EstimatedAUC  float64   `table:"estimated_roc_auc,null" unit:"1" doc:"ROC AUC as the scores let expect"`
	MAE           float64   `table:"mae,null" doc:"mean absolute error of a predicted number, likewise"`
	Labels        int64     `table:"labels" doc:"outcomes that roc_auc or mae rests on"`
	Segment       string    `table:"segment" doc:"as in findings; of segments only findings at warn or above are kept"`
	Accepted      string    `table:"accepted" doc:"as in findings"`
	Page          string    `table:"page" doc:"name of the night's page, which stays"`
	Key           string    `table:"key" doc:"as in standing, of a finding at warn or above, on a night that was the newest when it was rendered: nights that are put in later do not rename what stands"`
	FigureLo      float64   `table:"figure_lo,null" doc:"lower end of the 95 % interval of roc_auc or mae"`
	FigureHi      float64   `table:"figure_hi,null" doc:"upper end"`
	News          string    `table:"news,null" doc:"JSON array of the feed's entries of the night, each {id, at, title, text, sum}; in the night's first row"`
}

// What a night makes of a finding that stands.
const (
	NewsNew    = "new"    // the night before did not have it
	NewsWorse  = "worse"  // it is at alert now
	NewsTurned = "turned" // it goes the other way
)

// A Standing is a finding at warn or above that has not been calm for as many nights
// in a row as it takes to clear.
type Standing struct {
	Key      string    `table:"key" doc:"name of the finding: the same as long as it stands, on every night, for a receiver of alerts that tells by it what is one alert"`
	Subject  string    `table:"subject" doc:"as in findings"`
	Segment  string    `table:"segment" doc:"as in findings"`
	Check    string    `table:"check" doc:"as in findings"`
	Level    string    `table:"level" doc:"warn or alert: the worst that no calmer nights have lowered"`
	Since    time.Time `table:"since" doc:"end of the first night that had it"`
	Nights   int64     `table:"nights" doc:"nights that had it"`
	Unjudged int64     `table:"unjudged" doc:"nights since then on which it could not be judged, or for which no run was made"`
	Calm     int64     `table:"calm" doc:"calm nights since it was last at warn or above: 0 when it is there tonight"`
	News     string    `table:"news" doc:"what tonight made of it: new, worse, turned (the other way); else empty"`
	Sentence string    `table:"sentence" doc:"as in findings, of the newest night that had it"`
}
