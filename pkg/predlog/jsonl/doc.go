// Package jsonl reads JSON lines into a table: lines out of a stream, one object
// each, and their fields in any order into the columns that the mapping says.
package jsonl
