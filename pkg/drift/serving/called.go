package serving

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// called is what people called: the requests without those of probes.
type called struct {
	requests, succeeded int64
	response            view.Latency
	probes              int64    // requests that are left out
	paths               []string // of them, by name
}

// calledIn takes the probes off the requests of a view. Where there is nothing but
// probes these are judged: nobody calls anything else.
func calledIn(v *view.View, l *Limits) called {
	all := called{response: v.Response}
	all.requests, all.succeeded = v.Answered()
	c := all
	var rest []view.Latency
	for i := range v.Endpoints {
		e := &v.Endpoints[i]
		if !l.probe(e.Name) {
			rest = append(rest, e.Latency)
			continue
		}
		c.requests -= e.Requests
		c.succeeded -= e.Succeeded
		c.probes += e.Requests
		c.paths = append(c.paths, e.Name)
	}
	if c.probes == 0 || c.requests <= 0 {
		return all
	}
	c.succeeded = max(0, min(c.succeeded, c.requests))
	c.response = together(rest)
	slices.Sort(c.paths)
	return c
}

// together adds latencies up, bucket by bucket.
func together(parts []view.Latency) view.Latency {
	out := view.Latency{Mean: math.NaN(), Min: math.NaN(), Max: math.NaN()}
	sum := 0.0
	var buckets []view.Bucket
	for i := range parts {
		p := &parts[i]
		out.Missing += p.Missing
		if p.N <= 0 {
			continue
		}
		if out.N == 0 {
			out.Min, out.Max = p.Min, p.Max
		}
		out.N += p.N
		sum += p.Mean * float64(p.N)
		out.Min, out.Max = math.Min(out.Min, p.Min), math.Max(out.Max, p.Max)
		buckets = append(buckets, p.Buckets...)
	}
	if out.N == 0 {
		return out
	}
	out.Mean = sum / float64(out.N)
	slices.SortFunc(buckets, func(a, b view.Bucket) int { return cmp.Or(cmp.Compare(a.Lo, b.Lo), cmp.Compare(a.Hi, b.Hi)) })
	for _, b := range buckets {
		if n := len(out.Buckets); n > 0 && out.Buckets[n-1].Lo == b.Lo && out.Buckets[n-1].Hi == b.Hi {
			out.Buckets[n-1].Count += b.Count
			continue
		}
		out.Buckets = append(out.Buckets, b)
	}
	return out
}

// endpointOf is the endpoint of that name, nil without one.
func endpointOf(v *view.View, name string) *view.Endpoint {
	for i := range v.Endpoints {
		if v.Endpoints[i].Name == name {
			return &v.Endpoints[i]
		}
	}
	return nil
}
