// Package words reads and writes what people read: durations in days, and the
// nearest of the names that somebody may have meant.
package words
