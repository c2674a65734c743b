// Package mapping knows which field of a log leads to which column of its table:
// the fixed columns of each kind of log, the names that a log has for them, the
// input fields beside them and their pinned types. Whatever form a log comes in,
// its rows go through one [Table].
package mapping
