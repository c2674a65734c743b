package verdict

import "time"

// Kinds of rejects: what was left out.
const (
	RejectLine   = "line"   // the whole line
	RejectType   = "type"   // a value of another type than its column's
	RejectValue  = "value"  // a value that no column can hold
	RejectNested = "nested" // an object or a list
)

// Reject is one reason for which lines, or values, of one source were left out.
// It never holds content of the log beyond the names of fields.
type Reject struct {
	Source     string `table:"source" doc:"file, or stdin; empty for what is beyond the 10,000 reasons that are kept apart"`
	Kind       string `table:"kind" doc:"what was left out: line, type (a value of another type than its column's), value (one that no column can hold) or nested (an object or a list)"`
	Column     string `table:"column" doc:"column of the value; empty of a line"`
	Reason     string `table:"reason" doc:"what is wrong, in words"`
	Count      int64  `table:"count" doc:"lines, or values"`
	FirstLines string `table:"first_lines" doc:"numbers of the first lines, up to ten, with a space between"`
	Log        string `table:"log" doc:"what the source holds: predictions, requests or reference"`
}

// Lines is how many lines of the logs of one kind were read, and what became of
// them.
type Lines struct {
	Log     string `table:"log" doc:"what the lines hold: predictions, requests or reference"`
	Allowed bool   `table:"allowed" doc:"true where ingest has found that few enough of them are bad; else driftcalc decides it, of all parts of the log"`
	Lines   int64  `table:"lines" doc:"lines that are not blank and were not being written"`
	Rows    int64  `table:"rows" doc:"rows made of them"`
	Skipped int64  `table:"skipped" doc:"records that a program or a condition left out"`
	Bad     int64  `table:"bad" doc:"lines that could not be read"`
	NoZone  int64  `table:"no_zone" doc:"rows whose timestamp names no time zone and was taken as UTC"`
}

// Health is one question to the API and its answer.
type Health struct {
	URL         string    `table:"url" doc:"address that was asked, without user, query and fragment"`
	CheckedAt   time.Time `table:"checked_at" doc:"when it was asked"`
	OK          bool      `table:"ok" doc:"true when the API itself answers with a status below 300 and its answer does not say otherwise"`
	StatusCode  int64     `table:"status_code" doc:"status of the answer; 0 without one"`
	Status      string    `table:"status" doc:"what the answer's own status says; empty where it says nothing"`
	ModelLoaded string    `table:"model_loaded" doc:"what it says of a loaded model: true or false; empty where it says nothing"`
	ResponseMS  float64   `table:"response_ms,null" unit:"ms" doc:"time until the answer, or until waiting ended"`
	Error       string    `table:"error" doc:"why there was no answer; never published"`
}
