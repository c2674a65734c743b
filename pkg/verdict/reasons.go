package verdict

// Reasons: why a finding says what it says. Each stands behind one sentence,
// which package drift makes of it and of the finding's numbers. Nobody needs to
// read the sentence to know the reason.
const (
	// Distributions.
	ReasonUnchanged   = "unchanged"    // both sides are distributed alike, to the last count
	ReasonSteady      = "steady"       // no difference beyond chance
	ReasonByChance    = "by_chance"    // an effect that chance explains
	ReasonTooSmall    = "too_small"    // certain, but too small to matter
	ReasonQuantile    = "quantile"     // a quantile moved
	ReasonWider       = "wider"        // the values spread wider
	ReasonNarrower    = "narrower"     // the values spread less
	ReasonShape       = "shape"        // the distribution changed in another way
	ReasonCategories  = "categories"   // categories changed their shares
	ReasonByEvidently = "by_evidently" // as Evidently's test decides

	// Values of a column.
	ReasonNever        = "never"                  // no row of either side is concerned
	ReasonAllRows      = "all_rows"               // all rows are concerned, and not all of the reference
	ReasonAllRowsAsRef = "all_rows_as_reference"  // all rows are, as in the reference
	ReasonShareSteady  = "share_steady"           // the share of rows is no other, or not by enough
	ReasonShareRose    = "share_rose"             // the share of rows rose
	ReasonShareFell    = "share_fell"             // the share of rows fell
	ReasonNoneUnseen   = "none_unseen"            // no category that the reference lacks
	ReasonUnseen       = "unseen"                 // categories that the reference lacks
	ReasonInside       = "inside"                 // all values within the reference's range
	ReasonOutside      = "outside"                // values outside the reference's range
	ReasonOneValueRef  = "one_value_as_reference" // one value only, the reference's
	ReasonOneValue     = "one_value"              // all rows hold one value
	ReasonNewColumn    = "new_column"             // the reference lacks the column
	ReasonNewColumns   = "new_columns"            // the reference lacks columns that few rows have
	ReasonEncoded      = "encoded"                // one side is in the model's own columns, the other in raw ones
	ReasonOutcome      = "outcome"                // only in the reference, and taken for the outcome
	ReasonNoRepeats    = "no_repeats"             // no row came twice
	ReasonRepeats      = "repeats"                // inputs of rows came before
	ReasonResent       = "resent"                 // whole lines were logged before
	ReasonStrayTimes   = "stray_times"            // rows are dated by a wrong clock
	ReasonBadLines     = "bad_lines"              // lines of a log cannot be read

	// Columns together.
	ReasonPairRose    = "pair_rose"                // a correlation rose
	ReasonPairFell    = "pair_fell"                // a correlation fell
	ReasonPairChanged = "pair_changed"             // two columns go together in another way
	ReasonPairsSteady = "pairs_steady"             // no correlation changed
	ReasonTold        = "told_apart"               // a classifier tells production from reference
	ReasonTogether    = "told_apart_only_together" // it does, where no single column shows it
	ReasonNotTold     = "not_told_apart"           // it cannot

	// Service.
	ReasonWithinLimit = "within_limit"    // a limit is kept
	ReasonBeyondLimit = "beyond_limit"    // a limit is not kept
	ReasonLimitChance = "limit_by_chance" // it is not, which so few rows can show by chance
	ReasonAsBefore    = "as_before"       // as in the windows before
	ReasonNotAsBefore = "not_as_before"   // worse than in the windows before, or more, or less
	ReasonNoYardstick = "no_yardstick"    // no limit, and too few earlier windows
	ReasonNoneCame    = "none_came"       // no predictions where there should be some
	ReasonStale       = "stale"           // none come in any more

	// The model's view.
	ReasonAsModel  = "as_model" // the logged scores are those of the model at hand
	ReasonSkewed   = "skewed"   // some are not
	ReasonExplains = "explains" // a feature explains part of the change of the scores
	ReasonOpposes  = "opposes"  // a feature pulls the other way
	ReasonExceeds  = "exceeds"  // a feature explains more than all of it
	ReasonDue      = "due"      // a reason to retrain
	ReasonNotDue   = "not_due"  // none

	// Versions of the model.
	ReasonVersionsDiffer = "versions_differ" // two versions score otherwise, given rows alike
	ReasonVersionsRouted = "versions_routed" // they do, given other rows
	ReasonVersionsAlike  = "versions_alike"  // they score alike
	ReasonVersionSlower  = "version_slower"  // one takes longer than the version that scored most

	// Outcomes.
	ReasonWorse         = "worse"           // the model is worse than in the reference
	ReasonNotWorse      = "not_worse"       // it is not, or not by enough
	ReasonOutcomesMoved = "outcomes_moved"  // more or fewer outcomes are positive
	ReasonMeaning       = "meaning_changed" // a score does not mean what it meant
	ReasonMeaningKept   = "meaning_kept"    // no sign of that
	ReasonUnjoined      = "unjoined"        // outcomes are known, and none met a prediction

	// Why something could not be judged.
	ReasonFewRows        = "few_rows"              // too few rows to see an effect at the alert floor
	ReasonDependent      = "dependent_rows"        // rows hang together: they are worth too few independent ones
	ReasonTooFewRows     = "too_few_rows"          // fewer rows than the question takes
	ReasonTooFewDistinct = "too_few_distinct_rows" // fewer distinct rows than may be shown
	ReasonNoRows         = "no_rows"               // no rows on a side
	ReasonNoValues       = "no_values"             // no values in the judged period, or on either side
	ReasonNoRefValues    = "no_reference_values"   // no values in the reference
	ReasonGone           = "gone"                  // the column is no longer in the log
	ReasonNoRefScores    = "no_reference_scores"   // the reference has no scores
	ReasonNoLogScores    = "no_scores"             // the log has no scores
	ReasonInSample       = "in_sample"             // the reference's scores are those of training rows
	ReasonNotComparable  = "not_comparable"        // the two sides cannot be compared
	ReasonCounters       = "counters"              // the counts of a side do not add up
	ReasonTooRare        = "too_rare"              // no category has enough rows
	ReasonNoRefRows      = "no_reference_rows"     // the reference keeps no rows to compare with
	ReasonNoneVaries     = "none_varies"           // no column varies
	ReasonRepetitive     = "repetitive"            // few rows stand for many
	ReasonOtherModel     = "other_model"           // the model at hand does not give the logged scores
	ReasonOwnRows        = "own_rows"              // the model at hand knows the reference's rows from training
	ReasonMisfit         = "misfit"                // what is to be compared does not fit together
	ReasonNotFinite      = "not_finite"            // a number is NaN or infinite
	ReasonNotMeasured    = "not_measured"          // what the question rests on is not known
	ReasonOtherScores    = "other_scores"          // scores where the reference has none
	ReasonOneSided       = "one_sided"             // numbers on one side only
	ReasonOtherGrid      = "other_grid"            // the sides are counted on different grids
	ReasonGridCounters   = "grid_counters"         // the counts of a side do not fit its grid
	ReasonOffGrid        = "off_grid"              // the bins are no edges of the grid

	// Why Evidently's verdict is not given.
	ReasonText      = "text"                 // text, on which Evidently trains a classifier
	ReasonTextLike  = "text_like"            // mostly distinct words, which Evidently takes for text
	ReasonTooMany   = "too_many_values"      // more distinct values than are kept
	ReasonMixed     = "words_among_numbers"  // words among the numbers of the judged period
	ReasonMixedRef  = "words_in_reference"   // words among the numbers of the reference
	ReasonTruthGaps = "truth_values_missing" // truth values, some missing, which Evidently leaves out
	ReasonNoNumbers = "no_numbers"           // declared as numbers, and holds none
	ReasonOtherType = "other_type"           // the test that was chosen is for other columns
	ReasonTestFails = "test_fails"           // Evidently's test has no score
)

