//go:build nightly

package net_test

// masked says what of a table another run, or another machine, gives otherwise,
// and why. "(rows)" is the number of rows. Nothing but what perfbench times
// itself may be here.
var masked = map[string]map[string]string{
	"bench-live/bench/bench.parquet": {
		"mean_ms":         "time",
		"p50_ms":          "time",
		"p95_ms":          "time",
		"p99_ms":          "time",
		"min_ms":          "time",
		"max_ms":          "time",
		"cpu_ms":          "time",
		"clock_ms":        "time",
		"load_ms":         "time",
		"rows_per_s":      "from times",
		"memory_bytes":    "the heap, as the collector left it",
		"allocs_per_call": "the runtime's own allocations count as well",
		"bytes_per_call":  "the runtime's own allocations count as well",
		"machine":         "processors and version of Go",
		"load_average":    "of the machine",
	},
	"bench-live/bench/bench_latency.parquet": {
		"(rows)":     "buckets of times",
		"engine":     "repeated for each bucket",
		"batch_rows": "repeated for each bucket",
		"lo_ms":      "time",
		"hi_ms":      "time",
		"count":      "calls in a bucket of times",
	},
	"bench-live/bench/hotspots.parquet": {
		"(rows)":     "functions that the profiler met",
		"engine":     "repeated for each function",
		"function":   "as the profiler met it",
		"stage":      "of the function",
		"flat_ms":    "time",
		"flat_share": "from times",
		"cum_ms":     "time",
		"cum_share":  "from times",
		"stacks":     "as the profiler met them",
		"total_ms":   "time",
		"n_calls":    "as many as the time allowed",
	},
	"bench-live/api/api_load.parquet": {
		"url":              "the port is a free one",
		"seconds":          "time",
		"ok_per_s":         "from times",
		"mean_ms":          "time",
		"p50_ms":           "time",
		"p95_ms":           "time",
		"p99_ms":           "time",
		"p999_ms":          "time",
		"max_ms":           "time",
		"sent_p50_ms":      "time",
		"sent_p99_ms":      "time",
		"late_ms":          "time",
		"health_before_ms": "time",
		"health_after_ms":  "time",
	},
}

// omitted says which files are of no use here, and why. The pages and pictures
// of the benchmark are in the case bench, which reads the kept times of one run.
var omitted = map[string]string{
	"bench-live/served/predictions.jsonl":  "the server writes its clock and its times",
	"bench-live/served/api_requests.jsonl": "the server writes its clock and its times",
	"bench-live/simulate.err":              "says on which free port the server listens",
}
