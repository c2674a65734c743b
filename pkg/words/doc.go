// Package words writes what people read, once for terminal, site and documents:
// numbers, shares, counts, durations, names and lists of them. It also reads
// durations in days, and finds the name that somebody may have meant.
package words
