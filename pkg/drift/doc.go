// Package drift turns two views of a profile, a reference and a judged period,
// into verdicts: which test, which threshold, which level, in words.
//
// # Levels
//
// Under the calibrated policy a subject is at warn or alert when its effect
// reaches that floor and its evidence is significant: q <= alpha, where q is the
// Benjamini-Hochberg p-value within the subject's family. One run spends an
// alpha of 5 %: the score 1 %, features 2 %, quality 0.5 %, correlations
// 0.25 %, segments and versions 0.25 %, all features together 0.25 %, outcomes 0.75 %.
// What an absent family would spend is not handed on. It is insufficient when nothing is significant and
// the smallest effect seen with 80 % power is above the alert floor, or when
// there is nothing to compare; the sentence says which. Package rollup makes of all
// findings the levels of the areas and of the run.
//
// Under the classic policy a distribution is at alert when its PSI reaches 0.25,
// at warn when it reaches 0.1 or p < 0.05; other checks need p < 0.05 and their
// floor. Nothing is corrected, debiased or insufficient for want of power.
//
// # Checks
//
//	distribution  number: two-sample Kolmogorov-Smirnov; category: chi-squared
//	              homogeneity; both: PSI
//	missing, nonfinite, type  two proportions (Fisher where an expected count is
//	              below 5); points of rows
//	unseen        categories the reference lacks, against Good-Turing
//	range         values outside the reference's, against the beta-binomial
//	constant      one value where the reference has several
//	correlation   two numbers: Fisher-z on normal scores; a discrete column among
//	              them: no three-way interaction, by Cramér's V of the change
//	multivariate  all features together: the cross-validated AUC of a classifier,
//	              by permutation with refit
//	latency       limit: the 95th percentile is beyond it, and more durations are
//	              than one in 20 by chance
//	new, vanished, duplicates, clock, success, traffic
//
// Findings are ranked by level, then by effect over floor, times the feature's
// share of the model's gain over the features' mean share where that is known;
// what is about no feature counts as the mean.
//
// # Shares
//
// A row's margin is the bias plus what each model column adds to it, so the
// change of the mean margin is the sum of the changes of the columns' means:
// Report.Contributions, from Options.Explained, with 95 % bootstrap intervals.
// The raw features whose interval does not hold 0, and that are a tenth or more
// of a total whose interval does not either, get a finding with the check
// contribution: it explains and judges nothing, so its level is ok. It takes 30
// rows on each side, K of them distinct.
//
// # All features together
//
// A small classifier, boosted trees trained here on the row samples of both
// sides, tells production from the reference. Its AUC on rows that it was not
// trained on is the effect, 0.5 being chance, with floors at 0.6 and 0.7; the
// evidence is how often one trained on shuffled labels does as well. At warn or
// above it makes the run warn, and the features that give the difference away
// have their shares in Report.Statistics. It needs 50 rows a side, and the
// calibrated policy.
//
// # Segments
//
// Each part of Options.Segments is compared as the whole is, with the same
// checks and floors. Its evidence is held against the segments' own alpha by a
// tree of hypotheses: first the segments, then the checks inside those that were
// selected. What moved in a segment is a finding of its own after those of all
// rows; it is in no share of drifted features, and makes the run warn at most.
//
// # Privacy
//
// A category with fewer than K rows on both sides is pooled before any
// sentence, bin or statistic is made. Edges and quantiles of columns are
// rounded, no smallest or largest value leaves the package but, rounded, those
// of columns that are public, and text columns are compared by missing rate,
// length and comma count only.
//
// The package reads no file and no clock; the same views and options give the
// same report.
package drift
