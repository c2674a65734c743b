package verdict

// Names of the reasons to retrain: the keys under retrain in monitor.yaml, the names in
// the table triggers, and what a gate may ask for.
const (
	TriggerDriftShare       = "drift_share"        // have many features drifted?
	TriggerScoreP           = "score_p"            // have the scores drifted?
	TriggerPositiveRateDrop = "positive_rate_drop" // are fewer outcomes positive?
	TriggerEstimatedAUCDrop = "estimated_auc_drop" // did the estimated ROC AUC fall?
	TriggerRealisedAUCDrop  = "realised_auc_drop"  // did the ROC AUC by outcomes fall?
	TriggerLeastAUC         = "min_auc"            // is the ROC AUC by outcomes below a limit?
	TriggerLeastF1          = "min_f1"             // is F1?
	TriggerLeastPrecision   = "min_precision"      // is precision?
	TriggerLeastRecall      = "min_recall"         // is recall?
	TriggerLeastAccuracy    = "min_accuracy"       // is accuracy?
	TriggerLowPositiveRate  = "min_positive_rate"  // are fewer outcomes positive than a limit?
	TriggerHighPositiveRate = "max_positive_rate"  // are more?
	TriggerMostMAE          = "max_mae"            // is the mean absolute error of a predicted number above a limit?
	TriggerMostRMSE         = "max_rmse"           // is the root mean squared error?
	TriggerModelAge         = "model_age"          // is the model old?
	TriggerNewLabels        = "new_labels"         // are there enough new outcomes?
)

// Triggers are the names of all reasons to retrain, in the order of a report.
var Triggers = []string{
	TriggerDriftShare, TriggerScoreP, TriggerPositiveRateDrop, TriggerEstimatedAUCDrop, TriggerRealisedAUCDrop,
	TriggerLeastAUC, TriggerLeastF1, TriggerLeastPrecision, TriggerLeastRecall, TriggerLeastAccuracy, TriggerLowPositiveRate, TriggerHighPositiveRate,
	TriggerMostMAE, TriggerMostRMSE, TriggerModelAge, TriggerNewLabels,
}

// TriggerNow is the name that a reason to retrain has now: older versions, whose
// bundles are still read, had another for one of them.
func TriggerNow(name string) string {
	if name == "engagement_drop" {
		return TriggerPositiveRateDrop
	}
	return name
}
