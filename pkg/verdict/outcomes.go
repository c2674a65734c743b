package verdict

import "time"

// Estimate is one figure of the model's quality that was estimated without
// outcomes.
type Estimate struct {
	Window        string  `table:"window" doc:"start of the UTC window, empty for the judged period"`
	Metric        string  `table:"metric" doc:"roc_auc, average_precision, accuracy, precision, recall, specificity, f1, positive_rate (expected share of positive outcomes), true_positives, false_positives, false_negatives, true_negatives; of a predicted number mae and rmse; of several classes log_loss and confusion (expected rows of a class that are predicted to be another) too; empty: no estimate, note says why"`
	N             int64   `table:"n" doc:"predictions that it rests on"`
	Value         float64 `table:"value,null" doc:"the estimate; of roc_auc and average_precision less what the same estimate of the reference's own scores is off what its outcomes gave, in proportion to what is above chance"`
	SamplingError float64 `table:"sampling_error,null" doc:"standard error that so many rows have by chance, from the reference"`
	Lo            float64 `table:"lo,null" doc:"lower end of the 95 % interval of what the outcomes of these rows will give: of the chance that is in outcomes, and of the calibration, which so many rows as the reference has leave uncertain"`
	Hi            float64 `table:"hi,null" doc:"upper end"`
	PopulationLo  float64 `table:"population_lo,null" doc:"lower end of the 95 % interval of what the population gives that the rows are from; null of counts"`
	PopulationHi  float64 `table:"population_hi,null" doc:"upper end"`
	Reference     float64 `table:"reference,null" doc:"what the reference's outcomes gave"`
	Calibration   string  `table:"calibration" doc:"isotonic, or none where that did not lower the calibration error, and of a predicted number"`
	Note          string  `table:"note" doc:"what to know before believing it"`
	Class         string  `table:"class" doc:"of a model that scores each of several classes: the figure is that class's, against all others; of confusion the class that came; empty: of all classes, their mean but for accuracy and log_loss"`
	Predicted     string  `table:"predicted" doc:"of confusion the class that was predicted: that of the highest score"`
}

// Outcome is one figure that outcomes gave.
type Outcome struct {
	Window    string  `table:"window" doc:"start of the UTC window, empty for the judged period"`
	Kind      string  `table:"kind" doc:"count (of the join), metric, coverage (share of the predictions with an outcome, by tenths of the scores), curve (one row a bin of the calibration curve), reference_curve, top (the rows of the highest scores), residuals and reference_residuals (mean errors by tenths of the predictions of a number), test (of concept drift), confusion (rows of a class that were predicted to be another; the reference's made as many), version (a figure of the rows of one version of the model)"`
	Metric    string  `table:"metric" doc:"what value is"`
	Version   string  `table:"version" doc:"of the model, where the kind is version: (missing) of the rows that do not say"`
	N         int64   `table:"n" doc:"rows that it rests on"`
	Score     float64 `table:"score,null" doc:"mean score of a bin of a curve or of residuals; share of the rows of a top"`
	Value     float64 `table:"value,null" doc:"the figure; of a curve the share of positive outcomes, of residuals the mean error"`
	Lo        float64 `table:"lo,null" doc:"lower end of the 95 % interval"`
	Hi        float64 `table:"hi,null" doc:"upper end"`
	Reference float64 `table:"reference,null" doc:"the same on the reference"`
	Expected  float64 `table:"expected,null" doc:"what was to be expected of the judged scores if they still meant what they meant in the reference: the reference less this is the rows', this less the value is what a score means"`
	P         float64 `table:"p,null" doc:"p-value of no change from the reference, or of the test"`
	Q         float64 `table:"q,null" doc:"p after Benjamini-Hochberg over the figures and the test of concept drift"`
	Level     string  `table:"level" doc:"that of the finding about it; empty where nothing is judged"`
	Note      string  `table:"note" doc:"in words"`
	Class     string  `table:"class" doc:"of a model that scores each of several classes: the figure is that class's, against all others, (other classes) of those that are tested together; of confusion the class that came; empty: of all classes"`
	Predicted string  `table:"predicted" doc:"of confusion the class that was predicted: that of the highest score"`
}

// SkewRow is a row of the sample whose logged score is not that of the model at hand. It is
// never published.
type SkewRow struct {
	At      time.Time `table:"timestamp,null" doc:"time of the prediction"`
	ID      string    `table:"id" doc:"of the row, where the log has one"`
	Version string    `table:"model_version" doc:"version of the model that scored it"`
	Logged  float64   `table:"logged,null" doc:"score of the log"`
	Own     float64   `table:"own,null" doc:"score of the model at hand"`
	Times   int64     `table:"times" doc:"how often the row came"`
}

// Unmet is a key that met nothing on the other side. It is never published.
type Unmet struct {
	Side      string    `table:"side" doc:"outcomes or predictions"`
	Key       string    `table:"key" doc:"as that side has it; columns of a key with a comma between"`
	Timestamp time.Time `table:"timestamp,null" doc:"of the prediction"`
}
