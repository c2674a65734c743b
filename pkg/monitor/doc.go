// Package monitor runs one night: it reads a log, or profiles of its parts, and
// says in the tables of a bundle whether the rows still look like the
// reference's, what moved the scores, how good the model still is, and whether
// there is a reason to retrain.
//
// A Night does it in one process. MakePlan, CountReference, CountLog, Merge and a
// Judge are its steps, one at a time, for a log that lies on many machines. A Gate
// makes an error of a level.
//
// Nothing here looks at a clock, a flag or a standard stream: all that a run goes
// by is in its Options.
package monitor
