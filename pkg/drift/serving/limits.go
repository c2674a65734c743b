package serving

import (
	"fmt"
	"math"
	"strings"
)

// Limits are what latency and traffic are judged by. Zero or NaN: no limit.
type Limits struct {
	P50MS       float64             `yaml:"p50_ms" range:"0," zero:"no limit"`        // median of the requests' durations, and of the predictions'
	P95MS       float64             `yaml:"p95_ms" range:"0," zero:"no limit"`        // 95th percentile of each
	P99MS       float64             `yaml:"p99_ms" range:"0," zero:"no limit"`        // 99th percentile of each
	SuccessRate float64             `yaml:"success_rate" range:"0,1" zero:"no limit"` // share of requests with a status below 400
	ErrorRate   *float64            `yaml:"error_rate" range:"0,1"`                   // share of the others; nil: no limit
	MinRows     int64               `yaml:"min_rows" range:"0," zero:"no limit"`      // predictions in the judged period
	Response    Percentiles         `yaml:"response"`                                 // of the requests' durations, before those above
	Inference   Percentiles         `yaml:"inference"`                                // of the predictions', alike
	Endpoints   map[string]Endpoint `yaml:"endpoints"`                                // of single endpoints, before those above
}

// Percentiles are limits of one kind of duration, in milliseconds; zero: those of all,
// infinite: none.
type Percentiles struct {
	P50MS float64 `yaml:"p50_ms" range:"0," none:"0"`
	P95MS float64 `yaml:"p95_ms" range:"0," none:"0"`
	P99MS float64 `yaml:"p99_ms" range:"0," none:"0"`
}

// Endpoint are the limits of one endpoint, which is judged even where its path is that
// of a probe; zero: those of all, infinite: none.
type Endpoint struct {
	P50MS       float64  `yaml:"p50_ms" range:"0," none:"0"`
	P95MS       float64  `yaml:"p95_ms" range:"0," none:"0"`
	P99MS       float64  `yaml:"p99_ms" range:"0," none:"0"`
	SuccessRate float64  `yaml:"success_rate" range:"0,1" none:"0"`
	ErrorRate   *float64 `yaml:"error_rate" range:"0,1"`
}

// given says whether there is such a limit.
func given(limit float64) bool { return limit > 0 && !math.IsInf(limit, 0) }

// Limit is one of a percentile.
type Limit struct {
	Percent int     // 50, 95 or 99
	Key     string  // in monitor.yaml
	MS      float64 // the limit
	Value   float64 // the percentile, in milliseconds
	P       float64 // probability of as many durations above the limit as these, or more, where the percentile lies at it; NaN where it is kept
	Few     bool    // the durations are too few for the percentile
}

// A percentile is one that may have a limit, by the keys of each place where it may
// stand, the nearest first.
type percentile struct {
	percent int
	values  []float64
	places  []string
}

// Of returns the limits of a kind of duration, response or inference, of an endpoint,
// "" for all: that of the nearest place which has one. They are not measured yet.
func (l *Limits) Of(kind, endpoint string) []Limit {
	own := l.Response
	if kind == "inference" {
		own = l.Inference
	}
	at := l.Endpoints[endpoint]
	if endpoint == "" {
		at = Endpoint{}
	}
	var out []Limit
	places := []string{"limits.endpoints." + endpoint + ".", "limits." + kind + ".", "limits."}
	for _, p := range []percentile{
		{50, []float64{at.P50MS, own.P50MS, l.P50MS}, places},
		{95, []float64{at.P95MS, own.P95MS, l.P95MS}, places},
		{99, []float64{at.P99MS, own.P99MS, l.P99MS}, places},
	} {
		for i, ms := range p.values {
			if given(ms) {
				out = append(out, Limit{Percent: p.percent, Key: fmt.Sprintf("%sp%d_ms", p.places[i], p.percent), MS: ms, Value: math.NaN(), P: math.NaN()})
			}
			if ms > 0 { // or taken away
				break
			}
		}
	}
	return out
}

// Success returns the least share of requests that must succeed, of an endpoint or,
// with "", of all, and its key; NaN without a limit.
func (l *Limits) Success(endpoint string) (least float64, key string) {
	least = math.NaN()
	none := false
	set := func(rate float64, errors *float64, place string) {
		if none || !math.IsNaN(least) {
			return
		}
		if given(rate) {
			least, key = rate, place+"success_rate"
		}
		if errors != nil && !(least > 1-*errors) {
			least, key = 1-*errors, place+"error_rate"
		}
		none = math.IsNaN(least) && math.IsInf(rate, 1)
	}
	if at, named := l.Endpoints[endpoint]; named && endpoint != "" {
		set(at.SuccessRate, at.ErrorRate, "limits.endpoints."+endpoint+".")
	}
	set(l.SuccessRate, l.ErrorRate, "limits.")
	return least, key
}

// probePaths are first or last parts of paths that machines ask for, not users.
var probePaths = map[string]bool{
	"health": true, "healthz": true, "healthcheck": true, "health-check": true, "health_check": true, "_health": true,
	"ready": true, "readyz": true, "readiness": true, "live": true, "livez": true, "liveness": true, "alive": true, "ping": true, "startup": true, "startupz": true,
	"metrics": true, "prometheus": true, "docs": true, "redoc": true, "swagger": true, "swagger-ui": true, "swagger.json": true,
	"openapi.json": true, "openapi.yaml": true, "favicon.ico": true, "robots.txt": true,
}

// probe says whether an endpoint is one of a probe or of documentation, which tells
// nothing about what people call.
func (l *Limits) probe(endpoint string) bool {
	if _, named := l.Endpoints[endpoint]; named {
		return false
	}
	path := strings.ToLower(endpoint[strings.LastIndexByte(endpoint, ' ')+1:])
	parts := strings.Split(strings.Trim(path, "/"), "/")
	return probePaths[parts[0]] || probePaths[parts[len(parts)-1]]
}
