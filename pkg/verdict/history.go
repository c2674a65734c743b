package verdict

import "time"

// A Night is one finding of one night, with what the night came to. All rows of
// a site and a period_end are one night; a night without findings has one row
// with an empty subject. With its bins an old night can be drawn again.
type Night struct {
	Site         string    `table:"site" doc:"name of the site"`
	PeriodEnd    time.Time `table:"period_end" doc:"newest prediction judged; with site the key of a night"`
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
}
