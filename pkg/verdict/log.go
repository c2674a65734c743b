package verdict

import "time"

// Reject is one reason for which lines, or values, of one source were left out.
// It never holds content of the log beyond the names of fields.
type Reject struct {
	Source     string `table:"source" doc:"file, or stdin"`
	Reason     string `table:"reason" doc:"what is wrong; a reason that begins with type:, value: or nested: left one value out, any other the whole line"`
	Count      int64  `table:"count" doc:"lines, or values"`
	FirstLines string `table:"first_lines" doc:"numbers of the first lines, up to ten, with a space between"`
}

// Health is one question to the API and its answer.
type Health struct {
	URL        string    `table:"url" doc:"address that was asked, without user, query and fragment"`
	CheckedAt  time.Time `table:"checked_at" doc:"when it was asked"`
	OK         bool      `table:"ok" doc:"true when the status is below 400"`
	StatusCode int64     `table:"status_code" doc:"status of the answer; 0 without one"`
	ResponseMS float64   `table:"response_ms,null" unit:"ms" doc:"time until the answer, or until waiting ended"`
	Error      string    `table:"error" doc:"why there was no answer; never published"`
}
