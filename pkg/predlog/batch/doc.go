// Package batch builds the batches of one Arrow table row by row: columns may
// appear late, and a row that turns out to be bad is taken back without a trace.
package batch
