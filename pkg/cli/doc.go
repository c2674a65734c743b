// Package cli makes leadsman's commands start, fail and exit alike: flags in
// GNU order, inputs and outputs, progress, notes on stderr and the
// exit statuses.
//
// The exit status is 0 when the work is complete, 1 when it failed, 2 for
// wrong usage and 3 when a gate that --check asked for tripped after the whole
// output was written.
package cli
