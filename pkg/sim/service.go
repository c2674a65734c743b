package sim

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// The service that the logs tell of. Failures here are those of a quiet day.
const (
	batchShare   = 0.03  // of the calls, that carry several rows
	batchMost    = 25    // rows in one call
	invalidShare = 0.012 // of the calls, that are refused: 422
	errorShare   = 0.002 // 500
	busyShare    = 0.001 // 503
	coldShare    = 0.0004
	idle         = 3 * time.Hour // after which the first call starts cold
	healthEvery  = 15 * time.Minute
)

// call is one answered request: rows first to first+rows of the chunk, at one
// time.
type call struct {
	at        time.Duration
	first     int
	rows      int
	inference []float64 // milliseconds of each row
	response  float64
}

// calls groups the rows of a chunk into requests and says how long they took.
// Both logs are made from it, so that they tell of the same requests.
// The chunk's rows lie between from and to.
func (c *clock) calls(chunk int64, s *Scenario) (out []call, from, to time.Duration) {
	at, from := c.times(chunk)
	to = at[len(at)-1]
	r := stream(c.seed, "calls", chunk)
	previous := from
	for i := 0; i < len(at); {
		one := call{at: at[i], first: i, rows: 1}
		if r.Float64() < batchShare {
			one.rows = min(2+r.IntN(batchMost-1), len(at)-i)
		}
		slow := s.slowdown(c.share(one.at))
		cold := r.Float64() < coldShare || one.at-previous > idle || chunk == 0 && i == 0
		one.response = latency(r, 2.5, 0.35) * slow
		for k := range one.rows {
			ms := latency(r, 1.6, 0.3) * slow
			if cold && k == 0 {
				ms += 120 + 250*r.ExpFloat64()
			}
			ms = round(ms)
			one.inference = append(one.inference, ms)
			one.response += ms
		}
		one.response = round(one.response)
		out = append(out, one)
		previous = one.at
		i += one.rows
	}
	return out, from, to
}

// latency draws milliseconds: a log-normal body around the median, and in one
// call of a hundred a Pareto tail.
func latency(r *rand.Rand, median, sigma float64) float64 {
	ms := median * math.Exp(float64(sigma*r.NormFloat64()))
	if r.Float64() < 0.01 {
		ms += 4 * median * math.Pow(1-r.Float64(), -1/2.2)
	}
	return ms
}

// round keeps microseconds.
func round(ms float64) float64 { return math.Round(ms*1000) / 1000 }

// requests returns the requests of a chunk in order: its calls, calls that
// failed and were made again, and the health checks between.
func (c *clock) requests(chunk int64, s *Scenario) []record.Request {
	calls, from, to := c.calls(chunk, s)
	r := stream(c.seed, "failures", chunk)
	var out []record.Request
	add := func(at time.Duration, endpoint, method string, status int, ms float64) {
		out = append(out, record.Request{At: c.start.Add(at), Endpoint: endpoint, Method: method, Status: status, ResponseMS: round(ms), Simulated: true})
	}
	every := healthEvery / time.Duration(max(1, s.probes))
	health := from/every + 1
	if chunk == 0 {
		health = 0
	}
	checks := func(until time.Duration) {
		for ; health*every <= until && health*every < c.period; health++ {
			status, ms := 200, latency(r, 0.8, 0.3)
			if r.Float64() < s.failing(c.share(health*every)) && s.probes == 0 {
				status, ms = 503, latency(r, 1, 0.3)
			}
			add(health*every, "/health", "GET", status, ms)
		}
	}
	previous := from
	for _, one := range calls {
		endpoint := "/predict"
		if one.rows > 1 {
			endpoint = "/predict/batch"
		}
		failing := s.failing(c.share(one.at))
		for from := max(previous, one.at-time.Minute); ; {
			u := r.Float64()
			status, ms := 0, 0.0
			switch {
			case u < invalidShare:
				status, ms = 422, latency(r, 1.2, 0.3)
			case u < invalidShare+errorShare+0.5*failing:
				status, ms = 500, latency(r, 6, 0.6)
			case u < invalidShare+errorShare+busyShare+failing:
				status, ms = 503, latency(r, 1.5, 0.4)
			}
			if status == 0 {
				break
			}
			from += time.Duration(float64(one.at-from) * r.Float64()).Truncate(time.Microsecond)
			checks(from)
			add(from, endpoint, "POST", status, ms)
		}
		checks(one.at)
		add(one.at, endpoint, "POST", 200, one.response)
		previous = one.at
	}
	if (chunk+1)*chunkRows >= c.rows {
		to = c.period
	}
	checks(to)
	return out
}
