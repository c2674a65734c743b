// Package predlog reads and writes the two logs of a deployed model, the
// predictions it made and the requests it answered, and the reference rows
// that they are compared with. Logs become Arrow tables named predictions and
// requests, references a table named reference; what was wrong with a line is
// counted, with its number and the reason, and never silently changed.
package predlog