// Actions: what to do about a finding, "" where nothing is to be done.
const (
	ActionFindColumn      = "find_column"      // find out why the log lost a column
	ActionSameColumns     = "same_columns"     // give both sides in the same columns
	ActionAddColumn       = "add_column"       // add a column to the reference, or ignore it
	ActionCheckSource     = "check_source"     // check the source of a column
	ActionFindMissing     = "find_missing"     // find out why values are missing
	ActionCheckUnits      = "check_units"      // check units and formats
	ActionCheckValues     = "check_values"     // check new category values
	ActionCheckTypes      = "check_types"      // check how a column's values are written
	ActionCheckClock      = "check_clock"      // check the clocks of the hosts that log
	ActionCheckLines      = "check_lines"      // look at lines that cannot be read
	ActionCheckRepeats    = "check_repeats"    // check whether rows are logged twice
	ActionAskUpstream     = "ask_upstream"     // ask what changed upstream
	ActionCheckModel      = "check_model"      // find out which model, or which features, made the logged scores
	ActionCompareVersions = "compare_versions" // decide which version of the model is to score
	ActionCompareScores   = "compare_outcomes" // compare outcomes with the scores
	ActionCheckSpeed      = "check_speed"      // look at the service's speed
	ActionCheckFailures   = "check_failures"   // look at failed requests
	ActionCheckTraffic    = "check_traffic"    // check whether all clients still call
	ActionScoreReference  = "score_reference"  // give the reference scores of held-out rows
	ActionWait            = "wait"             // wait for more rows, or judge a longer period
	ActionCheckOutcomes   = "check_outcomes"   // check how outcomes come in
	ActionJoinOutcomes    = "join_outcomes"    // let outcomes meet their predictions
	ActionNewModel        = "new_model"        // train a new model on rows with recent outcomes
	ActionRetrain         = "retrain"          // retrain the model, as the trigger says
)
