// Package sim makes the logs of a deployed model with drift of a chosen kind,
// from a seed. They are the ground truth of tests and demonstrations: every
// [Scenario] says which verdict a monitor must reach on it.
//
// Rows are drawn from a [Population], a written-down joint distribution, never
// by resampling a reference: resampled rows repeat the reference's own values,
// so that a monitor that cries wolf on fresh data would look quiet on them.
//
// The same options give the same bytes whatever the number of processors. A
// stream of random numbers is ChaCha8 keyed by seed, purpose and chunk of
// rows; products are rounded before they are added, so that processors which
// could fuse the two agree with those which cannot.
package sim
