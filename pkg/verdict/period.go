package verdict

import "time"

// Trend is one number of one window.
type Trend struct {
	Window  string    `table:"window" doc:"start of the UTC window, RFC 3339"`
	Start   time.Time `table:"start" doc:"the same, as a time"`
	Subject string    `table:"subject" doc:"as in findings"`
	Metric  string    `table:"metric" doc:"rows, psi (of coarse classes), mean, p50, missing_rate, positive_rate, p50_ms, p95_ms, p99_ms, requests_per_minute, success_rate"`
	N       int64     `table:"n" doc:"rows behind the value"`
	Value   float64   `table:"value,null" doc:"value in the metric's unit"`
}

// Latency is one bar or one summary of a latency's distribution.
type Latency struct {
	Subject string  `table:"subject" doc:"inference_ms, response_ms"`
	Kind    string  `table:"kind" doc:"bucket, or the name of a summary: n, mean, p50, p95, p99, min, max"`
	Lo      float64 `table:"lo_ms,null" unit:"ms" doc:"bucket's lower bound"`
	Hi      float64 `table:"hi_ms,null" unit:"ms" doc:"bucket's upper bound"`
	Count   int64   `table:"count" doc:"rows in the bucket, or behind the summary"`
	Value   float64 `table:"value_ms,null" unit:"ms" doc:"the summary's value"`
}

// Traffic is one time slot of one endpoint, or a total.
type Traffic struct {
	Start      time.Time `table:"start" doc:"start of the slot; null for the total over the judged period"`
	SlotMinute int64     `table:"slot_minutes" unit:"min" doc:"length of the slot"`
	Endpoint   string    `table:"endpoint" doc:"endpoint, empty for all; other: all that have no rows of their own, none: requests without one"`
	StatusCode int64     `table:"status_code" doc:"status, 0 for all, -1 for none; the rows of endpoints add up to the total"`
	Requests   int64     `table:"requests" doc:"requests"`
	Succeeded  int64     `table:"succeeded" doc:"requests with a status below 400"`
	P50MS      float64   `table:"p50_ms,null" unit:"ms" doc:"median response time of the slot"`
	P95MS      float64   `table:"p95_ms,null" unit:"ms" doc:"95th percentile"`
}

// Recent is one cell of the newest predictions: long form, since the public
// columns differ from site to site.
type Recent struct {
	Row    int64     `table:"row" doc:"1 is the newest"`
	At     time.Time `table:"at" doc:"when it was scored"`
	Score  float64   `table:"score,null" doc:"score"`
	Label  string    `table:"label" doc:"label"`
	MS     float64   `table:"inference_ms,null" unit:"ms" doc:"inference time"`
	Column string    `table:"column" doc:"a public column, empty when there is none"`
	Value  string    `table:"value" doc:"its value"`
	Whole  string    `table:"whole" doc:"which of timestamp, score, label and inference_ms a site may show as they are, separated by commas: those that monitor.yaml marks public, and a label that k rows have; of the others it holds the hour, the score to 0.1, no label, two digits"`
}
