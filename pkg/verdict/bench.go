package verdict

// Timing is one engine at one batch size.
type Timing struct {
	Model       string  `table:"model" doc:"file name of the model"`
	ModelHash   string  `table:"model_sha256" doc:"SHA-256 of the model file"`
	Engine      string  `table:"engine" doc:"leaves, native or onnx"`
	Batch       int64   `table:"batch_rows" doc:"rows per call"`
	Calls       int64   `table:"n_calls" doc:"calls timed"`
	MeanMS      float64 `table:"mean_ms,null" unit:"ms" doc:"mean wall time of a call"`
	P50MS       float64 `table:"p50_ms,null" unit:"ms" doc:"median"`
	P95MS       float64 `table:"p95_ms,null" unit:"ms" doc:"95th percentile"`
	P99MS       float64 `table:"p99_ms,null" unit:"ms" doc:"99th percentile"`
	MinMS       float64 `table:"min_ms,null" unit:"ms" doc:"fastest call"`
	MaxMS       float64 `table:"max_ms,null" unit:"ms" doc:"slowest call"`
	CPUMS       float64 `table:"cpu_ms,null" unit:"ms" doc:"mean CPU time of a call, null where the system does not tell"`
	ClockMS     float64 `table:"clock_ms,null" unit:"ms" doc:"what reading the clock adds to every call; it is in the times"`
	LoadMS      float64 `table:"load_ms,null" unit:"ms" doc:"time from file to a ready engine, median of several loads"`
	FileBytes   int64   `table:"model_bytes" unit:"B" doc:"size of the model file"`
	MemoryBytes float64 `table:"memory_bytes,null" unit:"B" doc:"heap that the ready engine holds, the model included; of an engine in C, what the process grew by, its library included"`
	Allocs      float64 `table:"allocs_per_call,null" doc:"heap allocations per call"`
	AllocBytes  float64 `table:"bytes_per_call,null" unit:"B" doc:"heap bytes per call"`
	Rows        int64   `table:"n_rows" doc:"different rows that were scored in turn"`
	Origin      string  `table:"rows_origin" doc:"where these came from, in words that follow: 10 rows"`
	Trees       int64   `table:"trees" doc:"trees in the model"`
	Features    int64   `table:"features" doc:"columns of a row"`
	Threads     int64   `table:"threads" doc:"threads that called at once"`
	RowsPerS    float64 `table:"rows_per_s,null" doc:"rows scored a second of wall time, by all threads together"`
	Version     string  `table:"engine_version" doc:"of the engine's library, empty for leadsman's own"`
	Machine     string  `table:"machine" doc:"operating system, architecture, processors and Go that measured"`
	LoadAverage float64 `table:"load_average,null" doc:"processes that wanted to run in the minute before; null where the system does not tell"`
	Note        string  `table:"note" doc:"why a row is empty, else empty"`
}

// TimingBucket is one bar of an engine's latency histogram; engines share the bounds.
type TimingBucket struct {
	Engine string  `table:"engine" doc:"as in bench"`
	Batch  int64   `table:"batch_rows" doc:"as in bench"`
	LoMS   float64 `table:"lo_ms" unit:"ms" doc:"lower bound, which is in the bucket"`
	HiMS   float64 `table:"hi_ms,null" unit:"ms" doc:"upper bound, which is not; null in the last bucket, which has none"`
	Count  int64   `table:"count" doc:"calls in the bucket"`
}

// Hotspot is a function in a profile: of whole requests to leadsman's own server, or
// one that the owner made of his Python.
type Hotspot struct {
	Program   string  `table:"program" doc:"whose code it is: leadsman's own server (simulate api), whose requests were profiled from body to answer, or the file of a profile that its owner made"`
	Engine    string  `table:"engine" doc:"engine that scored; Python in a profile of its owner's"`
	Function  string  `table:"function" doc:"with the path of its package"`
	Stage     string  `table:"stage" doc:"which step of a request the function is, else empty"`
	FlatMS    float64 `table:"flat_ms" unit:"ms" doc:"CPU time in the function itself; wall time in cProfile's"`
	FlatShare float64 `table:"flat_share" unit:"1" doc:"share of the profile's CPU time"`
	CumMS     float64 `table:"cum_ms" unit:"ms" doc:"CPU time in the function and what it calls"`
	CumShare  float64 `table:"cum_share" unit:"1" doc:"share of the profile's CPU time"`
	Stacks    int64   `table:"stacks" doc:"different stacks in which the profiler met the function"`
	TotalMS   float64 `table:"total_ms" unit:"ms" doc:"time of the whole profile"`
	Calls     int64   `table:"n_calls" doc:"requests in the profile; 0 where it does not tell"`
}

