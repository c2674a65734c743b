package serving

import (
	"math"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

func TestProbesAreLeftOut(t *testing.T) {
	l := Limits{Endpoints: map[string]Endpoint{"/status/live": {}}}
	for name, want := range map[string]bool{
		"/health": true, "GET /healthz": true, "/api/v1/ready": true, "/docs/oauth2-redirect": true, "/openapi.json": true, "/METRICS": true,
		"/predict": false, "/": false, "": false, "/healthy-leads": false, "/status/live": false, "/documents": false,
	} {
		if got := l.probe(name); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
	part := func(name string, n, good int64, lo, hi float64) view.Endpoint {
		return view.Endpoint{Name: name, Requests: n, Succeeded: good, Latency: view.Latency{N: n, Mean: lo, Min: lo, Max: hi, Buckets: []view.Bucket{{Lo: lo, Hi: hi, Count: n}}}}
	}
	v := &view.View{Requests: 3000, Traffic: []view.Traffic{{Requests: 3000, Succeeded: 2940}},
		Endpoints: []view.Endpoint{part("/health", 2880, 2880, 1, 2), part("/predict", 100, 50, 800, 900), part("/predict/batch", 20, 10, 20, 30)}}
	c := calledIn(v, &l)
	// 100 + 20 calls, 50 + 10 of which succeeded; the mean is (100·800 + 20·20)/120 = 670.
	if c.requests != 120 || c.succeeded != 60 || c.probes != 2880 || c.response.N != 120 || c.response.Min != 20 || c.response.Max != 900 || math.Abs(c.response.Mean-670) > 1e-9 {
		t.Errorf("%+v", c)
	}
	v.Endpoints, v.Traffic = v.Endpoints[:1], []view.Traffic{{Requests: 2880, Succeeded: 2880}}
	if c := calledIn(v, &l); c.requests != 2880 || c.probes != 0 {
		t.Errorf("nothing but probes: %+v", c)
	}
}

// The nearest place that has a limit has it.
func TestLimitsByPlace(t *testing.T) {
	none := 0.0
	l := Limits{P95MS: 100, P99MS: 400, SuccessRate: 0.9, Inference: Percentiles{P95MS: 20}, Endpoints: map[string]Endpoint{"/slow": {P95MS: 900, ErrorRate: &none}}}
	for _, c := range []struct {
		kind, endpoint string
		p95            float64
		key            string
	}{{"response", "", 100, "limits.p95_ms"}, {"inference", "", 20, "limits.inference.p95_ms"}, {"response", "/slow", 900, "limits.endpoints./slow.p95_ms"}, {"response", "/fast", 100, "limits.p95_ms"}} {
		got := l.Of(c.kind, c.endpoint)
		if len(got) != 2 || got[0].Percent != 95 || got[0].MS != c.p95 || got[0].Key != c.key || got[1].MS != 400 {
			t.Errorf("%s of %q: %+v", c.kind, c.endpoint, got)
		}
	}
	if least, key := l.Success(""); least != 0.9 || key != "limits.success_rate" {
		t.Errorf("%v by %s", least, key)
	}
	// An error rate of 0 is a limit: none may fail.
	if least, key := l.Success("/slow"); least != 1 || key != "limits.endpoints./slow.error_rate" {
		t.Errorf("%v by %s", least, key)
	}
	if least, _ := (&Limits{}).Success(""); !math.IsNaN(least) {
		t.Errorf("%v without a limit", least)
	}
}

// What the file sets to 0 is infinite: no limit, whatever holds for all.
func TestLimitsTakenAway(t *testing.T) {
	none := math.Inf(1)
	l := Limits{P95MS: 100, P99MS: 400, SuccessRate: 0.9, Inference: Percentiles{P95MS: none}, Endpoints: map[string]Endpoint{"/export": {P95MS: none, SuccessRate: none}}}
	for _, c := range [][2]string{{"inference", ""}, {"response", "/export"}} {
		if got := l.Of(c[0], c[1]); len(got) != 1 || got[0].Percent != 99 {
			t.Errorf("%s of %q: %+v, want that of p99 alone", c[0], c[1], got)
		}
	}
	if least, key := l.Success("/export"); !math.IsNaN(least) {
		t.Errorf("%v by %s", least, key)
	}
	if got := l.Of("response", ""); len(got) != 2 {
		t.Errorf("response: %+v", got)
	}
	if least, _ := l.Success("/predict"); least != 0.9 {
		t.Errorf("of another endpoint: %v", least)
	}
}

// Of six slots two are up, one is down by its answers, and of the three without a
// request one is down since the hour of the day before was busy.
func TestSlotsWithoutTraffic(t *testing.T) {
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	slot := func(at time.Time, n, good int64) view.Traffic {
		return view.Traffic{Start: at, Slot: 30 * time.Minute, Requests: n, Succeeded: good}
	}
	got := uptimeOf([]view.Traffic{
		slot(day.Add(time.Hour), 10, 10), // a busy hour
		slot(day.Add(23*time.Hour), 4, 0), slot(day.Add(26*time.Hour), 5, 1),
	})
	// From 1:00 of one day to 2:00 of the next there are 50 slots; 1:00 and 1:30 of the
	// second day should have had requests.
	if want := (uptime{up: 2, down: 3, unknown: 46}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := uptimeOf(nil); got != (uptime{}) {
		t.Errorf("%+v of nothing", got)
	}
}
