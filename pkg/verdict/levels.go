package verdict

// Levels of a finding, of a part of the run, and of the run itself. A part that
// was not judged has none: "".
const (
	OK           = "ok"           // judged, and nothing to report
	Insufficient = "insufficient" // not judged, for a reason that stands beside it
	Warn         = "warn"         // worth a look
	Alert        = "alert"        // act on it
)

var severity = map[string]int{"": 0, OK: 1, Insufficient: 2, Warn: 3, Alert: 4}

// Severity is the place of a level in the order "", ok, insufficient, warn,
// alert; 0 for what is no level.
func Severity(level string) int { return severity[level] }

// Worst returns the most severe of the levels, "" of none.
func Worst(levels ...string) string {
	worst := ""
	for _, l := range levels {
		if severity[l] > severity[worst] {
			worst = l
		}
	}
	return worst
}

// Reaches reports whether level is as severe as gate or more.
func Reaches(level, gate string) bool { return severity[level] >= severity[gate] }
