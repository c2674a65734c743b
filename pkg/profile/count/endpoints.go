package count

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// Rows and buckets of endpoints that are not counted by themselves.
var (
	endpointBuckets = [2]int{3, 512}
	windowBuckets   = [2]int{2, 64}
)

const (
	endpointNameLimit = 128             // bytes of an endpoint's name that are kept
	statusCodes       = 1000 - noStatus // status codes and none
)

// answered is what is counted of some requests.
type answered struct {
	n, missing int64         // requests, and those without a response time
	status     []statusCount // by code
	latency    coarse
}

// statusCount is how many requests ended in a status, noStatus for none.
type statusCount struct{ code, n int64 }

func (a *answered) add(c *Request) {
	a.addStatus(c.code(), 1)
	if !a.latency.addMS(c.MS) {
		a.missing++
	}
}

func (a *answered) addStatus(code, n int64) {
	a.n += n
	i, ok := slices.BinarySearchFunc(a.status, code, func(s statusCount, code int64) int { return cmp.Compare(s.code, code) })
	if !ok {
		a.status = slices.Insert(a.status, i, statusCount{code: code})
	}
	a.status[i].n += n
}

func (a *answered) merge(o *answered) {
	a.missing += o.missing
	for _, s := range o.status {
		a.addStatus(s.code, s.n)
	}
	a.latency.merge(&o.latency)
}

func (a *answered) size() int64 { return a.n }

func (a *answered) put(l *ledger.Ledger, prefix string) {
	l.Sum(prefix+"missing", a.missing)
	codes := make([]int64, statusCodes)
	for _, s := range a.status {
		codes[s.code-noStatus] = s.n
	}
	l.List(prefix+"status", codes, 0, 1)
	a.latency.put(l, prefix+"bucket")
}

func (a *answered) set(key string, n ledger.Numbers) bool {
	switch key {
	case "missing":
		return ledger.SetCount(&a.missing, n)
	case "status":
		for i, n := range n.All() {
			if i >= statusCodes || n < 0 {
				return false
			}
			a.addStatus(int64(i)+noStatus, n)
		}
		return true
	case "bucket":
		return a.latency.set(n)
	}
	return false
}

// view returns what a reader sees of the requests, of which none are more than
// are left, by status; it takes them from there.
func (a *answered) view(name string, exact bool, left map[int64]int64) view.Endpoint {
	e := view.Endpoint{Name: name, Exact: exact, Latency: a.latency.view()}
	e.Latency.Missing = a.missing
	for _, s := range a.status {
		n := min(s.n, left[s.code])
		left[s.code] -= n
		if n == 0 {
			continue
		}
		e.Requests += n
		if view.Succeeded(s.code) {
			e.Succeeded += n
		}
		e.Statuses = append(e.Statuses, view.Status{Code: s.code, Requests: n})
	}
	return e
}

// endpoints counts requests by endpoint.
type endpoints struct{ sketch.Names[answered] }

func newEndpoints(k int, buckets [2]int) endpoints {
	return endpoints{sketch.NewNames(k, buckets[0], buckets[1], (*answered).merge, (*answered).size)}
}

// add counts a request.
func (e *endpoints) add(c *Request) {
	var a answered
	a.add(c)
	name := c.name()
	e.Add(sketch.HashString(name), &a, func() string { return strings.Clone(name) })
}

// views returns the endpoints, the busiest first, and all others as one; names are
// of those that may be among the busiest.
func (e *endpoints) views(names iter.Seq2[uint64, string]) (listed []view.Endpoint, others view.Endpoint) {
	left := map[int64]int64{} // by status
	var rest answered
	for n := range e.Kept() {
		rest.merge(n.Count)
	}
	if r := e.Rest(); r != nil {
		rest.merge(r)
	}
	for _, s := range rest.status {
		left[s.code] = s.n
	}
	all := e.Distinct()
	for _, n := range e.Ranked(names) {
		if len(listed) == caps.ListedEndpoints.N {
			break
		}
		listed = append(listed, n.Count.view(n.Name, n.Exact, left))
	}
	slices.SortStableFunc(listed, func(a, b view.Endpoint) int { return cmp.Compare(b.Requests, a.Requests) })
	others = rest.view("", e.Whole(), left)
	others.Latency = view.Latency{}
	others.Endpoints = max(0, all-int64(len(listed)))
	return listed, others
}

// of returns what is known of listed endpoints.
func (e *endpoints) of(listed []view.Endpoint) []view.Endpoint {
	var out []view.Endpoint
	for i := range listed {
		a, exact := e.Of(sketch.HashString(listed[i].Name))
		if a == nil {
			continue
		}
		left := map[int64]int64{}
		for _, s := range a.status {
			left[s.code] = s.n
		}
		out = append(out, a.view(listed[i].Name, exact, left))
	}
	return out
}

const (
	keptKey = "endpoint/"
	restKey = "endpoints/"
)

// put puts the endpoints under a prefix.
func (e *endpoints) put(l *ledger.Ledger, prefix string) {
	for n := range e.Kept() {
		n.Count.put(l, prefix+keptKey+fmt.Sprintf("%016x/", n.Hash))
		l.Name(prefix+"endpoint", int64(n.Hash), n.Count.n, n.Name)
	}
	buckets := e.Buckets()
	for i := range buckets {
		buckets[i].put(l, ledger.Index(prefix+restKey, i)+"/")
	}
}

// set sets a counter that put has put under key, less its prefix.
func (e *endpoints) set(key string, n ledger.Numbers) bool {
	switch {
	case ledger.Take(&key, keptKey):
		text, rest, _ := strings.Cut(key, "/")
		h, err := strconv.ParseUint(text, 16, 64)
		if err != nil || len(text) != 16 {
			return false
		}
		a := e.Put(h)
		return a != nil && a.set(rest, n)
	case ledger.Take(&key, restKey):
		a := e.Open(ledger.Place(&key, 1<<20))
		return a != nil && a.set(key, n)
	}
	return false
}

// setName sets the name of an endpoint, of which all counters are set.
func (e *endpoints) setName(hash uint64, n int64, name string) bool {
	a, exact := e.Of(hash)
	return a != nil && exact && a.n == n && e.Name(hash, name)
}