// OwnServer is the program of hotspots that are leadsman's own, not those of the
// service that is watched.
const OwnServer = "leadsman's own server (simulate api)"

// Load is one run of requests against an API. Latencies run from the time at
// which a request was due, not from when it was sent, so that one that had to
// wait for others counts its waiting; failed requests are among them.
type Load struct {
	Run           string  `table:"run" doc:"burst: all requests at once; rate: at equal distances"`
	URL           string  `table:"url" doc:"where the requests went, without user, query and fragment"`
	Rate          float64 `table:"rate_per_s,null" doc:"planned requests a second, null in a burst"`
	Planned       int64   `table:"n_planned" doc:"requests that were due"`
	Sent          int64   `table:"n_sent" doc:"those that were sent before time was up"`
	OK            int64   `table:"n_ok" doc:"those answered with a status of 200 to 299"`
	Seconds       float64 `table:"seconds" unit:"s" doc:"from the first due time to the last answer"`
	Throughput    float64 `table:"ok_per_s" doc:"good answers a second"`
	MeanMS        float64 `table:"mean_ms,null" unit:"ms" doc:"mean latency"`
	P50MS         float64 `table:"p50_ms,null" unit:"ms" doc:"median latency, exact to three digits like the others"`
	P95MS         float64 `table:"p95_ms,null" unit:"ms" doc:"95th percentile"`
	P99MS         float64 `table:"p99_ms,null" unit:"ms" doc:"99th percentile"`
	P999MS        float64 `table:"p999_ms,null" unit:"ms" doc:"99.9th percentile"`
	MaxMS         float64 `table:"max_ms,null" unit:"ms" doc:"longest latency"`
	SentP50MS     float64 `table:"sent_p50_ms,null" unit:"ms" doc:"median time from sending to the answer, waiting before left out"`
	SentP99MS     float64 `table:"sent_p99_ms,null" unit:"ms" doc:"99th percentile of that"`
	LateMS        float64 `table:"late_ms,null" unit:"ms" doc:"longest time that a request was sent after it was due"`
	BytesOut      int64   `table:"bytes_out" unit:"B" doc:"bodies sent"`
	BytesIn       int64   `table:"bytes_in" unit:"B" doc:"bodies of the answers, at most 64 KiB of each"`
	HealthBefore  int64   `table:"health_before" doc:"status of /health before the run, 0 without an answer"`
	HealthAfter   int64   `table:"health_after" doc:"status of /health after the run, 0 without an answer"`
	HealthMS      float64 `table:"health_before_ms,null" unit:"ms" doc:"time of the first"`
	HealthAfterMS float64 `table:"health_after_ms,null" unit:"ms" doc:"time of the second"`
}

// LoadStatus is how often a run of requests ended in one way.
type LoadStatus struct {
	Run    string `table:"run" doc:"as in api_load"`
	Status int64  `table:"status" doc:"HTTP status, 0 without an answer"`
	Error  string `table:"error" doc:"what went wrong, empty for a good answer"`
	Count  int64  `table:"count" doc:"requests"`
}

// Comparison is one figure of two models on the same labelled rows.
type Comparison struct {
	Metric     string  `table:"metric" doc:"auc, f1, precision, recall, accuracy, mean_ms, p50_ms, p95_ms or cpu_ms"`
	ModelA     string  `table:"model_a" doc:"file of the first model"`
	ModelB     string  `table:"model_b" doc:"file of the second"`
	A          float64 `table:"a,null" doc:"the first model's figure; null where nothing was predicted that it is of"`
	B          float64 `table:"b,null" doc:"the second's"`
	Difference float64 `table:"difference,null" doc:"b - a"`
	Lo         float64 `table:"lo,null" doc:"95 % interval of the difference, null for times"`
	Hi         float64 `table:"hi,null" doc:"its upper end"`
	P          float64 `table:"p,null" doc:"two-sided p-value that the models rank equally well, by DeLong's paired test; null but for auc"`
	Method     string  `table:"method" doc:"how interval and p come about"`
	N          int64   `table:"n" doc:"rows"`
	Positives  int64   `table:"n_positive" doc:"those with the positive outcome"`
	Threshold  float64 `table:"threshold" doc:"from which a score is a predicted positive"`
	HashA      string  `table:"model_a_sha256" doc:"SHA-256 of the first model's file"`
	HashB      string  `table:"model_b_sha256" doc:"of the second's"`
}
