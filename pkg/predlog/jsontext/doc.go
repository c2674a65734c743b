// Package jsontext reads and writes JSON token by token, in place.
//
// The readers take a buffer whose line ends in '\n' at or before len(b)-[Slack].
// No token spans a line, so that newline ends every loop. A position of -1 says
// that there was no such token; the fault beside it says why.
package jsontext

// Slack is how many bytes behind the last newline may be read, never used.
const Slack = 16
