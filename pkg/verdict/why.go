package verdict

import "time"

// Contribution is what one feature adds to the mean margin of the model, on
// both sides. The changes of all features sum to that of the total.
type Contribution struct {
	Kind    string  `table:"kind" doc:"total (the mean margin), feature (a raw feature: the sum of its model columns), column (one model column), bias (what no feature adds; its change is 0)"`
	Feature string  `table:"feature" doc:"raw feature; (none) for columns that are made of none; empty for total and bias"`
	Column  string  `table:"column" doc:"model column, for the kind column"`
	Unit    string  `table:"unit" doc:"of ref, cur, change, lo and hi: log-odds, or margin (the model's own) where the model gives no probability"`
	NRef    int64   `table:"n_ref" doc:"reference rows it is the mean over: of the row sample, repeated rows counted"`
	NCur    int64   `table:"n_cur" doc:"judged rows it is the mean over"`
	Ref     float64 `table:"ref,null" doc:"mean contribution in the reference"`
	Cur     float64 `table:"cur,null" doc:"mean contribution in the judged period"`
	Change  float64 `table:"change,null" doc:"cur less ref"`
	Lo      float64 `table:"lo,null" doc:"lower end of the change's 95 % bootstrap interval, of 1,000 draws of the rows of both sides"`
	Hi      float64 `table:"hi,null" doc:"upper end"`
	Share   float64 `table:"share,null" unit:"1" doc:"change over that of the total; null where the total's interval holds 0"`
	InScore float64 `table:"in_score,null" doc:"share of the change of the average score, in scores: that change times share; of feature, null without scores on both sides"`
	Gain    float64 `table:"gain,null" unit:"1" doc:"importance in training: the share of the total gain of all splits; of feature and column"`
	Rank    int64   `table:"rank" doc:"1 is the feature with the largest change; 0 for what is no feature"`
}

// Segment is one part of the rows, or, with an empty name, all parts of one
// column together.
type Segment struct {
	Column   string  `table:"column" doc:"column that makes the segments"`
	Name     string  `table:"name" doc:"its value; empty for the column's own row; (other) for the values that are too rare, (missing) for the rows without one, and in quotes a value that reads so"`
	NRef     int64   `table:"n_ref" doc:"reference rows that were compared: all of them where they were counted, else those of the row sample"`
	NCur     int64   `table:"n_cur" doc:"judged rows that were compared"`
	ShareRef float64 `table:"share_ref,null" unit:"1" doc:"share of all reference rows"`
	ShareCur float64 `table:"share_cur,null" unit:"1" doc:"share of all judged rows"`
	ScoreRef float64 `table:"score_ref,null" doc:"mean score in the reference, rounded; null of fewer than k rows, and where those could be found by subtraction; of a column: the segments' mean scores, weighted by their rows with a score; null where segments of fewer than k rows hold fewer than 2k together"`
	ScoreCur float64 `table:"score_cur,null" doc:"mean score in the judged period, alike"`
	Mix      float64 `table:"mix,null" doc:"of a column: the part of the change of the mean score that comes from the segments' shares; null where score_ref or score_cur is"`
	Within   float64 `table:"within,null" doc:"of a column: the part that comes from changes inside the segments; mix and within add up to score_cur less score_ref, but for rounding"`
	P        float64 `table:"p,null" doc:"Simes p-value of the segment's checks"`
	Q        float64 `table:"q,null" doc:"after Benjamini-Hochberg over all segments"`
	LookedAt int64   `table:"looked_at" doc:"judged rows that were compared: all of them where they were counted, else those of the row sample; of a column the values that are segments of their own"`
	Of       int64   `table:"of" doc:"all judged rows of the segment; of a column the values of k rows or more"`
	Moved    int64   `table:"moved" doc:"subjects at warn or alert in the segment; their findings carry column=name in segment"`
	Level    string  `table:"level" doc:"ok, insufficient, warn or alert"`
	Sentence string  `table:"sentence" doc:"the segment in words"`
	Reason   string  `table:"reason" doc:"why: of a segment moved_alone or moved_as_all; of a column mix, partly_mix, mix_hides or within for its mean score, else segments_moved; else steady, or why it could not be judged, as in findings"`
}

// Reasons of segments, beside ReasonSteady and those why something could not be
// judged: the first two of a segment, the others of a column.
const (
	SegmentPooled    = "pooled"         // values of few rows each, which are no segment
	SegmentAlone     = "moved_alone"    // something moved here that stands in all rows together
	SegmentAsAll     = "moved_as_all"   // what moved here moved in all rows
	SegmentMix       = "mix"            // other shares of the segments explain the change of the mean score
	SegmentPartlyMix = "partly_mix"     // they explain a part of it
	SegmentMixHides  = "mix_hides"      // they hide what changed inside the segments
	SegmentWithin    = "within"         // it comes from inside the segments
	SegmentsMoved    = "segments_moved" // segments moved, and the mean score is no matter of them
)

// Trigger is one reason to retrain that monitor.yaml asks for.
type Trigger struct {
	Name      string    `table:"name" doc:"drift_share, score_p, positive_rate_drop, estimated_auc_drop, realised_auc_drop, min_auc, min_f1, min_precision, min_recall, min_accuracy, min_positive_rate, max_positive_rate, max_mae, max_rmse, model_age, new_labels"`
	Fired     bool      `table:"fired" doc:"true when measured has reached the threshold"`
	Level     string    `table:"level" doc:"of a fired trigger its level in monitor.yaml; else ok, or insufficient where nothing could be measured"`
	Threshold float64   `table:"threshold,null" doc:"where the trigger fires, in unit"`
	Measured  float64   `table:"measured,null" doc:"what was measured, in unit"`
	Unit      string    `table:"unit" doc:"1 (a share, a probability or an AUC), days, labels"`
	Since     time.Time `table:"since" doc:"time from which model_age and new_labels count"`
	Action    string    `table:"action" doc:"what to do about it"`
	Sentence  string    `table:"sentence" doc:"the trigger in words"`
}

// Key is what findings, bins and statistics of the segment carry in Segment.
func (s Segment) Key() string { return s.Column + "=" + s.Name }
