// Package logfile finds the files of a log, rotated ones in order, and opens them,
// whatever they are packed with.
package logfile
