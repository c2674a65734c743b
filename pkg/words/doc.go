// Package words writes what people read, once for terminal, site and documents:
// numbers, shares, counts, durations, names and lists of them. It also reads
// durations in days, and says what else somebody may have meant by a name.
package words
