package verdict

// Levels of a finding, of an area of the run, and of the run itself. What was not
// judged at all has none: "". A finding has no Notice: that is what an area, or the
// run, comes to where something moved and a rule keeps it from Warn.
const (
	OK           = "ok"           // judged, and nothing to report
	Insufficient = "insufficient" // not judged, for a reason that stands beside it
	Notice       = "notice"       // something moved, not enough to wake anyone
	Warn         = "warn"         // worth a look
	Alert        = "alert"        // act on it
)

// Levels are all levels, in the order of Severity.
var Levels = []string{OK, Insufficient, Notice, Warn, Alert}

var severity = map[string]int{"": 0, OK: 1, Insufficient: 2, Notice: 3, Warn: 4, Alert: 5}

// Severity is the place of a level in the order "", ok, insufficient, notice, warn,
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

// WorstJudged is Worst of what was judged: insufficient, which lowers no level and
// raises none, only where nothing else was.
func WorstJudged(levels ...string) string {
	worst, weak := "", ""
	for _, l := range levels {
		if l == Insufficient {
			weak = l
		} else {
			worst = Worst(worst, l)
		}
	}
	if worst == "" {
		return weak
	}
	return worst
}

// Reaches reports whether level is as severe as gate or more.
func Reaches(level, gate string) bool { return severity[level] >= severity[gate] }
