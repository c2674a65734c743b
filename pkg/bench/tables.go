package bench

// The names of the tables that a measurement makes.
const (
	Table        = "bench"         // of Result
	LatencyTable = "bench_latency" // of Bucket
	HotspotTable = "hotspots"      // of Hotspot
	LoadTable    = "api_load"      // of Load
	StatusTable  = "api_status"    // of Status

	ComparisonTable = "comparison" // of verdict.Comparison
)
