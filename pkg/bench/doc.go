// Package bench times scoring engines on a model, and describes a model.
//
// A measurement first proves that the engines agree on the rows, then times
// them interleaved in rounds, so that a slow moment of the machine meets all of
// them alike. Every call is timed by itself, on rows that change from call to
// call: one row over and over would teach the processor's branch predictor its
// way through the trees, and flatter.
package bench
