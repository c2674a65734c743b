// Package multiclass says how good a model still is that scores each of several
// classes: estimated from its scores while outcomes are missing (confidence-based
// performance estimation), measured where they have come in, class by class against
// all others and over all classes, and whether scores still mean what they meant.
//
// A row is its scores and the place of its outcome among the classes. Scores are taken
// as they are: those of a row that do not sum to 1 are said, never made to.
package multiclass
