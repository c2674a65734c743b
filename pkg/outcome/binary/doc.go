// Package binary says how good a model of outcomes of two kinds still is: estimated
// from its scores while outcomes are missing (confidence-based performance
// estimation), measured where they have come in, and whether a score still means what
// it meant (concept drift).
//
// Everything works on tallies: distinct scores with their rows and positives.
// They are integers, so that no statistic depends on how rows were sorted.
package binary
