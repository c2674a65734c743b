// Package regression says how good a model that predicts a number still is: its
// errors where outcomes have come in, and whether a prediction still means what it
// meant (concept drift). An error is the prediction less the outcome.
//
// Everything works on pairs of a prediction and an outcome with their rows, in order,
// so that no figure depends on how rows were sorted.
package regression
