// Package traffic simulates logs whose rows hang together, as real ones do: leads that
// are scored again, weeks with weekends, days that follow the day before. It measures
// how often the calibrated policy is loud where nothing has drifted, and how often it
// finds what has.
package traffic
