// Package view holds what a reader sees of a profile: its counts by column,
// pair and window, its latencies, traffic and rows, and those of a split into
// segments. These are results to read. They are made by tally; nothing here
// counts, and a value may share its slices with the profile it was made of, so
// readers change nothing.
package view
