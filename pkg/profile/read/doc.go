// Package read reads batches of a log or a reference as they are to be counted:
// a column at a time as numbers, categories or texts, the log's own columns by
// their roles, and where a log ends. One value has one hash and one spelling,
// whatever the Arrow type it came in.
package read
